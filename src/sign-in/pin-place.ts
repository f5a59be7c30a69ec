// Where a person's PIN counts: at the known device that this browser is and that their session was signed in on, and nowhere
// else. A copied session cookie has no device, and a copied device cookie no session.

import type { Request } from 'express';
import type { PersonAtDevice } from '../device-ports.ts';
import type { Session } from '../ports.ts';
import { browserDevice } from './browser-device.ts';
import type { OwnContext } from './own-context.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

export interface PinPlace {
  readonly where: PersonAtDevice;
  /** The device's name. */
  readonly name: string;
  /** PINs that were set before this moment are too old. Epoch milliseconds. */
  readonly since: number;
}

/** Null where no PIN counts. */
export async function pinPlace(
  { devices, settings, clock }: Pick<SignInNeeds, 'devices' | 'settings' | 'clock'>,
  req: Request,
  { subject, device }: Session,
  context: OwnContext,
): Promise<PinPlace | null> {
  const { pinLastsSeconds } = settings.devices;
  const here = await browserDevice({ devices }, req, context, subject);
  if (pinLastsSeconds === null || here === null || here.id !== device?.id) return null;
  const { issuer, sub } = subject;
  return { where: { device: here.id, issuer, sub }, name: here.name, since: clock.now() - pinLastsSeconds * 1000 };
}
