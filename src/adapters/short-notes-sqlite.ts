// Short notes of several gateways, sealed in the store they share. One is taken out by a statement that only one caller wins. Owners
// and ids are kept as hashes: what a browser holds stands in no store.

import { hash } from 'node:crypto';
import type { Clock, Sealer } from '../ports.ts';
import type { ShortNote, ShortNotes } from '../short-note-ports.ts';
import { shortNoteOwner, shortNotePurpose } from './sealed-owners.ts';
import type { StateDb } from './state-db.ts';

const put = `INSERT INTO short_notes (kind, owner, id, until, sealed) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (kind, owner, id) DO UPDATE SET until = excluded.until, sealed = excluded.sealed`;
const trim = `DELETE FROM short_notes WHERE kind = ?1 AND owner = ?2 AND id NOT IN (
  SELECT id FROM short_notes WHERE kind = ?1 AND owner = ?2 ORDER BY until DESC, rowid DESC LIMIT ?3)`;
const take = 'DELETE FROM short_notes WHERE kind = ? AND owner = ? AND id = ? AND until > ? RETURNING id, sealed';
const list = 'SELECT id, sealed FROM short_notes WHERE kind = ? AND owner = ? AND until > ? ORDER BY until, rowid';
const forget = 'DELETE FROM short_notes WHERE until <= ?';

const betweenForgettingMilliseconds = 60_000;

export class SqliteShortNotes implements ShortNotes {
  readonly #db: StateDb;
  readonly #sealer: Sealer;
  readonly #clock: Clock;
  #forgotAt = -Infinity;

  constructor(db: StateDb, sealer: Sealer, clock: Clock) {
    this.#db = db;
    this.#sealer = sealer;
    this.#clock = clock;
  }

  async put({ kind, owner, id, text, until }: ShortNote, most: number): Promise<void> {
    const [whose, which] = [hashed(owner), hashed(id)];
    const sealed = this.#seal(kind, whose, which, JSON.stringify({ id, text }));
    await this.#db.run('sessions', [
      { sql: put, params: [kind, whose, which, until, sealed] },
      { sql: trim, params: [kind, whose, most] },
    ]);
    const now = this.#clock.monotonic();
    if (now - this.#forgotAt < betweenForgettingMilliseconds) return;
    this.#forgotAt = now;
    await this.#db.run('sessions', [{ sql: forget, params: [this.#clock.now()] }]);
  }

  async take(kind: string, owner: string, id: string): Promise<string | null> {
    const params = [kind, hashed(owner), hashed(id), this.#clock.now()];
    const [taken] = await this.#db.run('sessions', [{ sql: take, params }]);
    const [row] = taken?.rows ?? [];
    return row === undefined ? null : this.#open(kind, hashed(owner), row).text;
  }

  async list(kind: string, owner: string): ReturnType<ShortNotes['list']> {
    const [found] = await this.#db.run('sessions', [{ sql: list, params: [kind, hashed(owner), this.#clock.now()] }]);
    return (found?.rows ?? []).map((row) => this.#open(kind, hashed(owner), row));
  }

  #seal(kind: string, owner: string, id: string, text: string): string {
    return this.#sealer.seal(shortNotePurpose, shortNoteOwner(kind, owner, id), text);
  }

  #open(kind: string, owner: string, row: Readonly<Record<string, unknown>>): { readonly id: string; readonly text: string } {
    const plain = this.#sealer.open(shortNotePurpose, shortNoteOwner(kind, owner, String(row['id'])), String(row['sealed']));
    return JSON.parse(plain) as { readonly id: string; readonly text: string };
  }
}

function hashed(text: string): string {
  return hash('sha256', text, 'base64url');
}
