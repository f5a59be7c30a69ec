// What the page script remembers of a notice that was put aside, and what it does not take from a page that wrote it.

import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { quietPart } from '../../src/pages/page-script/quiet.ts';

const now = 1_000_000_000;
const hour = 3_600_000;
const person = 'jane';
const name = `wardgate-notice ${person}`;

/** The part over a store of this test's; null for a page that may have none. */
function over(stored: Record<string, string> | null) {
  const methods = { getItem: (key: string) => stored?.[key] ?? null, removeItem: (key: string) => void delete stored?.[key] };
  for (const one of Object.keys(methods)) Object.defineProperty(stored ?? methods, one, { value: Reflect.get(methods, one) });
  const window = {
    get localStorage(): unknown {
      if (stored === null) throw new Error('The document is sandboxed');
      return stored;
    },
  };
  return runInNewContext(`${quietPart}; ({ isQuiet, storedQuiet, dropStale, keep })`, {
    window,
    told: { person },
    get localStorage() {
      return window.localStorage;
    },
  }) as {
    isQuiet: (stored: unknown, of: number, now: number) => boolean;
    storedQuiet: () => unknown;
    dropStale: (now: number) => void;
    keep: (store: () => unknown, person: string, text: string) => void;
  };
}

const quietUntil = (until: number, of: number = 5): string => JSON.stringify({ of, until });

test.each<[string, string | null, boolean]>([
  ['nothing', null, false],
  ['one that runs', quietUntil(now + 4 * hour), true],
  ['one that has run out', quietUntil(now), false],
  ['one of what was said before', quietUntil(now + hour, 4), false],
  ['one of what was said later', quietUntil(now + hour, 6), true],
  ['one until the end of a long day', quietUntil(now + 25 * hour), true],
  ['one for good, which nobody can ask for', quietUntil(now + 27 * hour), false],
  ['no end', JSON.stringify({ of: 5 }), false],
  ['no number', JSON.stringify({ of: 5, until: 'never' }), false],
  ['null', 'null', false],
  ['a word', '"quiet"', false],
  ['no JSON', '{', false],
])('kept: %s', (_what, kept, expected) => {
  const { isQuiet, storedQuiet } = over(kept === null ? {} : { [name]: kept });
  expect(isQuiet(storedQuiet(), 5, now)).toBe(expected);
});

test('a page without a store keeps nothing and breaks nothing', () => {
  const { storedQuiet, dropStale, keep } = over(null);
  dropStale(now);
  keep(() => refuse(), person, 'x');
  expect(storedQuiet()).toBeNull();
});

test('what is over is dropped, whoever left it, and nothing else', () => {
  const stored = { [name]: quietUntil(now), 'wardgate-notice joe': quietUntil(now + 1), ehr: '{' };
  over(stored).dropStale(now);
  expect(Object.keys(stored)).toEqual(['wardgate-notice joe', 'ehr']);
});

function refuse(): never {
  throw new Error('The store is full');
}
