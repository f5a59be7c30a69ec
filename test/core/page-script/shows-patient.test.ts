// Of what goes to a browser, what counts as an open chart.

import { expect, test } from 'vitest';
import { showsPatient } from '../../../src/core/page-script/shows-patient.ts';

test.each([
  ['a rule that speaks of no patient', null, null, null, false, false],
  ['a patient in the address', '7', 'path', null, true, true],
  ['a patient carried in the session', '7', 'session', null, true, true],
  ['a request that chooses one', null, null, '7', true, true],
  ['a rule that speaks of a patient, and a request that names none', null, 'unresolved', null, true, false],
] as const)('%s', (_what, patient, patientSource, selects, document, answer) => {
  const matter = { patient, patientSource, selects };
  expect([showsPatient(matter, 'document'), showsPatient(matter, 'answer')]).toEqual([document, answer]);
});
