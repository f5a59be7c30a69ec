// Which alerts one receiver is told, in the order of the record: the first of a person and patient each day at full length, as
// many as its budget allows (day-budget.ts), and the others in one message when the day is over. It follows from the record alone, so that a
// gateway which was killed goes on as if it had not been.

import { recordNumber } from '../audit/record-number.ts';
import { isFrequent } from '../detect/frequent-alerts.ts';
import { readSeen } from '../detect/read-seen.ts';
import type { LocalMoment, Seen } from '../detect/seen.ts';
import type { ReadRecord } from '../audit/read-record.ts';
import { detectorInWords } from './alert-message.ts';
import type { AlertMessage } from './alert-message.ts';
import { DayBudget } from './day-budget.ts';
import type { BudgetedAlert } from './day-budget.ts';
import type { NotifySettings } from './notify-settings.ts';

export interface AlertWords {
  readonly clinic: string;
  /** Where people reach it, without a slash at its end. */
  readonly gateway: string;
  /** Its number among several. */
  readonly number: number;
  readonly localOf: (time: number) => LocalMoment;
}

interface Told {
  readonly sequence: number;
  readonly hash: string;
  readonly time: string | null;
  readonly from: number;
  readonly messages: readonly AlertMessage[];
}

/** Lines of a summary; what is more is counted. */
const mostLines = 20;
/** Kinds of alerts that a summary tells apart; of a day with more, the further ones are only counted. */
const mostKept = 1000;
const overdue = 'review-overdue';
const seenAt = /; seen at record [\d/]+$/;

export class AlertOrder {
  readonly #settings: Pick<NotifySettings, 'detectors' | 'budget'>;
  readonly #words: AlertWords;
  readonly #already: number;
  #day = '';
  /** The day's first alert: without it and what follows it is not known what was told of that day. */
  #first: number | null = null;
  #budget: DayBudget;
  /** How often each was left for the end of the day. */
  #quiet = new Map<string, number>();
  #quietCount = 0;
  #lastQuiet = 0;

  /** Records up to `already` were told before: they are only read for what their day has still to tell. */
  constructor(settings: Pick<NotifySettings, 'detectors' | 'budget'>, words: AlertWords, already: number) {
    this.#settings = settings;
    this.#words = words;
    this.#already = already;
    this.#budget = new DayBudget(settings.budget);
  }

  /** Null for what was told before. */
  take(record: ReadRecord): Told | null {
    const { sequence, hash, fields } = record;
    const seen = withPlainName(readSeen(record, this.#words.localOf));
    const messages = seen === null ? [] : this.#messagesOf(seen, hash);
    if (sequence <= this.#already) return null;
    const { time } = fields;
    return { sequence, hash, time: typeof time === 'string' ? time : null, from: this.#first ?? sequence + 1, messages };
  }

  #messagesOf(seen: Seen, hash: string): AlertMessage[] {
    const over = seen.local.day === this.#day ? [] : this.#nextDay(seen);
    const { detectors } = this.#settings;
    const alert = asAlert(seen);
    const isFor = alert !== null && (detectors === null || detectors.includes(alert.reason ?? ''));
    if (!isFor) return over;
    this.#first ??= alert.sequence;
    return [...over, ...this.#judge(alert, hash)];
  }

  #judge(seen: Seen, hash: string): AlertMessage[] {
    if (this.#budget.takes(budgeted(seen))) return [this.#alert(seen, hash, this.#budget.isUsedUp)];
    const line = `${detectorInWords(seen.reason ?? '')}${seen.person === null ? '' : `: ${seen.person.name}`}`;
    if (this.#quiet.has(line) || this.#quiet.size < mostKept) this.#quiet.set(line, (this.#quiet.get(line) ?? 0) + 1);
    this.#quietCount += 1;
    this.#lastQuiet = seen.sequence;
    return [];
  }

  #alert(seen: Seen, hash: string, isLast: boolean): AlertMessage {
    const { sequence, time, reason, person, detail } = seen;
    const detector = detectorInWords(reason ?? '');
    const lastOnes = 'This was the last alert of the day that is told by itself; further ones come together when it is over, and stand in the console at once'; // prettier-ignore
    return {
      ...this.#partsOf(seen, sequence),
      kind: 'alert',
      title: `${detector}${person === null ? '' : `: ${person.name}`}`,
      person: person?.name ?? null,
      detector: reason,
      lines: [(detail ?? detector).replace(seenAt, ''), ...(isLast ? [lastOnes] : [])],
      // It carries the number, so that the same alert is told by the same name.
      id: `alert-${sequence}-${hash.slice(0, 16)}`,
      time: new Date(time).toISOString(),
    };
  }

  #nextDay(seen: Seen): AlertMessage[] {
    const [day, quiet, count, last] = [this.#day, this.#quiet, this.#quietCount, this.#lastQuiet];
    this.#day = seen.local.day;
    this.#first = null;
    this.#budget = new DayBudget(this.#settings.budget);
    this.#quiet = new Map();
    this.#quietCount = 0;
    if (count === 0) return [];
    const kinds = [...quiet].map(([line, times]) => (times === 1 ? line : `${line} (${times} times)`));
    const rest = kinds.length > mostLines ? [`and others; all ${count} stand in the console`] : [];
    return [
      {
        ...this.#partsOf(seen, last),
        kind: 'summary',
        title: `${count} more alert${count === 1 ? '' : 's'} of ${day}`,
        person: null,
        detector: null,
        lines: [...kinds.slice(0, mostLines), ...rest],
        id: `summary-${last}-${day}`,
        time: new Date(seen.time).toISOString(),
      },
    ];
  }

  #partsOf({ local, reason }: Seen, sequence: number) {
    const { clinic, gateway, number } = this.#words;
    const behind = recordNumber({ gateway: number, sequence }) + 1;
    const [hours, minutes] = [Math.floor(local.minute / 60), local.minute % 60].map((part) => String(part).padStart(2, '0'));
    const page = reason === overdue ? 'console/review/certified' : `console?show=alerts&days=all&before=${behind}`;
    const link = `${gateway}/.wardgate/${page}`;
    return { clinic, clock: `${local.day} ${hours}:${minutes}`, link };
  }
}

/** Whoever may choose their login name at the provider must not write lines of a message, nor turn its letters round. */
function withPlainName(seen: Seen | null): Seen | null {
  if (seen === null || seen.person === null) return seen;
  const name = seen.person.name.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]+/gu, ' ');
  return { ...seen, person: { ...seen.person, name } };
}

/** A review that is late is told as an alert without a person, to whoever is told every alert; null for what is none. */
function asAlert(seen: Seen): Seen | null {
  if (seen.event === overdue) return { ...seen, reason: overdue, person: null, patient: null };
  return seen.event === 'alert' ? seen : null;
}

/** Each late review is told by itself. */
function budgeted({ person, patient, reason, detail }: Seen): BudgetedAlert {
  const apart = reason === overdue ? detail : null;
  return { person: person?.key ?? null, patient, reason: reason ?? '', apart, frequent: isFrequent(detail) };
}
