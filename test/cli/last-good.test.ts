// Where a rollback goes: one version further back each time, over what was applied, rolled back and changed by hand.

import { expect, test } from 'vitest';
import { lastGood } from '../../src/cli/rules/last-good.ts';
import type { RuleNote } from '../../src/adapters/rule-versions.ts';

/** `A>B` applied B over A, `A<B` rolled back from A to B; a dot stands for no rules at all. */
function notes(...deeds: string[]): RuleNote[] {
  return deeds.map((deed, index) => {
    const [previous = '', how, version = ''] = deed;
    const rest = { person: 'ada', reason: 'x', approver: null, time: '' };
    return {
      sequence: index + 1,
      version,
      previous: previous === '.' ? null : previous,
      deed: how === '>' ? 'applied' : 'rolled back',
      ...rest,
    };
  });
}

test.each<[string, string[], string | null, string | null]>([
  ['nothing was ever applied', [], 'A', null],
  ['the first one', ['.>A'], 'A', null],
  ['the one before the first', ['A>B'], 'B', 'A'],
  ['the one before', ['A>B', 'B>C'], 'C', 'B'],
  ['further back after a rollback', ['A>B', 'B>C', 'C<B'], 'B', 'A'],
  ['not to what was rolled back from', ['A>B', 'B>C', 'C<A', 'A>D'], 'D', 'A'],
  ['the end of it', ['A>B', 'B<A'], 'A', null],
  ['the last applied, where the file was changed by hand', ['A>B'], 'X', 'B'],
  ['the last applied, where the file is gone', ['A>B'], null, 'B'],
  ['what was changed by hand in between', ['A>B', 'X>C'], 'C', 'X'],
  ['not to a version that never came', ['A>B', 'B>C'], 'B', 'A'],
  ['nothing, where the first never came', ['A>B'], 'A', null],
  ['the same again is one', ['A>B', 'B>B'], 'B', 'A'],
])('%s', (_what, deeds, current, expected) => {
  expect(lastGood(notes(...deeds), current)).toBe(expected);
});
