// One request as the access record tells of it: what the rules were asked then, and what they said. Reads no file, and
// believes only what has the shape that the gateway writes.

import type { ReadRecord } from '../../core/audit/read-record.ts';
import type { Reason } from '../../core/reasons.ts';

/** What came of it then: the rules let it pass, they refused it, or they would have and were only observed. */
export type Before = 'allowed' | 'refused' | 'observed';

export interface RecordedRequest {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly person: RecordedPerson;
  readonly roles: readonly string[];
  readonly address: string;
  readonly grantOpen: boolean;
  readonly application: string;
  readonly method: string;
  /** Canonical path, then the query with values redacted. */
  readonly target: string;
  readonly webSocket: boolean;
  /** False where the request had no body, and so no form. */
  readonly hadBody: boolean;
  readonly before: Before;
  /** Null where no rule fitted. */
  readonly rule: string | null;
  readonly reason: string | null;
  /** The first digits of the rules' SHA-256. */
  readonly policy: string | null;
}

export interface RecordedPerson {
  /** Issuer and sub, as one text. */
  readonly key: string;
  /** Login name. */
  readonly name: string;
}

/** What a record is for whoever judges the rules: a request, nothing at all, or one that cannot be judged, and why. */
export type ReadRequest =
  | { readonly kind: 'request'; readonly request: RecordedRequest }
  | { readonly kind: 'attempt' | 'other' }
  | { readonly kind: 'not-judged'; readonly why: NotJudged };

/** `other-refusal`: refused by something else than the rules. `stranger`: nobody was signed in. `cut`: only its beginning stands there. */
export type NotJudged = 'other-refusal' | 'stranger' | 'summed' | 'cut' | 'unreadable';

/** The refusals that the rules decide; all others are of sign-in, second factor, budgets, limits or the EHR. */
const ruleReasons: ReadonlySet<string> = new Set<Reason>([
  'no-rule',
  'denied-always',
  'role-not-permitted',
  'zone-not-permitted',
  'hours-not-permitted',
  'upgrade-not-permitted',
  'break-glass-required',
  'export-not-permitted',
  'case-ambiguous',
  'slash-ambiguous',
  'field-ambiguous',
]);

/** Under this name the record shows what no rule fitted in mode `observe`. */
const observedRuleName = 'observed';
/** How the record marks a target or a list of roles that was cut. */
const cutMarks = ['...', '…'];

export function readRequest({ event, fields }: ReadRecord): ReadRequest {
  if (event === 'attempt') return { kind: 'attempt' };
  if (event === 'refusals-summed') return { kind: 'not-judged', why: 'summed' };
  if (event !== 'outcome' && event !== 'refusal') return { kind: 'other' };
  // Beside the outcome of a request that passed stands what only the reply showed; it is no request of its own.
  if (event === 'refusal' && fields['decision'] === 'observed') return { kind: 'other' };
  const { decision } = fields;
  const reason = text(fields['reason']);
  if (decision === 'refused' && !ruleReasons.has(reason ?? '')) return { kind: 'not-judged', why: 'other-refusal' };
  const person = personOf(fields['subject']);
  if (person === null) return { kind: 'not-judged', why: 'stranger' };
  if (decision !== 'allowed' && decision !== 'refused' && decision !== 'observed')
    return { kind: 'not-judged', why: 'unreadable' };
  return requestOf(fields, person, decision, reason);
}

function requestOf(fields: ReadRecord['fields'], person: RecordedPerson, before: Before, reason: string | null): ReadRequest {
  const at = Date.parse(text(fields['time']) ?? '');
  const [application, method, target, address] = ['application', 'method', 'target', 'address'].map((key) => text(fields[key]));
  if (Number.isNaN(at) || !application || !method || !target || !address) return { kind: 'not-judged', why: 'unreadable' };
  const roles = rolesOf(fields['roles']);
  if (cutMarks.some((mark) => target.endsWith(mark)) || roles.includes('…')) return { kind: 'not-judged', why: 'cut' };
  const rule = text(fields['rule']);
  const wouldRefuse = text(fields['wouldRefuse']);
  const request = {
    at,
    person,
    roles,
    address,
    grantOpen: fields['grant'] !== undefined,
    application,
    method,
    target,
    webSocket: fields['status'] === 101 || [reason, wouldRefuse].includes('upgrade-not-permitted'),
    hadBody: fields['bytesIn'] !== 0,
    before,
    rule: before === 'observed' && rule === observedRuleName ? null : rule,
    reason: before === 'observed' ? wouldRefuse : reason,
    policy: text(fields['policy']),
  };
  return { kind: 'request', request };
}

function personOf(subject: unknown): RecordedPerson | null {
  if (typeof subject !== 'object' || subject === null) return null;
  const { issuer, sub, name }: Readonly<Record<string, unknown>> = { ...subject };
  if (typeof issuer !== 'string' || typeof sub !== 'string') return null;
  return { key: JSON.stringify([issuer, sub]), name: text(name) ?? sub };
}

function rolesOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((role) => typeof role === 'string') : [];
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
