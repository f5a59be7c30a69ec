// A person signed in twice, sent in the one browser the EHR's session cookie of the other, and opened patient 9 there. The
// first browser's pages then showed chart 9, and the record said patient 5. The same cookie, left in a browser after
// signing out, opened charts for whoever came next, and no patient was on record at all. Only a session of the EHR that
// was given to a session of ours goes on in its name.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { arrive, recordsOf, roleLines, script, sessionCookie } from '../support/clinic-story.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
rules:
  - { name: chart, paths: [/chart], patient: [query.set_pid, query.pid, session], selectsPatient: query.set_pid, allow: [physician, nurse] }
  - { name: pieces, paths: [/chart/vitals, /chart/notes], patient: [query.pid, session], allow: [physician, nurse] }
  - { name: rest, paths: [/main, /finder], allow: everyone }
`;

let demo: Demo;
const clock = new ShiftingClock();
beforeAll(async () => {
  demo = await story({ rules, clock, idle: '12h' });
});
afterAll(async () => demo.close());

const url = (path: string): string => demo.origin + path;
const ask = (client: CookieClient, path: string) => script(client, url(path));
const lastAttempt = (): Record<string, unknown> | undefined => recordsOf(demo, 'attempt').at(-1);
const host = (): string => new URL(demo.origin).host;
const ehrCookie = (client: CookieClient): string => client.jar.get(host())?.get('MBSESSION') ?? '';
/** Every Cookie header that the EHR saw since `from`. */
const cookiesSeen = (from: number): string[] =>
  demo.ehr
    .requests()
    .slice(from)
    .flatMap(({ headers }) => headers.filter((_, at) => at % 2 === 1 && headers[at - 1]?.toLowerCase() === 'cookie'));

async function person(name: string, client?: CookieClient): Promise<CookieClient> {
  clock.forward({ minutes: 1 });
  return arrive(demo, name, clock, client);
}

test.each([
  ['by its name', (id: string) => `MBSESSION=${id}`],
  ['beside one of their own', (id: string) => `MBSESSION=made-up; MBSESSION=${id}`],
  ['percent-encoded', (id: string) => `%4DBSESSION=${id}`],
  ['in other capitals', (id: string) => `mbsession=${id}`],
  ['in brackets', (id: string) => `MBSESSION[0]=${id}`],
  ['quoted', (id: string) => `MBSESSION="${id}"`],
  ['behind a comma', (id: string) => `theme=dark,MBSESSION=${id}`],
  ['without a name', (id: string) => `=MBSESSION=${id}`],
])("another browser's session of the EHR, sent %s, goes nowhere", async (_how, spell) => {
  const first = await person('nurse');
  const second = await person('nurse');
  await ask(first, '/chart?set_pid=5');
  const shown = (await ask(first, '/chart/vitals')).text;
  const before = demo.ehr.requests().length;
  const cookie = `wardgate=${sessionCookie(second, demo)}; ${spell(ehrCookie(first))}`;
  await script(second, url('/chart?set_pid=9'), { headers: { cookie } });
  expect(demo.ehr.requests()).toHaveLength(before + 1);
  expect(cookiesSeen(before).join()).not.toContain(ehrCookie(first));
  expect((await ask(first, '/chart/vitals')).text).toBe(shown);
  expect(lastAttempt()).toMatchObject({ patient: '5', patientSource: 'session' });
});

test.each(['nurse', 'physician'])('after signing out, the cookie that is left opens nothing for the %s', async (next) => {
  const client = await person('nurse');
  await ask(client, '/chart?set_pid=7');
  const left = ehrCookie(client);
  await client.form(url('/.wardgate/sign-out'), {});
  expect(sessionCookie(client, demo)).toBeUndefined();
  client.jar.delete(new URL(demo.provider.issuer).host);
  const before = demo.ehr.requests().length;
  await person(next, client);
  client.jar.get(host())?.set('MBSESSION', left);
  const vitals = await ask(client, '/chart/vitals');
  expect(cookiesSeen(before).join()).not.toContain(left);
  expect(vitals.text).toContain('No patient selected');
  expect(lastAttempt()).toMatchObject({ rule: 'pieces', patientSource: 'unresolved' });
  expect(ehrCookie(client)).not.toBe(left);
  await ask(client, '/chart?set_pid=9');
  await ask(client, '/chart/vitals');
  expect(lastAttempt()).toMatchObject({ patient: '9', patientSource: 'session' });
});
