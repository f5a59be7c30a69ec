// Which patient is selected: told as stories of requests that begin and settle.

import { expect, test } from 'vitest';
import {
  beginSelection,
  noSelection,
  readSelection,
  settleSelection,
  successorOf,
  unknownSelection,
} from '../../../src/core/session/selection.ts';
import type { Selection } from '../../../src/core/session/selection.ts';

type Step = readonly ['begin', string, string | null] | readonly ['ok' | 'failed' | 'lost', string];

function tell(steps: readonly Step[]): Selection {
  let state = noSelection();
  for (const step of steps) {
    if (step[0] === 'begin') state = beginSelection(state, step[1], step[2]);
    else state = settleSelection(state, step[1], ({ ok: 'took-effect', failed: 'failed', lost: 'unknown' } as const)[step[0]]);
  }
  return state;
}

const inFlight = { kind: 'in-flight' };
const ambiguous = { kind: 'ambiguous' };
const patient = (id: string | null) => ({ kind: 'patient', id });

const stories: readonly (readonly [string, readonly Step[], object])[] = [
  ['nothing selected', [], patient(null)],
  ['one on its way', [['begin', 'r1', 'A']], inFlight],
  [
    'one that took effect',
    [
      ['begin', 'r1', 'A'],
      ['ok', 'r1'],
    ],
    patient('A'),
  ],
  [
    'one that failed leaves what was',
    [
      ['begin', 'r1', 'A'],
      ['ok', 'r1'],
      ['begin', 'r2', 'B'],
      ['failed', 'r2'],
    ],
    patient('A'),
  ],
  [
    'one that nobody heard of again leaves nobody certain',
    [
      ['begin', 'r1', 'A'],
      ['ok', 'r1'],
      ['begin', 'r2', 'B'],
      ['lost', 'r2'],
    ],
    ambiguous,
  ],
  [
    'the next one that took effect makes it certain again',
    [
      ['begin', 'r1', 'A'],
      ['lost', 'r1'],
      ['begin', 'r2', 'B'],
      ['ok', 'r2'],
    ],
    patient('B'),
  ],
  ['an unknown answer changes nothing', [['ok', 'r9']], patient(null)],
  [
    'cleared by a selection of nobody',
    [
      ['begin', 'r1', 'A'],
      ['ok', 'r1'],
      ['begin', 'r2', null],
      ['ok', 'r2'],
    ],
    patient(null),
  ],
  [
    'the same patient twice at once is clear',
    [
      ['begin', 'r1', 'A'],
      ['begin', 'r2', 'A'],
      ['ok', 'r2'],
      ['ok', 'r1'],
    ],
    patient('A'),
  ],
  [
    'one of two is still on its way',
    [
      ['begin', 'r1', 'A'],
      ['begin', 'r2', 'B'],
      ['ok', 'r1'],
    ],
    inFlight,
  ],
  [
    'two at once',
    [
      ['begin', 'r1', 'A'],
      ['begin', 'r2', 'B'],
      ['ok', 'r1'],
      ['ok', 'r2'],
    ],
    ambiguous,
  ],
  [
    'two at once, the later answered first',
    [
      ['begin', 'r1', 'A'],
      ['begin', 'r2', 'B'],
      ['ok', 'r2'],
      ['ok', 'r1'],
    ],
    ambiguous,
  ],
  [
    'two at once, one failed: it may have acted before it failed',
    [
      ['begin', 'r1', 'A'],
      ['begin', 'r2', 'B'],
      ['failed', 'r1'],
      ['ok', 'r2'],
    ],
    ambiguous,
  ],
  [
    'a third that overlaps the second of a pair is part of it',
    [
      ['begin', 'r1', 'A'],
      ['begin', 'r2', 'B'],
      ['ok', 'r1'],
      ['begin', 'r3', 'B'],
      ['ok', 'r2'],
      ['ok', 'r3'],
    ],
    ambiguous,
  ],
  [
    'one made alone afterwards settles it',
    [
      ['begin', 'r1', 'A'],
      ['begin', 'r2', 'B'],
      ['ok', 'r1'],
      ['ok', 'r2'],
      ['begin', 'r3', 'C'],
      ['ok', 'r3'],
    ],
    patient('C'),
  ],
  [
    'one made alone that failed settles nothing',
    [
      ['begin', 'r1', 'A'],
      ['begin', 'r2', 'B'],
      ['ok', 'r1'],
      ['ok', 'r2'],
      ['begin', 'r3', 'C'],
      ['failed', 'r3'],
    ],
    ambiguous,
  ],
];

test.each(stories)('%s', (_story, steps, expected) => {
  expect(readSelection(tell(steps))).toEqual(expected);
});

test.each([
  ['nothing', null, patient(null)],
  ['a session with nobody', tell([]), patient(null)],
  ['a session with a patient', noSelection('A'), ambiguous],
  ['a session in which one is being opened', tell([['begin', 'r1', null]]), ambiguous],
  ['a session of which nobody knows', unknownSelection(), ambiguous],
] as const)('a session that follows %s', (_before, before, expected) => {
  const after = successorOf(before);
  expect(readSelection(after)).toEqual(expected);
  const selected = settleSelection(beginSelection(after, 'r2', 'B'), 'r2', 'took-effect');
  expect(readSelection(selected)).toEqual(patient('B'));
});

test('what an earlier run committed is where it starts', () => {
  expect(readSelection(noSelection('A'))).toEqual(patient('A'));
});

test('thirty-two may be on their way, one more is ambiguous until one is made alone', () => {
  const many: Step[] = Array.from({ length: 32 }, (_, n) => ['begin', `r${n}`, 'A']);
  const settled: Step[] = many.map((step) => ['ok', step[1]]);
  expect(readSelection(tell([...many, ...settled]))).toEqual(patient('A'));
  expect(readSelection(tell([...many, ['begin', 'over', 'A'], ...settled]))).toEqual(ambiguous);
  expect(readSelection(tell([...many, ['begin', 'over', 'A'], ...settled, ['begin', 'x', 'B'], ['ok', 'x']]))).toEqual(
    patient('B'),
  );
});
