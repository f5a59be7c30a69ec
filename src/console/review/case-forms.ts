// The forms of a case: one for each step that may follow now. What may not follow has no form, and is refused in any case. What
// was written in a form that was refused stands in it again, and beside the forms where its step may not follow any more.

import { dispositions, mostStepText } from '../../core/cases/case.ts';
import type { Case } from '../../core/cases/case.ts';
import { caseStanding } from '../../core/cases/case-standing.ts';
import { html } from '../../pages/html.ts';
import type { Child, Markup } from '../../pages/html.ts';
import { casePath, dispositionWords, suggestedQuestions } from './review-words.ts';

/** What a form held. */
export interface SentStep {
  readonly kind: string;
  readonly text: string;
  readonly suggested: string;
  readonly disposition: string;
}

interface StepForm {
  readonly kind: string;
  readonly button: string;
  readonly fields: Child;
}

export function caseForms(one: Case, sent: SentStep | null): Markup {
  const { open } = caseStanding(one);
  const forms = open ? whatMayFollow(one, sent) : [{ kind: 'reopened', button: 'Reopen', fields: null }];
  const hasForm = sent === null || sent.text === '' || forms.some(({ kind }) => kind === sent.kind);
  return html`<h2>What follows</h2>
    ${
      open &&
      html`<p class="small">
        What you write is kept encrypted. The access record says that you wrote it, and keeps its fingerprint, so that nobody
        changes it unseen.
      </p>`
    }
    ${!hasForm && notKept(sent.text)} ${forms.map((step) => formOf(one, step))}`;
}

function whatMayFollow(one: Case, sent: SentStep | null): readonly StepForm[] {
  const { question: asked, finding, disposition, sanction } = caseStanding(one);
  const { person } = one;
  const mayClose = disposition !== null && (disposition !== 'violation' || sanction);
  const written = (kind: string): string => (sent?.kind === kind ? sent.text : '');
  const words = (kind: string, label: string): Markup => wordsFor(kind, label, written(kind));
  const all: readonly (StepForm | false)[] = [
    { kind: 'finding', button: 'Put the finding on record', fields: words('finding', 'What you found') },
    person !== null && asked !== 'asked' && { kind: 'question', button: 'Ask', fields: question(person.name, sent) },
    asked === 'asked' && { kind: 'question-withheld', button: 'Withhold the question', fields: withheld },
    person !== null && { kind: 'message', button: 'Send', fields: words('message', `A message to ${person.name}`) },
    finding && { kind: 'disposition', button: 'Put the disposition on record', fields: disposing(sent, words) },
    disposition === 'violation' && {
      kind: 'sanction',
      button: 'Put the sanction on record',
      fields: words('sanction', 'The sanction, or why there is none'),
    },
    mayClose && { kind: 'closed', button: 'Close the case', fields: words('closed', 'Why it is closed') },
  ];
  return all.filter((step) => step !== false);
}

function formOf({ id }: Case, { kind, button, fields }: StepForm): Markup {
  return html`<form method="post" action="${casePath}?id=${id}">
    <input type="hidden" name="kind" value="${kind}" />
    ${fields}
    <button type="submit">${button}</button>
  </form>`;
}

const withheld = html`<p class="small">The person finds the question nowhere any more.</p>`;

function wordsFor(kind: string, label: string, written: string): Markup {
  return html`<label for="text-${kind}">${label}</label>
    <textarea id="text-${kind}" name="text" maxlength="${mostStepText}" rows="3" required>${written}</textarea>`;
}

/** Somebody else was faster, and the step has no form now. */
function notKept(written: string): Markup {
  return html`<label for="not-kept">What you wrote, which was not kept</label>
    <textarea id="not-kept" rows="3" readonly>${written}</textarea>`;
}

function question(name: string, sent: SentStep | null): Markup {
  const mine = sent?.kind === 'question' ? sent : null;
  return html`<fieldset>
    <legend>A question to ${name}</legend>
    <label for="suggested">What is asked</label>
    <select id="suggested" name="suggested">
      <option value="">Your own words, below</option>
      ${suggestedQuestions.map((text, at) => html`<option value="${at}" ${mine?.suggested === String(at) && html`selected`}>${text}</option>`)}
    </select>
    <label for="text-question">Your words; name no patient</label>
    <textarea id="text-question" name="text" maxlength="${mostStepText}" rows="3">${mine?.text}</textarea>
  </fieldset>`;
}

function disposing(sent: SentStep | null, words: (kind: string, label: string) => Markup): Markup {
  const mine = sent?.kind === 'disposition' ? sent.disposition : '';
  return html`<label for="disposition">What it was</label>
    <select id="disposition" name="disposition" required>
      <option value="">Choose</option>
      ${dispositions.map((one) => html`<option value="${one}" ${mine === one && html`selected`}>${dispositionWords[one]}</option>`)}
    </select>
    ${words('disposition', 'Why')}`;
}
