// What the pages of cases say of steps, dispositions and refusals. A refusal says whom to ask.

import type { CaseRefused } from '../../case-ports.ts';
import type { CaseAlert, Disposition, StepKind } from '../../core/cases/case.ts';
import { mostCaseAlerts, mostStepText } from '../../core/cases/case.ts';

export const reviewPath = '/.wardgate/console/review';
export const casePath = `${reviewPath}/case`;
export const caseExportPath = `${reviewPath}/export`;
export const precisionPath = `${reviewPath}/precision`;

export const stepWords: Readonly<Record<StepKind, string>> = {
  opened: 'Opened',
  'alert-added': 'Alerts added',
  question: 'Question to the person',
  'question-withheld': 'Question withheld',
  'question-postponed': 'Question postponed by the person',
  'question-seen': 'Question seen by the person',
  answer: 'Answer',
  message: 'Message',
  finding: 'Finding',
  disposition: 'Disposition',
  sanction: 'Sanction',
  closed: 'Closed',
  reopened: 'Reopened',
};

/** What noticed it. */
export function noticedBy({ detector }: Pick<CaseAlert, 'detector'>): string {
  return detector === null ? 'a review' : detector.replaceAll('-', ' ');
}

export const dispositionWords: Readonly<Record<Disposition, string>> = {
  violation: 'violation: it should not have been done',
  justified: 'justified: unusual, and part of the work',
  'false-alarm': 'false alarm: there was nothing unusual',
  unclear: 'unclear: it could not be found out',
};

/** Without a patient's name: the person sees them in a page of ours. */
export const suggestedQuestions = [
  'You opened a chart in a way that our record does not explain. What was it for?',
  'Our record shows work under your name that is unlike your usual work. Was it you, and what was it for?',
] as const;

/** `deputy` is null for the deputy as well: nobody is told to ask themselves. */
export function refusedWords(refused: CaseRefused, deputy: string | null): string {
  const somebody = deputy === null ? 'Ask another reviewer' : `Ask the deputy, ${deputy}`;
  const words: Readonly<Record<CaseRefused, string>> = {
    yourself: `This concerns you, and nobody reviews anything about themselves. ${somebody}.`,
    'edits-rules': `You changed the rules or settings within the last quarter, and whoever does says not what an alert was. ${somebody}.`,
    deputys: `This is about somebody who reviews, and what they did the deputy judges alone. ${somebody}; if they cannot, IT names another in alerts.yaml.`,
    'not-its-person': 'Only the person whom the case is about may do this.',
    'not-yours': 'This step is not yours to take.',
    closed: 'This case is closed. Reopen it first.',
    'not-closed': 'This case is not closed.',
    'no-finding': 'Write down first what you found.',
    'no-disposition': 'Say first what it was: choose a disposition.',
    'no-disposition-chosen': 'Choose what it was.',
    'no-violation': 'A sanction follows a violation, and this was none.',
    'no-sanction': 'Write down the sanction first; if there is none, say so and why.',
    'no-person': 'This case is about no single person, so there is nobody to ask.',
    'question-open': 'A question is open already. Wait for its answer, or withhold it.',
    'no-question': 'No question is open.',
    'postponed-enough': 'This question is not put off any longer.',
    'no-text': 'Write something.',
    'text-too-long': `A text has at most ${mostStepText} characters.`,
    full: 'This case has as many steps as one may have. Close it; later alerts get a case of their own.',
    'no-case': 'There is no such case.',
    'no-alerts': `These alerts are not on record. Reload the page; a case takes ${mostCaseAlerts} at most.`,
    'several-people': 'A case is about one person.',
    'has-case': 'One of these alerts is in a case already. Reload the page.',
  };
  return words[refused];
}
