// Opens a session for somebody who has proved both factors: recorded first, then under an id nobody has seen before. What
// becomes of the person's other sessions is done here as well, and recorded with both references.

import { freshActivity } from '../core/session/activity.ts';
import type { SessionDevice } from '../core/session/device.ts';
import type { FactorEvidence, OwnPageContext, Session } from '../ports.ts';
import { openEmergency } from './emergency-session.ts';
import type { PendingSignIn } from './interaction.ts';
import type { OwnContext } from './own-context.ts';
import { joinedSession } from './join-sessions.ts';
import { otherSessions, placeOf } from './other-sessions.ts';
import { personKey } from './person-key.ts';
import { record, recordedSession } from './record.ts';
import { rememberForEmergency } from './remember-for-emergency.ts';
import { sessionKey } from './session-key.ts';
import type { SignInNeeds } from './sign-in-needs.ts';
import { recordSignIn, takeUpSession } from './take-up-session.ts';

/** References named in one record. */
const mostNamed = 8;

export interface Opening {
  readonly factor: FactorEvidence;
  /** References of the person's other sessions that end with this one's beginning. */
  readonly ends: readonly string[];
  /** Whether the person chose what goes on beside it. */
  readonly wasAsked: boolean;
}

/** What the browser brings. */
export interface Desk {
  readonly device: SessionDevice | null;
  /** The session that it holds, whose cookie is about to be replaced. */
  readonly before: Session | null;
}

type Known = Omit<PendingSignIn, 'enrolSecret'>;

/** Null where the sealed code of an emergency sign-in was used meanwhile. Rejects with a Fault. */
export async function openSession(
  needs: SignInNeeds,
  context: OwnContext,
  pending: Known,
  opening: Opening & Desk,
): Promise<{ readonly id: string; readonly session: Session } | null> {
  const id = needs.randomness.id();
  const { before } = opening;
  const joined = await joinedSession(needs, context, pending);
  const fresh = newSession(needs, context, pending, { ...opening, joined }, id);
  if (pending.emergency === undefined) await rememberForEmergency(needs, fresh);
  else if (!(await openEmergency(needs, context, fresh, pending, opening.factor))) return null;
  const back = await takeUpSession(needs, context, fresh);
  const session = back?.session ?? fresh;
  if (back === null) {
    await recordSignIn(needs, context, fresh, joined);
    await needs.sessions.create(fresh);
  }
  // The browser held another session: its cookie is about to be replaced, so nobody could ever sign it out.
  if (before !== null) await detach(needs, before, session);
  if (before !== null && (await needs.sessions.end(before.key, 'signed-out'))) {
    const why = 'the same browser signed in again';
    await record(needs, context, 'session-ended', { ...recordedSession(before), reason: 'signed-out', detail: why });
  }
  // Whoever comes without the provider has what they had last, or less: nobody has said that they lost a role.
  await needs.people.seen(session.subject, needs.clock.now(), pending.emergency === undefined ? pending.roles : undefined);
  await recordSwitch(needs, context, session, pending.switchedFrom ?? null, back?.since ?? null);
  await settleOthers(needs, context, session, opening);
  return { id, session };
}

/** The same person goes on here: what they have at other applications does not end with the session that is replaced. */
async function detach({ sessions, randomness }: SignInNeeds, before: Session, { subject }: Session): Promise<void> {
  const { key, place } = before;
  if (place === undefined || personKey(before.subject) !== personKey(subject)) return;
  await sessions.update(key, { place: { ...place, link: randomness.id() } });
}

/** Somebody stood at this desk before, or they come back to where they were themselves. */
async function recordSwitch(
  needs: SignInNeeds,
  context: OwnPageContext,
  session: Session,
  from: string | null,
  waitedSince: number | null,
): Promise<void> {
  if (from === null && waitedSince === null) return;
  const before = from === null ? [] : [`after session ${from}`];
  const waited = waitedSince === null ? [] : [`back in their own session, locked since ${new Date(waitedSince).toISOString()}`];
  const detail = [...before, ...waited].join('; ');
  await record(needs, context, 'switched-to', { ...recordedSession(session), decision: 'allowed', detail });
}

/** Looked at once more: two sign-ins at the same moment have not seen each other before. */
async function settleOthers(needs: SignInNeeds, context: OwnPageContext, session: Session, opening: Opening): Promise<void> {
  const kept: string[] = [];
  for (const { session: other } of await otherSessions(needs, session.subject, session.key, session.place?.link ?? null)) {
    if (opening.ends.includes(other.reference)) await takeOver(needs, context, session, other);
    else kept.push(`session ${other.reference}`);
  }
  if (kept.length === 0) return;
  const named = kept.slice(0, mostNamed).join(', ') + (kept.length > mostNamed ? ` and ${kept.length - mostNamed} more` : '');
  const detail = `beside ${named}; ${opening.wasAsked ? 'chosen by the person' : 'the person was not asked'}`;
  await record(needs, context, 'kept-both', { ...recordedSession(session), decision: 'allowed', detail });
}

/** Ended before it is recorded: a full disk must not keep it open at a desk that its person has left. */
async function takeOver(needs: SignInNeeds, context: OwnPageContext, session: Session, other: Session): Promise<void> {
  if (!(await needs.sessions.end(other.key, 'taken-over'))) return;
  const since = new Date(other.createdAt).toISOString();
  const detail = `session ${other.reference} at ${placeOf(other) ?? 'an unknown place'} since ${since}`;
  await record(needs, context, 'taken-over', { ...recordedSession(session), decision: 'allowed', detail });
  const ended = { ...recordedSession(other), reason: 'taken-over', detail: `by session ${session.reference}` };
  await record(needs, context, 'session-ended', ended);
}

function newSession(
  needs: SignInNeeds,
  { address, zones, application }: OwnPageContext,
  pending: Known,
  { factor, device, joined }: Pick<Opening & Desk, 'factor' | 'device'> & { readonly joined: Session | null },
  id: string,
): Session {
  const now = needs.clock.now();
  const reference = needs.randomness.id();
  return {
    key: sessionKey(id),
    reference,
    subject: pending.subject,
    roles: pending.roles,
    factor,
    // The longest time that a session may last counts from the first of those that go together.
    createdAt: joined?.createdAt ?? now,
    lastActiveAt: now,
    lockedAt: null,
    activity: freshActivity('sign-in'),
    rolesCheckedAt: pending.at,
    providerSession: pending.providerSession,
    sealedTokens: pending.sealedTokens,
    ehrSessions: [],
    device,
    from: { address, zones },
    place: { application, link: joined?.place?.link ?? reference },
    ...emergencyEnd(needs, pending, now),
    version: 1,
  };
}

/** It lasts as long as the clinic says, whatever other sessions do. */
function emergencyEnd({ settings }: SignInNeeds, { emergency }: Pick<PendingSignIn, 'emergency'>, now: number): Partial<Session> {
  const lastsSeconds = settings.signIn.emergency?.lastsSeconds ?? 0;
  return emergency === undefined ? {} : { emergencyUntil: now + lastsSeconds * 1000 };
}
