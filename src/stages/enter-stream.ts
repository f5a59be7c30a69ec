// Makes a request known as under way before it is sent to the EHR, for a session that is still there, or a machine that is
// still configured: whatever ends the session or the permit from here on cuts it, also while the EHR is at work. Never sends anything.

import { Fault } from '../core/faults.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { Session } from '../core/session/session.ts';
import type { Identified, Matched, SignedIn, Targeted } from '../facts.ts';
import type { MachineRegister } from '../machine-ports.ts';
import type { LiveStream, Lookup, SessionStore, Soon } from '../ports.ts';

type Given = Identified & Targeted & SignedIn & Matched;

export interface EnterStreamNeeds {
  readonly sessions: Pick<SessionStore, 'find' | 'ofSubject'>;
  /** Registers the request as under way for the session of this key. */
  readonly openStream: (facts: Given, sessionKey: string) => LiveStream;
  readonly machines: Pick<MachineRegister, 'stillKnows'>;
}

/** Key changes of one session that may overlap with one request; each is a step-up with a fresh code. */
const maximumMoves = 5;

/** Null where the session has ended since it was loaded: reading a form and writing the record take their time. */
export function enterStream(needs: EnterStreamNeeds, facts: Given): Soon<LiveStream | null> {
  const { session } = facts;
  if (!isMachine(session)) return enter(needs, facts, session.key, maximumMoves);
  return needs.machines.stillKnows(session) ? needs.openStream(facts, session.key) : null;
}

// Registers before it looks, so that no end falls in between.
function enter(needs: EnterStreamNeeds, facts: Given, key: string, moves: number): Soon<LiveStream | null> {
  const stream = needs.openStream(facts, key);
  const conclude = (lookup: Lookup<Session>): Soon<LiveStream | null> => {
    if (lookup.found === 'yes') return stream;
    stream.leave();
    if (lookup.found === 'unavailable') throw new Fault('session-store-unavailable', { cause: lookup.cause });
    return moves === 0 ? null : follow(needs, facts, moves - 1);
  };
  const found = needs.sessions.find(key);
  return found instanceof Promise ? found.then(conclude) : conclude(found);
}

/** A step-up in another tab may have moved the session to another key. */
async function follow(needs: EnterStreamNeeds, facts: Given, moves: number): Promise<LiveStream | null> {
  const { subject, reference } = facts.session;
  const moved = (await needs.sessions.ofSubject(subject.issuer, subject.sub)).find((one) => one.reference === reference);
  // A session that waits at a desk has no browser that could be answered.
  return moved === undefined || (moved.parked ?? null) !== null ? null : enter(needs, facts, moved.key, moves);
}
