import { expect, test } from 'vitest';
import type { Arrived, Identified, Targeted } from '../../src/facts.ts';
import type { Session } from '../../src/core/session/session.ts';
import type { Lookup, SessionStore, Soon } from '../../src/ports.ts';
import { loadSession } from '../../src/stages/load-session.ts';
import { applicationOf, headersOf, reasonOf } from '../support/edge-facts.ts';

const id = 'A'.repeat(43);
const session = { key: `key of ${id}` } as Session;
let asked: string[] = [];
let counted: string[] = [];

async function run(cookie: string | undefined, find: (key: string) => Soon<Lookup<Session>>, secure = true): Promise<unknown> {
  asked = [];
  counted = [];
  const metrics = { count: (name: string) => void counted.push(name) };
  const sessions = { find: (key: string) => (asked.push(key), find(key)) } as unknown as SessionStore;
  const stage = loadSession({ sessions, metrics, sessionKey: (one) => `key of ${one}` });
  const facts = { headers: headersOf(cookie === undefined ? {} : { cookie }), application: applicationOf({ secure }) };
  return reasonOf(await stage(facts as unknown as Arrived & Identified & Targeted));
}

const finds = (): Lookup<Session> => ({ found: 'yes', value: session }); // prettier-ignore

test.each<readonly [cookie: string | undefined, secure: boolean]>([
  [undefined, true],
  ['', true],
  ['other=1', true],
  ['__Host-wardgate=', true],
  ['__Host-wardgate=short', true],
  [`__Host-wardgate=${id}A`, true],
  [`__Host-wardgate="${id}"`, true],
  [`__Host-wardgate=${id}; __Host-wardgate=${id}`, true],
  [`__Host-wardgate=${id}; a=1; __Host-wardgate=${'B'.repeat(43)}`, true],
  [`wardgate=${id}`, true],
  [`__Host-wardgate=${id}`, false],
  [`__host-wardgate=${id}`, true],
  [`a=__Host-wardgate=${id}`, true],
])('the cookie %j (secure: %s) is nobody, and the store is not asked', async (cookie, secure) => {
  expect(await run(cookie, finds, secure)).toEqual({ session: null });
  expect(asked).toEqual([]);
  expect(counted).toEqual(cookie?.match(/__Host-wardgate=[AB]{43};.*__Host-wardgate/) ? ['session-cookie-repeated'] : []);
});

test.each([
  [`__Host-wardgate=${id}`, true],
  [`a=1;__Host-wardgate=${id} ; b=2`, true],
  [`wardgate=${id}`, false],
])('the cookie %j (secure: %s) is looked up by its hash', async (cookie, secure) => {
  expect(await run(cookie, finds, secure)).toEqual({ session });
  expect(await run(cookie, () => Promise.resolve(finds()), secure)).toEqual({ session });
  expect(asked).toEqual([session.key]);
});

test('a session that is not there is nobody; a store that cannot say is a 503, at once or later', async () => {
  expect(await run(`__Host-wardgate=${id}`, () => ({ found: 'no' }))).toEqual({ session: null });
  expect(await run(`__Host-wardgate=${id}`, () => ({ found: 'unavailable', cause: 'x' }))).toBe('session-store-unavailable');
  expect(await run(`__Host-wardgate=${id}`, () => Promise.resolve({ found: 'unavailable', cause: 'x' }))).toBe(
    'session-store-unavailable',
  );
});
