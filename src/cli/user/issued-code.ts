// A new enrolment code: shown this once, with what whoever hands it on must know.

import { z } from 'zod';
import { plainText } from '../plain-text.ts';
import { spokenTime } from './spoken-time.ts';

const shape = z.object({ name: z.string(), known: z.boolean(), code: z.string(), expiresAt: z.string() });

/** Throws where the gateway answered something else. */
export function issuedCode(told: unknown): readonly string[] {
  const { name, known, code, expiresAt } = shape.parse(told);
  return [
    code,
    `Works once, until ${spokenTime(expiresAt)}, for whoever signs in as "${plainText(name)}", written exactly so; a code of before is void`,
    ...(known ? [] : ['Nobody of that name has signed in here yet: look that it is spelled right']),
    'Tell it to the person themselves, not by e-mail; it is not shown again',
  ];
}
