// What the script in the EHR's pages is told of the session: how it stands, how long it will, and how it is unlocked. The
// person is named by a hash, so that a page notices when somebody else has signed in since it was opened.

import { hash } from 'node:crypto';
import type { Request } from 'express';
import type { Session } from '../ports.ts';
import { judgeSilence } from '../core/session/judge-silence.ts';
import { limitsFor } from '../core/session/limits-for.ts';
import { onlyProviderUnlocks } from './emergency-session.ts';
import { enrolledFactors } from './enrolled-factors.ts';
import type { OwnContext } from './own-context.ts';
import { personKey } from './person-key.ts';
import { pinPlace } from './pin-place.ts';
import { standingOf } from './read-browser.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** From the warning to the lock; a session that locks sooner warns for half its time (WCAG 2.2.1 asks for 20 seconds). */
const longestWarningSeconds = 60;
/** Between two pings; a session that locks sooner pings three times in that time. */
const longestPingSeconds = 30;

export interface SessionState {
  readonly state: 'active' | 'locked' | 'ended';
  readonly locksInSeconds: number;
  readonly endsInSeconds: number;
  readonly warnSeconds: number;
  readonly pingSeconds: number;
  readonly person: string;
  readonly name: string;
  /** How it is unlocked, the fastest first: by a PIN for this device, a passkey or a code, where one is set up, and at the sign-in service. */
  readonly ways: readonly ('pin' | 'passkey' | 'code' | 'provider')[];
  /** Why it is locked, where it is: the name of the sentence that says so. */
  readonly words: 'lockedFor' | 'lockedBack' | 'lockedSilent';
  readonly clinic: { readonly name: string; readonly help: string };
  /** What calls the page of people at this desk; null for none. */
  readonly switchKey: string | null;
  /** What a reviewer asked or wrote and waits for this person; never whom it is about. */
  readonly notice: 'question' | 'message' | null;
  /** When the newest of it was said, epoch milliseconds: who put a notice aside put aside what had been said by then. */
  readonly noticeAt: number | null;
}

export async function sessionState(
  needs: SignInNeeds,
  req: Request,
  session: Session,
  context: OwnContext,
): Promise<SessionState> {
  const now = needs.clock.now();
  const judged = standingOf(needs, session, context);
  const { idleSeconds } = limitsFor(needs.settings.lock, session, context.zones);
  const { issuer, sub, displayName } = session.subject;
  const { totp, passkeys } = await enrolledFactors(needs, session.subject);
  // Whoever has passkeys alone types a recovery code into the same field.
  const takesCode = totp !== null || (passkeys.length > 0 && (await needs.factors.recoveryCodesLeft(issuer, sub)) > 0);
  const { name, help } = needs.settings.clinic;
  return {
    state: judged.standing,
    locksInSeconds: judged.standing === 'active' ? (judged.locksAt - now) / 1000 : 0,
    endsInSeconds: judged.standing === 'ended' ? 0 : (judged.endsAt - now) / 1000,
    warnSeconds: Math.min(longestWarningSeconds, idleSeconds / 2),
    pingSeconds: Math.min(longestPingSeconds, idleSeconds / 3),
    person: hash('sha256', `person ${personKey(session.subject)}`, 'base64url').slice(0, 22),
    name: displayName,
    words: lockedWords(needs, session, now),
    ways: onlyProviderUnlocks(needs, session)
      ? ['provider']
      : [
          ...((await hasPin(needs, req, session, context)) ? ['pin' as const] : []),
          ...(passkeys.length > 0 ? ['passkey' as const] : []),
          ...(takesCode ? ['code' as const] : []),
          'provider',
        ],
    clinic: { name, help },
    switchKey: needs.settings.desk.switchKey,
    ...(judged.standing === 'active' ? noticeTo(needs, session, now) : { notice: null, noticeAt: null }),
  };
}

function noticeTo({ openQuestions }: SignInNeeds, { subject }: Session, now: number): Pick<SessionState, 'notice' | 'noticeAt'> {
  const notice = openQuestions.waiting(subject, now);
  return { notice, noticeAt: notice === null ? null : openQuestions.newest(subject, now) };
}

async function hasPin(needs: SignInNeeds, req: Request, session: Session, context: OwnContext): Promise<boolean> {
  const place = await pinPlace(needs, req, session, context);
  return place !== null && needs.pins.has(place.where, place.since);
}

function lockedWords(needs: SignInNeeds, session: Session, now: number): SessionState['words'] {
  if (onlyProviderUnlocks(needs, session)) return 'lockedBack';
  const isSilent = needs.watch.silent && judgeSilence(session, needs.settings.signIn, now) !== 'goes-on';
  return isSilent ? 'lockedSilent' : 'lockedFor';
}

/** The status beside it: 423 for a locked session, as everywhere, and 401 for one that is over. */
export const stateStatus = { active: 200, locked: 423, ended: 401 } as const;
