// Who has acknowledged which text, in the embedded database; in memory for whoever is at work, because every page asks. What was
// acknowledged or put off at another gateway stays so, so memory alone may say that nothing is due; before anything is, the rows are
// read again.

import { z } from 'zod';
import type { Acknowledgements } from '../acknowledgement-ports.ts';
import type { TextMark } from '../core/acknowledgement/clinic-text.ts';
import type { Said } from '../core/acknowledgement/due-texts.ts';
import { personKey } from '../core/downloads/person-key.ts';
import { forgetOldest } from '../core/forget-oldest.ts';
import type { StateDb } from './state-db.ts';

type Person = Parameters<Acknowledgements['said']>[0];

const mostPeople = 20_000;
/** Newest first; a person reads a handful of texts, once a year each. */
const mostRows = 500;

const mark = { text: z.string(), version: z.string(), hash: z.string(), at: z.number() };
const acknowledged = z.object(mark).transform(({ text: id, ...rest }) => ({ id, ...rest }));
const putOff = z.object({ ...mark, times: z.number() }).transform(({ text: id, ...rest }) => ({ id, ...rest }));

export class SqliteAcknowledgements implements Acknowledgements {
  readonly #db: StateDb;
  readonly #people = new Map<string, Said>();

  constructor(db: StateDb) {
    this.#db = db;
  }

  said(person: Person): Said | Promise<Said> {
    return this.#people.get(personKey(person)) ?? this.#read(person);
  }

  async latest(person: Person): Promise<Said> {
    return this.#read(person);
  }

  async acknowledge(person: Person, { id, version, hash }: TextMark, at: number): Promise<void> {
    const sql =
      'INSERT INTO acknowledgements (issuer, sub, text, version, hash, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (issuer, sub, text, version, hash, at) DO NOTHING';
    await this.#db.run('identity', [{ sql, params: [person.issuer, person.sub, id, version, hash, at] }]);
    await this.#read(person);
  }

  async putOff(person: Person, { id, version, hash }: TextMark, at: number): Promise<void> {
    const sql = `INSERT INTO acknowledgements_put_off (issuer, sub, text, version, hash, times, at) VALUES (?, ?, ?, ?, ?, 1, ?)
      ON CONFLICT (issuer, sub, text, version, hash) DO UPDATE SET times = acknowledgements_put_off.times + 1, at = excluded.at`;
    await this.#db.run('identity', [{ sql, params: [person.issuer, person.sub, id, version, hash, at] }]);
    await this.#read(person);
  }

  async #read(person: Person): Promise<Said> {
    const of = (table: string, columns: string) => ({
      sql: `SELECT ${columns} FROM ${table} WHERE issuer = ? AND sub = ? ORDER BY at DESC LIMIT ${mostRows}`,
      params: [person.issuer, person.sub],
    });
    const [read, waiting] = await this.#db.run('identity', [
      of('acknowledgements', 'text, version, hash, at'),
      of('acknowledgements_put_off', 'text, version, hash, times, at'),
    ]);
    const said = {
      acknowledged: (read?.rows ?? []).map((row) => acknowledged.parse(row)),
      putOff: (waiting?.rows ?? []).map((row) => putOff.parse(row)),
    };
    this.#people.set(personKey(person), said);
    forgetOldest(this.#people, mostPeople);
    return said;
  }
}
