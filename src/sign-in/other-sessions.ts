// A person's sessions in other browsers, in use or locked, the latest first; and where each of them is.

import { judgeStanding } from '../core/session/judge-standing.ts';
import { limitsFor } from '../core/session/limits-for.ts';
import type { Session, Subject } from '../ports.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

export interface PlacedSession {
  readonly session: Session;
  readonly isLocked: boolean;
}

/** `except`: the session of this very browser, which is no other one; `link`: what it has at other applications. */
export async function otherSessions(
  { sessions, settings, clock }: Pick<SignInNeeds, 'sessions' | 'settings' | 'clock'>,
  { issuer, sub }: Pick<Subject, 'issuer' | 'sub'>,
  except: string | null,
  link: string | null = null,
): Promise<readonly PlacedSession[]> {
  const now = clock.now();
  const all = await sessions.ofSubject(issuer, sub);
  return all
    .filter(({ key, place }) => key !== except && (link === null || place?.link !== link))
    .map((session) => ({
      session,
      standing: judgeStanding(session, limitsFor(settings.lock, session, session.from?.zones ?? []), now).standing,
    }))
    .filter(({ standing }) => standing !== 'ended')
    .map(({ session, standing }) => ({ session, isLocked: standing === 'locked' }))
    .toSorted((a, b) => b.session.createdAt - a.session.createdAt);
}

/** One of those that go together, the latest: whoever ends one ends all. */
export function oneOfEachLink(all: readonly PlacedSession[]): readonly PlacedSession[] {
  const known = new Set<string>();
  return all.filter(({ session: { place, reference } }) => {
    const link = place?.link ?? reference;
    return !known.has(link) && known.add(link);
  });
}

/** As people read it: the name of the device, else the address and the zones it lies in. */
export function placeOf({ device, from }: Session): string | null {
  if (device !== null) return device.name;
  if (from === undefined) return null;
  return from.zones.length === 0 ? from.address : `${from.address} (${from.zones.join(', ')})`;
}
