// Letters to a patient, whose number stands in the path. Nothing is sent anywhere and no draft is kept.

import { markup } from '../../markup.ts';
import { findPatient } from '../patients.ts';
import { readForm } from '../read-form.ts';
import { answerHtml, answerText, wholeNumber } from '../visit.ts';
import type { Visit } from '../visit.ts';
import { layout, patientHeader } from './layout.ts';

export function showLetter(visit: Visit): void {
  answerLetter(visit, null);
}

/** With `send` the letter is on its way, without it is kept as a draft. */
export async function postLetter(visit: Visit): Promise<void> {
  const form = await readForm(visit.request);
  answerLetter(visit, form.has('send') ? 'The letter is on its way.' : 'The draft is kept.');
}

function answerLetter(visit: Visit, done: string | null): void {
  const patient = findPatient(wholeNumber(visit.captures.get('patient')) ?? 0);
  const letter = wholeNumber(visit.captures.get('letter'));
  if (patient === null || letter === null) return answerText(visit, 'No such letter\n', 404);
  answerHtml(
    visit,
    layout(
      `Letter ${letter}`,
      markup`${patientHeader(patient)}<h1>Letter ${letter}</h1>${done === null ? null : markup`<div class="done">${done}</div>`}
<form class="panel" method="post" action="/letters/${patient.pid}/${letter}">
<textarea name="text" rows="9" aria-label="Text of the letter">Dear ${patient.givenName} ${patient.familyName},

your results are in order. Please call us for your next appointment.

Meadowbrook Clinic</textarea>
<p class="buttons"><button type="submit" name="send" value="1">Send</button> <button type="submit" name="draft" value="1">Keep as draft</button></p></form>`,
    ),
  );
}
