// What signing people on to an EHR needs from the world: a client for requests of our own, the state of each session of
// ours at each EHR, and the vault of EHR passwords. `ehr/` and our own pages see these types.

import type { EhrReply } from './core/ehr/ehr-reply.ts';
import type { Jar } from './core/ehr/jar.ts';
import type { CallerShape } from './core/caller-shape.ts';
import type { Method } from './core/policy/policy.ts';
import type { EhrPlace } from './core/session/ehr-place.ts';
import type { Caller } from './core/session/machine-session.ts';
import type { Session, Subject } from './core/session/session.ts';
import type { CanonicalTarget } from './core/target/canonical-target.ts';
import type { Soon } from './ports.ts';

/** A request of our own to an EHR; framed and bounded like those of people. */
export interface EhrRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Request line: begins with one `/`; printable ASCII. */
  readonly target: string;
  /** Name, value, name, value; Host, length and forwarding headers are added. */
  readonly headers: readonly string[];
  readonly body: string | null;
  /** The person's address: EHRs lock out whole addresses, and ours must not stand for everybody. */
  readonly address: string;
}

export interface EhrClient {
  /** Never follows a redirect and never retries. Keeps at most 64 KB of the body. Rejects with Fault `upstream-…`. */
  send(application: string, request: EhrRequest): Promise<EhrReply>;
}

/** One session of ours at one EHR. Replaced as a whole. */
export interface EhrStanding {
  /** Counts sign-ons: a reply to a request of an earlier one changes nothing any more. */
  readonly generation: number;
  readonly standing: 'signed-on' | 'ended' | 'changing-password';
  readonly jar: Jar;
  /** Epoch milliseconds of the last sign-on. */
  readonly signedOnAt: number;
  /** The same of the sign-on before that, in the same session of ours. */
  readonly signedOnBefore?: number;
  /** The EHR's page for a new password, while it wants one. */
  readonly passwordPage?: string;
  /** The account of the configuration with which it was opened; absent for a person's own. */
  readonly account?: string;
}

/** Sealed on disk, in memory while the session lives. Gone with the session; never comes back after it. */
export interface EhrStandings {
  /** As this gateway knows it; whoever decides by it asks for the `current` one first. */
  get(session: Caller, application: string): EhrStanding | null;
  /** The same once everything that other gateways changed has been read. Rejects with Fault `session-store-unavailable`. */
  current(session: Caller, application: string): Soon<EhrStanding | null>;
  /**
   * In memory at once, on disk within a second. With several gateways it resolves once the others can read it; what they
   * changed meanwhile stays in it. Does nothing where the session has ended. Never rejects.
   */
  put(session: Caller, application: string, standing: EhrStanding): Soon<void>;
  /** Takes away all that the session holds, and returns it; to one gateway alone. Never rejects. */
  take(session: Caller): Soon<ReadonlyMap<string, EhrStanding>>;
}

/** What the EHR is told of a person. `more` holds what its recipe asks beyond name and password, such as `pin`. */
export interface EhrCredential {
  readonly username: string;
  readonly password: string;
  readonly more: Readonly<Record<string, string>>;
}

/** A stored credential. `refused` since the EHR did not take it: it is never tried again until it is replaced. */
export interface VaultEntry {
  readonly credential: EhrCredential;
  readonly refused: boolean;
}

type Person = Pick<Subject, 'issuer' | 'sub' | 'name'>;

/** People's own names and passwords for each EHR, sealed to person and application (AES-256-GCM). */
export interface CredentialVault {
  /** Takes over what IT imported under the person's login name, the first time. */
  get(person: Person, application: string): Promise<VaultEntry | null>;
  put(person: Person, application: string, credential: EhrCredential): Promise<void>;
  /** The EHR refused it; no further try is made with it. */
  markRefused(person: Person, application: string): Promise<void>;
  remove(person: Person, application: string): Promise<void>;
  /** All that is kept of them, imported or not, whatever the EHR. Says how many there were. */
  removeAll(person: Person): Promise<number>;
}

