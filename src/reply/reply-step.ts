// The shape of one entry of the reply list: edits the reply in place, or replaces it before its first byte.

import type { End } from '../core/answer.ts';
import type {
  Admitted,
  Arrived,
  Authorized,
  DisclosureAsked,
  EhrSignedOn,
  Emergency,
  Forwarded,
  Identified,
  Matched,
  Opened,
  Recorded,
  SignedIn,
  SubjectMatter,
  Targeted,
} from '../facts.ts';
import type { Soon, UpstreamReply } from '../ports.ts';

/** Everything that stood before forward. */
export type ReplyFacts = Arrived &
  Identified &
  Targeted &
  SignedIn &
  Opened &
  Matched &
  SubjectMatter &
  Authorized &
  Emergency &
  Recorded &
  Admitted &
  DisclosureAsked &
  EhrSignedOn &
  Forwarded;

// oxlint-disable-next-line typescript/no-invalid-void-type -- most steps only edit and return nothing
export type ReplyStep = (facts: ReplyFacts, reply: UpstreamReply) => Soon<void | End>;

export interface NamedReplyStep {
  readonly name: string;
  readonly run: ReplyStep;
}

/** Keeps the headers for which `keep` says so. `name` arrives in lower case. */
export function filterHeaders(reply: UpstreamReply, keep: (name: string, value: string) => boolean): void {
  const kept: string[] = [];
  for (let i = 0; i < reply.headers.length; i += 2) {
    const name = reply.headers[i] ?? '';
    const value = reply.headers[i + 1] ?? '';
    if (keep(name.toLowerCase(), value)) kept.push(name, value);
  }
  reply.headers = kept;
}
