// What happened at one gateway, on top of what others counted meanwhile. With the property that holds it together: however takes
// and closes interleave at two gateways, the sums are those of one.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admitPatient } from '../../../src/core/downloads/admit-patient.ts';
import { addDifference, addUp, differenceOf, noDifference } from '../../../src/core/downloads/budget-difference.ts';
import { emptyBudget } from '../../../src/core/downloads/budget-state.ts';
import type { BudgetState } from '../../../src/core/downloads/budget-state.ts';
import { closeCharge, takeBytes } from '../../../src/core/downloads/take-bytes.ts';
import type { Charge } from '../../../src/core/downloads/take-bytes.ts';
import { budgetOf, noon } from '../../support/download-fakes.ts';

const today = '2024-10-04';
const tomorrow = '2024-10-05';
const used = (bytes: number, some: Partial<BudgetState> = {}): BudgetState => ({ ...emptyBudget, day: today, bytes, ...some });
const bytes = (count: number, day = today) => ({ ...noDifference, day, bytes: count });

describe('bytes', () => {
  test.each([
    ['more of the day', used(100), used(150), bytes(50)],
    ['given back', used(100), used(60), bytes(-40)],
    ['the first of a day', used(100), used(30, { day: tomorrow }), bytes(30, tomorrow)],
    ['nothing', used(100), used(100, { reservedBytes: 7 }), bytes(0)],
  ])('%s', (_name, before, after, difference) => {
    expect(differenceOf(before, after)).toEqual(difference);
  });

  test.each([
    ['of the same day', used(1000), bytes(50), used(1050)],
    ['given back', used(1000), bytes(-50), used(950)],
    ['given back of what nobody has', used(10), bytes(-50), used(0)],
    ['of a new day', used(1000), bytes(50, tomorrow), used(50, { day: tomorrow })],
    ['of a day that is over', used(1000, { day: tomorrow }), bytes(50), used(1000, { day: tomorrow })],
    ['none', used(1000), noDifference, used(1000)],
  ])('%s, added', (_name, state, difference, sum) => {
    expect(addDifference(state, difference)).toEqual(sum);
  });

  test.each([
    ['one day', bytes(3), bytes(4), bytes(7)],
    ['midnight in between', bytes(3), bytes(4, tomorrow), bytes(4, tomorrow)],
    ['a clock that was set back', bytes(3, tomorrow), bytes(4), bytes(3, tomorrow)],
    ['nothing before', noDifference, bytes(4), bytes(4)],
    ['nothing after', bytes(4), noDifference, bytes(4)],
  ])('two as one: %s', (_name, earlier, later, sum) => {
    expect(addUp(earlier, later)).toEqual(sum);
  });
});

describe('patients', () => {
  const budget = budgetOf({ patientsPerHour: 9 });
  const both = { ...emptyBudget, patients: new Map([['a', noon], ['b', noon]]) }; // prettier-ignore

  test('one opened again carries its time, and no other', () => {
    const { state } = admitPatient(both, budget, 'a', noon + 5000, today);
    const difference = differenceOf(both, state);
    expect([...difference.patients]).toEqual([['a', noon + 5000]]);
    expect(Object.fromEntries(addDifference(both, difference).patients)).toEqual({ a: noon + 5000, b: noon });
  });

  test('the latest time holds, whoever comes last', () => {
    const early = { ...noDifference, patients: new Map([['a', noon + 1000]]) };
    const late = { ...noDifference, patients: new Map([['a', noon + 2000]]) };
    expect([...addUp(late, early).patients]).toEqual([['a', noon + 2000]]);
    expect([...addDifference(addDifference(both, late), early).patients.values()]).toEqual([noon + 2000, noon]);
    // Whoever lost the patient meanwhile is told.
    expect([...addDifference(emptyBudget, late).patients]).toEqual([['a', noon + 2000]]);
  });
});

test('a warning that was given is not taken back, and one that another gave stays', () => {
  const before = used(0, { warned: { files: noon, patients: null, bytes: null } });
  const after = { ...before, warned: { files: noon, patients: noon, bytes: today } };
  const difference = differenceOf(before, after);
  expect(difference.warned).toEqual({ files: null, patients: noon, bytes: today });
  expect(differenceOf(used(0), { ...used(0), warned: { files: noon, patients: null, bytes: null } }).warned.files).toBe(noon);
  const others = used(0, { warned: { files: noon + 1, patients: noon + 2, bytes: null } });
  expect(addDifference(others, difference).warned).toEqual({ files: noon + 1, patients: noon, bytes: today });
  expect(addUp(difference, difference).warned).toEqual(difference.warned);
});

test('bytes taken at two gateways add up to what was sent, in whatever order they are told', () => {
  const plan = fc.array(fc.record({ at: fc.nat(1), bytes: fc.nat(500), tell: fc.boolean() }), { maxLength: 30 });
  fc.assert(
    fc.property(plan, (events) => {
      let shared = used(0);
      const blank: Charge = { left: 0, taken: 0, finishes: false, overdraws: false, day: today };
      const gateways = [0, 1].map(() => ({ state: shared, difference: noDifference, charge: blank }));
      let sent = 0;
      for (const { at, bytes: some, tell } of events) {
        const gateway = gateways[at]!;
        const taken = takeBytes(gateway.state, budgetOf({}), gateway.charge, some, today);
        gateway.difference = addUp(gateway.difference, differenceOf(gateway.state, taken.state));
        Object.assign(gateway, { state: taken.state, charge: taken.charge });
        sent += some;
        if (!tell) continue;
        shared = addDifference(shared, gateway.difference);
        Object.assign(gateway, { state: shared, difference: noDifference });
      }
      for (const { state, charge, difference } of gateways) {
        const unsent = Math.min(charge.taken, 5);
        const closed = closeCharge(state, charge, charge.taken - unsent);
        shared = addDifference(shared, addUp(difference, differenceOf(state, closed)));
        sent -= unsent;
      }
      expect(shared.bytes).toBe(sent);
    }),
  );
});
