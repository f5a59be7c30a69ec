// Holds what a form sends while its session is over or locked, or has no session at the EHR to go on in, so that nothing typed
// is lost: sealed, for the person of that session alone, and for half an hour. Nothing of a stranger is held, nothing of another
// site, and no script's request, which the page repeats by itself.

import { refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { logsOutOfEhr } from '../core/ehr/logs-out-of-ehr.ts';
import { heldPath } from '../core/held/held-path.ts';
import { markedId } from '../core/held/send-marker.ts';
import { pageAnswer } from '../core/session/page-answer.ts';
import { requestLine } from '../core/target/canonical-target.ts';
import type { Arrived, Identified, Loaded, Presented, Recognised, Standing, Targeted } from '../facts.ts';
import type { EhrStandings } from '../ehr-ports.ts';
import type { HeldOwner, HeldPosts } from '../held-ports.ts';
import type { AuditLog, Randomness, Session } from '../ports.ts';
import type { Stage } from '../pipeline.ts';
import { describeRequest } from './describe-request.ts';
import type { DescribeNeeds } from './describe-request.ts';
import { isReserved } from './reserved-prefix.ts';

export type HoldPostNeeds = DescribeNeeds & {
  readonly held: HeldPosts;
  readonly audit: AuditLog;
  readonly randomness: Randomness;
  readonly standings: Pick<EhrStandings, 'get'>;
  readonly limits: {
    readonly bodyBytes: number;
    readonly heldPostBytes: number;
    readonly heldPostsPerPerson: number;
    readonly formTimeoutSeconds: number;
  };
};

type Given = Arrived & Identified & Presented & Targeted & Recognised & Loaded & Standing;

export function holdPost(needs: HoldPostNeeds): Stage<Given, object> {
  return (facts) => {
    if (needs.limits.heldPostsPerPerson === 0 || !isFormOfOurs(facts)) return undefined;
    const who = whose(facts);
    return who === null ? undefined : hold(facts, who);
  };

  function whose(facts: Given): HeldOwner | null {
    const { session, standing, sessionKey } = facts;
    if (standing === 'locked') return session?.subject ?? null;
    if (session !== null) return hasNoEhr(needs, facts, session) ? session.subject : null;
    return sessionKey === null ? null : needs.held.endedLately(sessionKey);
  }

  async function hold(facts: Given, who: HeldOwner): Promise<End> {
    const { exchange } = facts;
    const most = Math.min(needs.limits.heldPostBytes, needs.limits.bodyBytes);
    const leaveRoom = needs.held.reserve(who, Math.min(exchange.body.declaredBytes ?? most, most));
    if (leaveRoom === null) return notHeld(facts, 'As much as may be kept for you is waiting already');
    try {
      const body = await exchange.body.readAhead(most, needs.limits.formTimeoutSeconds * 1000);
      if (body.read === 'too-large') return notHeld(facts, `It is larger than the ${most} bytes that may be kept`);
      if (body.read !== 'whole') return notHeld(facts, 'It did not arrive whole in time');
      // A held post that was asked for: it waits where it is.
      if (markedId(body.bytes.toString('latin1')) === null) await keep(facts, who, body.bytes);
      return wayOn(facts);
    } finally {
      leaveRoom();
    }
  }

  async function keep(facts: Given, who: HeldOwner, body: Buffer): Promise<void> {
    const { headers, application, target, session } = facts;
    const id = needs.randomness.id();
    // Beforehand: nothing of a person lies here without a record.
    const subject = session?.subject ?? { ...who, name: '' };
    const receipt = await needs.audit.append(
      describeRequest(needs, 'post-held', facts, { subject, bytesIn: body.length, detail: id }),
    );
    await receipt.durable;
    const content = { target: requestLine(target), origin: application.origin, body };
    await needs.held.hold(id, who, application.name, { ...content, contentType: headers.get('content-type') ?? null });
  }
}

/** No form signs anybody on to the EHR: this one would be refused, as after a sign-in in another window. */
function hasNoEhr({ standings }: HoldPostNeeds, { application }: Given, session: Session): boolean {
  if (application.signOn.by !== 'recipe') return false;
  const standing = standings.get(session, application.name)?.standing ?? 'ended';
  return standing === 'ended';
}

/** A form that a person sent from a page of this origin, with something in it. */
function isFormOfOurs(facts: Given): boolean {
  const { method, machine, shape, target, headers, application, exchange } = facts;
  if (method !== 'POST' || machine !== null || (shape !== 'page' && shape !== 'frame')) return false;
  if (exchange.body.declaredBytes === 0 || headers.has('content-encoding') || isReserved(target.path)) return false;
  const site = headers.get('sec-fetch-site');
  if (headers.get('origin') !== application.origin || (site !== undefined && site !== 'same-origin')) return false;
  // Pages send the EHR's own logout by themselves.
  return !logsOutOfEhr(application, method, target) && !isHeardOtherwise(facts);
}

/** A poller of a page that is locked or has ended hears what its page can bear. */
function isHeardOtherwise({ application, method, shape, headers, target }: Given): boolean {
  return pageAnswer({ method, path: target.path, shape, headers }, application, 'ended') !== null;
}

function wayOn({ standing }: Given): End {
  if (standing === 'active') return refuse('ehr-session-ended', { detail: keptForEhr, remedy: '/' });
  const back = encodeURIComponent(heldPath);
  if (standing === 'locked') return refuse('session-locked', { remedy: `/.wardgate/unlock?return=${back}` });
  return refuse('session-expired', { remedy: `/.wardgate/sign-in?return=${back}` });
}

const keptForEhr = `What you sent is kept for you for half an hour: open the EHR again, and then send it from ${heldPath}`;

function notHeld({ standing }: Given, why: string): End {
  if (standing === 'active') return refuse('ehr-session-ended', { detail: `What you sent was not kept. ${why}`, remedy: '/' });
  const page = standing === 'locked' ? '/.wardgate/unlock' : '/.wardgate/sign-in';
  return refuse('post-not-held', { detail: why, remedy: page });
}
