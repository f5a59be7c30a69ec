// Takes a session out of the browser it is in, so that somebody else can sign in there: ended, or kept locked under a key that
// no browser has until its person is back at that device. What is under way in it is cut either way. Its session at the EHR
// goes with it: closed, or kept as for any locked one.

import { describeActivity } from '../core/session/activity.ts';
import { leavesDesk } from '../core/session/leave-desk.ts';
import type { OwnPageContext, Session } from '../ports.ts';
import { record, recordedSession } from './record.ts';
import { sessionKey } from './session-key.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** Out of the browser before it is recorded: a full disk must not leave it to the next person. Rejects with a Fault. */
export async function makeRoom(needs: SignInNeeds, context: OwnPageContext, session: Session): Promise<void> {
  const { device } = session;
  const does = leavesDesk(needs.settings.desk.first, device);
  const isDone = does === 'park' ? await park(needs, session) : await needs.sessions.end(session.key, 'switched-away');
  if (!isDone) return;
  const seen = describeActivity(session.activity, session.lastActiveAt);
  const detail = `${does === 'park' ? `parked at "${device?.name ?? ''}"` : 'ended'}; ${seen}`;
  await record(needs, context, 'switched-away', { ...recordedSession(session), decision: 'allowed', detail });
  if (does === 'end') await record(needs, context, 'session-ended', { ...recordedSession(session), reason: 'switched-away' });
}

async function park({ sessions, clock, randomness, cutStreams }: SignInNeeds, session: Session): Promise<boolean> {
  cutStreams(session.key);
  const parked = session.device?.id ?? null;
  // Nobody ever has the id behind this key.
  return sessions.rename(session.key, sessionKey(randomness.id()), { parked, lockedAt: session.lockedAt ?? clock.now() });
}
