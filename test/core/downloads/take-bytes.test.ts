// Bytes counted while they are sent; when a reply is cut, when it finishes, and what is given back. With the property
// that holds the whole together: however replies interleave, a day's bytes pass the budget by one file at most.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admitFile } from '../../../src/core/downloads/admit-file.ts';
import { emptyBudget } from '../../../src/core/downloads/budget-state.ts';
import type { BudgetState } from '../../../src/core/downloads/budget-state.ts';
import { closeCharge, takeBytes } from '../../../src/core/downloads/take-bytes.ts';
import type { Charge } from '../../../src/core/downloads/take-bytes.ts';
import { budgetOf, noon } from '../../support/download-fakes.ts';

const day = '2024-10-04';
const nextDay = '2024-10-05';
const budget = budgetOf({ bytesPerDay: 1000 });
const charge: Charge = { left: 0, taken: 0, finishes: false, overdraws: false, day };
const used = (bytes: number, some: Partial<BudgetState> = {}): BudgetState => ({ ...emptyBudget, day, bytes, ...some });

describe('a reply over many patients, of unknown length', () => {
  test.each([
    [499, 'within', 999],
    [500, 'within', 1000],
    [501, 'cut', 500],
  ])('%d more bytes after 500: %s', (bytes, pass, sum) => {
    const taken = takeBytes(used(500), budget, charge, bytes, day);
    expect(taken).toMatchObject({ pass, state: { bytes: sum } });
  });

  test('what is promised to others is not for it', () => {
    expect(takeBytes(used(500, { reservedBytes: 400 }), budget, charge, 101, day).pass).toBe('cut');
    expect(takeBytes(used(500, { reservedBytes: 400 }), budget, charge, 100, day).pass).toBe('within');
  });

  test('midnight opens the budget again', () => {
    expect(takeBytes(used(1000), budget, charge, 600, nextDay).state).toMatchObject({ day: nextDay, bytes: 600 });
  });

  test('"slow" slows it instead of cutting it', () => {
    const slow = budgetOf({ bytesPerDay: 1000 }, 'slow');
    expect(takeBytes(used(900), slow, charge, 100, day).pass).toBe('within');
    const past = takeBytes(used(1000), slow, charge, 100, day);
    expect(past).toMatchObject({ pass: 'slow', state: { bytes: 1100, overdrawn: false } });
  });

  test('without a limit it is only counted', () => {
    expect(takeBytes(used(10), budgetOf(), charge, 1e12, day)).toMatchObject({ pass: 'within', warn: false });
  });
});

describe('a single-patient file', () => {
  const single: Charge = { ...charge, finishes: true };

  test('spends its promise first', () => {
    const taken = takeBytes(used(900, { reservedBytes: 100 }), budget, { ...single, left: 100 }, 60, day);
    expect(taken).toMatchObject({ pass: 'within', state: { bytes: 960, reservedBytes: 40 }, charge: { left: 40, taken: 60 } });
  });

  test('finishes past the limit, one at a time', () => {
    const first = takeBytes(used(1000), budget, single, 50, day);
    expect(first).toMatchObject({ pass: 'within', state: { bytes: 1050, overdrawn: true }, charge: { overdraws: true } });
    expect(takeBytes(first.state, budget, first.charge, 50, day)).toMatchObject({ pass: 'within', state: { bytes: 1100 } });
    expect(takeBytes(first.state, budget, single, 1, day).pass).toBe('cut');
    const closed = closeCharge(first.state, first.charge, 50);
    expect(closed.overdrawn).toBe(false);
  });
});

test('the warning comes at 80 % of the day, once a day', () => {
  const under = takeBytes(used(700), budget, charge, 99, day);
  expect(under.warn).toBe(false);
  const at = takeBytes(under.state, budget, charge, 1, day);
  expect(at.warn).toBe(true);
  expect(takeBytes(at.state, budget, charge, 1, day).warn).toBe(false);
  expect(takeBytes(at.state, budget, charge, 800, nextDay).warn).toBe(true);
});

describe('closing', () => {
  test('gives back the promise that was not spent and the bytes that were never sent', () => {
    const state = used(500, { reservedBytes: 300, overdrawn: true });
    const account = { ...charge, left: 200, taken: 400 };
    expect(closeCharge(state, account, 150)).toMatchObject({ bytes: 250, reservedBytes: 100, overdrawn: true });
  });

  test('gives nothing back of another day, and nothing for bytes beyond those taken', () => {
    expect(closeCharge(used(500, { day: nextDay }), { ...charge, taken: 400 }, 0).bytes).toBe(500);
    expect(closeCharge(used(500), { ...charge, taken: 400 }, 900).bytes).toBe(500);
  });
});

type Step =
  | { readonly do: 'start'; readonly bytes: number; readonly declared: boolean; readonly single: boolean }
  | { readonly do: 'send'; readonly which: number; readonly bytes: number }
  | { readonly do: 'abort'; readonly which: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('start' as const),
    bytes: fc.integer({ min: 1, max: 800 }),
    declared: fc.boolean(),
    single: fc.boolean(),
  }),
  fc.record({ do: fc.constant('send' as const), which: fc.nat(20), bytes: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ do: fc.constant('abort' as const), which: fc.nat(20) }),
);

test('however replies interleave, the sum passes the budget by one started single-patient file at most', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      let state: BudgetState = emptyBudget;
      let largest = 0;
      let replies: { charge: Charge; toSend: number; readonly declared: boolean }[] = [];
      const close = (reply: (typeof replies)[number]) => {
        state = closeCharge(state, reply.charge, reply.charge.taken);
        replies = replies.filter((other) => other !== reply);
      };
      for (const one of steps) {
        if (one.do === 'start') {
          const request = { target: 't', bytes: one.declared ? one.bytes : null, singlePatient: one.single };
          const admitted = admitFile(state, budget, request, noon, day);
          ({ state } = admitted);
          if (admitted.charge === null) continue;
          replies.push({ charge: admitted.charge, toSend: one.bytes, declared: one.declared });
          if (one.single) largest = Math.max(largest, one.bytes);
          continue;
        }
        const reply = replies[one.which % Math.max(1, replies.length)];
        if (reply === undefined) continue;
        if (one.do === 'abort') close(reply);
        else {
          const taken = takeBytes(state, budget, reply.charge, Math.min(one.bytes, reply.toSend), day);
          // A reply whose length was known and that was admitted is never cut.
          if (taken.pass === 'cut') expect(reply.declared).toBe(false);
          ({ state } = taken);
          reply.charge = taken.charge;
          reply.toSend -= Math.min(one.bytes, reply.toSend);
          if (taken.pass === 'cut' || reply.toSend === 0) close(reply);
        }
        expect(state.bytes).toBeLessThanOrEqual(1000 + largest);
      }
      for (const reply of replies) close(reply);
      expect(state).toMatchObject({ reservedBytes: 0, overdrawn: false });
    }),
    { numRuns: 500 },
  );
});

test('replies over many patients alone never pass the budget', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 400 })), { maxLength: 60 }), (sends) => {
      let state: BudgetState = emptyBudget;
      const charges = Array.from({ length: 4 }, () => charge);
      for (const [which, bytes] of sends) {
        const taken = takeBytes(state, budget, charges[which] ?? charge, bytes, day);
        ({ state } = taken);
        charges[which] = taken.charge;
        expect(state.bytes).toBeLessThanOrEqual(1000);
      }
    }),
  );
});
