// What follows an alert, through a running gateway: a form that met a step-up arrives once, whoever is blocked reaches nothing but
// emergency access until somebody else lifts it, and whoever is slowed waits.

import { afterEach, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import {
  arrive,
  codeAt,
  expectRefused,
  problemOf,
  recordsOf,
  roleLines,
  script,
  withoutTheEhr,
} from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { eventually, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';
import { cameWhole, unreadDownload } from '../support/unread-download.ts';

const rules = `${roleLines}
rules:
  - { name: console, area: wardgate.console, allow: privacy }
  - { name: notes, paths: [/chart/notes], methods: [GET, POST], allow: everyone }
  - { name: files, paths: [/files/large], allow: everyone }
  - { name: letters, paths: [/letters], allow: physician, emergency: nurse }
  - { name: find, paths: [/finder, /main], allow: everyone }
downloads: { everyone: { files: unlimited, size: unlimited, patients: unlimited, then: refuse } }
`;
const responses = '/.wardgate/console/review/responses';

let demo: Demo;
afterEach(async () => demo.close());

const url = (path: string): string => demo.origin + path;

async function begin(response: string, clock: ShiftingClock): Promise<void> {
  const alerts = `detectors: { after-hours: off, failed-sign-ins: { attempts: 2, response: ${response} } }\nrestrictions: { slow: { wait: 1s } }\n`;
  demo = await story({ rules, clock, alerts });
}

/** Somebody tries the second factor of this person in vain, and what is to follow has followed. */
async function alarm(name: string, deed: string): Promise<void> {
  const stranger = new CookieClient();
  const challenge = await stranger.page(url(`/.wardgate/sign-in?login_hint=${name}&return=/main`));
  for (let tries = 0; tries < 2; tries += 1) await stranger.form(challenge.url, { code: '000000' });
  await eventually(() => recordsOf(demo, 'response').some(({ reason }) => reason === deed), `the record of ${deed}`);
}

test('a form that meets a step-up arrives exactly once, after it, and nothing of it before', async () => {
  const clock = new ShiftingClock();
  await begin('[notify, step-up]', clock);
  const nurse = await arrive(demo, 'nurse', clock);
  clock.forward({ seconds: 31 });
  await alarm('nurse', 'step-up');
  const send = (where: string, body: string) =>
    nurse.ask(url(where), {
      method: 'POST',
      body,
      headers: {
        'sec-fetch-dest': 'document',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-site': 'same-origin',
        accept: 'text/html',
        'content-type': 'application/x-www-form-urlencoded',
        origin: demo.origin,
      },
    });
  const held = await withoutTheEhr(demo, () => send('/chart/notes?pid=7', 'note=Knee+better&visit=12'));
  const where = held.headers.location ?? '';
  expect([held.status, where]).toEqual([303, expect.stringMatching(/^\/\.wardgate\/step-up\?return=.*&post=/)]);
  clock.forward({ seconds: 31 });
  const confirmed = await send(where, `code=${codeAt(demo, 'nurse', clock)}`);
  const [, action = '', id = ''] =
    /<form method="post" action="([^"]+)" data-send>\s*<input type="hidden" name="wardgate-held" value="([^"]+)"/.exec(
      confirmed.text,
    ) ?? [];
  const posts = () => demo.ehr.requests().filter(({ method }) => method === 'POST').length;
  const before = posts();
  const arrived = await send(action.replaceAll('&amp;', '&'), `wardgate-held=${id}`);
  expect([arrived.status, posts() - before]).toEqual([302, 1]);
  // The proof is newer than the alert now: nobody is asked again.
  expect((await script(nurse, url('/finder'))).status).toBe(200);
});

test('whoever is blocked reaches nothing: what runs is cut, emergency access is offered and passes, and only another lifts it', async () => {
  const clock = new ShiftingClock();
  await begin('block', clock);
  const nurse = await arrive(demo, 'nurse', clock);
  const physician = await arrive(demo, 'physician', clock);
  const running = await unreadDownload(nurse, demo.origin);
  await alarm('nurse', 'block');
  expect(await cameWhole(running)).toBe(false);
  await eventually(
    () => recordsOf(demo, 'outcome').some(({ reason }) => reason === 'permit-ended'),
    'the record of the download that was cut',
  );

  const refused = await expectRefused(demo, () => script(nurse, url('/finder')), 403, 'restricted');
  expect(problemOf(refused)).toMatchObject({ help: 'ext. 4357', remedy: '/.wardgate/emergency?return=%2Ffinder' });
  const page = await withoutTheEhr(demo, () => nurse.page(url('/finder')));
  expect([page.status, page.text.includes('Your access is paused'), page.text.includes('Emergency access')]).toEqual([
    403,
    true,
    true,
  ]);
  expect(page.text).not.toMatch(/alert|failed-sign-ins/);
  expect(recordsOf(demo, 'refusal').find(({ reason }) => reason === 'restricted')).toMatchObject({
    detail: expect.stringMatching(/^Blocked after the alert at record \d+$/) as string,
  });
  expect((await script(physician, url('/finder'))).status).toBe(200);

  await nurse.form(url('/.wardgate/emergency?return=%2Ffinder'), { reason: 'Patient collapsed in room 4' });
  expect((await script(nurse, url('/finder'))).status).toBe(200);

  clock.forward({ seconds: 31 });
  const officer = await arrive(demo, 'security', clock, new CookieClient(), '/finder');
  const shown = await officer.page(url(responses));
  const [, alert = ''] = /name="lift" value="(\d+)"/.exec(shown.text) ?? [];
  const lift = (because: string) => officer.form(url(responses), { lift: alert, kind: 'block', because });
  expect((await lift('')).status).toBe(400);
  expect((await lift('she had mistyped')).text).toContain('It is lifted.');
  expect((await lift('once more')).status).toBe(409);
  expect(recordsOf(demo, 'response-lifted')).toMatchObject([
    {
      subject: { name: 'nurse' },
      reason: 'block',
      detail: `To the alert at record ${alert}: lifted by "security", because: she had mistyped`,
    },
  ]);
  clock.forward({ hours: 1 });
  const back = await arrive(demo, 'nurse', clock);
  expect((await script(back, url('/finder'))).status).toBe(200);
});

test('nobody lifts what holds themselves, and their own form does nothing', async () => {
  const clock = new ShiftingClock();
  await begin('slow', clock);
  const officer = await arrive(demo, 'security', clock);
  await alarm('security', 'slow');
  const shown = await officer.page(url(responses));
  expect(shown.text).toContain('somebody else lifts it');
  const [alert] = recordsOf(demo, 'alert');
  const own = await officer.form(url(responses), { lift: String(alert?.['seq']), kind: 'slow', because: 'it was me' });
  expect([own.status, recordsOf(demo, 'response-lifted')]).toEqual([403, []]);
  // Slowed: it still arrives, and our own pages do not wait.
  expect((await script(officer, url('/finder'))).status).toBe(200);
});

test('a session that ends by itself takes its download with it, and nothing reaches the EHR afterwards', async () => {
  const clock = new ShiftingClock();
  await begin('end-session', clock);
  const nurse = await arrive(demo, 'nurse', clock);
  const running = await unreadDownload(nurse, demo.origin);
  await alarm('nurse', 'end-session');
  expect(await cameWhole(running)).toBe(false);
  await eventually(
    () => recordsOf(demo, 'outcome').some(({ reason }) => reason === 'session-ended'),
    'the record of the download that was cut',
  );
  expect(recordsOf(demo, 'response')).toMatchObject([
    { subject: { name: 'nurse' }, reason: 'end-session', detail: expect.stringMatching(/: 1 session ended$/) as string },
  ]);
  const after = await withoutTheEhr(demo, () => script(nurse, url('/finder')));
  expect(after.status).toBe(401);
  // A new sign-in is nobody's alert.
  clock.forward({ seconds: 31 });
  expect((await script(await arrive(demo, 'nurse', clock), url('/finder'))).status).toBe(200);
});