/** A try that may be made now; `end` it once it is known whether it failed. `end` never rejects. */
export interface SignOnTry {
  end(failed: boolean): Soon<void>;
}

/** Stops sign-ons to an EHR for a while when too many have failed, and for good those of an account that it refused. */
export interface SignOnBrake {
  /** A try, or the seconds until one may be had. */
  begin(application: string, person: Pick<Subject, 'issuer' | 'sub'>): Promise<SignOnTry | number>;
  failed(application: string, person: Pick<Subject, 'issuer' | 'sub'>): Soon<void>;
  /** Seconds until the next try may be made; null where one may be made now. */
  pausedFor(application: string): Soon<number | null>;
  /** The EHR has refused an account of the configuration: until the next start nobody tries it again. */
  refuse(application: string, account: string): Soon<void>;
  isRefused(application: string, account: string): Soon<boolean>;
}

/** A request that needs the EHR, as the sign-on sees it. */
export interface EhrEntry {
  readonly session: Caller;
  readonly address: string;
  readonly zones: readonly string[];
  readonly requestId: string;
  readonly method: Method;
  readonly shape: CallerShape;
  readonly target: CanonicalTarget;
}

/** How the request goes on. */
export type EhrEntered =
  /** `headers` sign the person on; `standing` is what the jar holds, null for an EHR without a jar. */
  | { readonly entered: 'yes'; readonly headers: readonly string[]; readonly standing: EhrStanding | null }
  /** Signed on just now: the browser goes to `location` (a request line) with these Set-Cookie values. */
  | { readonly entered: 'landing'; readonly location: string; readonly cookies: readonly string[] }
  /** The person's own EHR password is needed; `problem` says what was wrong with the one before. */
  | { readonly entered: 'credential-needed'; readonly refused: boolean }
  /** The EHR wants a new password first; `page` is its own page, which may be opened until a new one is entered here. */
  | { readonly entered: 'password-change'; readonly page: string }
  /** The EHR answered, and neither success nor failure could be told. `told` is the text of its page. */
  | { readonly entered: 'unrecognised'; readonly status: number; readonly told: string }
  /** Only a page may sign on, or the one try after the EHR's end is used up. */
  | { readonly entered: 'ended' }
  /** Too many sign-ons failed at this EHR lately; nobody's password is tried for now. */
  | { readonly entered: 'paused'; readonly retryAfterSeconds: number }
  /** The person has no role for which an account is configured. */
  | { readonly entered: 'no-account' };

/** How one application signs people on. */
export interface EhrSignOn {
  /** Rejects with a Fault where the EHR or the vault cannot be asked. */
  enter(entry: EhrEntry): Soon<EhrEntered>;
}

/** A try with a credential that is not stored yet; what succeeds opens the session's standing at once. */
export type TrialResult =
  | { readonly trial: 'signed-on'; readonly location: string | null; readonly cookies: readonly string[] }
  | { readonly trial: 'refused' }
  | { readonly trial: 'password-change'; readonly page: string }
  | { readonly trial: 'unrecognised'; readonly status: number; readonly told: string }
  | { readonly trial: 'paused'; readonly retryAfterSeconds: number };

export interface EhrTrial {
  /** Null where the application takes no password of a person's own. */
  asks(application: string): readonly string[] | null;
  try(session: Session, application: string, credential: EhrCredential, address: string): Promise<TrialResult>;
  /** Ends what a try has opened for this session, and tells the EHR; for a try that could not be recorded or kept. */
  leave(session: Session, application: string): Soon<void>;
}

/** A request by which a person logged out of the EHR. */
export interface SignOutPlace {
  readonly application: string;
  readonly requestId: string;
  readonly address: string;
  readonly agent: string | null;
  readonly shape: CallerShape;
  /** `Accept-Language`, as the browser sent it. */
  readonly accept: string | undefined;
}

/** The EHR gave these sessions in answer to a request, which may select a patient in them. */
export type LearnEhrSessions = (
  place: EhrPlace,
  requestId: string,
  values: readonly string[],
  selects: { readonly patient: string | null } | null,
) => Soon<void>;
