// Reads HR's list of people: CSV with a header of login name, name and end date. Every mistake names its row and the fix.

import type { RosterRow } from '../../core/people/diff-roster.ts';
import { readCsv } from '../read-csv.ts';
import type { CsvField } from '../read-csv.ts';

export type ReadRoster =
  { readonly ok: true; readonly rows: readonly RosterRow[] } | { readonly ok: false; readonly problems: readonly string[] };

/** A clinic of this kind has fewer people. */
const mostRows = 20_000;
const columns: Readonly<Record<keyof RosterRow, readonly string[]>> = {
  login: ['login name', 'login', 'username', 'user'],
  name: ['name', 'full name', 'display name'],
  ends: ['end date', 'ends', 'end', 'termination date', 'last day'],
};

export function readRoster(text: string): ReadRoster {
  const { rows: all, problems } = readCsv(text.replace(/^\uFEFF/, ''));
  const [header, ...body] = all;
  const told = problems.map(({ line, message }) => `Row ${line}: ${message}`);
  if (told.length > 0) return { ok: false, problems: told };
  const places = header === undefined ? null : placesOf(header);
  if (places === null)
    return { ok: false, problems: ['Row 1: the columns must be named "login name", "name" and "end date", separated by commas'] };
  if (body.length === 0) return { ok: false, problems: ['The list names nobody, export it again'] };
  if (body.length > mostRows) return { ok: false, problems: [`The list has more than ${mostRows} rows, split it`] };
  return rowsOf(body, places);
}

type Places = Readonly<Record<keyof RosterRow, number>>;

function placesOf(header: readonly CsvField[]): Places | null {
  const names = header.map(({ text }) => text.trim().toLowerCase());
  const at = (key: keyof RosterRow): number => names.findIndex((name) => columns[key].includes(name));
  const places = { login: at('login'), name: at('name'), ends: at('ends') };
  return places.login < 0 || places.ends < 0 ? null : places;
}

function rowsOf(body: readonly (readonly CsvField[])[], places: Places): ReadRoster {
  const problems: string[] = [];
  const seen = new Map<string, number>();
  const rows = body.map((fields): RosterRow => {
    const line = fields[0]?.line ?? 0;
    const text = (key: keyof RosterRow): string => fields[places[key]]?.text.trim() ?? '';
    const [login, ends] = [text('login'), text('ends')];
    const before = seen.get(login.toLowerCase());
    if (fields[places.ends] === undefined) problems.push(`Row ${line}: it is cut short, write every column, empty or not`);
    else if (login === '') problems.push(`Row ${line}: the login name is missing, write it or take the row out`);
    else if (before !== undefined) problems.push(`Row ${line}: "${login}" stands in row ${before} already, keep one of them`);
    else if (ends !== '' && !isDay(ends))
      problems.push(`Row ${line}: the end date "${ends}" is not a day, write it as 2026-11-30`);
    seen.set(login.toLowerCase(), line);
    return { login, name: text('name'), ends: ends === '' ? null : ends };
  });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, rows };
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}
