// Puts a held post into the place of the small form by which its person asks for it to be sent. From here on it is a new
// request like any other: rules, second factor, budgets and record all judge what will go to the EHR.

import { refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { goesStraight } from '../core/held/goes-straight.ts';
import { heldPath } from '../core/held/held-path.ts';
import { markedId, markerBytes } from '../core/held/send-marker.ts';
import { isMachine } from '../core/session/machine-session.ts';
import { requestLine } from '../core/target/canonical-target.ts';
import type { Arrived, Identified, Opened, SignedIn, Targeted } from '../facts.ts';
import type { HeldPosts } from '../held-ports.ts';
import type { Stage } from '../pipeline.ts';
import { HeldExchange } from './held-exchange.ts';
import { refuseForeign } from './refuse-foreign.ts';

export interface OpenHeldNeeds {
  readonly held: HeldPosts;
  readonly limits: { readonly formTimeoutSeconds: number };
}

type Given = Arrived & Identified & Targeted & SignedIn;
type Adds = Opened & Partial<Pick<Given, 'exchange' | 'headers'>>;

const none: Adds = { held: null };

export function openHeld(needs: OpenHeldNeeds): Stage<Given, Adds> {
  return (facts) => (mayAsk(facts) ? look(facts) : none);

  async function look(facts: Given): Promise<Adds | End> {
    const asked = await facts.exchange.body.readAhead(markerBytes, needs.limits.formTimeoutSeconds * 1000);
    if (asked.read !== 'whole') return refuse('body-too-slow');
    const id = markedId(asked.bytes.toString('latin1'));
    return id === null ? none : (refuseForeign(facts.headers, facts.application.origin) ?? open(facts, id));
  }

  async function open(facts: Given, id: string): Promise<Adds | End> {
    const { session, application, target, headers, exchange, arrivedAt } = facts;
    const all = await needs.held.of(session.subject, application.name);
    const waiting = all.find((one) => one.id === id);
    const content = await needs.held.open(session.subject, application.name, id);
    if (content === null || waiting?.takenAt !== null || waiting.draft || content.target !== requestLine(target)) return gone();
    const next = new Map(headers);
    if (content.contentType === null) next.delete('content-type');
    else next.set('content-type', content.contentType);
    const direct = goesStraight(content.confirming, session.reference, waiting.heldAt, arrivedAt);
    return { held: { id, carried: content.carried, direct }, headers: next, exchange: new HeldExchange(exchange, content.body) };
  }
}

/** Nothing else is read: a body of another length or kind is no such form. */
function mayAsk({ method, shape, session, headers, exchange }: Given): boolean {
  if (method !== 'POST' || (shape !== 'page' && shape !== 'frame') || isMachine(session)) return false;
  return exchange.body.declaredBytes === markerBytes && headers.get('content-type') === 'application/x-www-form-urlencoded';
}

/** It was sent, or discarded, or its time is over; the page says which. */
export function gone(): End {
  return refuse('held-post-gone', { remedy: heldPath });
}
