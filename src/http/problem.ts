// The only place that turns a refusal or a fault into what the caller reads: a page for people and frames, a way on where
// there is one, problem+json (RFC 9457) for scripts. Internals never appear; an id does, that a person can read out.

import type { Broken, Refusal } from '../core/answer.ts';
import { faults } from '../core/faults.ts';
import { reasons } from '../core/reasons.ts';
import type { Reason } from '../core/reasons.ts';
import type { CallerShape } from '../core/caller-shape.ts';
import { contentSecurityPolicy } from '../pages/content-security-policy.ts';
import { refusalPage } from '../pages/refusal-page.ts';
import type { RefusalPageParts } from '../pages/refusal-page.ts';

/** What is told about the request and the clinic. */
export interface ProblemContext {
  readonly requestId: string;
  readonly shape: CallerShape;
  readonly clinicName: string;
  readonly help: string;
  /** The canonical path, and who is signed in; null while they are not known. */
  readonly path: string | null;
  readonly person: NonNullable<RefusalPageParts['person']> | null;
}

export interface Rendered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Renders a refusal or a fault for its caller. */
export function renderProblem(problem: Refusal | Broken, context: ProblemContext): Rendered {
  const wayOn = problem.kind === 'refusal' ? wayOnFrom(problem, context.shape) : null;
  if (wayOn !== null) return redirect(wayOn);
  const { status, title } = problem.kind === 'refusal' ? reasons[problem.reason] : faults[problem.code];
  const headers: Record<string, string> = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
  const retry = retryAfter(problem);
  if (retry !== null) headers['retry-after'] = String(retry);
  if (status === 426) headers['sec-websocket-version'] = '13';
  return context.shape === 'page' || context.shape === 'frame'
    ? asPage(problem, context, status, title, headers)
    : asJson(problem, context, status, title, headers);
}

const signInPath = '/.wardgate/sign-in';

/** Told on a page first: when a used-up budget opens again, and that another site led here; going on is the person's own click. */
const toldFirst: ReadonlyMap<Reason, string> = new Map([
  ['budget-exhausted', 'State a reason for more'],
  ['origin-not-permitted', 'Open it now'],
]);

/** Where the browser is sent at once. */
function wayOnFrom({ reason, remedy }: Refusal, shape: CallerShape): string | null {
  if (remedy === undefined || toldFirst.has(reason)) return null;
  if (shape === 'page') return remedy;
  if (shape !== 'frame') return null;
  // Our pages may stand in a frame of the EHR, so a person confirms there and goes on there. Providers refuse to be framed,
  // and the EHR's start page would hold itself within the frame: these two take the whole window.
  const leaves = remedy.startsWith(signInPath) || remedy.endsWith(`return=${encodeURIComponent('/')}`);
  return leaves ? `/.wardgate/leave-frame?to=${encodeURIComponent(remedy)}` : remedy;
}

function redirect(location: string): Rendered {
  return { status: 303, headers: { location, 'cache-control': 'no-store' }, body: '' };
}

function retryAfter(problem: Refusal | Broken): number | null {
  if (problem.kind === 'refusal') return problem.retryAfterSeconds ?? null;
  const fault = faults[problem.code];
  return 'retryAfterSeconds' in fault ? fault.retryAfterSeconds : null;
}

function asPage(
  problem: Refusal | Broken,
  context: ProblemContext,
  status: number,
  title: string,
  headers: Record<string, string>,
): Rendered {
  const body = refusalPage({
    title,
    detail: problem.kind === 'refusal' ? (problem.detail ?? null) : null,
    reason: problem.kind === 'refusal' ? problem.reason : problem.code,
    rule: problem.kind === 'refusal' ? (problem.rule ?? null) : null,
    requestId: context.requestId,
    help: context.help,
    clinicName: context.clinicName,
    path: context.path,
    person: context.person,
    offersStart:
      context.shape === 'page' &&
      (context.person !== null || (problem.kind === 'refusal' && problem.reason === 'page-not-found')),
    ...(problem.kind === 'refusal' && problem.remedy !== undefined
      ? { remedy: { href: problem.remedy, label: toldFirst.get(problem.reason) ?? 'Go on' } }
      : {}),
  });
  const policy = contentSecurityPolicy();
  return { status, headers: { ...headers, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }, body };
}

function asJson(
  problem: Refusal | Broken,
  context: ProblemContext,
  status: number,
  title: string,
  headers: Record<string, string>,
): Rendered {
  const refusal = problem.kind === 'refusal' ? problem : null;
  const body = {
    type: 'about:blank',
    title,
    status,
    reason: refusal?.reason ?? (problem.kind === 'fault' ? problem.code : undefined),
    detail: refusal?.detail,
    rule: refusal?.rule,
    requestId: context.requestId,
    help: context.help,
    signIn: refusal?.remedy?.startsWith(signInPath) === true ? refusal.remedy : undefined,
    remedy: refusal?.remedy,
    retryAfterSeconds: retryAfter(problem) ?? undefined,
  };
  return { status, headers: { ...headers, 'content-type': 'application/problem+json' }, body: JSON.stringify(body) };
}
