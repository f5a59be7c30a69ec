// Somebody leaves while they work: one order, by the command, HR's list or the console, ends all they have, later attempts are
// told, and the report says how long it took. On the real demo.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { userCommand } from '../../src/cli/user.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { eventually, records, signIn, story } from '../support/demo-story.ts';

let demo: Demo;
let officer: CookieClient;
let nurse: CookieClient;
let billing: CookieClient;

beforeAll(async () => {
  demo = await story();
  officer = await signIn(demo, 'security', '/.wardgate/console');
  nurse = await signIn(demo, 'nurse');
  billing = await signIn(demo, 'billing');
  for (const name of ['records', 'it']) await signIn(demo, name);
});
afterAll(async () => demo.close());

async function user(...args: string[]) {
  const said = { out: [] as string[], err: [] as string[] };
  const print = { out: (line: string) => void said.out.push(line), err: (line: string) => void said.err.push(line) };
  const code = await userCommand([...args, '--config', join(demo.directory, 'gateway.yaml')], print);
  return { code, out: said.out.join('\n'), err: said.err.join('\n') };
}

const recorded = (event: string, name: string) =>
  records(demo).filter((one) => one['event'] === event && (one['subject'] as { name?: string } | undefined)?.name === name);
const page = (query = '') => `${demo.origin}/.wardgate/console/people/end${query}`;
const status = async (client: CookieClient) =>
  (await client.ask(`${demo.origin}/main`, { headers: { accept: '*/*', 'sec-fetch-mode': 'cors' } })).status;

test('the console ends whom it shows, with the notice, and later attempts are told', async () => {
  const shown = await officer.page(page('?person=nurse'));
  expect(shown.text).toContain('<dd>nurse</dd>');
  const sub = /name="sub" value="([^"]+)"/.exec(shown.text)?.[1] ?? '';
  const short = await officer.form(page(), { person: 'nurse', sub, notice: '', because: 'x' });
  expect([short.status, short.text.includes('at least three characters')]).toEqual([400, true]);
  const late = await officer.form(page(), { person: 'nurse', sub, notice: '2999-01-01T00:00', because: 'contract ended' });
  expect([late.status, late.text.includes('still to come')]).toEqual([409, true]);
  const other = await officer.form(page(), { person: 'nurse', sub: 'somebody-else', notice: '', because: 'contract ended' });
  expect([other.status, await status(nurse)]).toEqual([409, 200]);
  const noticed = new Date(Date.now() - 90 * 60_000).toISOString().slice(0, 16);
  const ended = await officer.form(page(), { person: 'nurse', sub, notice: `${noticed}Z`, because: 'contract ended' });
  expect([ended.status, ended.text.includes('Access has ended.'), await status(nurse)]).toEqual([200, true, 401]);
  expect(recorded('order', 'nurse')).toMatchObject([
    { decision: 'allowed', detail: '"user end" in the console by "security", because: contract ended' },
  ]);
  const before = demo.ehr.requests().length;
  const turned = await nurse.page(`${demo.origin}/.wardgate/sign-in?login_hint=nurse&return=%2Fmain`);
  expect([turned.status, demo.ehr.requests().length]).toEqual([403, before]);
  const alert = await eventually(
    () => recorded('alert', 'nurse').find((one) => one['reason'] === 'after-termination'),
    'the alert',
  );
  expect(alert).toMatchObject({ detail: expect.stringContaining('Somebody who was let go tries to come in') as string });
});

test('a name that is not one person shows who may be meant, and nobody ends themselves', async () => {
  const { people } = demo.gateway.composed.state;
  const { issuer } = demo.provider;
  await people.seen({ issuer, sub: 'sam-1', name: 'sam', displayName: 'Sam <One>' }, 1);
  await people.seen({ issuer, sub: 'sam-2', name: 'sam', displayName: 'Sam Two' }, 2);
  const shown = await officer.page(page('?person=sam'));
  expect(shown.text).toContain('Sam &lt;One&gt;');
  expect(shown.text).toContain('?person=sam-2');
  const posted = await officer.form(page(), { person: 'sam', sub: 'sam-1', because: 'contract ended' });
  expect([posted.status, recorded('offboarded', 'sam')]).toEqual([400, []]);
  const own = await officer.form(page(), { person: 'security', sub: 'security', because: 'contract ended' });
  expect([own.status, own.text.includes('Nobody ends their own access here')]).toEqual([400, true]);
  const foreign = await officer.form(page(), { person: 'it', sub: 'it', because: 'x y z' }, { origin: 'https://evil.example' });
  expect(foreign.status).toBe(403);
  const nobody = await billing.ask(page(), { headers: { accept: 'text/html' } });
  expect(nobody.status).toBe(403);
});

test("HR's list: a dry run changes nothing, a list cut short ends nobody, --apply ends who is gone", async () => {
  const file = join(demo.directory, 'hr.csv');
  const list = (...rows: string[]) => writeFileSync(file, ['login name,name,end date', ...rows].join('\r\n'));
  list('security,Sec,', 'billing,Bill,2020-01-01', 'records,Rec,', 'it,It,', 'sam,Sam,', 'newcomer,New,', 'nurse,Nora,');
  const dry = await user('roster', file);
  expect(dry).toMatchObject({
    code: 0,
    err: '"sam" is several people here, so nothing is done: wardgate user end sam names them',
  });
  expect(dry.out.split('\n')).toEqual([
    expect.stringMatching(/^Gone: "billing", .*, past the end date$/),
    'Not known here yet: "newcomer", New',
    expect.stringMatching(/^On the list, but ended here: "nurse", .*wardgate user readmit nurse$/),
    '1 would be ended; nothing was changed, --apply does it',
  ]);
  list('security,Sec,');
  const cut = await user('roster', file, '--apply');
  expect([cut.code, cut.err]).toEqual([1, expect.stringMatching(/^3 of 6 people would be ended, more than 20 %/m)]);
  list('security,Sec,', 'records,Rec,', 'it,It,', 'sam,Sam,');
  const done = await user('roster', file, '--apply', '--json');
  expect(JSON.parse(done.out)).toMatchObject({ applied: true, refused: false, ended: [{ person: 'billing', failure: null }] });
  expect(recorded('offboarded', 'billing')).toHaveLength(1);
  expect(recorded('order', 'billing')[0]?.['detail']).toContain("because: no longer on HR's list (not on the list)");
});

test.each([
  ['login,name\na,b', /Row 1: the columns must be named/],
  ['login name,name,end date\n', /names nobody, export it again/],
  ['login name,name,end date\na,b,31.12.2026', /Row 2: the end date "31.12.2026" is not a day, write it as 2026-11-30/],
  ['login name,name,end date\na,b,2026-02-31', /Row 2: the end date "2026-02-31" is not a day/],
  ['login name,name,end date\n\n,b,', /Row 3: the login name is missing/],
  ['login name,name,end date\na,b,\nA,c,', /Row 3: "A" stands in row 2 already, keep one of them/],
  ['login name,name,end date\na,b,\nc', /Row 3: it is cut short/],
  ['login name,name,end date\n"a,b,', /Row 2: /],
])('the list %j is answered with its row and the fix', async (text, says) => {
  const file = join(demo.directory, 'wrong.csv');
  writeFileSync(file, text);
  expect(await user('roster', file, '--apply')).toMatchObject({ code: 1, out: '', err: expect.stringMatching(says) as string });
});
