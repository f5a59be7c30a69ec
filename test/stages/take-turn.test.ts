// What the cookie presents is read before anything is believed, and the request waits for its person's turn.

import { expect, test } from 'vitest';
import type { Arrived, Identified } from '../../src/facts.ts';
import { takeTurn } from '../../src/stages/take-turn.ts';
import { applicationOf, headersOf } from '../support/edge-facts.ts';

const id = 'A'.repeat(43);
let counted: string[] = [];
let asked: string[] = [];

function run(cookie: string | undefined, secure = true, turn?: Promise<void>): unknown {
  counted = [];
  asked = [];
  const stage = takeTurn({
    metrics: { count: (name: string) => void counted.push(name) },
    sessionKey: (one) => `key of ${one}`,
    turns: {
      of: (key, address) => `${key ?? 'nobody'} at ${address}`,
      belongs: () => undefined,
      take: (share) => (asked.push(share), turn),
    },
  });
  const headers = headersOf(cookie === undefined ? {} : { cookie });
  return stage({ headers, application: applicationOf({ secure }), address: '2001:db8::7' } as unknown as Arrived & Identified);
}

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
])('the cookie %j (secure: %s) presents nobody', (cookie, secure) => {
  expect(run(cookie, secure)).toEqual({ sessionKey: null, share: 'nobody at 2001:db8:0:0::/64' });
  expect(counted).toEqual(cookie?.match(/__Host-wardgate=[AB]{43};.*__Host-wardgate/) ? ['session-cookie-repeated'] : []);
});

test.each([
  [`__Host-wardgate=${id}`, true],
  [`a=1;__Host-wardgate=${id} ; b=2`, true],
  [`wardgate=${id}`, false],
])('the cookie %j (secure: %s) presents its hash', (cookie, secure) => {
  expect(run(cookie, secure)).toMatchObject({ sessionKey: `key of ${id}` });
});

test('where others wait, the request waits for its share', async () => {
  let begin: () => void = () => undefined;
  const waiting = run(undefined, true, new Promise((resolve) => (begin = resolve))) as Promise<unknown>;
  expect(waiting).toBeInstanceOf(Promise);
  expect(asked).toEqual(['nobody at 2001:db8:0:0::/64']);
  begin();
  expect(await waiting).toMatchObject({ sessionKey: null });
});
