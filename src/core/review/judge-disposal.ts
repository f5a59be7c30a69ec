// Whether a reviewer may dispose of these items so. Nobody does about themselves, nor who changes the rules; what a reviewer did
// is for the deputy, and several items at once go only where that was said.

import { deputysAlone } from '../people/deputys-alone.ts';
import type { DeputyFacts } from '../people/deputys-alone.ts';
import { isSame } from '../recertification/judge-decision.ts';
import { mostReviewNote, reviewDispositions } from './review.ts';
import type { Review, ReviewDisposition, ReviewItem, ReviewPerson } from './review.ts';

export interface AskedDisposal {
  readonly items: readonly number[];
  readonly disposition: string;
  readonly note: string;
  /** The reviewer said that all of them are meant. */
  readonly several: boolean;
}

export type DisposalRefused =
  | 'none-chosen'
  | 'several'
  | 'no-disposition'
  | 'no-note'
  | 'note-too-long'
  | 'unknown-item'
  | 'yourself'
  | 'edits-rules'
  | 'deputys'
  | 'signed';

export type DisposalVerdict =
  | {
      readonly may: true;
      readonly items: readonly ReviewItem[];
      readonly disposition: ReviewDisposition;
      readonly note: string;
    }
  | { readonly may: false; readonly why: DisposalRefused };

export interface DisposingReviewer {
  readonly person: ReviewPerson;
  readonly editsRules: boolean;
}

export function judgeDisposal(
  review: Review,
  asked: AskedDisposal,
  { person: reviewer, editsRules }: DisposingReviewer,
  deputy: DeputyFacts,
): DisposalVerdict {
  if (review.signedAt !== null) return no('signed');
  if (editsRules) return no('edits-rules');
  const numbers = [...new Set(asked.items)];
  if (numbers.length === 0) return no('none-chosen');
  if (numbers.length > 1 && !asked.several) return no('several');
  const items = review.items.filter(({ number }) => numbers.includes(number));
  if (items.length !== numbers.length) return no('unknown-item');
  if (items.some((item) => isAbout(item, reviewer))) return no('yourself');
  if (
    deputysAlone(
      items.map(({ person }) => person),
      reviewer,
      deputy,
    )
  )
    return no('deputys');
  const disposition = reviewDispositions.find((one) => one === asked.disposition);
  if (disposition === undefined) return no('no-disposition');
  const note = asked.note.trim();
  if (note === '' && disposition !== 'fine') return no('no-note');
  if (note.length > mostReviewNote) return no('note-too-long');
  return { may: true, items, disposition, note };
}

export function isAbout({ person }: Pick<ReviewItem, 'person'>, reviewer: ReviewPerson): boolean {
  return person !== null && isSame(person, reviewer);
}

function no(why: DisposalRefused): DisposalVerdict {
  return { may: false, why };
}
