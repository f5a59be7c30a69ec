// A standing at an EHR as it is kept: sealed to its person, the session and the application, and opened for them alone.

import { z } from 'zod';
import type { Caller } from '../core/session/machine-session.ts';
import type { EhrStanding } from '../ehr-ports.ts';
import type { OperationsLog, Sealer } from '../ports.ts';
import { standingOwner, standingPurpose } from './sealed-owners.ts';

const shape = z.object({
  generation: z.int(),
  standing: z.enum(['signed-on', 'ended', 'changing-password']),
  jar: z.array(z.object({ name: z.string(), value: z.string(), path: z.string(), expiresAt: z.number().nullable() })),
  signedOnAt: z.number(),
  signedOnBefore: z.number().exactOptional(),
  passwordPage: z.string().exactOptional(),
  account: z.string().exactOptional(),
}) satisfies z.ZodType<EhrStanding>;

type Whose = Pick<Caller, 'subject' | 'reference'>;

export function sealStanding(sealer: Sealer, whose: Whose, application: string, standing: EhrStanding): string {
  return sealer.seal(standingPurpose, ownerOf(whose, application), JSON.stringify(standing));
}

/** Null where it cannot be opened: the person is signed on anew. */
export function openStanding(
  { sealer, log }: { readonly sealer: Sealer; readonly log: OperationsLog },
  whose: Whose,
  application: string,
  sealed: string,
): EhrStanding | null {
  try {
    return shape.parse(JSON.parse(sealer.open(standingPurpose, ownerOf(whose, application), sealed)));
  } catch (cause) {
    log.error({ application, session: whose.reference, cause }, 'A session at the EHR could not be opened and was left out');
    return null;
  }
}

function ownerOf({ subject, reference }: Whose, application: string): string {
  return standingOwner(subject, reference, application);
}
