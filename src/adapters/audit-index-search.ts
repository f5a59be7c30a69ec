// Asks the search index. The most selective thing that was asked for drives, by an index of its own; everything else is
// looked at row by row. Pages follow each other by record number, so that a later page costs what the first did.

import type { DatabaseSync } from 'node:sqlite';
import { machineIssuer } from '../core/session/machine-session.ts';
import type { FoundPage, FoundRequest, HourCount, RecordQuery } from '../search-ports.ts';
import type { SqlValue } from './state-db.ts';

/** The longest page. */
export const mostRequests = 1000;
/** Targets that a text may drive through; with more, requests are looked at one after another. */
const mostTargets = 64;
const hourMilliseconds = 3_600_000;
/** What a machine is asked for by, before its name, so that no person of its name is taken for it. */
export const machinePrefix = 'machine ';
/** Events that somebody should look at afterwards, whatever grant they carry. */
export const reviewedEvents = [
  'break-glass',
  'budget-extended',
  'budget-warning',
  'second-factor-blocked',
  'configuration-rejected',
  'audit-outage',
  'audit-repaired',
  'restored',
  'alert',
  'disclosure-owed',
];

/** Columns without an index. */
const drivesNothing = ['decision', 'action', 'reason'];

const columns = `sequence, outcome, time, event, request, person, session, address, application, method, target, patient, category,
  action, rule, decision, reason, status, bytes_out, grant_id, detail,
  roles, factor, device, patient_source, bytes_in, duration, download, pace`;
const selected = `SELECT r.sequence, r.outcome, r.time, e.text AS event, r.request, p.issuer, p.sub, p.name, r.session,
  a.text AS address, n.text AS application, m.text AS method, t.text AS target, i.text AS patient, c.text AS category,
  o.text AS action, u.text AS rule, d.text AS decision, w.text AS reason, r.status, r.bytes_out, r.grant_id, r.detail,
  l.text AS roles, f.text AS factor, v.text AS device, s.text AS patient_source, r.bytes_in, r.duration,
  x.text AS download, y.text AS pace`;
const joined = `JOIN words e ON e.id = r.event LEFT JOIN people p ON p.id = r.person LEFT JOIN words a ON a.id = r.address
  LEFT JOIN words n ON n.id = r.application LEFT JOIN words m ON m.id = r.method LEFT JOIN targets t ON t.id = r.target
  LEFT JOIN patients i ON i.id = r.patient LEFT JOIN words c ON c.id = r.category LEFT JOIN words o ON o.id = r.action
  LEFT JOIN words u ON u.id = r.rule LEFT JOIN words d ON d.id = r.decision LEFT JOIN words w ON w.id = r.reason
  LEFT JOIN words l ON l.id = r.roles LEFT JOIN words f ON f.id = r.factor LEFT JOIN words v ON v.id = r.device
  LEFT JOIN words s ON s.id = r.patient_source LEFT JOIN words x ON x.id = r.download LEFT JOIN words y ON y.id = r.pace`;

/** A column, and the numbers it may have. */
export interface Asked {
  readonly column: string;
  readonly ids: readonly number[];
}

/** `most` is cut to `mostRequests`. Throws system errors. */
export function searchIndex(database: DatabaseSync, query: RecordQuery, most: number): FoundPage {
  const indexed = Number(database.prepare('SELECT sequence FROM progress').get()?.['sequence'] ?? 0);
  const asked = askedOf(database, query);
  const [from, to] = rangeOf(database, query);
  // Something asked for was never on record, or no hour fits: there is nothing to look through.
  if (asked.some(({ ids }) => ids.length === 0) || from > to) return { requests: [], next: null, indexed };
  const wanted = Math.min(most, mostRequests);
  const numbers = numbersOf(database, query, asked, { from, to, most: wanted + 1 });
  const page = numbers.slice(0, wanted);
  const next = numbers.length > wanted ? (page.at(-1) ?? null) : null;
  return { requests: rowsOf(database, page), next, indexed };
}

