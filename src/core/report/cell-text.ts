// One value of a report as a person reads it, as a table sorts it, and as a script takes it.

import { recordName } from '../audit/record-number.ts';
import type { Cell, ColumnType } from './report.ts';

/** Words for the few values that are words. */
export interface CellWords {
  readonly yes: string;
  readonly no: string;
  readonly locale: string;
}

const kibi = 1024;
const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
const second = 1000;

/** Writes values of one report: the same clock and the same words for all of them. */
export function cellTexts(timezone: string, { yes, no, locale }: CellWords): (value: Cell, type: ColumnType) => string {
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' });
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  return (value, type) => {
    if (value === null) return '–';
    if (typeof value === 'boolean') return value ? yes : no;
    if (typeof value === 'string') return value;
    if (type === 'time') return clock.format(value);
    if (type === 'bytes') return bytesText(value, numbers);
    if (type === 'duration') return durationText(value, numbers);
    return type === 'record' ? recordName(value) : numbers.format(value);
  };
}

/** What a script and a spreadsheet take: times as ISO 8601 in UTC, everything else as it is. */
export function plainCell(value: Cell, type: ColumnType): Cell {
  return type === 'time' && typeof value === 'number' ? new Date(value).toISOString() : value;
}

/** Whether values of a type are sorted as numbers. */
export function isSortedAsNumber(type: ColumnType): boolean {
  return ['time', 'number', 'bytes', 'duration', 'record'].includes(type);
}

function bytesText(bytes: number, numbers: Intl.NumberFormat): string {
  let [value, unit] = [bytes, 0];
  while (value >= kibi && unit < units.length - 1) [value, unit] = [value / kibi, unit + 1];
  return `${numbers.format(value)} ${units[unit]}`;
}

/** `1 h 4 min`, `3 min 20 s`, `0.4 s`: the two largest parts. */
function durationText(milliseconds: number, numbers: Intl.NumberFormat): string {
  if (milliseconds < 10 * second) return `${numbers.format(milliseconds / second)} s`;
  const seconds = Math.round(milliseconds / second);
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  const shown = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(' ');
}
