// What the rules mean, once read: plain data, built by `config/`, judged by `match-rule.ts` and `authorize.ts`. Patterns are already parsed.

import type { Disclosure } from '../disclosures/disclosure.ts';
import type { PathPattern } from './path-pattern.ts';

/** The methods a rule may name. TRACE and CONNECT never exist here. */
export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

/** A condition on one query or form field. `value` compares the whole decoded value; what differs only in blanks or case is ambiguous. */
export interface FieldCondition {
  readonly name: string;
  readonly expect: 'present' | 'absent' | { readonly value: string };
}

/** Where the patient's id stands: a path segment by name, a query or form field, or the selection carried in the EHR session. */
export type PatientSource =
  | { readonly in: 'path'; readonly name: string }
  | { readonly in: 'query'; readonly name: string }
  | { readonly in: 'form'; readonly name: string }
  | { readonly in: 'session' };

/** One way to reach a rule: a path pattern with its methods and conditions, and what the audit should read there. */
export interface Route {
  /** The area it comes from, as `ehr.chart`; absent where a rule names its path. */
  readonly area?: string;
  readonly pattern: PathPattern;
  readonly methods: readonly Method[];
  readonly query: readonly FieldCondition[];
  readonly form: readonly FieldCondition[];
  /** In order; the first source that yields an id is used. Empty: no patient concerned. */
  readonly patient: readonly PatientSource[];
  /** Where a patient is selected for the rest of the EHR session; null where none is. */
  readonly selects: PatientSource | null;
  /** Where other ids stand that the record has tokens for, such as that of a study. */
  readonly identifying?: readonly PatientSource[];
  readonly clearsSelection: boolean;
  readonly category: string | null;
  readonly action: Action | null;
  /** Never counts as activity (pollers). */
  readonly passive: boolean;
  /** The reply is a download whatever its headers say; 'never' exempts it (a viewer's images). */
  readonly download: 'always' | 'by-reply' | 'never';
}

/** What was done, in FHIR AuditEvent words. */
export type Action = 'create' | 'read' | 'update' | 'delete' | 'execute';

/** Days (0 = Sunday) and minutes after midnight in the clinic's time zone; `to` is exclusive and may be under `from` (overnight). */
export interface HoursSpan {
  readonly days: readonly number[];
  readonly fromMinute: number;
  readonly toMinute: number;
}

export interface Rule {
  readonly name: string;
  readonly application: string;
  readonly routes: readonly Route[];
  readonly allow: 'everyone' | readonly string[];
  /** Machines that may; none where absent. `everyone` means people and never machines. */
  readonly machines?: readonly string[];
  /** Roles that may receive a download through this rule; null: whoever may open it. */
  readonly exportRoles: readonly string[] | null;
  /** Roles that may pass with an open emergency grant. */
  readonly emergencyRoles: readonly string[];
  readonly zones: readonly string[] | null;
  readonly hours: readonly HoursSpan[] | null;
  readonly freshFactorSeconds: number | null;
  /** Only for sessions whose second factor no look-alike page can ask for. */
  readonly phishingResistant?: true;
  readonly webSocket: boolean;
  /** May change state even by GET, so its attempt is durable before it is forwarded. */
  readonly changes: boolean;
  /** False: a form that met an ended session is never sent again by itself, only offered as text; such as an order. */
  readonly hold?: boolean;
  /** Roles that are asked before a download whether it leaves treatment, payment and operations; nobody where absent. */
  readonly disclosureRoles?: 'everyone' | readonly string[];
  /** Query names whose values the audit keeps in clear. */
  readonly recordQuery: readonly string[];
  readonly upstreamHeaderTimeoutSeconds: number | null;
  /** `file:line`, for explain and the console. */
  readonly at: string;
}

/** A path nobody may reach, whatever the rules say. */
export interface DenyAlways {
  readonly application: string;
  readonly pattern: PathPattern;
  readonly methods: readonly Method[] | null;
  readonly query: readonly FieldCondition[];
  readonly at: string;
}

export interface Policy {
  readonly mode: 'enforce' | 'observe';
  /** SHA-256 of the rule file's bytes, hex, recorded with every decision. */
  readonly version: string;
  readonly denyAlways: readonly DenyAlways[];
  readonly rules: readonly Rule[];
  /** Our role name → the groups, group ids or app roles the provider sends. */
  readonly roles: ReadonlyMap<string, readonly string[]>;
  readonly budgets: ReadonlyMap<string, Budget>;
  /** Machine → its own budget; a machine that is not named has everyone's. */
  readonly machineBudgets?: ReadonlyMap<string, Budget>;
  readonly disclosures?: DisclosurePolicy;
}

/** What IT says of downloads that are asked about. */
export interface DisclosurePolicy {
  /** How long and for how many downloads somebody may say "the same recipient" beforehand; null where each is asked about. */
  readonly sameRecipient: { readonly seconds: number; readonly files: number } | null;
  /** Machine → what its downloads are; `inside` treatment, payment and operations. One that is not named gets none. */
  readonly machines: ReadonlyMap<string, 'inside' | Disclosure>;
}

/** A download budget; null means unlimited. */
export interface Budget {
  readonly filesPerHour: number | null;
  readonly bytesPerDay: number | null;
  readonly patientsPerHour: number | null;
  readonly paceBytesPerSecond: number | null;
  readonly then: 'refuse' | 'slow' | 'ask';
}

/**
 * Decoded fields of a query or a form, in order of appearance; names as the upstream's dialect folds them. Read one with
 * `fieldOf`, which knows from `marks` where two readers of the same bytes could disagree. A plain map has no doubts.
 */
export type Fields = ReadonlyMap<string, readonly string[]> & { readonly marks?: FieldMarks };

/** What a reader of fields must know beyond the values. Keys are `fieldKey`s, so that every spelling of a name shares one. */
export interface FieldMarks {
  /** The name as first spelled. */
  readonly spellings: ReadonlyMap<string, string>;
  /** Why the field may not be relied upon, as the end of a sentence. */
  readonly doubts: ReadonlyMap<string, string>;
  /** Why none may, also in the question whether one is there. */
  readonly doubtAll: string | null;
  /** Why none may, although every name that any server may find there is among `spellings`. */
  readonly doubtAny?: string | null;
  /** Set where the body is of a type that carries no fields, so that none can shadow one of the query. */
  readonly fieldless?: true;
  /** Fields as they were sent, repeats among them. */
  readonly count?: number;
}

/** How the upstream reads parameters: PHP folds names and takes the last, Java the first; strict refuses repeats. */
export type ParameterDialect = 'strict' | 'php' | 'java';

/** How ids of patients are written: any text, each another patient; or digits alone, so that `007` cannot stand for 7. */
export type PatientIdForm = 'exact' | 'digits';
