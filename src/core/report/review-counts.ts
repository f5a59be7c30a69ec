// The numbers of a review, out of requests and events that were counted by person, event and decision.

import { failedAttempts } from '../audit/failed-attempts.ts';

/** Counted together. A person is their login name, `machine lab` for a machine; null for nobody. */
export interface CountedEvents {
  readonly person: string | null;
  readonly event: string;
  readonly decision: string | null;
  readonly count: number;
}

export interface ReviewCounts {
  /** People and machines of whom a request went on to an EHR or to the console. */
  readonly people: readonly string[];
  readonly machines: readonly string[];
  readonly accesses: number;
  readonly refusals: number;
  readonly failures: number;
  readonly of: (event: string) => number;
}

const machine = 'machine ';

export function reviewCounts(counted: readonly CountedEvents[]): ReviewCounts {
  const sum = (fits: (one: CountedEvents) => boolean): number => counted.filter(fits).reduce((all, { count }) => all + count, 0);
  const of = (event: string): number => sum((one) => one.event === event);
  const passed = counted.filter(isPassed);
  const names = [...new Set(passed.flatMap(({ person }) => person ?? []))].toSorted();
  return {
    people: names.filter((name) => !name.startsWith(machine)),
    machines: names.filter((name) => name.startsWith(machine)),
    accesses: sum(isPassed),
    refusals: sum(({ event, decision }) => event === 'refusal' || (event === 'outcome' && decision === 'refused')),
    failures: failedAttempts.reduce((all, event) => all + of(event), 0),
    of,
  };
}

function isPassed({ event, decision }: CountedEvents): boolean {
  return event === 'outcome' && decision !== 'refused';
}
