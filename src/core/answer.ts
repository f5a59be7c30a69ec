// How a stage ends a request. Every answer the gateway gives by itself is one of these values; only `http/` turns
// them into bytes.

import type { Reason } from './reasons.ts';
import type { FaultCode } from './faults.ts';

/** A "no" with its reason. `detail` is one sentence for the person; `field` names the place. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly reason: Reason;
  readonly detail?: string;
  /** What the record says in the place of `detail`, where telling the caller would help whoever only guesses. */
  readonly recorded?: string;
  /** What the EHR's own page said: shown as a quotation, never recorded, because it may name anybody. */
  readonly told?: string;
  readonly rule?: string;
  readonly retryAfterSeconds?: number;
  /** Where the caller can put it right: a path of ours, such as the sign-in or the step-up page. */
  readonly remedy?: string;
}

/** A short answer of our own: a redirect or a small body. */
export interface Plain {
  readonly kind: 'plain';
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string;
}

/** Something broke; `cause` goes to the operations log, never to the caller. */
export interface Broken {
  readonly kind: 'fault';
  readonly code: FaultCode;
  readonly detail?: string;
  readonly cause?: unknown;
}

/** One of our own pages has already answered on the wire (the sign-in or console routes). */
export interface Handled {
  readonly kind: 'handled';
  readonly status: number;
}

export type Answer = Refusal | Plain | Broken | Handled;

/** Wraps an answer so that the runner can tell "ended" from "added a fact". */
export class End {
  readonly answer: Answer;
  constructor(answer: Answer) {
    this.answer = answer;
  }
}

/** Ends the request with an answer. */
export function end(answer: Answer): End {
  return new End(answer);
}

/** Ends the request with a refusal. */
export function refuse(reason: Reason, more: Omit<Refusal, 'kind' | 'reason'> = {}): End {
  return new End({ kind: 'refusal', reason, ...more });
}
