// The only way to the EHR. Its type demands the canonical target, the permit and the receipt: delete or move a guard
// and this does not compile. Sends a request built from scratch; nothing of the client's goes on unlisted.

import { personKey } from '../core/downloads/person-key.ts';
import { showsPerson } from '../core/session/activity.ts';
import { end, refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import type { EhrPlace } from '../core/session/ehr-place.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { Session } from '../core/session/session.ts';
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
import type { Exchange, LiveStream, SessionStore, Soon, Upstream, UpstreamReply, UpstreamRequest } from '../ports.ts';
import type { Stage } from '../pipeline.ts';
import { enterStream } from './enter-stream.ts';
import type { EnterStreamNeeds } from './enter-stream.ts';
import { upstreamHeaders } from './upstream-headers.ts';
import type { UpstreamHeaderNeeds } from './upstream-headers.ts';

export type ForwardNeeds = UpstreamHeaderNeeds &
  EnterStreamNeeds & {
    readonly upstream: Upstream;
    readonly sessions: Pick<SessionStore, 'touch'>;
    /** Marks that this request selects a patient, or clears the selection, until it is settled. */
    readonly beginSelection: (place: EhrPlace, requestId: string, patient: string | null) => Soon<void>;
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
    const entered = enterStream(needs, facts);
    const stream = entered instanceof Promise ? await entered : entered;
    if (stream === null) return refuse(isMachine(facts.session) ? 'machine-unknown' : 'session-expired');
    let passed = false;
    try {
      const reply = await send(needs, facts, stream);
      if ('answer' in reply) return reply;
      passed = true;
      return { reply, stream };
    } finally {
      if (!passed) stream.leave();
    }
  };
}

async function send(needs: ForwardNeeds, facts: Given, stream: LiveStream): Promise<UpstreamReply | End> {
  const { application, method, target, exchange, rule, session } = facts;
  const begun = isMachine(session) ? undefined : begin(needs, facts, session);
  // Before anything is sent: another gateway must not take the patient of before for the one that is open.
  if (begun instanceof Promise) await begun;
  const request: UpstreamRequest = {
    application: application.name,
    method,
    target,
    headers: upstreamHeaders(needs, facts),
    exchange: new CutExchange(exchange, stream),
    headerTimeoutSeconds: rule.upstreamHeaderTimeoutSeconds,
    person: personKey(session.subject),
  };
  try {
    return await (facts.shape === 'upgrade' ? needs.upstream.upgrade(request) : needs.upstream.request(request));
  } catch (cause) {
    // Whoever signed out did not break the EHR.
    if (stream.ended !== null) return end(stream.ended.refusal);
    // A body that broke its limits breaks the exchange with the EHR; the client is told what it did, not what followed.
    if (exchange.body.cut !== null) return refuse(exchange.body.cut);
    throw cause;
  }
}

function begin(needs: ForwardNeeds, facts: Given, session: Session): Soon<void> {
  // Now and not only when it is over: a report that takes ten minutes must not lock out the person who waits for it.
  if (showsPerson(facts.route.passive, facts.headers.get('sec-fetch-user')))
    needs.sessions.touch(session.key, facts.arrivedAt, 'navigation');
  const { id, selects, application, ehrSession } = facts;
  if (selects === null && !facts.route.clearsSelection) return undefined;
  return needs.beginSelection({ session, application, ehrSession }, id, selects);
}

/** The client's side of the exchange, which ends with the session and the permit as well. */
class CutExchange implements Pick<Exchange, 'body' | 'aborted' | 'onAbort'> {
  readonly #exchange: Exchange;
  readonly #stream: LiveStream;

  constructor(exchange: Exchange, stream: LiveStream) {
    this.#exchange = exchange;
    this.#stream = stream;
  }

  get body(): Exchange['body'] {
    return this.#exchange.body;
  }

  get aborted(): boolean {
    return this.#exchange.aborted || this.#stream.ended !== null;
  }

  onAbort(callback: () => void): void {
    this.#exchange.onAbort(callback);
    this.#stream.onCut(callback);
  }
}
