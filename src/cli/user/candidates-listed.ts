// Whom a name may have meant, for a terminal: what tells them apart, one a line.

import { z } from 'zod';
import { plainText } from '../plain-text.ts';
import { spokenTime } from './spoken-time.ts';

const shape = z.array(
  z.object({
    name: z.string().nullable(),
    displayName: z.string().nullable(),
    sub: z.string(),
    seenAt: z.string().nullable(),
    devices: z.array(z.string()),
  }),
);

/** Throws where the gateway answered something else. */
export function candidatesListed(told: unknown): readonly string[] {
  return shape.parse(told).map(({ name, displayName, sub, seenAt, devices }) => {
    const seen = seenAt === null ? 'not seen since sign-ins are noted' : `last seen ${spokenTime(seenAt)}`;
    const at = devices.length === 0 ? '' : `, now at ${plainText(devices.join(', '))}`;
    const called = displayName === null ? '' : `, ${plainText(displayName)}`;
    return `  "${plainText(name ?? sub)}"${called}, at the provider "${plainText(sub)}", ${seen}${at}`;
  });
}
