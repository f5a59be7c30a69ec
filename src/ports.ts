// Everything Wardgate needs from the world, on one page. Stages and our own routes see these types and `core`, nothing
// else; `compose.ts` decides which adapter stands behind each.

import type { Duplex, Readable } from 'node:stream';
import type { Broken, Refusal } from './core/answer.ts';
import type { AuditEntry } from './core/audit/entry.ts';
import type { FactorEvidence, Session, Subject } from './core/session/session.ts';
import type { CanonicalTarget } from './core/target/canonical-target.ts';
import type { Door } from './machine-ports.ts';
import type { Lookup, SessionStore, Soon } from './session-ports.ts';

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds of a clock that never jumps. */
  monotonic(): number;
}

export interface Randomness {
  /** A fresh 256-bit id, base64url. */
  id(): string;
}

// --- one request, as the edge hands it over -------------------------------------------------------------------------

/** What is on the wire. The HTTP edge implements it; nothing else touches Node's request and response objects. */
export interface Exchange {
  readonly method: string;
  readonly rawTarget: string;
  readonly httpVersion: string;
  /** Name, value, name, value as received. Decisions are made on this list, never on a map that hides repeats. */
  readonly rawHeaders: readonly string[];
  readonly peerAddress: string;
  readonly door: Door;
  /** The name that the client asked TLS for (SNI); absent without TLS, or where it asked for none. */
  readonly serverName?: string;
  /** True where the client asks to leave HTTP. */
  readonly isUpgrade: boolean;
  readonly body: RequestBody;
  /** True once the client has gone. */
  readonly aborted: boolean;
  /** Calls back once when the client goes before its answer is complete. */
  onAbort(callback: () => void): void;
}

/** The request's body: read ahead by a rule that needs fields, or streamed by `forward`; never both lost. */
export interface RequestBody {
  /** Bytes declared; null for chunked; 0 for none. */
  readonly declaredBytes: number | null;
  /** Bytes received so far. */
  readonly receivedBytes: number;
  /** Why the streamed body was cut by its limits; null where it was not. */
  readonly cut: 'body-too-large' | 'body-too-slow' | null;
  /** Reads the whole body and keeps it for forwarding. */
  readAhead(maxBytes: number, timeoutMilliseconds: number): Promise<ReadAhead>;
  /** What goes upstream: the bytes read ahead, or the stream with its limits on it; null when there is no body. */
  forwardable(): Buffer | Readable | null;
}

export type ReadAhead =
  { readonly read: 'whole'; readonly bytes: Buffer } | { readonly read: 'too-large' | 'too-slow' | 'aborted' };

/** Fair shares of the one thread. */
export interface Turns {
  /** The person's where the session is known, else that of the address. */
  of(sessionKey: string | null, address: string): string;
  belongs(sessionKey: string, person: Pick<Subject, 'issuer' | 'sub'>): void;
  /** Undefined where work may begin now; else resolves when it is this share's turn. */
  take(share: string): Promise<void> | undefined;
}

// --- records --------------------------------------------------------------------------------------------------------

/** Proof that the record is in the log: write(2) has returned. `durable` resolves once it would survive a power loss, and rejects when it will not. */
export interface Receipt {
  readonly sequence: number;
  readonly durable: Promise<void>;
}

export interface AuditLog {
  /** Rejects with Fault `audit-unavailable` when nothing can be written. */
  append(entry: AuditEntry): Promise<Receipt>;
  /** False while records cannot be made durable; the caller answers 503 before it does anything. */
  readonly available: boolean;
  /** Directory of the segments. */
  readonly directory: string;
  close(): Promise<void>;
}

// --- state ----------------------------------------------------------------------------------------------------------

/** An open emergency access. */
export interface Grant {
  readonly id: string;
  readonly issuer: string;
  readonly sub: string;
  readonly reason: string;
  readonly openedAt: number;
  readonly expiresAt: number;
}

export interface GrantStore {
  open(grant: Grant): Promise<void>;
  current(issuer: string, sub: string, now: number): Soon<Grant | null>;
  /** Before "there is none" is said: resolves once what other gateways opened until now is here. */
  latest(): Promise<void>;
}

/** Small sealed values: AES-256-GCM whose additional data binds them to purpose and owner. */
export interface Sealer {
  seal(purpose: string, owner: string, plaintext: string): string;
  /** Throws when the value was sealed for anything else, or altered. */
  open(purpose: string, owner: string, sealed: string): string;
}

// --- the EHR --------------------------------------------------------------------------------------------------------

