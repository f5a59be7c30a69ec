// Asks the index that gateways share: the same questions as of the index beside a log, over the rows of all of them, newest first
// by their time. Pages follow each other by time and number, so that what comes late from one gateway moves no page.

import { logPlace, recordNumber } from '../core/audit/record-number.ts';
import { machineIssuer } from '../core/session/machine-session.ts';
import type { FoundPage, FoundRequest, HourCount, RecordQuery } from '../search-ports.ts';
import { foundRequest, machinePrefix, mostRequests, reviewedEvents } from './audit-index-search.ts';
import type { SharedAsk, SharedValue } from './audit-shared-db.ts';
import { plain } from './audit-shared-rows.ts';

const hourMilliseconds = 3_600_000;

/** Conditions joined by AND, and what stands in them. */
export class SharedWhere {
  readonly params: SharedValue[] = [];
  readonly #tests: string[] = [];

  /** Each `?` of the test takes the next value. */
  add(test: string, ...values: readonly SharedValue[]): void {
    let next = this.params.length;
    this.params.push(...values);
    this.#tests.push(test.replaceAll('?', () => `$${(next += 1)}`));
  }

  /** The place of one more value. */
  param(value: SharedValue): string {
    return `$${this.params.push(value)}`;
  }

  get sql(): string {
    return this.#tests.length === 0 ? 'true' : this.#tests.join(' AND ');
  }
}

/** `most` is cut to `mostRequests`; `gateway` is the one that asks. */
export async function searchShared(ask: SharedAsk, gateway: number, query: RecordQuery, most: number): Promise<FoundPage> {
  const indexed = await indexedOf(ask, gateway);
  const where = whereOf(query);
  if (query.before !== undefined) await addBefore(ask, where, query.before);
  const wanted = Math.min(most, mostRequests);
  const sql = `SELECT * FROM audit_requests WHERE ${where.sql} ORDER BY time DESC, sequence DESC LIMIT ${where.param(wanted + 1)}`;
  const rows = (await ask(sql, where.params)).map(foundRequest);
  const page = rows.slice(0, wanted);
  return { requests: page, next: rows.length > wanted ? (page.at(-1)?.sequence ?? null) : null, indexed };
}

/** The last record of this gateway that is in it, by its number among all. */
export async function indexedOf(ask: SharedAsk, gateway: number): Promise<number> {
  const [row] = await ask('SELECT sequence FROM audit_gateways WHERE number = $1', [gateway]);
  return recordNumber({ gateway, sequence: Number(row?.['sequence'] ?? 0) });
}

/** Requests of each hour that touches `since` to `until`, the oldest first. */
export async function countSharedHours(ask: SharedAsk, since: number, until: number): Promise<readonly HourCount[]> {
  const sql = `SELECT hour, event, decision, sum(count) AS count, sum(bytes_out) AS bytes_out FROM audit_hours
    WHERE hour BETWEEN $1 AND $2 GROUP BY hour, event, decision ORDER BY hour, event, decision`;
  const rows = await ask(sql, [Math.floor(since / hourMilliseconds), Math.floor(until / hourMilliseconds)]);
  return rows.map((row) => ({
    hour: Number(row['hour']) * hourMilliseconds,
    event: String(row['event']),
    decision: row['decision'] === '' ? null : String(row['decision']),
    count: Number(row['count']),
    bytesOut: Number(row['bytes_out']),
  }));
}

/** In the order of the record. */
export async function sharedRequests(ask: SharedAsk, numbers: readonly number[]): Promise<readonly FoundRequest[]> {
  const sql = 'SELECT * FROM audit_requests WHERE sequence = ANY($1) ORDER BY time, sequence';
  return (await ask(sql, [numbers])).map(foundRequest);
}

/** All that a query asks for but where its page begins. */
export function whereOf(query: RecordQuery): SharedWhere {
  const where = new SharedWhere();
  const { person, subject, patient, text, record, since, until } = query;
  if (record !== undefined) where.add('sequence = ?', record);
  if (person !== undefined) addPerson(where, person);
  if (subject !== undefined) where.add('issuer = ? AND sub = ?', plain(subject.issuer), plain(subject.sub));
  if (patient !== undefined) where.add('patient = ANY(?)', [patient].flat().map(plain));
  for (const column of ['rule', 'decision', 'category', 'action', 'address', 'event', 'reason', 'request'] as const) {
    const value = query[column];
    if (value !== undefined) where.add(`${column} = ?`, plain(value));
  }
  if (text !== undefined)
    where.add(String.raw`target ILIKE ? ESCAPE '\'`, `%${plain(text).replaceAll(/[\\%_]/g, String.raw`\$&`)}%`);
  if (query.review === true) where.add('(event = ANY(?) OR grant_id IS NOT NULL)', reviewedEvents);
  if (query.download === true) where.add('download IS NOT NULL');
  if (query.named === true) where.add('patient IS NOT NULL');
  if (query.ended === true) where.add("event <> 'attempt'");
  if (since !== undefined) where.add('time >= ?', Math.ceil(since));
  if (until !== undefined) where.add('time < ?', Math.ceil(until));
  return where;
}

function addPerson(where: SharedWhere, person: string): void {
  const isMachine = person.startsWith(machinePrefix);
  const name = isMachine ? person.slice(machinePrefix.length) : person;
  where.add(`name = ? AND issuer ${isMachine ? '=' : '<>'} ?`, plain(name), machineIssuer);
}

/**
 * What was on record before this number, in the order of the list. Where no request has the number, the one of its log behind it
 * stands for it; where there is none, the last one before it is the first that counts.
 */
async function addBefore(ask: SharedAsk, where: SharedWhere, before: number): Promise<void> {
  const { gateway } = logPlace(before);
  const [from, to] = [recordNumber({ gateway, sequence: 0 }), recordNumber({ gateway: gateway + 1, sequence: 0 }) - 1];
  const behind = 'SELECT time, sequence FROM audit_requests WHERE sequence BETWEEN $1 AND $2 ORDER BY sequence LIMIT 1';
  const [next] = await ask(behind, [before, Math.min(to, Number.MAX_SAFE_INTEGER)]);
  if (next !== undefined) return where.add('(time, sequence) < (?, ?)', Number(next['time']), Number(next['sequence']));
  const last = 'SELECT time, sequence FROM audit_requests WHERE sequence BETWEEN $1 AND $2 ORDER BY sequence DESC LIMIT 1';
  const [newest] = await ask(last, [from, before]);
  if (newest !== undefined) where.add('(time, sequence) <= (?, ?)', Number(newest['time']), Number(newest['sequence']));
}
