// A case as a command tells it: what the record has of it as well, and no word that anybody typed. Texts may name a patient, and
// at a terminal nobody knows who reads them.

import type { Case, Disposition } from './case.ts';
import { caseStanding } from './case-standing.ts';
import type { CaseStanding } from './case-standing.ts';

/** Times are ISO 8601, UTC. */
export interface ToldCase {
  readonly id: string;
  readonly opened: string;
  readonly standing: 'open' | 'closed';
  /** Login name; null where it is nobody's in particular. */
  readonly person: string | null;
  /** Token. */
  readonly patient: string | null;
  readonly finding: boolean;
  readonly disposition: Disposition | null;
  readonly sanction: boolean;
  readonly question: CaseStanding['question'];
  readonly alerts: readonly {
    readonly record: number;
    readonly time: string;
    /** Null where a review brought it up. */
    readonly detector: string | null;
    readonly words: string;
  }[];
  readonly steps: readonly {
    readonly record: number;
    readonly time: string;
    readonly kind: string;
    readonly by: string;
    /** Where a review brought it up: `triage-2026-11-23 item 3`. */
    readonly origin: string | null;
    /** What the record says of its text; null where it has none. */
    readonly commitment: string | null;
  }[];
}

export function toldCase(one: Case): ToldCase {
  const { open, finding, disposition, sanction, question } = caseStanding(one);
  return {
    id: one.id,
    opened: iso(one.openedAt),
    standing: open ? 'open' : 'closed',
    person: one.person?.name ?? null,
    patient: one.patient,
    finding,
    disposition,
    sanction,
    question,
    alerts: one.alerts.map(({ sequence, time, detector, words }) => ({ record: sequence, time: iso(time), detector, words })),
    steps: one.steps.map((step) => ({
      record: step.record,
      time: iso(step.at),
      kind: step.kind,
      by: step.by === 'gateway' ? 'the gateway' : step.by.name,
      origin: 'origin' in step && step.origin !== undefined ? `${step.origin.review} item ${step.origin.item}` : null,
      commitment: step.commitment,
    })),
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
