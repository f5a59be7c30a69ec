// When a used-up budget opens again, and what the person is told.

import { describe, expect, test } from 'vitest';
import { emptyBudget, hourMilliseconds } from '../../../src/core/downloads/budget-state.ts';
import type { BudgetState, Measure } from '../../../src/core/downloads/budget-state.ts';
import { explainOver } from '../../../src/core/downloads/explain-over.ts';
import { extendBudget, mayExtend, withdrawExtension } from '../../../src/core/downloads/extend-budget.ts';
import { nextDayStarts, reopensAt } from '../../../src/core/downloads/reopens-at.ts';
import { budgetOf, FakeDownloadNeeds, noon } from '../../support/download-fakes.ts';

const local = new FakeDownloadNeeds();
const minute = 60_000;
const no = (over: Measure, limit: number, tooLarge = false) => ({ admit: false as const, over, limit, tooLarge });
const opened: BudgetState = {
  ...emptyBudget,
  files: [
    { target: 'gone', at: noon - hourMilliseconds },
    ...[30, 20, 10].map((ago) => ({ target: 't', at: noon - ago * minute })),
  ],
  // Not in order, as after a clock was set back.
  patients: new Map([10, 30, 20].map((ago) => [`p${ago}`, noon - ago * minute])),
};

test.each([
  ['files', 3, noon + 30 * minute],
  ['files', 2, noon + 40 * minute],
  ['patients', 3, noon + 30 * minute],
  ['patients', 1, noon + 50 * minute],
  ['patients', 4, null],
  ['files', 0, null],
  ['bytes', 1000, noon + 12 * hourMilliseconds],
] as const)('%s at a limit of %d', (over, limit, at) => {
  expect(reopensAt(opened, no(over, limit), noon, local.localDay)).toBe(at);
});

test('a reply larger than a whole day never fits', () => {
  expect(reopensAt(opened, no('bytes', 1000, true), noon, local.localDay)).toBeNull();
});

describe('the next local day', () => {
  const dayIn = (timeZone: string) => {
    const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
    return (at: number) => format.format(at);
  };
  test.each([
    ['an ordinary day', 'America/Chicago', '2026-06-10T15:00:00.500Z', '2026-06-11T05:00:00Z'],
    ['the day the clocks go back', 'America/Chicago', '2026-11-01T05:00:00Z', '2026-11-02T06:00:00Z'],
    ['the day the clocks go forward', 'America/Chicago', '2026-03-08T06:00:00Z', '2026-03-09T05:00:00Z'],
    ['the last second', 'Asia/Kolkata', '2026-06-10T18:29:59.999Z', '2026-06-10T18:30:00Z'],
  ])('%s', (_name, zone, now, starts) => {
    expect(new Date(nextDayStarts(Date.parse(now), dayIn(zone))).toISOString()).toBe(new Date(starts).toISOString());
  });
});

describe('what the person is told', () => {
  test.each([
    ['files', 'Your budget of 3 downloaded files an hour is used up; it opens again at 12:30'],
    ['patients', 'Your budget of 3 patients an hour is used up; it opens again at 12:30'],
    ['bytes', 'Your budget of downloaded data for today is used up; it opens again at 00:00'],
  ] as const)('%s', (over, detail) => {
    expect(explainOver(opened, budgetOf(), no(over, 3), noon, local)).toEqual({
      detail,
      retryAfterSeconds: over === 'bytes' ? 12 * 3600 : 1800,
    });
  });

  test('where waiting does not help, no time is named', () => {
    expect(explainOver(opened, budgetOf(), no('bytes', 3, true), noon, local)).toEqual({
      detail: 'This export is larger than your budget for a whole day',
    });
  });

  test('a reason is offered where the rules ask for one, and only once a day', () => {
    const ask = budgetOf({}, 'ask');
    const today = local.localDay(noon);
    expect(explainOver(opened, ask, no('files', 3), noon, local).remedy).toBe('/.wardgate/more-downloads');
    const extended = extendBudget(opened, today);
    expect(explainOver(extended, ask, no('files', 3), noon, local)).not.toHaveProperty('remedy');
    expect(mayExtend(extended, ask, today)).toBe(false);
    expect(mayExtend(extended, ask, local.localDay(noon + 24 * hourMilliseconds))).toBe(true);
    expect(mayExtend(opened, budgetOf(), today)).toBe(false);
    expect(withdrawExtension(extended)).toMatchObject({ extendedOn: null });
    expect(withdrawExtension(opened)).toBe(opened);
  });

  test('a wait of less than a second is told as one', () => {
    const soon = { ...emptyBudget, files: [{ target: 't', at: noon - hourMilliseconds + 1 }] };
    expect(explainOver(soon, budgetOf(), no('files', 1), noon, local).retryAfterSeconds).toBe(1);
  });
});
