// Looks once an hour at the room on the disks that the gateway writes to, and says fourteen days ahead when one will be full
// at the present rate: a full disk stops the clinic, because nothing is forwarded that cannot be recorded. What it knows is
// lost with the process; six hours after a start it knows enough again.

import { statfsSync, statSync } from 'node:fs';
import { forecastDisk, longestSpanMilliseconds } from '../core/disk/forecast-disk.ts';
import type { DiskForecast, DiskLook } from '../core/disk/forecast-disk.ts';
import type { Clock, OperationsLog } from '../ports.ts';

const everyMilliseconds = 3_600_000;
const alarmDays = 14;
/** The log says it again after this while it lasts. */
const repeatMilliseconds = 24 * 3_600_000;

export interface Disk {
  /** What lies on it, such as `the access record`. */
  readonly holds: string;
  readonly directory: string;
}

export interface DiskWatchNeeds {
  readonly disks: readonly Disk[];
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly log: OperationsLog;
  /** Bytes that may still be written there, and the device it lies on; null where that cannot be told. The system's answer unless a test has one. */
  readonly look?: (directory: string) => { readonly freeBytes: number; readonly device: number } | null;
}

interface Watched extends Disk {
  looks: DiskLook[];
  forecast: DiskForecast;
  /** When the log was told last; null while there is no alarm. */
  toldAt: number | null;
}

export class DiskWatch {
  readonly #needs: DiskWatchNeeds;
  readonly #look: NonNullable<DiskWatchNeeds['look']>;
  readonly #watched: Watched[];
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(needs: DiskWatchNeeds) {
    this.#needs = needs;
    this.#look = needs.look ?? lookAt;
    this.#watched = needs.disks.map((disk) => ({ ...disk, looks: [], forecast: { kind: 'unknown' }, toldAt: null }));
  }

  /** Call it as often as you like; it looks once an hour. */
  look(): void {
    const now = this.#needs.clock.monotonic();
    if (now - this.#lookedAt < everyMilliseconds) return;
    this.#lookedAt = now;
    const seen = new Set<number>();
    for (const one of this.#watched) {
      const found = this.#look(one.directory);
      // Two directories on one disk are one disk, and one alarm.
      if (found === null || seen.has(found.device)) continue;
      seen.add(found.device);
      one.looks = [...one.looks, { at: now, freeBytes: found.freeBytes }].filter(({ at }) => now - at <= longestSpanMilliseconds);
      one.forecast = forecastDisk(one.looks);
      this.#tell(one, now);
    }
  }

  /** Days until the first of the disks is full: infinite where none fills, not a number while nobody knows. */
  get days(): number {
    const known = this.#watched.filter(({ forecast }) => forecast.kind !== 'unknown');
    if (known.length === 0) return Number.NaN;
    return Math.min(...known.map(({ forecast }) => (forecast.kind === 'filling' ? forecast.days : Number.POSITIVE_INFINITY)));
  }

  /** Room on the fullest of them, bytes; not a number where none could be looked at. */
  get freeBytes(): number {
    const rooms = this.#watched.flatMap(({ looks }) => looks.at(-1)?.freeBytes ?? []);
    return rooms.length === 0 ? Number.NaN : Math.min(...rooms);
  }

  /** One sentence for each disk that will be full within fourteen days. */
  alarms(): readonly string[] {
    return this.#watched.flatMap(({ holds, forecast }) => alarmOf(holds, forecast) ?? []);
  }

  #tell(one: Watched, now: number): void {
    const alarm = alarmOf(one.holds, one.forecast);
    const { directory, forecast } = one;
    if (alarm === null) {
      if (one.toldAt !== null) this.#needs.log.info({ directory }, 'The disk is no longer about to be full');
      one.toldAt = null;
    } else if (one.toldAt === null || now - one.toldAt >= repeatMilliseconds) {
      one.toldAt = now;
      this.#needs.log.error({ directory, ...forecast }, alarm);
    }
  }
}

function alarmOf(holds: string, forecast: DiskForecast): string | null {
  if (forecast.kind !== 'filling' || forecast.days > alarmDays) return null;
  const { days, freeBytes, bytesPerDay } = forecast;
  const left = days < 1 ? 'in less than a day' : `in ${Math.floor(days)} ${days < 2 ? 'day' : 'days'}`;
  return `The disk that holds ${holds} will be full ${left} at the present rate: ${amount(freeBytes)} are free, ${amount(bytesPerDay)} go each day; make room before, or nobody can work`;
}

function amount(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`;
}

function lookAt(directory: string): { readonly freeBytes: number; readonly device: number } | null {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return { freeBytes: bavail * bsize, device: statSync(directory).dev };
  } catch {
    // A place that is not there has its own alarm, where it is written to.
    return null;
  }
}
