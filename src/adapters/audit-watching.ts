// Lets the detectors see every record that is durable, each once and in order. What they know of people's habits is learnt anew
// from the last weeks at each start, and where another gateway takes the lead, so it is kept nowhere else.

import type { ReadRecord } from '../core/audit/read-record.ts';
import { readSeen } from '../core/detect/read-seen.ts';
import type { Finding } from '../core/detect/detector.ts';
import type { DetectorName } from '../core/detect/detector.ts';
import type { DetectorSettings } from '../core/detect/detector-settings.ts';
import type { LocalMoment, Seen } from '../core/detect/seen.ts';
import { Watch } from '../core/detect/watch.ts';
import { personKey } from '../core/downloads/person-key.ts';
import type { ExplainSettings } from '../core/relations/explain.ts';
import type { Explanation } from '../core/relations/explanation.ts';
import { alertIn, deedsIn } from '../core/respond/alert-note.ts';
import type { DeedKind } from '../core/respond/alert-note.ts';
import { withinHours } from '../core/policy/hours.ts';
import type { HoursSpan } from '../core/policy/policy.ts';
import type { AskedOpening } from '../relation-ports.ts';
import type { RecordedAlert } from './alert-responses.ts';
import { clinicTime } from './clinic-time.ts';
import type { RelationPlace } from './relation-reader.ts';
import { RelationTelling } from './relation-telling.ts';
import { OwnRecords } from './watched-records.ts';
import type { WatchedRecords } from './watched-records.ts';

export interface WatchingTask {
  /** The log's directory first, then the fallback. */
  readonly directories: readonly string[];
  readonly timezone: string;
  /** When the clinic is open. */
  readonly hours: readonly HoursSpan[];
  readonly detectors: DetectorSettings;
  /** Of which every alert is told by itself. */
  readonly toldEach?: readonly DetectorName[];
  /** Where schedule and roster stand; null: nowhere. */
  readonly relations: (RelationPlace & ExplainSettings) | null;
}

/** A finding and the record at which it was made. `time` is that record's, epoch milliseconds. */
export interface Found extends Finding {
  readonly sequence: number;
  readonly time: number;
}

/** An alert whose record names what is to follow, and of that what has no record yet. */
export interface Unanswered extends RecordedAlert {
  readonly deeds: readonly DeedKind[];
}

const dayMilliseconds = 86_400_000;
/** What happened before then and was not told is not news any more. */
const toldWithinMilliseconds = dayMilliseconds;
/** Records between two pauses. */
const batchRecords = 2000;

export class AuditWatching {
  readonly #task: WatchingTask;
  #watch: Watch;
  #records: WatchedRecords;
  readonly #open: () => WatchedRecords;
  readonly #localOf: (time: number) => LocalMoment;
  readonly #told: RelationTelling;
  #hasBegun = false;
  /** Whether schedule and roster are being read, so that the next look should come at once. */
  isReading = false;
  /** Time of the last record. */
  #last = 0;
  #unanswered = new Map<number, Unanswered>();
  /** Of a look that was cut short. */
  #found: Found[] = [];

  /** `open`: the records, from where habits are learnt. */
  constructor(task: WatchingTask, open: () => WatchedRecords = () => new OwnRecords(task.directories)) {
    this.#task = task;
    this.#open = open;
    this.#records = open();
    this.#watch = new Watch(task.detectors, task.toldEach);
    this.#told = new RelationTelling(task.relations);
    const time = clinicTime(task.timezone);
    this.#localOf = (at) => {
      const { weekday, minute } = time.localTime(at);
      return { weekday, minute, day: time.localDay(at), open: withinHours(task.hours, weekday, minute) };
    };
  }

  /** Durable records that no detector has seen yet. */
  get behind(): number {
    return this.#records.behind;
  }

  /** Why schedule and roster cannot be read, in words; null where they can. */
  get relationsFailure(): string | null {
    return this.#told.failure;
  }

  /** Of each, in order; null where nothing was imported. */
  explain(openings: readonly AskedOpening[]): readonly (Explanation | null)[] {
    return openings.map(({ person, patient, time }) => {
      const { day, minute } = this.#localOf(time);
      return this.#told.explain({ person: { ...person, key: personKey(person) }, patient, time, day, minute });
    });
  }

  close(): void {
    this.#told.close();
  }

  /** Looks at what is new. `pause` is awaited between batches. Rejects where the log cannot be read; the next call goes on. */
  async look(pause: () => Promise<void>): Promise<readonly Found[]> {
    await this.#records.look();
    // Habits are learnt, and what was missed is found, with what was imported: at the start it is whole before the first record.
    if (!this.#hasBegun) while (this.#told.look()) await pause();
    else this.isReading = this.#told.look();
    this.#hasBegun = true;
    const found = this.#found;
    let count = 0;
    for await (const run of this.#records.runs()) {
      for (const record of run) {
        this.#take(record, found);
        count += 1;
        if (count % batchRecords === 0) await pause();
      }
    }
    this.#found = [];
    return found.filter(({ time }) => this.#last - time < toldWithinMilliseconds);
  }

  /** Another gateway watches: only what was imported is looked at. Whoever watches again begins as at a start. */
  rest(): void {
    this.isReading = this.#told.look();
    if (!this.#hasBegun) return;
    [this.#records, this.#watch] = [this.#open(), new Watch(this.#task.detectors, this.#task.toldEach)];
    [this.#hasBegun, this.#last, this.#found] = [false, 0, []];
    this.#unanswered = new Map();
  }

  /** Alerts of the records looked at since the last call that nothing followed in them, though something was to; of a day at most. */
  takeUnanswered(): readonly Unanswered[] {
    const all = [...this.#unanswered.values()];
    this.#unanswered = new Map();
    return all.filter(({ time }) => this.#last - time < toldWithinMilliseconds);
  }

  #take(record: ReadRecord, found: Found[]): void {
    const seen = readSeen(record, this.#localOf);
    if (seen === null) return;
    const { sequence, time } = seen;
    this.#last = time;
    if (seen.event === 'alert') forgetAnswered(found, seen);
    this.#follow(seen);
    for (const one of this.#watch.see(seen, this.#told.of(seen))) found.push({ ...one, sequence, time });
  }

  #follow({ event, sequence, time, person, reason, detail }: Seen): void {
    const alert = event === 'response' ? alertIn(detail) : null;
    const before = alert === null ? undefined : this.#unanswered.get(alert);
    if (before !== undefined) {
      const deeds = before.deeds.filter((deed) => deed !== reason);
      if (deeds.length === 0) this.#unanswered.delete(before.sequence);
      else this.#unanswered.set(before.sequence, { ...before, deeds });
    }
    const deeds = event === 'alert' && person !== null ? deedsIn(detail) : [];
    if (person === null || deeds.length === 0) return;
    this.#unanswered.set(sequence, { sequence, time, detector: reason as DetectorName, person, deeds });
  }
}

/** An alert on record was written for the last finding of its kind before it. */
function forgetAnswered(found: Found[], { reason, person, patient }: Seen): void {
  const at = found.findLastIndex((one) => one.detector === reason && one.person?.key === person?.key && one.patient === patient);
  if (at !== -1) found.splice(at, 1);
}
