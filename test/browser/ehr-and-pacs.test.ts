// An EHR and a real PACS behind one gateway, each at a host of its own, as people have them in two windows of one browser: one
// sign-in, rules of each, one idle clock, one budget, one end. Whoever reviews ends both by one button, and a download from the PACS
// that runs is cut.

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Gateway } from '../../src/main.ts';
import { launch, visitor } from '../support/browser.ts';
import { clinic, openGateway } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { eventually, records } from '../support/demo-story.ts';
import { startPacs } from '../support/ehr-and-pacs.ts';
import type { Pacs } from '../support/ehr-and-pacs.ts';
import { requirement } from '../support/requirements.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';
import { nextCode } from '../support/two-applications.ts';

const chromium = requirement('chromium');
const orthanc = requirement('orthanc');
const both = chromium.available ? orthanc : chromium;
const clock = new ShiftingClock();

interface Person {
  readonly context: BrowserContext;
  readonly ehr: Page;
  readonly pacs: Page;
  readonly complaints: readonly string[];
}

both.describe('an EHR and a PACS behind one gateway', () => {
  let browser: Browser;
  let pacs: Pacs;
  let place: Clinic;
  let gateway: Gateway;
  /** When the story before was over. */
  let from = 0;

  beforeAll(async () => {
    pacs = await startPacs(orthanc.path ?? '');
    place = await clinic(pacs.options);
    gateway = await openGateway(place, undefined, clock);
    browser = await launch(chromium.path ?? '');
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    for (const { key } of gateway.composed.state.sessions.all()) await gateway.composed.state.sessions.end(key, 'revoked');
    // Everybody has all their downloads again.
    clock.forward({ minutes: 61 });
    from = clock.now();
  });
  afterAll(async () => {
    await browser.close();
    await gateway.close();
    await place.close();
    await pacs.close();
  });

  const events = (name: string): Record<string, unknown>[] =>
    records(place).filter(({ event, time }) => event === name && Date.parse(String(time)) > from);
  const code = (name: string): string => nextCode({ ...place, clock }, name);
  const explorer = `/app/explorer.html#find-patients`;

  async function signedIn(name: string, path = '/main') {
    const { context, page, complaints } = await visitor(browser, { acceptDownloads: true });
    await page.goto(`${place.origin}/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent(path)}`);
    await page.fill('input[name=code]', code(name));
    await Promise.all([page.waitForURL(place.origin + path), page.click('button[type=submit]')]);
    return { context, page, complaints };
  }

  /** In the EHR, and then in the PACS as anybody opens it: in another window, by its address. */
  async function atBoth(name: string): Promise<Person> {
    const { context, page: ehr, complaints } = await signedIn(name);
    const other = await context.newPage();
    await other.goto(`${place.secondOrigin}/`);
    expect(other.url()).toBe(`${place.secondOrigin}/app/explorer.html`);
    return { context, ehr, pacs: other, complaints };
  }

  /** The status of what a script of a page of that host is told; a locked page lets none of its own run. */
  async function asked({ context }: Person, where: 'ehr' | 'pacs', path: string): Promise<number> {
    const headers = { accept: '*/*', 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' };
    const reply = await context.request.get((where === 'ehr' ? place.origin : place.secondOrigin) + path, {
      headers,
      maxRedirects: 0,
    });
    return reply.status();
  }
  const statusAt = async (page: Page, url: string): Promise<number | undefined> => (await page.goto(url))?.status();

  test('one sign-in serves both, and each shows what it has', async () => {
    const person = await atBoth('physician');
    await person.pacs.goto(`${place.secondOrigin}${explorer}`);
    await person.pacs.locator('.ui-page-active').getByText('Ramp^Rita').first().waitFor();
    expect(await statusAt(person.ehr, `${place.origin}/chart?pid=7`)).toBe(200);
    expect(events('second-factor')).toHaveLength(1);
    const [first, second] = events('sign-in');
    expect(second).toMatchObject({
      application: 'pacs',
      detail: `together with session ${String(first?.['session'])} at "ehr"`,
    });
    expect(person.complaints).toEqual([]);
  });

  test('rules are those of the host, the budget is the person’s', async () => {
    const nurse = await atBoth('nurse');
    expect(await asked(nurse, 'ehr', '/documents/file?pid=7&doc=1')).toBe(200);
    expect(await statusAt(nurse.pacs, place.secondOrigin + pacs.file)).toBe(403);
    await nurse.pacs.getByText('Your role may not').first().waitFor();
    expect(events('refusal').at(-1)).toMatchObject({ application: 'pacs', rule: 'files', reason: 'role-not-permitted' });
    // The paths of the one are nothing at the other.
    expect(await statusAt(nurse.ehr, `${place.origin}/app/explorer.html`)).toBe(403);
    await nurse.context.close();
    const physician = await atBoth('physician');
    expect(await asked(physician, 'pacs', pacs.file)).toBe(200);
    expect(await asked(physician, 'ehr', '/documents/file?pid=7&doc=1')).toBe(200);
    const [study = ''] = await pacs.orthanc.list('studies');
    expect(await asked(physician, 'pacs', `/studies/${study}/archive`)).toBe(429);
    expect(await asked(physician, 'ehr', '/documents/file?pid=7&doc=2')).toBe(429);
  });

  test('who looks at images keeps the EHR open; nobody at either locks both, and one code opens both', async () => {
    const person = await atBoth('physician');
    for (let times = 0; times < 3; times += 1) {
      clock.forward({ minutes: 10 });
      await person.pacs.goto(`${place.secondOrigin}/`);
    }
    expect(await asked(person, 'ehr', '/main')).toBe(200);
    clock.forward({ minutes: 16 });
    expect(await asked(person, 'ehr', '/main')).toBe(423);
    await eventually(async () => (await asked(person, 'pacs', '/system')) === 423, 'the lock of the PACS');
    await person.pacs.goto(`${place.secondOrigin}/app/explorer.html`);
    await person.pacs.fill('input[name=code]', code('physician'));
    await person.pacs.keyboard.press('Enter');
    await person.pacs.waitForURL(`${place.secondOrigin}/app/explorer.html`);
    await eventually(async () => (await asked(person, 'pacs', '/system')) === 200, 'the PACS to be open');
    expect(await statusAt(person.ehr, `${place.origin}/main`)).toBe(200);
    expect(new URL(person.ehr.url()).pathname).toBe('/main');
  });

  test('signing out of the PACS signs out of the EHR', async () => {
    const person = await atBoth('physician');
    await person.pacs.goto(`${place.secondOrigin}/.wardgate/sign-out`);
    await person.pacs.locator('button[type=submit]').first().click();
    await person.pacs.waitForURL('**/.wardgate/signed-out*');
    expect(await asked(person, 'ehr', '/main')).toBe(401);
    await person.ehr.goto(`${place.origin}/main`);
    expect(person.ehr.url()).not.toContain('/main');
    expect(gateway.composed.state.sessions.all()).toEqual([]);
  });

  test('the console ends both, and cuts what comes out of the PACS', async () => {
    const person = await atBoth('physician');
    pacs.cable.weather({ bytesPerSecond: 50_000 });
    const [download] = await Promise.all([
      person.pacs.waitForEvent('download'),
      person.pacs.evaluate(`void (location.href = ${JSON.stringify(pacs.file)})`),
    ]);
    pacs.cable.weather({ held: ['down'] });
    const officer = await signedIn('security', '/.wardgate/console/sessions');
    const rows = officer.page.locator('tr', { hasText: '(physician)' });
    expect(await rows.count()).toBe(2);
    // By the session at the EHR; the download runs at the other.
    const atEhr = rows.filter({ has: officer.page.locator('td[data-head=Application]', { hasText: 'ehr' }) });
    await atEhr.locator('input[name=because]').fill('A leaver');
    await atEhr.locator('button').click();
    await officer.page.getByText('The session has ended').waitFor();
    expect(await download.failure()).not.toBeNull();
    await eventually(() => events('session-ended').length === 2, 'the record of both ends');
    expect(await rows.count()).toBe(0);
    pacs.cable.weather();
    expect([await asked(person, 'ehr', '/main'), await asked(person, 'pacs', '/system')]).toEqual([401, 401]);
    const outcome = events('outcome').find(({ target }) => target === pacs.file);
    expect(outcome).toMatchObject({ application: 'pacs', reason: 'session-ended' });
    expect(officer.complaints).toEqual([]);
  });
});
