// What IT does for people beside a running gateway, by the real command in a process of its own: a first enrolment by code, a
// lost phone, somebody who leaves.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { userCommand } from '../../src/cli/user.ts';
import type { Gateway } from '../../src/main.ts';
import { clinic, openGateway } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { command, endCommands } from '../support/command.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { records, signIn } from '../support/demo-story.ts';

let place: Clinic;
let gateway: Gateway;

beforeAll(async () => {
  place = await clinic();
  gateway = await openGateway(place);
});
afterEach(endCommands);
afterAll(async () => {
  await gateway.close();
  await place.close();
});

async function user(...args: string[]) {
  const ran = command(['user', ...args, '--config', place.file]);
  const { code } = await ran.ended;
  return { code, out: ran.stdout(), err: ran.stderr() };
}

const show = async (name: string) => JSON.parse((await user('show', name, '--json')).out) as Record<string, unknown>;
const recorded = (event: string, name: string) =>
  records(place).filter((one) => one['event'] === event && (one['subject'] as { name?: string } | undefined)?.name === name);

async function statusOf(client: CookieClient): Promise<number> {
  return (await client.ask(`${place.origin}/main`, { headers: { accept: '*/*', 'sec-fetch-mode': 'cors' } })).status;
}

test('a person is shown with factors and sessions, and nothing secret', async () => {
  await signIn(place, 'physician');
  const { out } = await user('show', 'physician', '--json');
  expect(JSON.parse(out)).toMatchObject({
    name: 'physician',
    displayName: 'Dr. Paula Examplar',
    leftAt: null,
    passkeys: [],
    sessions: [{ roles: ['physician'], factor: 'totp', lockedAt: null }],
    notices: [],
  });
  const secret = place.personas.find(({ name }) => name === 'physician')?.totpSecret ?? '';
  expect(secret).not.toBe('');
  expect(out).not.toContain(secret);
  expect((await user('show', 'physician')).out).toMatch(/^Session +\S+, since .* as physician$/m);
});

test('a code is printed once, is bound to the name, and is not on record', async () => {
  const { code, out } = await user('enrol-code', 'newcomer', '--hours', '2');
  const [first = '', , unknown = ''] = out.split('\n');
  expect([code, first, unknown]).toEqual([
    0,
    expect.stringMatching(/^(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}$/),
    'Nobody of that name has signed in here yet: look that it is spelled right',
  ]);
  expect(JSON.stringify(records(place))).not.toContain(first);
  expect((await user('enrol-code', 'nurse')).err).toMatch(/^"nurse" has a second factor already/);
  expect((await user('enrol-code', 'newcomer', '--hours', '169')).err).toMatch(/^A code lasts 1 to 168 hours/);
});

test('a lost phone: everything is taken away, the sessions end, and the person is told', async () => {
  const client = await signIn(place, 'nurse');
  expect(await statusOf(client)).toBe(200);
  const reset = await user('reset-factor', 'nurse', '--because', 'lost her phone');
  expect([reset.code, reset.out]).toEqual([
    0,
    expect.stringMatching(
      /^Removed: passkeys: 0, code from the phone: 1, device PINs: 0, remembered devices: 0, emergency codes: 0, sessions: 1$/m,
    ),
  ]);
  expect(await statusOf(client)).toBe(401);
  const [order] = recorded('order', 'nurse').slice(-1);
  expect(order).toMatchObject({ decision: 'allowed', detail: expect.stringMatching(/^"user reset-factor" by operating-system user ".+", because: lost her phone$/) as string }); // prettier-ignore
  expect(recorded('factor-removed', 'nurse').at(-1)?.['seq']).toBeGreaterThan(Number(order?.['seq']));
  expect(recorded('session-ended', 'nurse').at(-1)).toMatchObject({ reason: 'revoked' });
  expect(await show('nurse')).toMatchObject({ code: null, sessions: [], notices: [{ kind: 'reset-by-it' }] });
  const page = await client.page(`${place.origin}/.wardgate/sign-in?login_hint=nurse&return=%2Fmain`);
  expect(page.url).toContain('/.wardgate/enrol');
});

