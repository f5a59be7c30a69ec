// The table of all patients as CSV: the report's export and the backup hold the same.

import { patients } from '../patients.ts';
import { csvFile } from './csv-file.ts';

export function patientListCsv(): string {
  return csvFile(
    ['pid', 'mrn', 'family name', 'given name', 'born', 'sex', 'street', 'city', 'phone', 'insurer'],
    patients.map((one) => [
      one.pid,
      one.mrn,
      one.familyName,
      one.givenName,
      one.born,
      one.sex,
      one.street,
      one.city,
      one.phone,
      one.insurer,
    ]),
  );
}
