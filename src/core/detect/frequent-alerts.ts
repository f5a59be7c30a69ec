// Where work meets single charts of colleagues, households and confidential patients every week, one more of them says little: it is
// on record and waits for the summary of the day. Where they are rare, each is told by itself, and so is a second of one person's day.

import type { DetectorName, Finding } from './detector.ts';
import { Remembered } from './remembered.ts';
import type { Seen } from './seen.ts';

/** Which detectors tell of a single chart that work can lead to as well. */
const ofSingleCharts: ReadonlySet<string> = new Set<DetectorName>(['colleague', 'household', 'confidential-patient']);
const windowMilliseconds = 28 * 86_400_000;
/** One a week is what a reviewer can look into; from this many in four weeks on it is frequent. */
const frequentFrom = 5;
/** Of each detector, the newest. */
const mostKept = 1000;
const mostPeople = 5000;
const note = /; one of \d+ such alerts within four weeks(?:; to follow: [a-z, -]+)?(?:; seen at record [\d/]+)?$/;

export class FrequentAlerts {
  readonly #toldEach: ReadonlySet<string>;
  readonly #times = new Map<string, readonly number[]>();
  readonly #people = new Remembered(mostPeople, () => ({ day: '', count: 0 }));

  /** `toldEach`: detectors of which the clinic wants every single one told by itself. */
  constructor(toldEach: readonly DetectorName[] = []) {
    this.#toldEach = new Set(toldEach);
  }

  /** Counts what is told, or stands on record; the finding says in its words where it is frequent. */
  take(finding: Finding, { time, local }: Pick<Seen, 'time' | 'local'>): Finding {
    const { detector, person } = finding;
    if (!ofSingleCharts.has(detector) || this.#toldEach.has(detector) || person === null) return finding;
    const before = this.#times.get(detector) ?? [];
    const now = [...before.filter((one) => time - one < windowMilliseconds), time].slice(-mostKept);
    this.#times.set(detector, now);
    const theirs = this.#people.of(person.key);
    theirs.count = theirs.day === local.day ? theirs.count + 1 : 1;
    theirs.day = local.day;
    if (now.length < frequentFrom || theirs.count > 1) return finding;
    return { ...finding, words: `${finding.words}; one of ${now.length} such alerts within four weeks` };
  }
}

/** Of an alert's words, or of its record's detail. */
export function isFrequent(words: string | null): boolean {
  return note.test(words ?? '');
}
