// The demo's legacy EHR by its own login form: a person types their password for it once, and their browser never holds its
// session, whichever way either of them ends.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { arrive, recordsOf, restart, script, sessionCookie } from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { eventually, seenByEhr, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const clock = new ShiftingClock();
const client = new CookieClient();
let demo: Demo;
let gateway: Demo['gateway'];
const url = (path: string): string => demo.origin + path;
const names = (): string[] => [...(client.jar.get(new URL(demo.origin).host)?.keys() ?? [])].sort();

beforeAll(async () => {
  const applicationLines = ['preset: legacy-demo', 'signOn: own-password'];
  demo = await story({ clock, applicationLines, ehr: { signOn: 'form' } });
  ({ gateway } = demo);
});

afterAll(async () => {
  await gateway.close();
  await demo.close();
});

test('the password is asked for once, and opens the page that was wanted', async () => {
  await arrive(demo, 'nurse', clock, client, '/chart?set_pid=7').catch(() => undefined);
  const wrong = await client.form(url('/.wardgate/credential?application=ehr'), { username: 'nurse', password: 'wrong-4711' });
  expect([wrong.status, seenByEhr(demo, '/chart')]).toEqual([403, 0]);
  const back = encodeURIComponent('/chart?set_pid=7');
  const fields = { username: 'nurse', password: 'meadow-nurse' };
  const opened = await client.form(url(`/.wardgate/credential?application=ehr&return=${back}`), fields);
  expect([opened.status, opened.url]).toEqual([200, url('/chart?set_pid=7')]);
  expect((await script(client, url('/chart/vitals'))).status).toBe(200);
  expect(names()).toEqual(['wardgate', 'wardgate-browser']);
  await eventually(() => recordsOf(demo, 'outcome').length >= 2, 'the outcomes');
  expect(recordsOf(demo, 'attempt').at(-1)).toMatchObject({ patient: '7', patientSource: 'session' });
  expect(recordsOf(demo, 'chart-opened')).toMatchObject([{ patient: '7', subject: { sub: 'nurse' } }]);
});

test('a restart of the gateway goes on in the same session of the EHR, with its patient', async () => {
  const logins = demo.ehr.requests().filter(({ method, target }) => method === 'POST' && target === '/login').length;
  gateway = await restart(demo, gateway, clock);
  expect((await script(client, url('/chart/vitals'))).status).toBe(200);
  expect(recordsOf(demo, 'attempt').at(-1)).toMatchObject({ patient: '7', patientSource: 'session' });
  expect(demo.ehr.requests().filter(({ method, target }) => method === 'POST' && target === '/login').length).toBe(logins);
});

test("the EHR's own logout ends both, and nothing is signed on behind it", async () => {
  const left = await client.ask(url('/logout'), { headers: { accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' } }); // prettier-ignore
  expect([left.status, String(left.headers['set-cookie'])]).toEqual([303, expect.stringMatching(/^wardgate=;/)]);
  expect(sessionCookie(client, demo) ?? '').toBe('');
  const seen = demo.ehr.requests().length;
  expect((await script(client, url('/chart/vitals'))).status).toBe(401);
  expect(
    demo.ehr
      .requests()
      .slice(seen)
      .filter(({ target }) => target !== '/logout'),
  ).toEqual([]);
  expect(recordsOf(demo, 'sign-out')).toMatchObject([{ reason: 'signed-out', subject: { sub: 'nurse' } }]);
  const told = JSON.stringify([recordsOf(demo, 'ehr-sign-on'), recordsOf(demo, 'credential-stored')]);
  for (const secret of ['meadow-nurse', 'wrong-4711']) expect(told).not.toContain(secret);
});
