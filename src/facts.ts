// The facts a request gathers on its way, one interface per stage that adds them. Later stages name the ones they need,
// so the order of the list in `request-path.ts` is checked by the compiler.

import type { BudgetAccount } from './budget-ports.ts';
import type { Answer, End } from './core/answer.ts';
import type { CallerShape } from './core/caller-shape.ts';
import type { Charge } from './core/downloads/take-bytes.ts';
import type { Carried } from './core/held/carried-patient.ts';
import type { CanonicalTarget } from './core/target/canonical-target.ts';
import type { Budget, Fields, Method, Policy, Route, Rule, Action } from './core/policy/policy.ts';
import type { RuleIndex } from './core/policy/rule-index.ts';
import type { Caller, MachineSession } from './core/session/machine-session.ts';
import type { Session } from './core/session/session.ts';
import type { ApplicationSettings } from './config/settings.ts';
import type { TakenAnswer } from './disclosure-ports.ts';
import type { EhrStanding } from './ehr-ports.ts';
import type { Exchange, Grant, LiveStream, Receipt, Soon, StreamEnd, UpstreamReply } from './ports.ts';

export interface Arrived {
  readonly exchange: Exchange;
}

/** From name-request. */
export interface Named {
  readonly id: string;
  /** Epoch milliseconds, and the monotonic reading at the same moment. */
  readonly arrivedAt: number;
  readonly startedAt: number;
}

/** From identify-request. Rules are a snapshot: one request is judged wholly by the old or the new file. */
export interface Identified extends Named {
  readonly address: string;
  readonly zones: readonly string[];
  readonly agent: string | null;
  readonly shape: CallerShape;
  readonly headers: ReadonlyMap<string, string>;
  readonly application: ApplicationSettings;
  readonly policy: Policy;
  readonly index: RuleIndex;
}

/** From take-turn: what the cookie presents, not yet believed, and whose share of the thread this request takes. */
export interface Presented {
  /** SHA-256 of the session cookie's id; null without one that could be ours. */
  readonly sessionKey: string | null;
  readonly share: string;
}

/** From canonicalize-target. */
export interface Targeted {
  readonly method: Method;
  readonly target: CanonicalTarget;
}

/** From identify-machine; null for a person. */
export interface Recognised {
  readonly machine: MachineSession | null;
}

/** From load-session and expire-session. */
export interface Loaded {
  readonly session: Session | null;
}

declare const inUse: unique symbol;

/** Proof that a session may be used at this moment: neither locked nor over. Only expire-session makes one. */
export interface InUse {
  readonly [inUse]: true;
}

/** From expire-session. */
export interface Standing {
  readonly standing: 'none' | 'active' | 'locked' | 'ended';
  readonly inUse: SignedIn['inUse'] | null;
}

/** From require-login: a person's session that may be used, or what a machine has in its place. */
export interface SignedIn {
  readonly session: Caller;
  /** A machine has no standing: it was recognised in this very request, and is its own proof. */
  readonly inUse: InUse | MachineSession;
}

/** From open-held: the held post that this request sends, or null. */
export interface Opened {
  /** `direct`: its person has just confirmed for it. */
  readonly held: { readonly id: string; readonly carried: Carried; readonly direct: boolean } | null;
}

/** From match-rule. */
export interface Matched {
  readonly rule: Rule;
  readonly route: Route;
  readonly captures: ReadonlyMap<string, string>;
  readonly query: Fields;
  readonly form: Fields | null;
}

/** From read-subject-matter. `patientSource` is null when the route declares no patient. */
export interface SubjectMatter {
  readonly patient: string | null;
  readonly patientSource: 'path' | 'query' | 'form' | 'session' | 'unresolved' | null;
  readonly selects: string | null;
  /** What stands in the record for the patient, or else for the one it selects. */
  readonly patientToken: string | null;
  readonly category: string | null;
  readonly action: Action;
  /** The value of the EHR's session cookie that goes on: one that the EHR gave to this very session; else null. */
  readonly ehrSession: string | null;
}

