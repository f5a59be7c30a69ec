// Ends of access that are ordered in the console: looks the person up, puts the order on record, and ends what a command would.
// Nobody is guessed: a name that has become another person's since the page was drawn ends nobody.

import { writeConsoleOrder } from '../core/audit/order-note.ts';
import { noticeTime } from '../core/control/notice-time.ts';
import { hideIds } from '../core/patients/hide-ids.ts';
import type { TokenOf } from '../core/patients/hide-ids.ts';
import type { ConsoleEnd, EndDesk, EndedPerson, LookedUp } from '../ending-ports.ts';
import { endPerson } from './end-person.ts';
import type { EndPersonNeeds } from './end-person.ts';
import { findKnownPerson } from './find-known-person.ts';
import { isoTime } from './iso-time.ts';
import { listCandidates } from './list-candidates.ts';
import type { ListCandidatesNeeds } from './list-candidates.ts';
import { recordDurably } from './record-durably.ts';

export interface EndingDeskNeeds extends EndPersonNeeds, ListCandidatesNeeds {
  readonly sessions: EndPersonNeeds['sessions'];
  /** Of the clinic. */
  readonly timezone: string;
  readonly recordedToken: TokenOf;
}

export function endingDesk(needs: EndingDeskNeeds): EndDesk {
  return { look: async (asked) => look(needs, asked), end: async (order) => end(needs, order) };
}

async function look(needs: EndingDeskNeeds, asked: string): Promise<LookedUp> {
  const found = await findKnownPerson(needs, asked);
  if (found.found !== 'one') return { ...found, candidates: await listCandidates(needs, asked) };
  const { issuer, sub, name, displayName, seenAt, leftAt } = found.person;
  const sessions = await needs.sessions.ofSubject(issuer, sub);
  const devices = [...new Set(sessions.flatMap(({ device }) => device?.name ?? []))];
  const person = { name, displayName, sub, seenAt: isoTime(seenAt), devices };
  return { found: 'one', person, issuer, sessions: sessions.length, hasLeft: leftAt !== null };
}

async function end(
  needs: EndingDeskNeeds,
  { asked, sub, notice, because, by, where }: ConsoleEnd,
): Promise<EndedPerson | string> {
  const found = await findKnownPerson(needs, asked);
  if (found.found !== 'one') return found.why;
  if (found.person.sub !== sub) return 'That name has become another person’s; look again';
  const at = noticeTime(notice, needs.timezone, needs.clock.now());
  if (!at.ok) return at.why;
  const { issuer, name } = found.person;
  const detail = writeConsoleOrder({ name: 'user end', by, because: hideIds(because, needs.recordedToken) });
  await recordDurably(needs, 'order', { ...where, subject: { issuer, sub, name }, decision: 'allowed', detail });
  return endPerson(needs, { issuer, sub, name, noticedAt: at.at });
}
