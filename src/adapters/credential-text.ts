// An EHR credential as the text that is sealed, and back. What was sealed before `more` existed still opens.

import { z } from 'zod';
import type { EhrCredential } from '../ehr-ports.ts';

const shape = z.object({ username: z.string(), password: z.string(), more: z.record(z.string(), z.string()).default({}) });

export function writeCredential({ username, password, more }: EhrCredential): string {
  return JSON.stringify({ username, password, more });
}

/** Throws where it is not one of ours. */
export function readCredential(text: string): EhrCredential {
  return shape.parse(JSON.parse(text));
}
