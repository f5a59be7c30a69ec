// Whether what goes to a browser shows a patient, as far as the rules can tell: the notice of a question is never put over an
// open chart, so a whole document counts in doubt as well.

import type { Matter } from '../policy/subject-matter.ts';

/** `answer` is what a script of the page asked for. */
export function showsPatient(
  { patient, patientSource, selects }: Pick<Matter, 'patient' | 'patientSource' | 'selects'>,
  sent: 'document' | 'answer',
): boolean {
  // A rule that says where the patient stands speaks of charts, also where this request did not say whose.
  return patient !== null || selects !== null || (sent === 'document' && patientSource !== null);
}
