// What is held back from accountings, one a line, for a terminal.

import { z } from 'zod';
import { plainText } from '../plain-text.ts';

const shape = z.object({
  suspensions: z.array(
    z.object({
      id: z.string(),
      patient: z.string(),
      agency: z.string(),
      because: z.string(),
      oral: z.boolean(),
      until: z.string(),
      liftedAt: z.string().nullable(),
      inForce: z.boolean(),
    }),
  ),
});

/** Throws where the gateway answered something else. */
export function heldBackLines(told: unknown): readonly string[] {
  const { suspensions } = shape.parse(told);
  if (suspensions.length === 0) return ['Nothing is held back'];
  return suspensions.map(({ id, patient, agency, because, oral, until, liftedAt, inForce }) => {
    const ended = liftedAt === null ? `ended ${until}` : `lifted ${liftedAt}`;
    const asked = oral ? 'by word of mouth' : 'in writing';
    return plainText(`${id}  patient ${patient}, ${agency}, ${asked}, ${inForce ? `until ${until}` : ended}: ${because}`);
  });
}
