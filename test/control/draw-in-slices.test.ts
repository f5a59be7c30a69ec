// A busy month is drawn between requests: what is drawn is the same, and other work had its turn meanwhile.

import { hash as digest } from 'node:crypto';
import { expect, test } from 'vitest';
import { drawInSlices } from '../../src/control/draw-in-slices.ts';
import { drawSample } from '../../src/core/review/draw-sample.ts';

const hash = (text: string): string => digest('sha256', text, 'hex');

test('twenty thousand accesses are drawn as at once, with turns for others in between', async () => {
  const of = Array.from({ length: 20_000 }, (_, record) => ({ record, roles: record % 3 === 0 ? 'nurse' : 'it', kind: 'chart' }));
  const state = { over: false, turns: 0 };
  const others = function count(): void {
    state.turns += 1;
    if (!state.over) setImmediate(count);
  } satisfies () => void;
  setImmediate(others);
  const drawn = await drawInSlices(of, 25, 'seed', hash);
  state.over = true;
  expect(drawn).toEqual(drawSample(of, 25, 'seed', hash));
  expect(state.turns).toBeGreaterThan(10);
});
