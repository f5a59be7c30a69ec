// Reads one line of an EHR's log in the format that it has.

import type { LogClock, LogFormat, ReadLine } from './ehr-request.ts';
import { readAccessLine } from './read-access-line.ts';
import { readOrthancLine } from './read-orthanc-line.ts';

export function readLogLine(text: string, format: LogFormat, clock: LogClock): ReadLine {
  return format === 'orthanc' ? readOrthancLine(text, clock) : readAccessLine(text, format);
}
