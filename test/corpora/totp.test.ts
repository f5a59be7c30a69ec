// Codes by the book: the vectors of RFC 4226 and RFC 6238 against the verifier in use, and against the drift and replay
// rules. WARDGATE_CORPORA names a directory with totp.json, whose behaviours must all be told somewhere.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { base32 } from '../../src/core/second-factor/base32.ts';
import { timeStep, verifyTotp } from '../../src/sign-in/verify-totp.ts';
import { totp } from '../support/own-pages-server.ts';

interface Vector {
  readonly alg: string;
  readonly key_ascii: string;
  readonly time?: number;
  readonly counter?: number;
  readonly digits: number;
  readonly code: string;
}

const key = '12345678901234567890';
const secret = base32(Buffer.from(key));

/** RFC 6238 appendix B for SHA-1; its eight digits end in the six that are used here. */
const table: readonly Vector[] = [
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
].map(([time, code]) => ({ alg: 'SHA1', key_ascii: key, time: Number(time), digits: 8, code: String(code) }));

const corpora = process.env['WARDGATE_CORPORA'];
const corpus =
  corpora === undefined
    ? null
    : (JSON.parse(readFileSync(`${corpora}/totp.json`, 'utf8')) as {
        vectors: Vector[];
        behaviour: { case: string; expect: string }[];
      });
// Authenticator apps and this gateway use SHA-1 with six digits; the other algorithms are not offered.
const vectors = [...table, ...(corpus?.vectors ?? [])].filter((vector) => vector.alg === 'SHA1');

test.each(vectors)('time $time counter $counter: $code', async ({ key_ascii: ascii, time, counter, code }) => {
  const at = (time ?? (counter ?? 0) * 30) * 1000;
  const six = code.slice(-6);
  expect(await verifyTotp(base32(Buffer.from(ascii)), six, at, -1)).toBe(timeStep(at));
  const other = `${(Number(six[0]) + 1) % 10}${six.slice(1)}`;
  expect(await verifyTotp(base32(Buffer.from(ascii)), other, at, -1)).toBeNull();
});

const now = 1_700_000_000_000;
const step = timeStep(now);
const codeOf = (steps: number) => totp(secret, now + steps * 30_000);

test.each([
  ['this step, never used', 0, -1, step],
  ['one step early', 1, -1, step + 1],
  ['one step late', -1, -1, step - 1],
  ['two steps early', 2, -1, null],
  ['two steps late', -2, -1, null],
  ['this step again', 0, step, null],
  ['the step before an accepted one', -1, step, null],
  ['this step after the one before', 0, step - 1, step],
  ['any step while the accepted one lies an hour ahead', 0, step + 120, null],
])('%s', async (_case, steps, lastStep, expected) => {
  expect(await verifyTotp(secret, codeOf(steps), now, lastStep)).toBe(expected);
});

test.each(['', '12345', '1234567', ' 12345', '\uFF10\uFF11\uFF12\uFF13\uFF14\uFF15', '012345\n'])(
  '%j throws nothing and is no code',
  async (code) => {
    expect(await verifyTotp(secret, code, now, -1)).toBeNull();
  },
);

test('a secret that is none is no match, not a fault', async () => {
  expect(await verifyTotp('!', '000000', now, -1)).toBeNull();
});

/** Where each behaviour of the corpus is told. */
const told: Readonly<Record<string, string>> = {
  'first use of current code': 'here',
  'same code again, same session': 'sign-in/second-factor-attacks',
  'same code again, other session/login': 'sign-in/second-factor-attacks',
  'same code submitted 50x in parallel': 'adapters/identity-stores and sign-in/second-factor-attacks',
  'code of step t-1 after code of step t was accepted': 'here and sign-in/second-factor-attacks',
  'code of step t-1 (never used), skew 1': 'here',
  'code of step t+1, skew 1': 'here and sign-in/second-factor-attacks',
  'code of t-2': 'here',
  'code of t+2': 'here',
  'clock steps back 60 s after a login': 'here: a step is compared with the last one, never with the time',
  'clock jumps forward 1 h then back': 'sign-in/second-factor-attacks',
  '5 wrong codes': 'sign-in/second-factor-attacks',
  'wrong codes spread over 100 sessions': 'sign-in/second-factor-attacks: five browsers, one count',
  'wrong codes spread over 100 IPs': 'the count is by person; no address is part of its key',
  'correct code while locked': 'sign-in/second-factor-attacks',
  'code as number 12345 (leading zero lost)': 'core/second-factor',
  'empty / null / missing code': 'core/second-factor and sign-in/second-factor-attacks',
  'code for another user': 'sign-in/second-factor-attacks',
  'request a protected path with password-only session (mfa pending)': 'sign-in/sign-in-story',
  'MFA POST without pending login': 'sign-in/own-routes',
  'MFA passed, then session id': 'sign-in/sign-in-story',
  'recovery code first use': 'sign-in/sign-in-story',
  'recovery code second use': 'sign-in/sign-in-story',
  'recovery code 20x in parallel': 'adapters/identity-stores',
  'recovery code after regeneration of the set': 'adapters/identity-stores',
  'recovery code lower/upper case, with and without dashes': 'core/second-factor',
  'recovery codes at rest': 'adapters/identity-stores: rows hold SHA-256 of 128 bits',
  'enrolment: secret shown again after confirmation': 'sign-in/sign-in-story',
  'enrolment without re-authentication': 'sign-in/sign-in-story: only somebody just signed in enrols',
  'enrolment confirmed with code, then same code for login': 'sign-in/sign-in-story',
  'enrol over an existing factor by CSRF': 'sign-in/sign-in-story and sign-in/own-routes',
};

test.skipIf(corpus === null)('every behaviour of the corpus is told', () => {
  const untold = (corpus?.behaviour ?? []).filter((one) => !Object.keys(told).some((name) => one.case.startsWith(name)));
  expect(untold).toEqual([]);
});
