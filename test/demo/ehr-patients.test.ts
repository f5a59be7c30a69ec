// The made-up patients: always the same sixty, each with a name of their own.

import { describe, expect, it } from 'vitest';
import { findPatient, patients, searchPatients } from '../../src/demo/ehr/patients.ts';

describe('the patients', () => {
  it('are sixty with names and numbers of their own, the same every time', () => {
    expect(patients).toHaveLength(60);
    expect(new Set(patients.map((one) => one.mrn)).size).toBe(60);
    expect(new Set(patients.map((one) => one.familyName)).size).toBe(60);
    for (const one of patients) expect(new Date(one.born).toISOString().slice(0, 10)).toBe(one.born);
    expect(findPatient(7)).toMatchObject({ familyName: 'Exampleworth', givenName: 'Bea', mrn: 'MB-10259', sex: 'F' });
  });

  it.each([
    ['', 60],
    ['EXAMPLEWORTH', 1],
    ['MB-10259', 1],
    ['nobody at all', 0],
  ])('are found by "%s"', (text, count) => {
    expect(searchPatients(text)).toHaveLength(count);
  });
});
