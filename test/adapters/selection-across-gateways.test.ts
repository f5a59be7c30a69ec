// Somebody opens a patient through one gateway and reads the chart through another: the record must name the patient that the
// EHR has open, or say that nobody knows.

import { expect, test } from 'vitest';
import { SelectionBook } from '../../src/adapters/selection-book.ts';
import type { EhrPlace } from '../../src/core/session/ehr-place.ts';
import { sessionOf } from '../support/session-of.ts';
import { sessionsTogether } from '../support/sessions-together.ts';

const session = sessionOf('x');
const place: EhrPlace = { session, application: { name: 'ehr', sessionCookie: 'SID' }, ehrSession: '1' };
const uncertain = { ambiguous: expect.any(String) as unknown };

test('a selection through one gateway counts at the other, and is unknown there while it is on its way', async () => {
  const { a, b, stop } = await sessionsTogether();
  await a.store.create(session);
  await b.store.find('x');
  const [one, other] = [a.store, b.store].map((store) => new SelectionBook(store, (text) => text, 1)) as [
    SelectionBook,
    SelectionBook,
  ];
  const reads = async (book: SelectionBook, patient: unknown): Promise<unknown> =>
    expect.poll(() => book.selectedPatient(place), { timeout: 10_000, interval: 10 }).toEqual(patient);
  one.learn(place, 'signs on', ['1'], null);
  await reads(other, null);
  for (const patient of ['4711', '4712']) {
    one.begin(place, `opens ${patient}`, patient);
    await reads(other, uncertain);
    one.settle('x', `opens ${patient}`, 'took-effect');
    await reads(other, patient);
    expect(one.selectedPatient(place)).toBe(patient);
  }
  await stop();
});
