// Writes an answer of our own. Where part of a request's body is still on the way, the connection is closed after the
// answer: what follows on it could not be told apart from a new request.

import type { Answer } from '../core/answer.ts';
import type { Gathered } from '../facts.ts';
import type { NodeExchange } from './node-exchange.ts';
import { callerShape } from '../core/caller-shape.ts';
import type { AskedAccess } from '../core/policy/asked-access.ts';
import { mayBeAskedFor } from '../core/policy/may-be-asked-for.ts';
import type { TokenOf } from '../core/patients/hide-ids.ts';
import { namedIds } from '../core/patients/named-ids.ts';
import { redactTarget } from '../core/policy/redact.ts';
import { expiredReply } from '../core/ehr/expired-reply.ts';
import { pageAnswer } from '../core/session/page-answer.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { Session } from '../core/session/session.ts';
import type { Reason } from '../core/reasons.ts';
import { clinicIn } from '../pages/clinic-in.ts';
import type { PageClinic } from '../pages/layout.ts';
import { renderProblem } from './problem.ts';
import type { Rendered } from './problem.ts';
import type { Sent } from './send-reply.ts';

export interface SendAnswerNeeds {
  readonly clinic: PageClinic;
  /** Seals what a person was refused, for the form with which they ask for it. */
  readonly sealAsked?: (session: Session, asked: AskedAccess) => string;
  /** What stands in a record in the place of an id. */
  readonly recordedToken: TokenOf;
}

/** Of a refused target, characters. */
const longestTarget = 512;

// How long a client may take to read a short answer before its connection is given up.
const answerMilliseconds = 10_000;

// The request itself was wrong: what follows on its connection is not trusted to be another one.
const endsConnection: ReadonlySet<number> = new Set([400, 405, 408, 411, 413, 414, 417, 421, 426, 431, 501, 505]);

/** Sends the answer; resolves when it is out or the client is gone. Statuses that end the framing close the connection. */
export async function sendAnswer(needs: SendAnswerNeeds, exchange: NodeExchange, facts: Gathered, answer: Answer): Promise<Sent> {
  const { response, request } = exchange;
  if (answer.kind === 'handled') return { status: answer.status, bytes: 0, transfer: 'complete' };
  const rendered = renderedFor(needs, exchange, facts, answer);
  if (response.closed || response.headersSent) {
    response.destroy();
    return { status: rendered.status, bytes: 0, transfer: 'client-abort' };
  }
  const unread = !request.complete || exchange.isUpgrade || endsConnection.has(rendered.status);
  const body = exchange.method === 'HEAD' ? '' : rendered.body;
  await finish(exchange, rendered, body, unread);
  return {
    status: rendered.status,
    bytes: Buffer.byteLength(body),
    transfer: response.writableFinished ? 'complete' : 'client-abort',
  };
}

/**
 * Why a session of ours is over: what an EHR's own scripts may expect to be told in their own words. A lock is none of it: its
 * pages would leave, and what was typed with them. Nor is the end of the EHR's session: they would log out of both, where the
 * next page that is opened signs on again.
 */
const sessionOver: ReadonlySet<Reason> = new Set(['sign-in-required', 'session-expired']);

function renderedFor(
  needs: SendAnswerNeeds,
  exchange: NodeExchange,
  facts: Gathered,
  answer: Exclude<Answer, { kind: 'handled' }>,
): Rendered {
  if (answer.kind === 'plain') return answer;
  const ofPage = answer.kind === 'refusal' && answer.reason === 'session-expired' ? pageAnswerFor(facts) : null;
  if (ofPage !== null) return ofPage;
  const expired = answer.kind === 'refusal' && sessionOver.has(answer.reason) ? expiredFor(facts) : null;
  return expired ?? renderProblem(answer, { ...contextOf(needs, exchange, facts), ask: askFor(needs, exchange, facts, answer) });
}

/** What a page asked by itself while its session was still there, and has ended meanwhile: it stays, and hears nothing of that. */
function pageAnswerFor({ session, application, target, method, shape, headers }: Gathered): Rendered | null {
  if (!session || !application || !target || !method || !shape || !headers) return null;
  return pageAnswer({ method, path: target.path, shape, headers }, application, 'ended');
}

/** What the application's scripts expect at this address once the session is over; null where they expect nothing. */
function expiredFor({ application, target }: Gathered): Rendered | null {
  if (application?.expired === undefined || target === undefined) return null;
  const json = expiredReply(application.expired, target.path);
  return json === null ? null : { status: 200, headers: { ...expiredHeaders }, body: json };
}

const expiredHeaders = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const;

function contextOf(needs: SendAnswerNeeds, exchange: NodeExchange, facts: Gathered) {
  const fallback = (): 'page' | 'frame' | 'script' =>
    callerShape(new Map(Object.entries(exchange.request.headers).map(([k, v]) => [k, String(v)])));
  return {
    requestId: facts.id ?? '-',
    shape: facts.shape ?? (exchange.isUpgrade ? ('upgrade' as const) : fallback()),
    clinic: clinicIn(needs.clinic, exchange.request.headers['accept-language']),
    path: facts.target?.path ?? null,
    person: personOf(facts),
  };
}

/** Null where the refusal is not for a person to change, or nobody is there who may ask. */
function askFor(
  { sealAsked, recordedToken }: SendAnswerNeeds,
  { method }: NodeExchange,
  facts: Gathered,
  answer: Answer,
): string | null {
  const { id, session, target, application, rule, arrivedAt } = facts;
  if (sealAsked === undefined || answer.kind !== 'refusal' || !mayBeAskedFor(answer.reason) || personOf(facts) === null)
    return null;
  if (!session || isMachine(session) || id === undefined || target === undefined || arrivedAt === undefined) return null;
  return sealAsked(session, {
    request: id,
    application: application?.name ?? null,
    method,
    // As in the record of the refusal: no value of a query and no patient travels in the page.
    target: redactTarget(target, namedIds(facts), recordedToken, longestTarget),
    rule: answer.rule ?? rule?.name ?? null,
    reason: answer.reason,
    at: arrivedAt,
  });
}

/** Whoever holds a session that may be used; a session that has ended names nobody. */
function personOf({ session, standing, stream }: Gathered): { displayName: string; roles: readonly string[] } | null {
  if (session === null || session === undefined || isMachine(session) || standing !== 'active') return null;
  if (stream?.ended?.transfer === 'session-ended') return null;
  return { displayName: session.subject.displayName, roles: session.roles };
}

function finish(exchange: NodeExchange, rendered: Rendered, body: string, closes: boolean): Promise<void> {
  const { response, request } = exchange;
  return new Promise((resolve) => {
    const timer = setTimeout(() => response.destroy(), answerMilliseconds);
    response.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    if (closes) response.shouldKeepAlive = false;
    response.writeHead(rendered.status, { ...rendered.headers, 'content-length': String(Buffer.byteLength(rendered.body)) });
    response.end(body, () => {
      if (closes) endSoftly(request.socket);
    });
  });
}

// The client may still be writing: its bytes are discarded until it has had time to read the answer, so that a reset
// does not take the answer away (RFC 9112 section 9.6).
function endSoftly(socket: NodeExchange['request']['socket']): void {
  if (socket.destroyed) return;
  socket.end();
  socket.resume();
  setTimeout(() => socket.destroy(), 1000).unref();
}