/** Requests of each hour that touches `since` to `until`, the oldest first. */
export function countHours(database: DatabaseSync, since: number, until: number): readonly HourCount[] {
  const statement = database.prepare(`SELECT h.hour, e.text AS event, d.text AS decision, h.count, h.bytes_out
    FROM hours h JOIN words e ON e.id = h.event JOIN words d ON d.id = h.decision WHERE h.hour BETWEEN ? AND ? ORDER BY h.hour, event, decision`);
  return statement.all(hourOf(since), hourOf(until)).map((row) => ({
    hour: Number(row['hour']) * hourMilliseconds,
    event: String(row['event']),
    decision: text(row['decision']) === '' ? null : text(row['decision']),
    count: Number(row['count']),
    bytesOut: Number(row['bytes_out']),
  }));
}

/** In the order in which they should drive. */
export function askedOf(database: DatabaseSync, query: RecordQuery): Asked[] {
  const word = (value: string) => idsOf(database, 'SELECT id FROM words WHERE text = ?', [value]);
  const { person, subject, patient, rule, decision, category, action, address, event, reason, text: within } = query;
  const asked: (Asked | false)[] = [
    patient !== undefined && { column: 'patient', ids: patientsWith(database, [patient].flat()) },
    person !== undefined && { column: 'person', ids: peopleCalled(database, person) },
    subject !== undefined && { column: 'person', ids: peopleWho(database, subject) },
    within !== undefined && { column: 'target', ids: targetsWith(database, within) },
    address !== undefined && { column: 'address', ids: word(address) },
    event !== undefined && { column: 'event', ids: word(event) },
    rule !== undefined && { column: 'rule', ids: word(rule) },
    category !== undefined && { column: 'category', ids: word(category) },
    action !== undefined && { column: 'action', ids: word(action) },
    decision !== undefined && { column: 'decision', ids: word(decision) },
    reason !== undefined && { column: 'reason', ids: word(reason) },
  ];
  return asked.filter((one) => one !== false);
}

function patientsWith(database: DatabaseSync, texts: readonly string[]): number[] {
  return idsOf(database, 'SELECT id FROM patients WHERE text IN (SELECT value FROM json_each(?))', [JSON.stringify(texts)]);
}

/** A machine is asked for by the word before its name, so that no person of its name is taken for it. */
function peopleCalled(database: DatabaseSync, person: string): number[] {
  const isMachine = person.startsWith(machinePrefix);
  const sql = `SELECT id FROM people WHERE name = ? AND issuer ${isMachine ? '=' : '<>'} ?`;
  return idsOf(database, sql, [isMachine ? person.slice(machinePrefix.length) : person, machineIssuer]);
}

function peopleWho(database: DatabaseSync, { issuer, sub }: { readonly issuer: string; readonly sub: string }): number[] {
  return idsOf(database, 'SELECT id FROM people WHERE issuer = ? AND sub = ?', [issuer, sub]);
}

function targetsWith(database: DatabaseSync, within: string): number[] {
  const pattern = `%${within.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  return idsOf(database, String.raw`SELECT id FROM targets WHERE text LIKE ? ESCAPE '\'`, [pattern]);
}

function idsOf(database: DatabaseSync, sql: string, params: readonly SqlValue[]): number[] {
  return database
    .prepare(sql)
    .all(...params)
    .map((row) => Number(row['id']));
}

/** Record numbers between which everything lies that the times ask for, both included. */
export function rangeOf(database: DatabaseSync, { since, until, before, record }: RecordQuery): readonly [number, number] {
  const first = (hour: number) => database.prepare('SELECT min(first) AS n FROM spans WHERE hour >= ?').get(hour)?.['n'];
  const newest = (hour: number) => database.prepare('SELECT max(last) AS n FROM spans WHERE hour <= ?').get(hour)?.['n'];
  const from = since === undefined ? 1 : Number(first(hourOf(since)) ?? Infinity);
  const to = until === undefined ? Number.MAX_SAFE_INTEGER : Number(newest(hourOf(until)) ?? 0);
  const last = Math.min(to, (before ?? Number.MAX_SAFE_INTEGER) - 1);
  return record === undefined ? [from, last] : [Math.max(from, record), Math.min(last, record)];
}

