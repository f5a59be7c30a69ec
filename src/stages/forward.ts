// The only way to the EHR. Its type demands the canonical target, the permit and the receipt: delete or move a guard
// and this does not compile. Sends a request built from scratch; nothing of the client's goes on unlisted.

import { refuse } from '../core/answer.ts';
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
import type { SessionStore, Soon, Upstream } from '../ports.ts';
import type { Stage } from '../pipeline.ts';
import { upstreamHeaders } from './upstream-headers.ts';
import type { UpstreamHeaderNeeds } from './upstream-headers.ts';

export type ForwardNeeds = UpstreamHeaderNeeds & {
  readonly upstream: Upstream;
  readonly sessions: Pick<SessionStore, 'touch'>;
  /** Marks that this request selects a patient, or clears the selection, until it is settled. */
  readonly beginSelection: (sessionKey: string, requestId: string, patient: string | null) => Soon<void>;
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
    // Now and not only when it is over: a report that takes ten minutes must not lock out the person who waits for it.
    if (!facts.route.passive) needs.sessions.touch(session.key, facts.arrivedAt);
    if (facts.selects !== null || facts.route.clearsSelection) await needs.beginSelection(session.key, facts.id, facts.selects);
    const request = {
      application: application.name,
      method,
      target,
      headers: upstreamHeaders(needs, facts),
      exchange,
      headerTimeoutSeconds: rule.upstreamHeaderTimeoutSeconds,
      person: `${session.subject.issuer} ${session.subject.sub}`,
    };
    try {
      return { reply: await (facts.shape === 'upgrade' ? needs.upstream.upgrade(request) : needs.upstream.request(request)) };
    } catch (cause) {
      // A body that broke its limits breaks the exchange with the EHR; the client is told what it did, not what followed.
      if (exchange.body.cut !== null) return refuse(exchange.body.cut);
      throw cause;
    }
  };
}
