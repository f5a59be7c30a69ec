// The shape of a path: what looks like the number of a patient or of a document becomes a star, so that a hundred charts
// are one line. Only for showing and proposing; nothing is decided by it.

import { isPatientToken } from '../../core/patients/patient-token.ts';

/** Digits, a UUID, or a long word with digits in it. */
const idLike = /^(?:\d+|[0-9a-f]{8}-[0-9a-f-]{27}|(?=[^.]*\d)[A-Za-z0-9_-]{8,})$/i;
/** Digits before an ending, such as `7.pdf`. */
const numberedFile = /^\d+(\.[A-Za-z]{1,5})$/;

/** Of the path of a recorded target, which may bring its query along. */
export function pathShape(target: string): string {
  const [path = ''] = target.split('?');
  return path
    .split('/')
    .map((segment) => (idLike.test(segment) || isPatientToken(segment) ? '*' : segment.replace(numberedFile, '*$1')))
    .join('/');
}
