// The administration area: the users of the EHR and the backup of everything.

import { markup } from '../../markup.ts';
import { claimListCsv } from '../files/claim-list.ts';
import { patientListCsv } from '../files/patient-list.ts';
import { tarFile } from '../files/tar-file.ts';
import { ehrUsers } from '../users.ts';
import { answerFile, answerHtml } from '../visit.ts';
import type { Visit } from '../visit.ts';
import { grid, layout } from './layout.ts';

export function showUsers(visit: Visit): void {
  const rows = ehrUsers.map((user) => [user.name, user.displayName, user.title, 'active']);
  answerHtml(visit, layout('Users', markup`<h1>Users of this system</h1>${grid(['User name', 'Name', 'Title', 'State'], rows)}`));
}

/** The whole database for whoever asks, which is why a gateway stands in front. */
export function sendBackup(visit: Visit): void {
  const entries = [
    { name: 'meadowbrook/patients.csv', bytes: Buffer.from(patientListCsv()) },
    { name: 'meadowbrook/claims.csv', bytes: Buffer.from(claimListCsv()) },
  ];
  const headers = { 'Content-Type': 'application/x-tar', 'Content-Disposition': 'attachment; filename="meadowbrook-backup.tar"' };
  answerFile(visit, headers, tarFile(entries));
}