/** The numbers of the newest requests that fit. One pass for each way in, put together here. */
function numbersOf(
  database: DatabaseSync,
  query: RecordQuery,
  asked: readonly Asked[],
  { from, to, most }: { readonly from: number; readonly to: number; readonly most: number },
): number[] {
  const [driver, ways] = waysIn(database, query, asked);
  const tests = testsOf(query, asked, driver);
  const rest = `sequence BETWEEN ? AND ? AND time >= ? AND time < ? ${tests.join(' ')} ORDER BY sequence DESC LIMIT ?`;
  const limits = [from, to, query.since ?? 0, query.until ?? Number.MAX_SAFE_INTEGER, most];
  const found = ways.flatMap(({ start, params }) => idsOfRows(database, `${start} ${rest}`, [...params, ...limits]));
  return [...new Set(found)].sort((a, b) => b - a).slice(0, most);
}

/** What is looked at row by row, beside what drives. */
export function testsOf(query: RecordQuery, asked: readonly Asked[], driver: Asked | undefined): string[] {
  const tests = asked.filter((one) => one !== driver).map(({ column, ids }) => `AND +${column} IN (${ids.join(', ')})`);
  if (query.named === true) tests.push('AND +patient IS NOT NULL');
  if (query.ended === true) tests.push(`AND +event <> (SELECT coalesce(max(id), 0) FROM words WHERE text = 'attempt')`);
  return tests;
}

interface Way {
  readonly start: string;
  readonly params: readonly SqlValue[];
}

/** Where a search begins: the column that drives, and one way in for each of its numbers. */
export function waysIn(database: DatabaseSync, query: RecordQuery, asked: readonly Asked[]): [Asked | undefined, readonly Way[]] {
  if (query.request !== undefined) return [undefined, [{ start: 'request = ? AND', params: [query.request] }]];
  if (query.review === true) {
    const events = reviewedEvents.flatMap((event) => idsOf(database, 'SELECT id FROM words WHERE text = ?', [event]));
    const ways = events.map((id) => ({ start: 'event = ? AND', params: [id] }));
    return [undefined, [...ways, { start: 'grant_id IS NOT NULL AND', params: [] }]];
  }
  const driver = asked.find(({ column, ids }) => !drivesNothing.includes(column) && ids.length <= mostTargets);
  const only = query.download === true ? 'download IS NOT NULL AND' : '';
  if (driver === undefined) return [undefined, [{ start: only, params: [] }]];
  return [driver, driver.ids.map((id) => ({ start: `${driver.column} = ? AND ${only}`, params: [id] }))];
}

function idsOfRows(database: DatabaseSync, where: string, params: readonly SqlValue[]): number[] {
  const rows = database.prepare(`SELECT sequence FROM requests WHERE ${where}`).all(...params);
  return rows.map((row) => Number(row['sequence']));
}

export function rowsOf(database: DatabaseSync, numbers: readonly number[]): FoundRequest[] {
  const statement = database.prepare(`${selected} FROM (SELECT ${columns} FROM requests WHERE sequence = ?) r ${joined}`);
  return numbers.flatMap((number) => {
    const row = statement.get(number);
    return row === undefined ? [] : [foundRequest(row)];
  });
}

/** `sequence` and the others by the names of our columns, `issuer`, `sub` and `name` of the person. */
export function foundRequest(row: Readonly<Record<string, unknown>>): FoundRequest {
  const [issuer, sub, name] = [text(row['issuer']), text(row['sub']), text(row['name'])];
  const isMachine = issuer === machineIssuer;
  return {
    sequence: Number(row['sequence']),
    outcome: count(row['outcome']),
    time: Number(row['time']),
    event: String(row['event']),
    request: text(row['request']),
    person: name !== null && isMachine ? `machine ${name}` : name,
    subject: issuer === null || sub === null || isMachine ? null : { issuer, sub },
    roles: text(row['roles']),
    session: text(row['session']),
    factor: text(row['factor']),
    device: text(row['device']),
    address: text(row['address']),
    application: text(row['application']),
    method: text(row['method']),
    target: text(row['target']),
    patient: text(row['patient']),
    patientSource: text(row['patient_source']),
    category: text(row['category']),
    action: text(row['action']),
    download: text(row['download']),
    pace: text(row['pace']),
    rule: text(row['rule']),
    decision: text(row['decision']),
    reason: text(row['reason']),
    status: count(row['status']),
    bytesIn: count(row['bytes_in']),
    bytesOut: count(row['bytes_out']),
    durationMilliseconds: count(row['duration']),
    grant: text(row['grant_id']),
    detail: text(row['detail']),
  };
}

function hourOf(time: number): number {
  return Math.floor(time / hourMilliseconds);
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function count(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
