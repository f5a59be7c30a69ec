// Which sessions were ended, one a line, for a terminal.

import { z } from 'zod';
import { plainText } from '../plain-text.ts';

const shape = z.object({
  ended: z.array(z.object({ reference: z.string(), name: z.string(), cut: z.number() })),
  /** Absent from a gateway of before. */
  unconfirmed: z.boolean().exactOptional(),
});
const unconfirmedLine = 'Ended here; not yet confirmed for the other gateways: it is tried again, and the console shows it';

/** Throws where the gateway answered something else. */
export function endedSessions(told: unknown): readonly string[] {
  const { ended, unconfirmed } = shape.parse(told);
  if (ended.length === 0) return ['They had ended by themselves'];
  const lines = ended.map(({ reference, name, cut }) => `Ended ${reference} of ${plainText(name)}, ${cut} under way cut`);
  return unconfirmed === true ? [...lines, unconfirmedLine] : lines;
}
