// How far a case is: what has been said of it since it was opened last, and whether its person owes an answer.

import type { Case, Disposition, StepKind } from './case.ts';

export interface CaseStanding {
  readonly open: boolean;
  readonly finding: boolean;
  readonly disposition: Disposition | null;
  readonly sanction: boolean;
  /** Of the last question. */
  readonly question: 'none' | 'asked' | 'answered' | 'withheld';
}

const fresh: CaseStanding = { open: true, finding: false, disposition: null, sanction: false, question: 'none' };

const changes: Readonly<Partial<Record<StepKind, (so: CaseStanding) => CaseStanding>>> = {
  finding: (so) => ({ ...so, finding: true }),
  sanction: (so) => ({ ...so, sanction: true }),
  closed: (so) => ({ ...so, open: false }),
  reopened: ({ question }) => ({ ...fresh, question }),
  question: (so) => ({ ...so, question: 'asked' }),
  answer: (so) => ({ ...so, question: 'answered' }),
  'question-withheld': (so) => ({ ...so, question: 'withheld' }),
};

/** What is reopened is found and disposed of anew; a question that was asked stays asked. */
export function caseStanding({ steps }: Pick<Case, 'steps'>): CaseStanding {
  return steps.reduce<CaseStanding>((so, step) => {
    // What was imposed for one disposition says nothing of another.
    if (step.kind === 'disposition') return { ...so, disposition: step.disposition, sanction: false };
    return changes[step.kind]?.(so) ?? so;
  }, fresh);
}