/** What goes to the EHR: method, canonical target, and the headers that the allow-list let through. */
export interface UpstreamRequest {
  readonly application: string;
  readonly method: string;
  readonly target: CanonicalTarget;
  /** Name, value, name, value. */
  readonly headers: readonly string[];
  /** Its `aborted` and `onAbort` also tell of a session or a permit that ended. */
  readonly exchange: Pick<Exchange, 'body' | 'aborted' | 'onAbort'>;
  readonly headerTimeoutSeconds: number | null;
  /** The person whose share of the pool this uses. */
  readonly person: string;
}

/** The EHR's answer before any byte of it went on. The reply list edits it; the edge sends it. */
export interface UpstreamReply {
  status: number;
  /** Name, value, name, value; reply steps edit the list. The reason phrase is never passed on: legacy servers put data there. */
  headers: string[];
  /** Set by the upgrade path: the sockets are joined once the reply list let the 101 pass. */
  readonly upgraded: UpgradedSocket | null;
  /** The first bytes of the body, left for whoever starts it: `most`, or fewer where it is over, broken or stalls. Never rejects. */
  peek(most: number): Promise<Buffer>;
  /** Puts bytes of ours into the body, no deeper than was looked at; before it is started. They are the reply's from now on. */
  insert(at: number, bytes: Buffer): void;
  /** Starts the body; nothing flows before. Called once. */
  start(sink: ReplySink): void;
  /** Continues after a sink said it was full. */
  resume(): void;
  /** Stops the upstream exchange. */
  abort(cause: Error): void;
}

/** Takes the reply's body. `data` returns false when it is full; the source then waits for `resume`. */
export interface ReplySink {
  /** The chunk is the sink's from now on: nobody else may read it, or hand it over again. */
  data(chunk: Buffer): boolean;
  end(): void;
  /** The EHR broke off; what was sent must not look complete. */
  fail(cause: Error): void;
}

/** The EHR's side of a WebSocket after its 101 was verified. */
export interface UpgradedSocket {
  readonly socket: Duplex;
  readonly head: Buffer;
}

export interface Upstream {
  /** Rejects with a Fault. The body is streamed from the exchange. */
  request(request: UpstreamRequest): Promise<UpstreamReply>;
  upgrade(request: UpstreamRequest): Promise<UpstreamReply>;
}

/** Why something under way is cut: the record's word, and what a caller is told who has not seen a byte of it. */
export interface StreamEnd {
  readonly transfer: 'session-ended' | 'permit-ended' | 'session-unknown';
  readonly refusal: Refusal | Broken;
}

/** One request under way, known from before it is sent to the EHR until its last byte. */
export interface LiveStream {
  /** Null while it may go on. */
  readonly ended: StreamEnd | null;
  /** Calls back once when it is cut, at once where it was. Replaces the callback before. */
  onCut(callback: (end: StreamEnd) => void): void;
  /** It is over. Later calls do nothing. */
  leave(): void;
}

// --- our own pages --------------------------------------------------------------------------------------------------

export interface OwnPageContext {
  readonly requestId: string;
  readonly address: string;
  readonly agent: string | null;
  readonly zones: readonly string[];
  readonly application: string;
  readonly target: CanonicalTarget;
  readonly session: Session | null;
}

/** The express routes under the reserved prefix, hosted by the edge. */
export interface OwnPages {
  /** True when one of the routes with this reach serves the path. */
  has(reach: 'public' | 'session' | 'lock' | 'console', method: string, path: string): boolean;
  /** Resolves once the page has been answered. */
  serve(
    reach: 'public' | 'session' | 'lock' | 'console',
    exchange: Exchange,
    context: OwnPageContext,
  ): Promise<{ readonly status: number }>;
}

// --- watching -------------------------------------------------------------------------------------------------------

/** The operations log: never the audit, never a patient. */
export interface OperationsLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Told how long a stage took, milliseconds, whether it ended the request or failed. */
export type StageWatch = (stage: string, milliseconds: number) => void;

export interface Metrics {
  /** One finished request, counted by the name of the stage that ended it. */
  finished(endedBy: string, status: number, seconds: number): void;
  /** Why a request did not go through, or not whole. `reason` is of one of the closed sets, never what a request said. */
  failed(kind: 'refusal' | 'fault' | 'cut', reason: string): void;
  /** One reply that was a download, with the bytes of it that were sent. */
  downloaded(bytes: number): void;
  count(name: string, by?: number): void;
}

export type { FactorEvidence, Lookup, Session, SessionStore, Soon, Subject };
