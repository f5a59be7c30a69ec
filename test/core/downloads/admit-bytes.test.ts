// Bytes that are no file: what is admitted when the day is used up, and what finishes.

import { expect, test } from 'vitest';
import { admitBytes } from '../../../src/core/downloads/admit-bytes.ts';
import { emptyBudget } from '../../../src/core/downloads/budget-state.ts';
import { budgetOf } from '../../support/download-fakes.ts';

const day = '2024-10-04';
const screen = { freeBytes: 1000, singlePatient: false };
const live = { freeBytes: 0, singlePatient: false };
const charge = { left: 0, taken: 0, finishes: false, overdraws: false, day };
const refused = { admit: false, over: 'bytes', limit: 100, tooLarge: false };

test.each([
  ['a screen with room', 99, 0, screen, 'refuse', { charge }],
  ['a live connection with room', 99, 0, live, 'refuse', { charge }],
  ['a screen without', 100, 0, screen, 'refuse', { charge }],
  ['a live connection without', 100, 0, live, 'refuse', refused],
  ['a live connection where the rest is promised', 50, 50, live, 'ask', refused],
  ['a live connection that only goes slower', 100, 0, live, 'slow', { charge }],
  ['one patient with room', 99, 0, { ...screen, singlePatient: true }, 'refuse', { charge: { ...charge, finishes: true } }],
  ['one patient without', 100, 0, { ...screen, singlePatient: true }, 'refuse', { charge }],
] as const)('%s', (_name, bytes, reservedBytes, request, consequence, expected) => {
  const state = { ...emptyBudget, day, bytes, reservedBytes };
  expect(admitBytes(state, budgetOf({ bytesPerDay: 100 }, consequence), request, day)).toEqual(expected);
});

test('without a limit nothing is counted', () => {
  expect(admitBytes(emptyBudget, budgetOf(), live, day)).toEqual({ charge: null });
});
