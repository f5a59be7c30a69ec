// Whether a step may be taken: by whom, and behind which others. The order is finding, disposition, sanction, closed; nobody
// does any of it about themselves, who changes the rules does not say what an alert was, and what a reviewer did is for the deputy.

import { mostStepText, mostSteps } from './case.ts';
import type { Case, CasePerson, StepKind } from './case.ts';
import { caseStanding } from './case-standing.ts';
import type { CaseStanding } from './case-standing.ts';
import { concerns } from './concerns.ts';
import { mostPostponements, questionThread } from './question-thread.ts';

/** Who acts: a reviewer, the one a case is about, or the gateway by itself. */
export type Acting =
  | { readonly as: 'reviewer'; readonly person: CasePerson; readonly editsRules: boolean; readonly deputysAlone: boolean }
  | { readonly as: 'asked'; readonly person: CasePerson }
  | { readonly as: 'gateway' };

export type StepRefused =
  | 'yourself'
  | 'edits-rules'
  | 'deputys'
  | 'not-its-person'
  | 'not-yours'
  | 'closed'
  | 'not-closed'
  | 'no-finding'
  | 'no-disposition'
  | 'no-violation'
  | 'no-sanction'
  | 'no-person'
  | 'question-open'
  | 'no-question'
  | 'postponed-enough'
  | 'no-text'
  | 'text-too-long'
  | 'full';

/** `text` is null for a step that has none. */
export interface AskedStep {
  readonly kind: Exclude<StepKind, 'opened'>;
  readonly text: string | null;
}

const byReviewers: readonly StepKind[] = [
  'alert-added',
  'finding',
  'message',
  'question',
  'question-withheld',
  'disposition',
  'sanction',
  'closed',
  'reopened',
];
const byItsPerson: readonly StepKind[] = ['answer', 'message', 'question-postponed', 'question-seen'];
const byTheGateway: readonly StepKind[] = ['alert-added', 'question'];
/** What says what an alert was, or undoes that. */
const disposing: readonly StepKind[] = ['disposition', 'closed', 'reopened'];

/** Null where it may be taken. */
export function judgeStep(one: Case, asked: AskedStep, acting: Acting): StepRefused | null {
  return mayAct(one, asked.kind, acting) ?? judgeText(asked.text) ?? hasRoom(one, asked.kind, acting) ?? follows(one, asked.kind);
}

function mayAct(one: Case, kind: StepKind, acting: Acting): StepRefused | null {
  if (acting.as === 'gateway') return byTheGateway.includes(kind) ? null : 'not-yours';
  if (acting.as === 'asked') {
    if (one.person === null || !concerns({ ...one, alerts: [] }, acting.person)) return 'not-its-person';
    return byItsPerson.includes(kind) ? null : 'not-yours';
  }
  if (concerns(one, acting.person)) return 'yourself';
  if (!byReviewers.includes(kind)) return 'not-yours';
  if (!disposing.includes(kind)) return null;
  if (acting.editsRules) return 'edits-rules';
  return acting.deputysAlone ? 'deputys' : null;
}

/** Whoever is asked must not be able to talk until nothing can be found, disposed of or closed any more. */
function hasRoom({ steps }: Case, kind: StepKind, { as }: Acting): StepRefused | null {
  if (kind === 'closed') return null;
  return steps.length >= (as === 'reviewer' ? mostSteps : mostSteps / 2) ? 'full' : null;
}

function judgeText(text: string | null): StepRefused | null {
  if (text === null) return null;
  if (text.trim() === '') return 'no-text';
  return text.length > mostStepText ? 'text-too-long' : null;
}

function follows(one: Case, kind: StepKind): StepRefused | null {
  const so = caseStanding(one);
  if (kind === 'reopened') return so.open ? 'not-closed' : null;
  if (!so.open) return 'closed';
  return needs[kind]?.(so, one) ?? null;
}

type Need = (so: CaseStanding, one: Case) => StepRefused | null;

const needsQuestion: Need = ({ question }) => (question === 'asked' ? null : 'no-question');

const needs: Readonly<Partial<Record<StepKind, Need>>> = {
  disposition: ({ finding }) => (finding ? null : 'no-finding'),
  sanction: ({ disposition }) => {
    if (disposition === null) return 'no-disposition';
    return disposition === 'violation' ? null : 'no-violation';
  },
  closed: mayClose,
  question: ({ question }, { person }) => {
    if (person === null) return 'no-person';
    return question === 'asked' ? 'question-open' : null;
  },
  answer: needsQuestion,
  'question-withheld': needsQuestion,
  'question-postponed': (so, one) => {
    const put = questionThread(one)?.postponed.times ?? 0;
    return needsQuestion(so, one) ?? (put < mostPostponements ? null : 'postponed-enough');
  },
  'question-seen': (_so, one) => (questionThread(one) === null ? 'no-question' : null),
};

/** A violation needs its sanction, and be it none with a reason: 45 CFR 164.308(a)(1)(ii)(C) wants it documented. */
function mayClose({ disposition, sanction }: CaseStanding): StepRefused | null {
  if (disposition === null) return 'no-disposition';
  return disposition === 'violation' && !sanction ? 'no-sanction' : null;
}
