// The invented claims, as rows for the page and as CSV for the export and the backup.

import { listName, patients } from '../patients.ts';
import { csvFile } from './csv-file.ts';

const CLAIMS = 20;
const claimStates = ['sent', 'paid', 'returned', 'open'];

export function claimRows(): readonly (readonly string[])[] {
  return patients
    .slice(0, CLAIMS)
    .map((one) => [
      `C-${4000 + one.pid}`,
      listName(one),
      one.insurer,
      `${40 + ((one.pid * 13) % 160)}.00`,
      claimStates[one.pid % claimStates.length] ?? '',
    ]);
}

export function claimListCsv(): string {
  return csvFile(['claim', 'patient', 'insurance', 'amount', 'state'], claimRows());
}
