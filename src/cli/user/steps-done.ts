// The steps of a leaving, each with when it was done.

import { z } from 'zod';
import { plainText } from '../plain-text.ts';

const shape = z.object({
  name: z.string(),
  steps: z.array(z.object({ what: z.string(), count: z.number(), at: z.string() })),
  minutesFromNotice: z.number().nullable(),
  /** Their access had been ended before. */
  before: z.boolean(),
});

/** Throws where the gateway answered something else. */
export function stepsDone(told: unknown): readonly string[] {
  const { name, steps, minutesFromNotice, before } = shape.parse(told);
  const left = steps.some(({ what, count }) => count > 0 && what !== 'sign-in blocked');
  return [
    ...(before ? [`Their access had ended before; ${left ? 'this was still left' : 'nothing was left'}`] : []),
    ...steps.map(({ what, count, at }) => `${at}  ${plainText(what)}: ${count}`),
    `"${plainText(name)}" may not sign in any more, until wardgate user readmit`,
    ...(minutesFromNotice === null ? [] : [`Done ${minutesFromNotice} minutes after the notice`]),
  ];
}
