// What of a case its person sees: the questions and messages to them, and what they said. Whatever stands before a question that
// was withheld, and a case that is closed or in which nobody spoke to them, they do not see.

import type { Case, KeptStep } from './case.ts';
import { caseStanding } from './case-standing.ts';

export type ThreadStep = KeptStep & { readonly kind: 'question' | 'message' | 'answer'; readonly text: string };

export interface QuestionThread {
  /** Never empty. */
  readonly steps: readonly ThreadStep[];
  /** When the question was put that has no answer yet; null where none waits for one. */
  readonly askedAt: number | null;
  /** What the person has yet to look at or to answer. */
  readonly waits: 'question' | 'message' | null;
  /** How often the question was put off, and when last. */
  readonly postponed: { readonly times: number; readonly lastAt: number };
  /** Whether its person has seen what was said last. */
  readonly seen: boolean;
}

/** Of one question. */
export const mostPostponements = 3;
/** A question that was put off is quiet for so long, and no longer than it may be put off at all. */
export const postponedMilliseconds = 4 * 3_600_000;

export function questionThread(one: Case): QuestionThread | null {
  const { open, question } = caseStanding(one);
  const behind = one.steps.findLastIndex(({ kind }) => kind === 'question-withheld') + 1;
  const since = one.steps.slice(behind);
  const steps = since.filter((step) => isSaid(step));
  const lastToThem = since.findLastIndex((step) => isSaid(step) && !isTheirs(one, step));
  if (!open || lastToThem === -1) return null;
  const later = since.slice(lastToThem + 1);
  const seen = later.some((step) => step.kind === 'question-seen' || isTheirs(one, step));
  const waits = question === 'asked' ? 'question' : seen ? null : 'message';
  const asked = since.findLastIndex(({ kind }) => kind === 'question');
  const put = since[asked];
  const puttingOff = since.slice(asked + 1).filter(({ kind }) => kind === 'question-postponed');
  return {
    steps,
    askedAt: question === 'asked' && put !== undefined ? put.at : null,
    waits,
    postponed: { times: puttingOff.length, lastAt: puttingOff.at(-1)?.at ?? 0 },
    seen,
  };
}

/** Until when nothing is said of it; 0 where it was not put off. `due`: from when on it is not put off any more. */
export function quietUntil({ postponed: { times, lastAt } }: Pick<QuestionThread, 'postponed'>, due: number): number {
  return times === 0 ? 0 : Math.min(lastAt + postponedMilliseconds, due);
}

function isSaid(step: KeptStep): step is ThreadStep {
  return step.kind === 'question' || step.kind === 'message' || step.kind === 'answer';
}

function isTheirs({ person }: Case, { kind, by }: KeptStep): boolean {
  if (kind === 'answer') return true;
  return kind === 'message' && by !== 'gateway' && by.issuer === person?.issuer && by.sub === person.sub;
}
