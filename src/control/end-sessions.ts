// Ends every session of a person; whatever is under way in them is cut by whoever listens for ends.

import type { Subject } from '../core/session/session.ts';
import type { SessionStore } from '../session-ports.ts';
import { recordDurably } from './record-durably.ts';
import type { RecordDurablyNeeds } from './record-durably.ts';

export interface EndSessionsNeeds extends RecordDurablyNeeds {
  readonly sessions: Pick<SessionStore, 'ofSubject' | 'end' | 'unconfirmedEnds'>;
}

/** How many have ended. `why` stands in each record. */
export async function endSessions(
  needs: EndSessionsNeeds,
  { issuer, sub }: Pick<Subject, 'issuer' | 'sub'>,
  why: string,
): Promise<number> {
  const before = await needs.sessions.ofSubject(issuer, sub);
  for (const { key, subject, roles, reference } of before) {
    if (!(await needs.sessions.end(key, 'revoked'))) continue;
    const who = { issuer: subject.issuer, sub: subject.sub, name: subject.name };
    await recordDurably(needs, 'session-ended', { subject: who, roles, session: reference, reason: 'revoked', detail: why });
  }
  // One that ended because of another, in the same browser at a second address, has ended as well, on record by itself.
  const left = new Set((await needs.sessions.ofSubject(issuer, sub)).map(({ reference }) => reference));
  return before.filter(({ reference }) => !left.has(reference)).length;
}
