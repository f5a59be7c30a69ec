// What a reset of somebody's second factors took away.

import { z } from 'zod';
import { plainText } from '../plain-text.ts';

const shape = z.object({ name: z.string(), sessions: z.number(), removed: z.record(z.string(), z.number()) });

/** Throws where the gateway answered something else. */
export function resetDone(told: unknown): readonly string[] {
  const { name, sessions, removed } = shape.parse(told);
  const each = Object.entries(removed).map(([what, count]) => `${what}: ${count}`);
  return [
    `Removed: ${plainText([...each, `sessions: ${sessions}`].join(', '))}`,
    `"${plainText(name)}" sets up a second factor at the next sign-in; away from the zone under enrolFrom they need a code: wardgate user enrol-code`,
  ];
}
