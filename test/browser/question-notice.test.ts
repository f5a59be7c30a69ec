// The notice of a question in the EHR's own pages, in a real browser: where it stands and where it does not, by keyboard alone,
// with a note half typed beneath it, in frames, behind strict policies, under a lock, and put aside.

import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { importDemoPatients } from '../../src/cli/import-demo-patients.ts';
import { demoCharts, importDemoRelations } from '../../src/cli/import-demo-relations.ts';
import { barriersOn } from '../support/accessibility.ts';
import { launch, visitor } from '../support/browser.ts';
import { arrive, codeAt, recordsOf, roleLines } from '../support/clinic-story.ts';
import { eventually } from '../support/demo-story.ts';
import { pageEhr, strictPolicy } from '../support/page-ehr.ts';
import type { PageEhr } from '../support/page-ehr.ts';
import { requirement } from '../support/requirements.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const chromium = requirement('chromium');
const pictures = process.env['WARDGATE_PICTURES'];
const rules = `${roleLines}
rules:
  - { name: charts, paths: [/chart], allow: everyone, patient: query.pid }
  - { name: all, paths: ["/**"], methods: [GET, POST], allow: everyone }
`;
const notices = 'document.querySelectorAll("wardgate-notice").length';
const work = `<!doctype html><html lang="en"><title>Work</title><style>:focus { outline: 2px solid }</style><main><h1>Work list</h1><p>Nothing of a patient</p>
  <label for="note">Note</label><textarea id="note"></textarea></main></html>`;
const patient = { timeout: 10_000 };