test('a leaver is locked out of everything, step by step, until they are taken back', async () => {
  const client = await signIn(place, 'billing');
  const { issuer } = place.provider;
  const person = { issuer, sub: 'billing', name: 'billing', displayName: 'Bill' };
  const { grants, budgets } = gateway.composed.state;
  const now = gateway.composed.clock.now();
  await grants.open({ id: 'g', issuer, sub: 'billing', reason: 'a reason', openedAt: now - 1000, expiresAt: now + 3_600_000 });
  const account = await budgets.account(`${issuer} billing`);
  await account.change((unused) => ({ state: { ...unused, extendedOn: '2026-11-30' }, result: undefined }));
  await gateway.composed.state.vault.put(person, 'ehr', { username: 'bill', password: 'long-secret', more: {} });
  const noticed = new Date(Date.now() - 7.5 * 60_000).toISOString();
  const left = await user('end', 'billing', '--because', 'contract ended', '--notice', noticed, '--json');
  const told = JSON.parse(left.out) as { steps: { what: string; count: number }[]; minutesFromNotice: number };
  expect(Object.fromEntries(told.steps.map(({ what, count }) => [what, count]))).toEqual({
    'sign-in blocked': 1,
    'sessions ended': 1,
    'streams cut': 0,
    'EHR passwords removed': 1,
    'passkeys removed': 0,
    'code from the phone removed': 1,
    'device PINs removed': 0,
    'remembered devices removed': 0,
    'emergency codes removed': 0,
    'enrolment codes voided': 0,
    'emergency accesses ended': 1,
    'held posts discarded': 0,
    'budget extensions withdrawn': 1,
  });
  expect(told.minutesFromNotice).toBeGreaterThanOrEqual(8);
  expect(recorded('offboarded', 'billing').at(-1)).toMatchObject({ detail: expect.stringMatching(/; done \d+ minutes after the notice at /) as string }); // prettier-ignore
  expect([grants.current(issuer, 'billing', now), account.state.extendedOn]).toEqual([null, null]);
  expect(await statusOf(client)).toBe(401);
  const again = await user('end', 'billing', '--because', 'once more');
  expect(again.out).toContain('Their access had ended before; nothing was left');
  const { leavers } = gateway.composed.state;
  // A second account of that login name, or of that name in capitals, is no way round it until the name is given free.
  for (const name of ['billing', 'BILLING']) expect(await leavers.isBlocked({ issuer, sub: 'another', name })).toBe(true);
  expect((await user('release-name', 'billing', '--because', 'somebody new')).code).toBe(0);
  expect((await user('release-name', 'billing', '--because', 'twice')).err).toMatch(/^Nobody who left keeps the login name/);
  expect(await leavers.isBlocked({ issuer, sub: 'another', name: 'billing' })).toBe(false);
  const turned = await client.page(`${place.origin}/.wardgate/sign-in?login_hint=billing&return=%2Fmain`);
  expect([turned.status, turned.text.includes('Your access here has ended')]).toEqual([403, true]);
  expect((await user('enrol-code', 'billing')).err).toMatch(/^"billing" has left/);
  expect((await user('readmit', 'billing', '--because', 'came back')).code).toBe(0);
  const back = await client.page(`${place.origin}/.wardgate/sign-in?login_hint=billing&return=%2Fmain`);
  expect(back.url).toContain('/.wardgate/enrol');
  expect((await user('readmit', 'billing', '--because', 'twice')).err).toMatch(/has not left/);
});

test('a leaver who never came is known by their code, and their name is shut', async () => {
  expect((await user('end', 'visitor', '--because', 'never came')).err).toMatch(
    /^Nobody who has signed in here is called "visitor"/,
  );
  await user('enrol-code', 'visitor');
  expect((await user('end', 'visitor', '--because', 'never came')).out).toMatch(/enrolment codes voided: 1/);
});

test('two people of one name are named as candidates, and nobody is touched', async () => {
  const { people } = gateway.composed.state;
  const { issuer } = place.provider;
  await people.seen({ issuer, sub: 'sam-1', name: 'sam', displayName: 'Sam One' }, 1);
  await people.seen({ issuer, sub: 'sam-2', name: 'sam', displayName: 'Sam Two' }, 2);
  const { code, err } = await user('reset-factor', 'sam', '--because', 'x');
  expect([code, err]).toEqual([1, expect.stringMatching(/^"sam" is 2 people: "sam-1" of .*\(last seen 1970-.*"sam-2" of /)]);
  expect(
    records(place)
      .filter(({ event }) => event === 'order')
      .at(-1),
  ).toMatchObject({ decision: 'refused' });
  expect((await user('reset-factor', 'sam-2', '--because', 'x')).code).toBe(0);
  const ended = await user('end', 'sam', '--because', 'x', '--json');
  expect([ended.code, JSON.parse(ended.out)]).toEqual([
    1,
    {
      why: expect.stringMatching(/^"sam" is 2 people/) as string,
      candidates: [
        { name: 'sam', displayName: 'Sam One', sub: 'sam-1', seenAt: '1970-01-01T00:00:00.001Z', devices: [] },
        { name: 'sam', displayName: 'Sam Two', sub: 'sam-2', seenAt: '1970-01-01T00:00:00.002Z', devices: [] },
      ],
    },
  ]);
  expect((await user('end', 'sa', '--because', 'x')).err).toMatch(
    /^ {2}"sam", Sam One, at the provider "sam-1", last seen 1970/m,
  );
  expect(await show('sam-1')).toMatchObject({ leftAt: null });
});

test.each<readonly [args: readonly string[], says: RegExp]>([
  [[], /^A command is missing/],
  [['vanish', 'nurse'], /^There is no command "user vanish"/],
  [['show'], /^Name the person/],
  [['show', 'a', 'b'], /^There is a word too many/],
  [['list', 'nurse'], /^There is a word too many/],
  [['end', 'nurse'], /^Option --because is missing/],
  [['offboard', 'nurse', '--because', 'x'], /^The command is called "wardgate user end" now/],
  [['roster'], /^Name the file/],
  [['roster', 'nobody.csv'], /^Roster "nobody.csv" does not exist/],
  [['roster', 'a.csv', '--share', 'all'], /^Option --share is a number/],
  [['reset-factor', 'nurse', '--because', ' '], /^Option --because is missing/],
  [['show', 'nurse', '--notice', 'x'], /^Unknown option/],
])('user %j is wrong usage', async (args, says) => {
  const said: string[] = [];
  const code = await userCommand(args, { out: (line) => void said.push(line), err: (line) => void said.push(line) });
  expect([code, said.join('\n')]).toEqual([2, expect.stringMatching(says)]);
});

test.each([
  ['yesterday', /^The time of the notice is written as/],
  ['2026-02-31T99:00Z', /^The time of the notice is written as/],
  ['2999-01-01T00:00Z', /^The time of the notice is still to come/],
])('a notice at %s is refused', async (at, says) => {
  expect((await user('end', 'it', '--because', 'x', '--notice', at)).err).toMatch(says);
  expect(await show('it')).toMatchObject({ leftAt: null });
});

test('a name that nobody has is answered with the one that was meant', async () => {
  expect((await user('show', 'nurze')).err).toContain('did you mean "nurse"?');
});
