// The only way to the EHR. Its type demands the canonical target, the permit and the receipt: delete or move a guard
// and this does not compile. Sends a request built from scratch; nothing of the client's goes on unlisted.

import type {
  Admitted,
  Arrived,
  Authorized,
  EhrSignedOn,
  Forwarded,
  Identified,
  Matched,
  Recorded,
  SignedIn,
  SubjectMatter,
  Targeted,
} from '../facts.ts';
import type { Upstream } from '../ports.ts';
import type { Stage } from '../pipeline.ts';
import { upstreamHeaders } from './upstream-headers.ts';
import type { UpstreamHeaderNeeds } from './upstream-headers.ts';

export type ForwardNeeds = UpstreamHeaderNeeds & {
  readonly upstream: Upstream;
  /** Marks that this request selects a patient, or clears the selection, until it is settled. */
  readonly beginSelection: (sessionKey: string, requestId: string, patient: string | null) => void;
};

type Given = Arrived &
  Identified &
  Targeted &
  SignedIn &
  Matched &
  SubjectMatter &
  Authorized &
  Recorded &
  Admitted &
  EhrSignedOn;

export function forward(needs: ForwardNeeds): Stage<Given, Forwarded> {
  return async (facts) => {
    const { application, method, target, exchange, rule, session } = facts;
    if (facts.selects !== null || facts.route.clearsSelection) needs.beginSelection(session.key, facts.id, facts.selects);
    const request = {
      application: application.name,
      method,
      target,
      headers: upstreamHeaders(needs, facts),
      exchange,
      headerTimeoutSeconds: rule.upstreamHeaderTimeoutSeconds,
      person: `${session.subject.issuer} ${session.subject.sub}`,
    };
    const reply = await (facts.shape === 'upgrade' ? needs.upstream.upgrade(request) : needs.upstream.request(request));
    return { reply };
  };
}
