// Lets the detectors see every record that is durable in the log, each once and in order. What they know of people's habits
// is learnt anew from the log's last weeks at each start, so it is kept nowhere else.

import { readSeen } from '../core/detect/read-seen.ts';
import type { Finding } from '../core/detect/detector.ts';
import type { DetectorSettings } from '../core/detect/detector-settings.ts';
import type { LocalMoment, Seen } from '../core/detect/seen.ts';
import { Watch } from '../core/detect/watch.ts';
import { personKey } from '../core/downloads/person-key.ts';
import type { ExplainSettings } from '../core/relations/explain.ts';
import type { Explanation } from '../core/relations/explanation.ts';
import { withinHours } from '../core/policy/hours.ts';
import type { HoursSpan } from '../core/policy/policy.ts';
import type { AskedOpening } from '../relation-ports.ts';
import { AuditDurableEnd } from './audit-durable-end.ts';
import { AuditFollower } from './audit-follow.ts';
import { listSegments } from './audit-segment-files.ts';
import { clinicTime } from './clinic-time.ts';
import type { RelationPlace } from './relation-reader.ts';
import { RelationTelling } from './relation-telling.ts';

export interface WatchingTask {
  /** The log's directory first, then the fallback. */
  readonly directories: readonly string[];
  readonly timezone: string;
  /** When the clinic is open. */
  readonly hours: readonly HoursSpan[];
  readonly detectors: DetectorSettings;
  /** Where schedule and roster stand; null: nowhere. */
  readonly relations: (RelationPlace & ExplainSettings) | null;
}

/** A finding and the record at which it was made. `time` is that record's, epoch milliseconds. */
export interface Found extends Finding {
  readonly sequence: number;
  readonly time: number;
}

const dayMilliseconds = 86_400_000;
/** Weeks of habits; older records are not read again. */
const learntDays = 35;
/** What happened before then and was not told is not news any more. */
const toldWithinMilliseconds = dayMilliseconds;
/** Records between two pauses. */
const batchRecords = 2000;

export class AuditWatching {
  readonly #task: WatchingTask;
  readonly #watch: Watch;
  readonly #localOf: (time: number) => LocalMoment;
  readonly #end: AuditDurableEnd;
  readonly #told: RelationTelling;
  #follower: AuditFollower | null = null;
  #seen = 0;
  /** Of a look that was cut short. */
  #found: Found[] = [];

  constructor(task: WatchingTask) {
    this.#task = task;
    this.#end = new AuditDurableEnd(task.directories);
    this.#watch = new Watch(task.detectors);
    this.#told = new RelationTelling(task.relations);
    const time = clinicTime(task.timezone);
    this.#localOf = (at) => {
      const { weekday, minute } = time.localTime(at);
      return { weekday, minute, day: time.localDay(at), open: withinHours(task.hours, weekday, minute) };
    };
  }

  /** Durable records that no detector has seen yet. */
  get behind(): number {
    return Math.max(0, this.#end.last - this.#seen);
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
    this.#end.look();
    this.#follower ??= await this.#begin();
    this.#told.look();
    const found = this.#found;
    let last = 0;
    let count = 0;
    for await (const { record, sequence } of this.#follower.read(this.#end.last)) {
      this.#seen = sequence;
      const seen = readSeen(record, this.#localOf);
      if (seen !== null) {
        last = seen.time;
        if (seen.event === 'alert') forgetAnswered(found, seen);
        for (const one of this.#watch.see(seen, this.#told.of(seen))) found.push({ ...one, sequence, time: seen.time });
      }
      count += 1;
      if (count % batchRecords === 0) await pause();
    }
    this.#found = [];
    return found.filter(({ time }) => last - time < toldWithinMilliseconds);
  }

  /** From the first record of the weeks that are learnt from, as the log itself counts them. */
  async #begin(): Promise<AuditFollower> {
    const segments = await listSegments(this.#task.directories);
    const newest = Date.parse(segments.at(-1)?.name.slice(0, 10) ?? '') || 0;
    const from = new Date(Math.max(0, newest - learntDays * dayMilliseconds)).toISOString().slice(0, 10);
    const first = segments.find(({ name }) => name.slice(0, 10) >= from);
    const after = Math.max(0, (first?.firstSequence ?? 1) - 1);
    this.#seen = after;
    return new AuditFollower(this.#task.directories, after);
  }
}

/** An alert on record was written for the last finding of its kind before it. */
function forgetAnswered(found: Found[], { reason, person, patient }: Seen): void {
  const at = found.findLastIndex((one) => one.detector === reason && one.person?.key === person?.key && one.patient === patient);
  if (at !== -1) found.splice(at, 1);
}
