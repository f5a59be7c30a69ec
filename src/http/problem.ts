// The only place that turns a refusal or a fault into what the caller reads: a page for people and frames, a way on where
// there is one, problem+json (RFC 9457) for scripts. Internals never appear; an id does, that a person can read out.

import type { Broken, Refusal } from '../core/answer.ts';
import { cutAtWord } from '../core/ehr/cut-at-word.ts';
import { faults } from '../core/faults.ts';
import { reasons } from '../core/reasons.ts';
import type { Reason } from '../core/reasons.ts';
import type { CallerShape } from '../core/caller-shape.ts';
import { contentSecurityPolicy } from '../pages/content-security-policy.ts';
import { lasting } from '../pages/in-language.ts';
import type { PageClinic } from '../pages/layout.ts';
import { refusalPage } from '../pages/refusal-page.ts';
import type { RefusalPageParts } from '../pages/refusal-page.ts';
import { fillText } from '../pages/fill-text.ts';
import { wordsIn } from '../pages/words-in.ts';
import { waysOn } from './ways-on.ts';
import type { WaysOn } from './ways-on.ts';

/** What is told about the request and the clinic. */
export interface ProblemContext {
  readonly requestId: string;
  readonly shape: CallerShape;
  /** In the language of whoever asks. */
  readonly clinic: PageClinic;
  /** The canonical path, and who is signed in; null while they are not known. */
  readonly path: string | null;
  readonly person: NonNullable<RefusalPageParts['person']> | null;
  /** With what a person asks for this; absent where nobody may. */
  readonly ask?: string | null;
}

const nowhere: WaysOn = { straight: null, remedy: null, also: null };

export interface Rendered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string;
}

/** Renders a refusal or a fault for its caller. */
export function renderProblem(problem: Refusal | Broken, context: ProblemContext): Rendered {
  const ways = problem.kind === 'refusal' ? waysOn(problem, context.shape, wordsIn(context.clinic.language).ways) : nowhere;
  if (ways.straight !== null) return redirect(ways.straight);
  const { status, title } = problem.kind === 'refusal' ? reasons[problem.reason] : faults[problem.code];
  const headers: Record<string, string> = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
  const retry = retryAfter(problem);
  if (retry !== null) headers['retry-after'] = String(retry);
  const standing = problem.kind === 'refusal' ? standingOf(problem) : undefined;
  if (standing !== undefined) headers['wardgate-session'] = standing;
  if (status === 426) headers['sec-websocket-version'] = '13';
  // No browser opens its password box for this scheme (RFC 6750 section 3).
  if (isMachines(problem)) headers['www-authenticate'] = 'Bearer';
  return (context.shape === 'page' || context.shape === 'frame') && !isMachines(problem)
    ? asPage(problem, context, ways, { status, headers })
    : asJson(problem, context, { status, title, headers });
}

/** Told to a program, whatever it says that it accepts. */
function isMachines(problem: Refusal | Broken): boolean {
  return problem.kind === 'refusal' && problem.reason === 'machine-unknown';
}
/** What the script in the EHR's pages goes by; the EHR itself cannot say it (`strip-hop-by-hop`). */
const standingTold: Partial<Record<Reason, 'locked' | 'ended' | 'confirm'>> = {
  'session-locked': 'locked',
  'session-expired': 'ended',
  'sign-in-required': 'ended',
  'second-factor-required': 'confirm',
};

/** Whether only a passkey does is said too: the script offers nothing else then. */
function standingOf({ reason, remedy }: Refusal): string | undefined {
  const known = standingTold[reason];
  return known === 'confirm' && remedy?.includes('only=passkey') === true ? 'confirm-passkey' : known;
}

function redirect(location: string): Rendered {
  return { status: 303, headers: { location, 'cache-control': 'no-store' }, body: '' };
}

function retryAfter(problem: Refusal | Broken): number | null {
  if (problem.kind === 'refusal') return problem.retryAfterSeconds ?? null;
  const fault = faults[problem.code];
  return 'retryAfterSeconds' in fault ? fault.retryAfterSeconds : null;
}

interface Head {
  readonly status: number;
  readonly title: string;
  readonly headers: Readonly<Record<string, string>>;
}

function asPage(
  problem: Refusal | Broken,
  context: ProblemContext,
  ways: WaysOn,
  { status, headers }: Omit<Head, 'title'>,
): Rendered {
  const body = refusalPage({
    clinic: context.clinic,
    ...told(problem, context.clinic),
    reason: problem.kind === 'refusal' ? problem.reason : problem.code,
    rule: problem.kind === 'refusal' ? (problem.rule ?? null) : null,
    requestId: context.requestId,
    path: context.path,
    person: context.person,
    ask: context.ask ?? null,
    offersStart: context.shape === 'page' && offersStart(problem, context),
    ...(ways.remedy === null ? {} : { remedy: ways.remedy }),
    ...(ways.also === null ? {} : { also: ways.also }),
  });
  const policy = contentSecurityPolicy();
  return { status, headers: { ...headers, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }, body };
}

/** Where somebody is held or cannot be signed on to the EHR, its start page would say the same again. */
const startIsShut: ReadonlySet<Reason> = new Set([
  'restricted',
  'ehr-credential-refused',
  'ehr-password-change',
  'ehr-account-missing',
]);

function offersStart(problem: Refusal | Broken, { person }: ProblemContext): boolean {
  if (problem.kind === 'fault') return person !== null;
  if (problem.remedy === '/' || startIsShut.has(problem.reason)) return false;
  return person !== null || problem.reason === 'page-not-found';
}

/** The longest text of the EHR's page that is shown, characters. */
const longestQuote = 600;

/** What the EHR's page said is a quotation; everything else is our own sentence. */
function told(problem: Refusal | Broken, clinic: PageClinic): Pick<RefusalPageParts, 'detail' | 'says' | 'quote'> {
  if (problem.kind === 'fault') return { detail: null };
  const { detail = null } = problem;
  const says = detail === null ? waitFor(problem, clinic) : undefined;
  return problem.told === undefined ? { detail, says } : { detail, says, quote: cutAtWord(problem.told, longestQuote) };
}

function waitFor({ retryAfterSeconds }: Refusal, { language }: PageClinic): string | undefined {
  if (retryAfterSeconds === undefined) return undefined;
  return fillText(wordsIn(language).refusal.tryAgainIn, { time: lasting(language, retryAfterSeconds) });
}

function asJson(problem: Refusal | Broken, context: ProblemContext, { status, title, headers }: Head): Rendered {
  const refusal = problem.kind === 'refusal' ? problem : null;
  const body = {
    type: 'about:blank',
    title,
    status,
    reason: refusal?.reason ?? (problem.kind === 'fault' ? problem.code : undefined),
    detail: refusal?.detail,
    rule: refusal?.rule,
    requestId: context.requestId,
    help: context.clinic.help,
    signIn: refusal?.remedy?.startsWith('/.wardgate/sign-in') === true ? refusal.remedy : undefined,
    remedy: refusal?.remedy,
    retryAfterSeconds: retryAfter(problem) ?? undefined,
  };
  return { status, headers: { ...headers, 'content-type': 'application/problem+json' }, body: JSON.stringify(body) };
}
