// Says in lines who a patient is, and what is said of the directory as a whole.

import type { DirectoryState, KnownPatient } from '../../directory-ports.ts';
import { plainText } from '../plain-text.ts';

function clinicClock(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
}

export function patientLines({ name, birthDate, ids, tokens, goneAt }: KnownPatient, timezone: string): readonly string[] {
  const born = birthDate === null ? '' : `, born ${birthDate}`;
  const gone = goneAt === null ? '' : `, not in the directory since ${clinicClock(timezone).format(goneAt)}`;
  return [
    `${plainText(name)}${born}${gone}`,
    ...ids.map(
      ({ kind, id, former }, at) =>
        `  ${kind.padEnd(4)}  ${plainText(id)}${former === true ? ' (former)' : ''}  ${tokens[at] ?? ''}`,
    ),
  ];
}

export function stateLines(state: DirectoryState | null, timezone: string): readonly string[] {
  if (state === null) return ['No directory of patients was imported; "wardgate patients import FILE.csv" does it'];
  const { patients, gone, importedAt, importedBy, fileDigest } = state;
  return [
    `${patients} patients, and ${gone} of earlier files`,
    `Imported ${clinicClock(timezone).format(importedAt)} by "${plainText(importedBy)}"`,
    `File sha256 ${fileDigest}`,
  ];
}
