// Two accounts of what one person used, after what they shared was lost: each holds what the other may not know. Whatever either
// has counted stays counted, so that nobody gets a part of their budget a second time.

import { maximumKept } from './budget-state.ts';
import type { BudgetState, CountedFile } from './budget-state.ts';

/** What is no count (an extension, the warnings) is as the later one has it. Promises to replies are not in it. */
export function mergeBudgets(earlier: BudgetState, later: BudgetState): BudgetState {
  const isSameDay = earlier.day === later.day;
  const newest = earlier.day > later.day ? earlier : later;
  return {
    ...later,
    files: mergeFiles(earlier.files, later.files),
    patients: mergePatients(earlier.patients, later.patients),
    day: newest.day,
    bytes: isSameDay ? Math.max(earlier.bytes, later.bytes) : newest.bytes,
  };
}

function mergeFiles(one: readonly CountedFile[], other: readonly CountedFile[]): readonly CountedFile[] {
  const more = other.filter(({ target, at }) => !one.some((file) => file.target === target && file.at === at));
  return [...one, ...more].sort((first, second) => first.at - second.at).slice(-maximumKept);
}

function mergePatients(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const all = new Map(one);
  for (const [patient, at] of other) all.set(patient, Math.max(at, one.get(patient) ?? at));
  return new Map([...all].sort(([, first], [, second]) => first - second).slice(-maximumKept));
}
