// The shape of one entry of the settle list, which always runs: after an answer, an abort or a fault.

import type { Gathered, Outcome } from '../facts.ts';
import type { Soon } from '../ports.ts';

export interface NamedSettleStep {
  readonly name: string;
  readonly run: (facts: Gathered, outcome: Outcome) => Soon<void>;
}
