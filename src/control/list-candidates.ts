// Lists whom a name may have meant that is not exactly one person: with what tells them apart, and nothing done to any of them.

import type { Candidate } from '../control-ports.ts';
import { choosePerson } from '../core/people/choose-person.ts';
import { likelyPeople } from '../core/people/likely-people.ts';
import type { SessionStore } from '../session-ports.ts';
import type { FindKnownPersonNeeds } from './find-known-person.ts';
import { isoTime } from './iso-time.ts';

export interface ListCandidatesNeeds extends FindKnownPersonNeeds {
  readonly sessions: Pick<SessionStore, 'ofSubject'>;
}

export async function listCandidates(needs: ListCandidatesNeeds, asked: string): Promise<readonly Candidate[]> {
  const all = await needs.people.all();
  const chosen = choosePerson(all, asked);
  const names = all.flatMap(({ name }) => name ?? []);
  const meant =
    chosen.chosen === 'several'
      ? chosen.people
      : chosen.chosen === 'none'
        ? likelyPeople(all, asked, needs.nearest(asked, names))
        : [];
  return Promise.all(
    meant.map(async ({ issuer, sub, name, displayName, seenAt }) => {
      const sessions = await needs.sessions.ofSubject(issuer, sub);
      const devices = [...new Set(sessions.flatMap(({ device }) => device?.name ?? []))];
      return { name, displayName, sub, seenAt: isoTime(seenAt), devices };
    }),
  );
}
