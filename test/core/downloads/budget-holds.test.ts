// What each gateway has promised: everybody's part in one sum, and nobody touches another's.

import { describe, expect, test } from 'vitest';
import { admitFile } from '../../../src/core/downloads/admit-file.ts';
import { holdAfter, movedHold, noHold, settledHold, withHolds } from '../../../src/core/downloads/budget-holds.ts';
import { emptyBudget } from '../../../src/core/downloads/budget-state.ts';
import { closeCharge, takeBytes } from '../../../src/core/downloads/take-bytes.ts';
import { budgetOf, noon } from '../../support/download-fakes.ts';

const day = '2024-10-04';
const budget = budgetOf({ bytesPerDay: 1000 });
const hold = (bytes: number, overdrawn = false) => ({ bytes, overdrawn });

test.each([
  ['nobody', [], noHold, { reservedBytes: 0, overdrawn: false, overdrawnElsewhere: false }],
  ['everybody', [hold(10), hold(20)], hold(5), { reservedBytes: 35, overdrawn: false, overdrawnElsewhere: false }],
  ['own file past the budget', [hold(10)], hold(5, true), { overdrawn: true, overdrawnElsewhere: false }],
  ["another's file past it", [hold(10), hold(0, true)], hold(5), { overdrawn: true, overdrawnElsewhere: true }],
])('promised by %s', (_name, others, own, seen) => {
  expect(withHolds(emptyBudget, others, own)).toMatchObject(seen);
});

test('a promise and its end change the own part alone', () => {
  const others = [hold(300)];
  const before = withHolds(emptyBudget, others, noHold);
  const { state, charge } = admitFile(before, budget, { target: 't', bytes: 500, singlePatient: true }, noon, day);
  const own = holdAfter(noHold, before, state);
  expect(own).toEqual(hold(500));
  const seen = withHolds(state, others, own);
  expect(seen.reservedBytes).toBe(800);
  expect(holdAfter(own, seen, closeCharge(seen, charge!, 0))).toEqual(noHold);
});

test('what was promised by a gateway that others gave up is not taken from theirs', () => {
  const charge = { left: 500, taken: 0, finishes: true, overdraws: true, day };
  const seen = withHolds(emptyBudget, [hold(300, true)], noHold);
  expect(holdAfter(noHold, seen, closeCharge(seen, charge, 0))).toEqual(noHold);
});

test.each([
  [hold(10), hold(0), hold(30), hold(40)],
  [hold(10), hold(30), hold(0), hold(0)],
  [hold(0, true), hold(0), hold(0), hold(0, true)],
  [hold(0, false), hold(0), hold(0, true), hold(0, true)],
  [hold(0, true), hold(0, true), hold(0), hold(0)],
])('%j, moved from %j to %j, is %j', (own, from, to, moved) => {
  expect(movedHold(own, from, to)).toEqual(moved);
});

describe('two gateways that let a file past the budget at the same moment', () => {
  const theirs = [hold(0, true)];
  test.each([
    ['the one that is on record goes on', hold(0, true), hold(0, true), theirs, true],
    ['the other is cut', hold(7, true), hold(7), theirs, false],
    ['also where nothing of it is on record', hold(7, true), undefined, theirs, false],
    ['one that is alone goes on', hold(7, true), undefined, [hold(9)], true],
    ['one that never did does not begin', hold(7), undefined, theirs, false],
  ])('%s', (_name, own, onRecord, others, overdrawn) => {
    expect(settledHold(own, onRecord, others)).toEqual({ ...own, overdrawn });
  });

  test('what lost is cut where the budget ended, and not within it', () => {
    const charge = { left: 0, taken: 900, finishes: true, overdraws: true, day };
    const full = { ...emptyBudget, day, bytes: 1000 };
    expect(takeBytes(withHolds(full, [], hold(0, true)), budget, charge, 1, day).pass).toBe('within');
    expect(takeBytes(withHolds(full, theirs, noHold), budget, charge, 1, day).pass).toBe('cut');
    expect(takeBytes(withHolds({ ...full, bytes: 0 }, theirs, noHold), budget, charge, 1, day).pass).toBe('within');
  });
});