declare const permitted: unique symbol;

/** From authorize; cannot be made elsewhere. `observed` holds the refusal that mode `observe` let pass. */
export interface Permit {
  readonly rule: string;
  readonly viaEmergency: boolean;
  readonly observed: string | null;
  readonly [permitted]: true;
}

export interface Authorized {
  readonly permit: Permit;
}

export interface Emergency {
  readonly grant: Grant | null;
}

/** From record-attempt: no record, no access. */
export interface Recorded {
  readonly receipt: Receipt;
  /** The target as the attempt's record names it, and its keyed hash; the outcome names it the same way. */
  readonly recordedTarget: { readonly text: string; readonly hash: string };
}

/** From admit-download. */
export interface Admitted {
  readonly admission: Admission;
}

/** From ask-disclosure: what is known of whether this download leaves treatment, payment and operations, should it be one. */
export interface DisclosureAsked {
  readonly disclosure:
    /** Not of this role or rule, or never a download. */
    | { readonly known: 'not-asked' }
    /** The rules would ask, and are only observed. */
    | { readonly known: 'observed' }
    /** Looked for where the reply shows a download: the answer, or the end that asks for it. */
    | { readonly known: 'not-yet'; readonly settle: () => Soon<TakenAnswer | End> }
    /** An emergency access is open: asked afterwards. */
    | { readonly known: 'owed' }
    | { readonly known: 'answered'; readonly taken: TakenAnswer };
}

/** What the budget allows for this reply; the reply steps and the meter go by it. */
export interface Admission {
  /** Null: unlimited. */
  readonly paceBytesPerSecond: number | null;
  /** An open emergency grant, or mode `observe` over the budget: nothing is counted, paced or cut. */
  readonly unmetered: boolean;
  /** Whether a role of the person may receive a download through this rule. */
  readonly mayExport: boolean;
  /** The person's budget and account; null where no budget applies. */
  readonly held: { readonly budget: Budget; readonly account: BudgetAccount } | null;
  /** How the reply was known for a download; null where it is none. Set by the reply step. */
  download: string | null;
  /** Over budget under `then: slow`. Set here or by the reply step. */
  slowed: boolean;
  /** Opened by the reply step where bytes are counted; the meter takes from it and closes it. */
  charge: Charge | null;
  /** The first bytes of the reply that go uncounted: what a screen may weigh. Set with `charge`. */
  freeBytes: number;
}

/** From sign-in-to-ehr: headers that sign this person on, and the session's standing at the EHR where it has a jar. */
export interface EhrSignedOn {
  readonly ehrHeaders: readonly string[];
  readonly ehrStanding: EhrStanding | null;
  /** As from read-subject-matter; another one where the sign-on opened it. */
  readonly ehrSession: string | null;
}

/** From forward. */
export interface Forwarded {
  readonly reply: UpstreamReply;
  /** Cut when the session or the permit ends. Whoever serves the request leaves it at the end. */
  readonly stream: LiveStream;
}

/** Everything settle may look at: whatever was gathered before the end. */
export type Gathered = Arrived &
  Partial<
    Identified &
      Presented &
      Targeted &
      Recognised & { readonly session: Caller | null } & Standing &
      Opened &
      Matched &
      SubjectMatter &
      Authorized &
      Emergency &
      Recorded &
      Admitted &
      DisclosureAsked &
      EhrSignedOn &
      Forwarded
  >;

/** How the request ended, for settle. */
export interface Outcome {
  readonly endedBy: string;
  readonly answer: Answer | null;
  readonly status: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** `complete`, or how it was cut short. */
  readonly transfer: 'complete' | 'client-abort' | 'upstream-cut' | 'budget-cut' | 'stalled' | StreamEnd['transfer'];
}