chromium.describe('a question that waits', () => {
  let ehr: PageEhr;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];
  const clock = new ShiftingClock();

  beforeAll(async () => {
    browser = await launch(chromium.path ?? '');
    ehr = await pageEhr({
      clock,
      rules,
      alerts: 'detectors: { after-hours: off, own-chart: { response: [note, ask] } }\n',
    });
    await importDemoPatients(ehr.demo);
    await importDemoRelations(ehr.demo, Date.now());
    ehr.pages.set('/work', { body: work });
    ehr.pages.set(`/chart?pid=${demoCharts.nurse}`, { body: '<!doctype html><title>Chart</title><h1>Chart</h1>' });
    const nurse = await arrive(ehr.demo, 'nurse', clock, undefined, '/work');
    await nurse.page(`${ehr.demo.origin}/chart?pid=${demoCharts.nurse}`);
    await eventually(() => recordsOf(ehr.demo, 'response').length > 0, 'the question');
    clock.forward({ minutes: 2 });
    ({ context, page, complaints } = await visitor(browser));
    await page.goto(`${ehr.demo.origin}/.wardgate/sign-in?login_hint=nurse&return=%2Fstart`);
    await page.fill('input[name=code]', codeAt(ehr.demo, 'nurse', clock));
    await Promise.all([page.waitForURL(`${ehr.demo.origin}/start`), page.click('button[type=submit]')]);
    await page.close();
  }, 120_000);
  afterEach(async () => page.close());
  afterAll(async () => {
    await browser.close();
    await ehr.close();
  });

  /** In a tab of its own, as nobody has been told in yet. */
  async function come(path: string, language = 'en', init = ''): Promise<void> {
    page = await context.newPage();
    await page.setExtraHTTPHeaders({ 'accept-language': language });
    if (init !== '') await page.addInitScript(init);
    await page.goto(ehr.demo.origin + path);
  }

  const shown = (at: Page = page) => expect.poll(() => at.evaluate(notices), patient);
  const soon = `new Promise((done) => setTimeout(() => done(${notices}), 50))`;
  /** How many stand there, once the page has heard of the question for certain. */
  async function toldNow(): Promise<unknown> {
    const answer = page.waitForResponse((one) => one.url().endsWith('/activity'));
    await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
    expect(await (await answer).json()).toMatchObject({ notice: 'question' });
    return page.evaluate(soon);
  }
  /** For looking into it; nothing else can. */
  const opened = `const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (init) { return attach.call(this, { ...init, mode: 'open' }); };`;

  test.each([
    ['en', 'A reviewer has a question for you.', ['Read and answer (new tab)', 'Later', 'Not today']],
    [
      'es',
      'Quien revisa los accesos tiene una pregunta para usted.',
      ['Leer y responder (pestaña nueva)', 'Más tarde', 'Hoy no'],
    ],
  ])('says so in %s, keeps nobody from anything, and is not on paper', async (language, line, ways) => {
    await come('/work', language, opened);
    await shown().toBe(1);
    const notice = page.locator('wardgate-notice');
    await notice.getByRole('status').filter({ hasText: line }).waitFor();
    expect(await notice.locator('a, button').allTextContents()).toEqual(ways);
    expect(await notice.locator('section').innerText()).not.toMatch(/chart|historia/i);
    if (language === 'en') expect(await barriersOn(page, 'question-notice')).toEqual([]);
    // Whoever types in that corner sees what they type (WCAG 2.4.11).
    await page.evaluate(`Object.assign(note.style, { position: 'fixed', right: '20px', bottom: '20px' }), note.focus()`);
    await notice.locator('section.high').waitFor();
    await page.evaluate('note.blur()');
    await page.setViewportSize({ width: 320, height: 256 });
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, `question-notice-${language}-zoomed.png`) });
    const box = await notice.locator('section').boundingBox();
    expect(box?.height).toBeLessThan(140);
    await page.emulateMedia({ media: 'print' });
    expect(await notice.locator('section').isVisible()).toBe(false);
    // Read out once in a tab: the next page of it has it in a corner alone.
    await page.emulateMedia({ media: 'screen' });
    await page.goto(`${ehr.demo.origin}/work?next`);
    ehr.pages.set('/work?next', { body: work });
    await page.reload();
    await notice.locator('p', { hasText: line }).waitFor();
    expect(await notice.getByRole('status').count()).toBe(0);
  });

  test('stands over no chart, whichever way it was opened', async () => {
    const chart = `/chart?pid=${demoCharts.nurse}`;
    ehr.pages.set('/tabs', {
      body: `<!doctype html><title>Tabs</title><button id="flip">Flip</button><button id="ask">Ask</button><button id="view">View</button>
        <iframe src="/work"></iframe><iframe id="tab" src="${chart}"></iframe>
        <script>flip.onclick = () => { tab.style.display = tab.style.display === 'none' ? '' : 'none' };
          view.onclick = () => { tab.src = '/picture'; flip.click() };
          ask.onclick = () => { const one = new XMLHttpRequest(); one.open('GET', '${chart}'); one.send() };</script>`,
    });
    ehr.pages.set('/picture', {
      body: '<svg xmlns="http://www.w3.org/2000/svg"/>',
      headers: { 'content-type': 'image/svg+xml' },
    });
    await come(chart);
    expect(await toldNow()).toBe(0);
    await page.goto(`${ehr.demo.origin}/tabs`);
    await page.frameLocator('#tab').locator('h1').waitFor();
    expect(await toldNow()).toBe(0);
    await page.click('#flip');
    await shown().toBe(1);
    // In front again it is away before anything is drawn; a moment later is soon enough for a browser that is driven.
    await page.click('#flip');
    expect(await page.evaluate(soon)).toBe(0);
    await page.click('#flip');
    await shown().toBe(1);
    await page.click('#view');
    await shown().toBe(0);
    await page.click('#flip');
    await shown().toBe(1);
    await page.click('#ask');
    await shown().toBe(0);
    expect(complaints).toEqual([]);
  });

  test('one in a frameset and none in its frames; away under a lock, there again behind it; a strict policy complains of nothing', async () => {
    ehr.pages.set('/frames', {
      body: '<html><head><title>Frames</title></head><frameset rows="50%,*"><frame src="/work"><frame src="/work"></frameset></html>',
    });
    ehr.pages.set('/strict', {
      body: '<!doctype html><title>Strict</title><p>Work',
      headers: { 'content-security-policy': strictPolicy },
    });
    await come('/frames');
    await shown().toBe(1);
    expect(await Promise.all(page.frames().map((one) => one.evaluate(notices)))).toEqual([1, 0, 0]);
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, 'question-notice-frameset.png') });
    clock.forward({ minutes: 16 });
    await page.evaluate('void fetch("/beat")');
    await expect.poll(() => page.evaluate('document.querySelectorAll("wardgate-cover").length'), patient).toBe(1);
    expect(await page.evaluate(notices)).toBe(0);
    await page.keyboard.type(codeAt(ehr.demo, 'nurse', clock));
    await page.keyboard.press('Enter');
    await shown().toBe(1);
    await page.goto(`${ehr.demo.origin}/strict`);
    await shown().toBe(1);
    expect(complaints).toEqual([]);
  });

  test('put aside it is away in every tab, and comes again when its time is over', async () => {
    await come('/work');
    await shown().toBe(1);
    const beside = await context.newPage();
    await beside.goto(`${ehr.demo.origin}/work`);
    await shown(beside).toBe(1);
    // From behind: the notice comes last, and its last way is "Not today".
    await beside.keyboard.press('Shift+Tab');
    await beside.keyboard.press('Shift+Tab');
    await beside.keyboard.press('Enter');
    await shown(beside).toBe(0);
    await page.bringToFront();
    await shown().toBe(0);
    const until = `JSON.parse(Object.entries(localStorage).find(([name]) => name.startsWith('wardgate-notice'))[1]).until - Date.now()`;
    const left = (await page.evaluate(until)) as number;
    expect([left > 3.9 * 3_600_000, left <= 4 * 3_600_000]).toEqual([true, true]);
    await page.evaluate(`Date.now = ((now) => () => now() + ${5 * 3_600_000})(Date.now.bind(Date))`);
    await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
    await shown().toBe(1);
    await beside.close();
    await page.evaluate('localStorage.clear()');
  });

  test('it comes while somebody types, takes neither keys nor note, and is answered beside', async () => {
    await come(`/chart?pid=${demoCharts.nurse}`);
    ehr.pages.set('/ears', {
      body: work.replace(
        '</main>',
        `</main><script>window.heard = []; for (const kind of ['keydown', 'click', 'submit'])
        window.addEventListener(kind, (event) => { heard.push(kind); if (event.key === 'Enter') event.preventDefault() }, true)</script>`,
      ),
    });
    await page.goto(`${ehr.demo.origin}/ears`);
    await page.locator('#note').focus();
    await page.keyboard.type('Half a ');
    await shown().toBe(1);
    await page.keyboard.type('note');
    expect(await page.inputValue('#note')).toBe('Half a note');
    // A script of the page may take it away, and it comes again; it neither sees into it nor presses what is there.
    const pressed = `(() => { const one = document.querySelector('wardgate-notice'); one.click(); one.remove(); return one.shadowRoot })()`;
    expect(await page.evaluate(pressed)).toBeNull();
    await shown().toBe(1);
    expect(context.pages()).toHaveLength(1);
    await page.keyboard.press('Tab');
    await page.evaluate('heard.length = 0');
    const [question] = await Promise.all([context.waitForEvent('page'), page.keyboard.press('Enter')]);
    expect(await page.evaluate('heard')).toEqual([]);
    await question.getByRole('heading', { name: 'Questions to you' }).waitFor();
    expect(await question.evaluate('window.opener')).toBeNull();
    await question.getByText('My own or a relative’s chart').click();
    await question.getByRole('button', { name: 'Send' }).click();
    await question.getByRole('status').getByText('Thank you.').waitFor();
    await question.close();
    await page.bringToFront();
    await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
    await shown().toBe(0);
    expect(await page.inputValue('#note')).toBe('Half a note');
    expect(complaints).toEqual([]);
  });
});
