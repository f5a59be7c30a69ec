// No failure is swallowed unseen: the catches of the product are counted, and each file's are reviewed with a reason.

import { expect, test } from 'vitest';
import { readTree } from './support/layers.ts';
import { tokenize } from './support/read-source.ts';
import { reviewedCatches } from './support/reviewed-catches.ts';

const root = new URL('..', import.meta.url).pathname;
const leftOut = /^src\/(?:cli|demo)\//;

/** Both `catch (cause) {` and `.catch(…)`. */
function catchesIn(text: string): number {
  return tokenize(text).filter(({ kind, text: word }) => kind === 'word' && word === 'catch').length;
}

test('a catch is counted as a clause and as a call, and not in words', () => {
  expect(catchesIn("// catch\ntry { a(); } catch { b(); }\nc().catch(d); const e = 'catch';")).toBe(2);
});

test('every catch is reviewed: a new one says in test/support/reviewed-catches.ts why it ends in a refusal', () => {
  const counted = [...readTree(root, 'src')]
    .filter(([path]) => !leftOut.test(path))
    .map(([path, text]): [string, number] => [path, catchesIn(text)]);
  const found = Object.fromEntries(counted.filter(([, catches]) => catches > 0));
  expect(found).toEqual(Object.fromEntries(Object.entries(reviewedCatches).map(([path, { catches }]) => [path, catches])));
});

test('every reason says something', () => {
  expect(Object.entries(reviewedCatches).filter(([, { because }]) => because.length < 15)).toEqual([]);
});
