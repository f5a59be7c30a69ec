// Gives somebody back the session that waits for them at this device, with its session at the EHR, after they have proved both
// factors anew. Nobody else's, on no other device, and never past its limits, which go on as they began.

import { isEmergency } from '../core/session/is-emergency.ts';
import { waitsAt } from '../core/session/waits-at.ts';
import type { OwnPageContext, Session } from '../ports.ts';
import { otherSessions } from './other-sessions.ts';
import { record, recordedSession } from './record.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/**
 * `fresh`: the session that begins otherwise; who, how and under which key is taken from it. `since`: when it was locked. Null
 * where none waits. Rejects with a Fault.
 */
export async function takeUpSession(
  needs: SignInNeeds,
  context: OwnPageContext,
  fresh: Session,
): Promise<{ readonly session: Session; readonly since: number | null } | null> {
  const others = await otherSessions(needs, fresh.subject, null);
  const waiting = others.find(({ session }) => waitsAt(session, fresh.device, fresh.subject))?.session;
  // What was opened without the provider keeps its own limits: it neither takes up a session nor is taken up.
  if (waiting === undefined || isEmergency(fresh) || isEmergency(waiting)) return null;
  const { key, reference: _reference, createdAt: _createdAt, ehrSessions: _ehrSessions, version: _version, ...renewed } = fresh;
  // It stays with what it went with, unless this browser has just shown a session elsewhere.
  const isJoined = fresh.place !== undefined && fresh.place.link !== fresh.reference;
  const place = isJoined ? fresh.place : (waiting.place ?? fresh.place);
  const fields = { ...renewed, parked: null, ...(place === undefined ? {} : { place }) };
  const session = { ...waiting, ...fields, key };
  await recordSignIn(needs, context, session);
  const isThere = await needs.sessions.rename(waiting.key, key, fields);
  return isThere ? { session, since: waiting.lockedAt } : null;
}

/** `joined`: the session at another application that it goes together with. */
export async function recordSignIn(
  needs: SignInNeeds,
  context: OwnPageContext,
  session: Session,
  joined: Session | null = null,
): Promise<void> {
  const beside = joined === null ? [] : [`together with session ${joined.reference} at "${joined.place?.application ?? ''}"`];
  const detail = [...(session.factor.detail === undefined ? [] : [session.factor.detail]), ...beside].join('; ') || null;
  await record(needs, context, 'sign-in', { ...recordedSession(session), decision: 'allowed', detail });
}
