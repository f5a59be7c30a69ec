// Names that come again and again are kept once, with a number: of events, rules, people, patients, targets. Remembers the
// numbers that were asked for lately, so that a busy hour asks the file for few.

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { IndexedPerson } from '../core/audit/index-row.ts';

const mostRemembered = 50_000;

export class IndexNames {
  readonly #words: NameTable;
  readonly #patients: NameTable;
  readonly #targets: NameTable;
  readonly #people: NameTable;

  constructor(database: DatabaseSync) {
    this.#words = new NameTable(database, 'words', ['text']);
    this.#patients = new NameTable(database, 'patients', ['text']);
    this.#targets = new NameTable(database, 'targets', ['text']);
    this.#people = new NameTable(database, 'people', ['issuer', 'sub', 'name']);
  }

  word(text: string | null): number | null {
    return text === null ? null : this.#words.number(text);
  }

  patient(text: string | null): number | null {
    return text === null ? null : this.#patients.number(text);
  }

  target(text: string | null): number | null {
    return text === null ? null : this.#targets.number(text);
  }

  person(person: IndexedPerson | null): number | null {
    if (person === null) return null;
    const { issuer, sub, name } = person;
    return this.#people.number(`${issuer}\n${sub}\n${name}`, [issuer, sub, name]);
  }

  /** After a transaction that was taken back: its numbers were never given. */
  forget(): void {
    for (const table of [this.#words, this.#patients, this.#targets, this.#people]) table.forget();
  }
}

class NameTable {
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #remembered = new Map<string, number>();

  /** Table and columns are names of our own schema. */
  constructor(database: DatabaseSync, table: string, columns: readonly string[]) {
    const equal = columns.map((column) => `${column} = ?`).join(' AND ');
    const places = columns.map(() => '?').join(', ');
    this.#find = database.prepare(`SELECT id FROM ${table} WHERE ${equal}`);
    this.#insert = database.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`);
  }

  /** `key` stands for the values among those remembered. */
  number(key: string, values?: readonly string[]): number {
    return this.#remembered.get(key) ?? this.#give(key, values ?? [key]);
  }

  #give(key: string, values: readonly string[]): number {
    const id = Number(this.#find.get(...values)?.['id'] ?? this.#insert.run(...values).lastInsertRowid);
    if (this.#remembered.size >= mostRemembered) this.#remembered.clear();
    this.#remembered.set(key, id);
    return id;
  }

  forget(): void {
    this.#remembered.clear();
  }
}
