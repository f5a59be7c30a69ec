// Setting and removing a person's PIN for the device they sit at. Whoever does so has confirmed in the last minutes.

import type { Request } from 'express';
import { isWeakPin, readPin } from '../core/second-factor/read-pin.ts';
import type { DeviceProblem } from '../pages/device-page.ts';
import type { Session } from '../ports.ts';
import type { OwnContext } from './own-context.ts';
import { pinPlace } from './pin-place.ts';
import { record, recordedSession } from './record.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

interface At {
  readonly req: Request;
  readonly session: Session;
  readonly context: OwnContext;
}

/** What was wrong with it, or null. */
export async function setPin(needs: SignInNeeds, at: At, typed: string, again: string): Promise<DeviceProblem | null> {
  const place = await pinPlace(needs, at.req, at.session, at.context);
  if (place === null) return 'pin-not-here';
  const pin = readPin(typed);
  if (pin === null) return 'pin-form';
  if (isWeakPin(pin)) return 'pin-weak';
  if (readPin(again) !== pin) return 'pin-differs';
  await record(needs, at.context, 'pin-set', {
    ...recordedSession(at.session),
    decision: 'allowed',
    detail: `at "${place.name}"`,
  });
  await needs.pins.set(place.where, pin, needs.clock.now());
  return null;
}

export async function removePin(needs: SignInNeeds, at: At): Promise<DeviceProblem | null> {
  const place = await pinPlace(needs, at.req, at.session, at.context);
  if (place === null) return 'pin-not-here';
  const detail = `at "${place.name}", by its person`;
  await record(needs, at.context, 'pin-removed', { ...recordedSession(at.session), decision: 'allowed', detail });
  await needs.pins.remove(place.where);
  return null;
}
