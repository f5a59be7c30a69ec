// A second factor that is not asked for again during a shift: on a known device, for the person who showed it there, at a
// sign-in from the zone that the configuration names. Only a sign-in with a factor of that moment is remembered, never one that
// was itself remembered, so the time ends however often somebody comes back.

import type { Request, Response } from 'express';
import { setCookie } from '../core/session/cookies.ts';
import type { SessionDevice } from '../core/session/device.ts';
import { rememberedEvidence } from '../core/second-factor/remembered.ts';
import type { PersonAtDevice } from '../device-ports.ts';
import type { FactorEvidence, Subject } from '../ports.ts';
import { browserDevice } from './browser-device.ts';
import { enrolledFactors } from './enrolled-factors.ts';
import type { OwnContext } from './own-context.ts';
import { personKey } from './person-key.ts';
import { cookieId } from './read-browser.ts';
import { record, recordedSubject } from './record.ts';
import { sessionKey } from './session-key.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

interface Place {
  readonly device: SessionDevice;
  readonly where: PersonAtDevice;
  readonly lastsSeconds: number;
}

/** Where this person's factor may be remembered; null where it may not, here and now. */
export async function rememberPlace(
  needs: SignInNeeds,
  req: Request,
  context: OwnContext,
  subject: Subject,
): Promise<Place | null> {
  const { remember } = needs.settings.secondFactor;
  const device = await browserDevice(needs, req, context, subject);
  if (remember === null || device === null || !context.zones.includes(remember.from)) return null;
  const { issuer, sub } = subject;
  return { device, where: { device: device.id, issuer, sub }, lastsSeconds: remember.lastsSeconds };
}

/** The evidence that stands in for a factor at this sign-in, or null. */
export async function rememberedFactor(
  needs: SignInNeeds,
  req: Request,
  context: OwnContext,
  subject: Subject,
): Promise<FactorEvidence | null> {
  const place = await rememberPlace(needs, req, context, subject);
  const id = cookieId(req, 'shift', context.settings.secure);
  if (place === null || id === null) return null;
  // Whoever lost their factors sets one up, and while somebody guesses this person's codes nothing stands in for one.
  if (!(await enrolledFactors(needs, subject)).any || (await needs.attempts.blockedFor(personKey(subject))) > 0) return null;
  const found = await needs.remembered.find(place.where, sessionKey(id));
  return found === null ? null : rememberedEvidence(found, place.lastsSeconds, needs.clock.now());
}

/** Remembers what was just shown, recorded first. Does nothing where it may not be. */
export async function rememberFactor(
  needs: SignInNeeds,
  req: Request,
  res: Response,
  context: OwnContext,
  subject: Subject,
  { method, at }: FactorEvidence,
): Promise<void> {
  const place = await rememberPlace(needs, req, context, subject);
  if (place === null) return;
  const { device, where, lastsSeconds } = place;
  const until = at + lastsSeconds * 1000;
  await record(needs, context, 'device-remembered', {
    subject: recordedSubject(subject),
    factor: method,
    device: device.name,
    decision: 'allowed',
    detail: `until ${new Date(until).toISOString()}`,
  });
  const { secure } = context.settings;
  // People at one desk share the cookie, so it is kept where somebody here has it, and is a new one elsewhere.
  const shared = cookieId(req, 'shift', secure);
  const isKnown = shared !== null && (await needs.remembered.knows(device.id, sessionKey(shared)));
  const id = isKnown ? shared : needs.randomness.id();
  await needs.remembered.keep(where, sessionKey(id), { method, at, until });
  res.append('Set-Cookie', setCookie('shift', id, secure, lastsSeconds));
}
