// Guesses from the first lines in which format a log is written: the one that most of them have.

import type { LogClock, LogFormat } from './ehr-request.ts';
import { readLogLine } from './read-log-line.ts';

/** The stricter one first: every combined line is a common one as well. */
const formats: readonly LogFormat[] = ['combined', 'orthanc', 'common'];

/** Null where no line fits any. */
export function guessFormat(lines: readonly string[], clock: LogClock): LogFormat | null {
  let best: LogFormat | null = null;
  let most = 0;
  for (const format of formats) {
    const read = lines.map((line) => readLogLine(line, format, clock).is);
    const fitting = read.filter((is) => is === 'request' || is === 'other').length;
    if (fitting > most) [best, most] = [format, fitting];
  }
  return best;
}
