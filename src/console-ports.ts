// What the console is told of the gateway at work, beside the record: counts in memory, how its parts stand, and the rules.

import type { Explanation } from './core/policy/explain.ts';
import type { Policy } from './core/policy/policy.ts';
import type { Session } from './core/session/session.ts';

/** Requests for the EHR in one short span. `at` is its beginning, epoch milliseconds. */
export interface TrafficSpan {
  readonly at: number;
  readonly requests: number;
  /** Answered by the gateway itself with a no. */
  readonly refused: number;
}

export interface LiveTraffic {
  /** The last ten minutes in spans of ten seconds, the oldest first; always as many. */
  spans(): readonly TrafficSpan[];
}

/** One line of the page of health. */
export interface HealthLine {
  readonly what: string;
  /** `off`: not configured, or turned off. */
  readonly state: 'good' | 'bad' | 'off' | 'unknown';
  readonly says: string;
}

export interface HealthPart {
  readonly title: string;
  readonly lines: readonly HealthLine[];
}

export interface WhatIf {
  readonly role: string;
  readonly method: string;
  readonly path: string;
  readonly application: string;
}

/** The rules in force, as the console may ask them. */
export interface RulesInForce {
  policy(): Policy;
  /** Whether this person's rules let them open an address of the console, from these zones and now. */
  mayOpen(session: Session, zones: readonly string[], path: string): boolean;
  /** Names of the applications, the first one first. */
  readonly applications: readonly string[];
  /** What would be decided, or in words what is wrong with the question. */
  whatIf(asked: WhatIf): Explanation | { readonly problem: string };
}
