// The forms of a case: one for each step that may follow now. What may not follow has no form, and is refused in any case.

import { dispositions, mostStepText } from '../../core/cases/case.ts';
import type { Case } from '../../core/cases/case.ts';
import { caseStanding } from '../../core/cases/case-standing.ts';
import { html } from '../../pages/html.ts';
import type { Child, Markup } from '../../pages/html.ts';
import { casePath, dispositionWords, suggestedQuestions } from './review-words.ts';

export function caseForms(one: Case): Markup {
  const so = caseStanding(one);
  if (!so.open)
    return html`<h2>What follows</h2>
      ${form(one, 'reopened', 'Reopen', null)}`;
  const mayClose = so.disposition !== null && (so.disposition !== 'violation' || so.sanction);
  return html`<h2>What follows</h2>
    <p class="small">
      What you write is kept encrypted. The access record says that you wrote it, and keeps its fingerprint, so that nobody
      changes it unseen.
    </p>
    ${form(one, 'finding', 'Put the finding on record', words('finding', 'What you found'))}
    ${one.person !== null && so.question !== 'asked' && form(one, 'question', 'Ask', question(one.person.name))}
    ${so.question === 'asked' && form(one, 'question-withheld', 'Withhold the question', html`<p class="small">The person finds the question nowhere any more.</p>`)}
    ${one.person !== null && form(one, 'message', 'Send', words('message', `A message to ${one.person.name}`))}
    ${so.finding && form(one, 'disposition', 'Put the disposition on record', disposing())}
    ${so.disposition === 'violation' && form(one, 'sanction', 'Put the sanction on record', words('sanction', 'The sanction, or why there is none'))}
    ${mayClose && form(one, 'closed', 'Close the case', words('closed', 'Why it is closed'))}`;
}

function form(one: Case, kind: string, button: string, fields: Child): Markup {
  return html`<form method="post" action="${casePath}?id=${one.id}">
    <input type="hidden" name="kind" value="${kind}" />
    ${fields}
    <button type="submit">${button}</button>
  </form>`;
}

function words(kind: string, label: string): Markup {
  return html`<label for="text-${kind}">${label}</label>
    <textarea id="text-${kind}" name="text" maxlength="${mostStepText}" rows="3" required></textarea>`;
}

function question(name: string): Markup {
  return html`<fieldset>
    <legend>A question to ${name}</legend>
    <label for="suggested">What is asked</label>
    <select id="suggested" name="suggested">
      <option value="">Your own words, below</option>
      ${suggestedQuestions.map((text, at) => html`<option value="${at}">${text}</option>`)}
    </select>
    <label for="text-question">Your words; name no patient</label>
    <textarea id="text-question" name="text" maxlength="${mostStepText}" rows="3"></textarea>
  </fieldset>`;
}

function disposing(): Markup {
  return html`<label for="disposition">What it was</label>
    <select id="disposition" name="disposition" required>
      <option value="">Choose</option>
      ${dispositions.map((one) => html`<option value="${one}">${dispositionWords[one]}</option>`)}
    </select>
    ${words('disposition', 'Why')}`;
}
