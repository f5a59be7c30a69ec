// The rows of sessions, and the list of those that have ended. Every change is decided in its statement and tells the row that
// came of it, because another gateway may write the same one at the same time.

import type { EndReason, Session } from '../core/session/session.ts';
import { insertSession, readSessionRow, sessionColumns } from './session-row.ts';
import type { Row, StateDb, Statement } from './state-db.ts';

export type SessionFields = Partial<Omit<Session, 'key' | 'version' | 'createdAt'>>;

/** An end as it is written. */
export interface EndedRow {
  readonly reference: string;
  /** The session's key, and the one it is about to get where a rename is on its way. */
  readonly keys: readonly string[];
  readonly reason: EndReason;
  readonly at: number;
}

export interface TouchedRow {
  readonly key: string;
  readonly lastActiveAt: number;
  readonly activity: Session['activity'];
}

/** Rows read at once. */
const pageSize = 2000;

const among = 'IN (SELECT value FROM json_each(?))';

export class SessionRows {
  readonly #db: StateDb;

  constructor(db: StateDb) {
    this.#db = db;
  }

  async insert(session: Session): Promise<void> {
    await this.#db.run('sessions', [insertSession(session)]);
  }

  /** These fields alone, whatever the others are by now. Null where no row has this key, or it is on the list of the ended. */
  async change(key: string, fields: SessionFields, nextKey: string | null = null): Promise<Session | null> {
    const { names, values } = sessionColumns(fields);
    const set = [...(nextKey === null ? [] : ['key = ?']), ...names.map((name) => `${name} = ?`), 'version = version + 1'];
    // Where the rows stand in another file than the list, ends take the row away, and the list is for a restart.
    const isLive = this.#db.isOneDatabase === true ? ' AND NOT EXISTS (SELECT 1 FROM ended_sessions WHERE key = ?)' : '';
    return this.#changed({
      sql: `UPDATE sessions SET ${set.join(', ')} WHERE key = ?${isLive} RETURNING *`,
      params: [...(nextKey === null ? [] : [nextKey]), ...values, key, ...(isLive === '' ? [] : [key])],
    });
  }

  /** Null where it is locked already, has ended, or `unlessSeen` and its person was seen since, at another gateway. */
  async lock(session: Session, since: number, unlessSeen: boolean): Promise<Session | null> {
    const { key, lastActiveAt, activity } = session;
    const seen = unlessSeen ? ' AND last_active_at <= ?' : '';
    return this.#changed({
      sql: `UPDATE sessions SET locked_at = ?, last_active_at = ?, activity = ?, version = version + 1
        WHERE key = ? AND locked_at IS NULL${seen} RETURNING *`,
      params: [since, lastActiveAt, JSON.stringify(activity), key, ...(unlessSeen ? [lastActiveAt] : [])],
    });
  }

  /** Which of them the row took. */
  async touch(touched: readonly TouchedRow[]): Promise<readonly boolean[]> {
    const sql = 'UPDATE sessions SET last_active_at = ?, activity = ? WHERE key = ? AND last_active_at < ? AND locked_at IS NULL';
    const statements = touched.map(({ key, lastActiveAt, activity }) => ({
      sql,
      params: [lastActiveAt, JSON.stringify(activity), key, lastActiveAt],
    }));
    return (await this.#db.run('sessions', statements)).map(({ changes }) => changes === 1);
  }

  /** Whether this is what took the row away: true for one gateway alone, however many end it. */
  async end({ reference, keys, reason, at }: EndedRow): Promise<boolean> {
    const listed = keys.map((key) => listEnded(key, reason, at));
    const gone = { sql: `DELETE FROM sessions WHERE key ${among} RETURNING key`, params: [JSON.stringify(keys)] };
    let taken: number;
    if (this.#db.isOneDatabase === true) {
      taken = (await this.#db.run('sessions', [...listed, gone])).at(-1)?.changes ?? 0;
    } else {
      // First the durable list: after a power loss the row may be back, and the list outlives it.
      await this.#db.run('identity', listed);
      taken = (await this.#db.run('sessions', [gone]))[0]?.changes ?? 0;
    }
    return taken > 0 || this.#endByReference(reference, reason, at);
  }

  /** Those of these keys that there are. `ended`: what the list says of them. */
  async read(keys: readonly string[]): Promise<{ readonly rows: readonly Row[]; readonly ended: ReadonlyMap<string, string> }> {
    const params = [JSON.stringify(keys)];
    const [listed] = await this.#db.run('identity', [
      { sql: `SELECT key, reason FROM ended_sessions WHERE key ${among}`, params },
    ]);
    const [found] = await this.#db.run('sessions', [{ sql: `SELECT * FROM sessions WHERE key ${among}`, params }]);
    return { rows: found?.rows ?? [], ended: reasonsIn(listed?.rows) };
  }

  async ofReferences(references: readonly string[]): Promise<readonly Row[]> {
    const params = [JSON.stringify(references)];
    const [found] = await this.#db.run('sessions', [{ sql: `SELECT * FROM sessions WHERE reference ${among}`, params }]);
    return found?.rows ?? [];
  }

  /** All rows, a page at a time: one that changes its key meanwhile may be missed. */
  async *all(): AsyncGenerator<readonly Row[]> {
    let after = '';
    for (;;) {
      const sql = 'SELECT * FROM sessions WHERE key > ? ORDER BY key LIMIT ?';
      const rows = (await this.#db.run('sessions', [{ sql, params: [after, pageSize] }]))[0]?.rows ?? [];
      yield rows;
      if (rows.length < pageSize) return;
      after = String(rows.at(-1)?.['key']);
    }
  }

  /** Keys of those that ended since then, with the reason. */
  async endedSince(time: number): Promise<ReadonlyMap<string, string>> {
    const [listed] = await this.#db.run('identity', [
      { sql: 'SELECT key, reason FROM ended_sessions WHERE ended_at >= ?', params: [time] },
    ]);
    return reasonsIn(listed?.rows);
  }

  async remove(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#db.run('sessions', [{ sql: `DELETE FROM sessions WHERE key ${among}`, params: [JSON.stringify(keys)] }]);
  }

  async forgetEnded(before: number): Promise<void> {
    await this.#db.run('identity', [{ sql: 'DELETE FROM ended_sessions WHERE ended_at < ?', params: [before] }]);
  }

  /** Another gateway may have given it a key that this one has not heard of. */
  async #endByReference(reference: string, reason: EndReason, at: number): Promise<boolean> {
    const sql = 'DELETE FROM sessions WHERE reference = ? RETURNING key';
    const moved = (await this.#db.run('sessions', [{ sql, params: [reference] }]))[0]?.rows ?? [];
    if (moved.length === 0) return false;
    await this.#db.run(
      'identity',
      moved.map(({ key }) => listEnded(String(key), reason, at)),
    );
    return true;
  }

  async #changed(statement: Statement): Promise<Session | null> {
    const row = (await this.#db.run('sessions', [statement]))[0]?.rows[0];
    const read = row === undefined ? null : readSessionRow(row);
    return read !== null && 'session' in read ? read.session : null;
  }
}

function listEnded(key: string, reason: EndReason, at: number): Statement {
  const sql = 'INSERT INTO ended_sessions (key, reason, ended_at) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING';
  return { sql, params: [key, reason, at] };
}

function reasonsIn(rows: readonly Row[] = []): ReadonlyMap<string, string> {
  return new Map(rows.map(({ key, reason }) => [String(key), String(reason)]));
}
