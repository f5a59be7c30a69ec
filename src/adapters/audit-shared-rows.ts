// What is written into the shared index for a stretch of one gateway's log: its rows, who is in them, and what each hour counts.

import { indexRow } from '../core/audit/index-row.ts';
import type { IndexedPerson, IndexRow } from '../core/audit/index-row.ts';
import type { ReadRecord } from '../core/audit/read-record.ts';
import { recordNumber } from '../core/audit/record-number.ts';
import type { FollowedRecord } from './audit-follow.ts';

const hourMilliseconds = 3_600_000;

/** A row of `audit_requests` by its columns. */
export type SharedRow = Readonly<Record<string, string | number | null>>;

export interface SharedHour {
  readonly gateway: number;
  readonly hour: number;
  readonly event: string;
  readonly decision: string;
  readonly count: number;
  readonly bytes_out: number;
}

export interface SharedRows {
  readonly requests: readonly SharedRow[];
  readonly hours: readonly SharedHour[];
  readonly people: readonly IndexedPerson[];
}

/** Outcomes whose attempt is not among these records, by their request: it may be in the index already. */
export function loneOutcomes(records: readonly ReadRecord[]): readonly string[] {
  const begun = new Set<string>();
  const lone: string[] = [];
  for (const { event, fields } of records) {
    const { request } = fields;
    if (typeof request !== 'string') continue;
    if (event === 'attempt') begun.add(request);
    if (event === 'outcome' && !begun.delete(request)) lone.push(plain(request));
  }
  return lone;
}

/** `began`: the numbers of attempts that are in the index already, by their request. An attempt gives its number to the outcome. */
export function sharedRows(gateway: number, records: readonly ReadRecord[], began: ReadonlyMap<string, number>): SharedRows {
  const begun = new Map<string, IndexRow>();
  const requests: SharedRow[] = [];
  const hours = new Map<string, SharedHour>();
  const people = new Map<string, IndexedPerson>();
  const add = (row: IndexRow, attempt: number | null): void => {
    const own = recordNumber({ gateway, sequence: row.sequence });
    requests.push(rowOf(row, gateway, attempt ?? own, attempt === null ? null : own));
    if (row.person !== null) addPerson(people, row.person);
    // An attempt is counted once it has its outcome: the pair would read as two accesses.
    if (row.event !== 'attempt') addHour(hours, row, gateway);
  };
  for (const record of records) {
    const row = indexRow(record);
    if (row === null) continue;
    if (row.event === 'attempt') begun.set(row.request ?? String(row.sequence), row);
    else if (row.event !== 'outcome' || row.request === null) add(row, null);
    else {
      const attempt = begun.get(row.request);
      begun.delete(row.request);
      const before =
        attempt === undefined ? began.get(plain(row.request)) : recordNumber({ gateway, sequence: attempt.sequence });
      add(row, before ?? null);
    }
  }
  for (const row of begun.values()) add(row, null);
  return { requests, hours: [...hours.values()], people: [...people.values()] };
}

/** A record as its gateway wrote it. */
export interface SharedLine {
  readonly number: number;
  readonly time: number;
  readonly line: string;
}

/** Of those whose time can be read: no gateway wrote others. */
export function sharedLines(gateway: number, followed: readonly FollowedRecord[]): readonly SharedLine[] {
  return followed.flatMap(({ sequence, record, line }) => {
    const { time } = record.fields;
    const at = typeof time === 'string' ? Date.parse(time) : NaN;
    return Number.isNaN(at) ? [] : [{ number: recordNumber({ gateway, sequence }), time: at, line: line.text }];
  });
}

function addPerson(people: Map<string, IndexedPerson>, { issuer, sub, name }: IndexedPerson): void {
  const person = { issuer: plain(issuer), sub: plain(sub), name: plain(name) };
  people.set(`${person.issuer}\n${person.sub}\n${person.name}`, person);
}

function addHour(hours: Map<string, SharedHour>, { time, event, decision, bytesOut }: IndexRow, gateway: number): void {
  const of = { gateway, hour: Math.floor(time / hourMilliseconds), event: plain(event), decision: plain(decision ?? '') };
  const key = `${of.hour} ${of.event} ${of.decision}`;
  const known = hours.get(key);
  hours.set(key, { ...of, count: (known?.count ?? 0) + 1, bytes_out: (known?.bytes_out ?? 0) + (bytesOut ?? 0) });
}

function rowOf(row: IndexRow, gateway: number, sequence: number, outcome: number | null): SharedRow {
  const texts = {
    event: row.event,
    request: row.request,
    issuer: row.person?.issuer ?? null,
    sub: row.person?.sub ?? null,
    name: row.person?.name ?? null,
    session: row.session,
    address: row.address,
    application: row.application,
    method: row.method,
    target: row.target,
    patient: row.patient,
    category: row.category,
    action: row.action,
    rule: row.rule,
    decision: row.decision,
    reason: row.reason,
    grant_id: row.grant,
    detail: row.detail,
    roles: row.roles,
    factor: row.factor,
    device: row.device,
    patient_source: row.patientSource,
    download: row.download,
    pace: row.pace,
  };
  const plainTexts = Object.entries(texts).map(([column, value]) => [column, value === null ? null : plain(value)] as const);
  const { time, status, bytesIn, bytesOut, durationMilliseconds } = row;
  const numbers = { time, status, bytes_in: bytesIn, bytes_out: bytesOut, duration: durationMilliseconds };
  return { sequence, outcome, gateway, ...numbers, ...Object.fromEntries(plainTexts) };
}

/** PostgreSQL keeps no NUL and no half of a pair; both stand in the log as they came. */
export function plain(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD');
}
