// Draws a sample of many accesses in slices, so that requests are served between them.

import { setImmediate as turn } from 'node:timers/promises';
import { drawSteps } from '../core/review/draw-sample.ts';
import type { Candidate, Drawn } from '../core/review/draw-sample.ts';

/** Some milliseconds of work. */
const slice = 1000;

export async function drawInSlices<Access extends Candidate>(
  candidates: readonly Access[],
  size: number,
  seed: string,
  hash: (text: string) => string,
): Promise<Drawn<Access>> {
  const steps = drawSteps(candidates, size, seed, hash, slice);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await turn();
  }
}
