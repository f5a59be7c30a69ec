// The patients of a file that is being imported, in a database of their own beside the stores: joined where they share an
// id, compared with the directory of before, and only then copied. What stands in it is sealed as it will be afterwards.

import type { KeyObject } from 'node:crypto';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { nameParts } from '../core/patients/name-parts.ts';
import type { DirectoryId, DirectoryPatient } from '../directory-ports.ts';
import type { Sealer } from '../ports.ts';
import { contentMark, hiddenNameParts, openPatient, sealPatient } from './patient-directory-row.ts';

export interface StagingParts {
  /** The stores' database; the staging one is attached to it as `staged`. */
  readonly database: DatabaseSync;
  readonly sealer: Sealer;
  readonly tokenOf: (id: string) => string;
  readonly generation: number;
  /** Of the index of names. */
  readonly nameKey: KeyObject;
}

/** `line` is where the other person with that id stands. */
export type Added = 'added' | 'joined' | { readonly conflict: DirectoryId; readonly line: number };

/** People of the file; of them new ones and changed ones; who was in the directory of before and is not in the file. */
export interface StagedCounts {
  readonly patients: number;
  readonly fresh: number;
  readonly changed: number;
  readonly gone: number;
  /** Ids that belong to another person than before. */
  readonly moved: number;
}

/** How a patient stands to the directory of before. */
const was = { unknown: 0, same: 1, changed: 2 } as const;

const tables = `
  DROP TABLE IF EXISTS staged.patients; DROP TABLE IF EXISTS staged.ids; DROP TABLE IF EXISTS staged.names;
  CREATE TABLE staged.patients (
    patient INTEGER PRIMARY KEY, line INTEGER NOT NULL, was INTEGER NOT NULL, gone_at INTEGER, mark BLOB NOT NULL,
    sealed TEXT NOT NULL) STRICT;
  CREATE TABLE staged.ids (
    token TEXT PRIMARY KEY, patient INTEGER NOT NULL, place INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE staged.names (part BLOB NOT NULL, patient INTEGER NOT NULL, PRIMARY KEY (part, patient)) STRICT, WITHOUT ROWID;
`;

export class PatientStaging {
  readonly #parts: StagingParts;
  readonly #prepared = new Map<string, StatementSync>();
  /** Of the patient at hand: each is asked for a few times. */
  readonly #tokens = new Map<string, string>();
  #patients = 0;
  #gone = 0;
  #moved = 0;

  constructor(parts: StagingParts) {
    this.#parts = parts;
    parts.database.exec(tables);
  }

  /** A row of the file. Rows that share an id are one person where name and date of birth are the same, else a conflict. */
  add(line: number, patient: DirectoryPatient): Added {
    this.#tokens.clear();
    const holders = patient.ids.map(({ id }) => this.#holder(id));
    const [first] = holders.filter((one) => one !== null);
    if (first === undefined) {
      this.#insert(line, was.unknown, null, patient);
      return 'added';
    }
    const theirs = this.#read(first);
    const other = holders.findIndex((one) => one !== null && (one !== first || !isSamePerson(theirs, patient)));
    const [conflict, holder] = [patient.ids[other], holders[other] ?? null];
    if (conflict !== undefined && holder !== null) return { conflict, line: this.#lineOf(holder) };
    this.#extend(first, theirs, patient.ids.filter((_id, at) => holders[at] === null)); // prettier-ignore
    return 'joined';
  }

  /** A person of the directory of before. Whoever is not in the file stays, as gone; an id that is not stays with its person. */
  compare(before: DirectoryPatient, goneAt: number | null, now: number): void {
    this.#tokens.clear();
    if (goneAt === null && this.#isUnchanged(before)) return;
    const holders = before.ids.map(({ id }) => this.#holder(id));
    const hits = new Set(holders.filter((one) => one !== null));
    const surely = hits.size > 1 || goneAt !== null;
    // What is deleted from a set while it is walked has been walked already.
    for (const hit of hits) {
      const theirs = this.#read(hit);
      if (!isOtherPerson(theirs, before)) this.#match(hit, theirs, before, surely);
      else if (hits.delete(hit)) this.#moved += holders.filter((one) => one === hit).length;
    }
    if (goneAt === null && hits.size === 0) this.#gone += 1;
    const left = before.ids.filter((_id, at) => holders[at] === null);
    const [only] = hits;
    if (left.length === 0) return;
    // Split among several people: what is left of it belongs to none of them.
    if (only === undefined || hits.size > 1) this.#insert(0, was.same, goneAt ?? now, { ...before, ids: left });
    else this.#extend(only, this.#read(only), left.map(({ kind, id }) => ({ kind, id, former: true as const }))); // prettier-ignore
  }

  counts(): StagedCounts {
    const count = (state: number): number =>
      Number(this.#run('SELECT count(*) AS n FROM staged.patients WHERE was = ? AND gone_at IS NULL', state)[0]?.['n']);
    const [fresh, same, changed] = [count(was.unknown), count(was.same), count(was.changed)];
    return { patients: fresh + same + changed, fresh, changed, gone: this.#gone, moved: this.#moved };
  }

  /** Most are: told without opening what is sealed. */
  #isUnchanged(before: DirectoryPatient): boolean {
    const [first] = before.ids;
    if (first === undefined || !before.ids.every(isPresent)) return false;
    const sql = 'UPDATE staged.patients SET was = CASE was WHEN ? THEN ? ELSE ? END WHERE patient = ? AND mark = ? RETURNING 1';
    const mark = contentMark(this.#parts.nameKey, before);
    return this.#run(sql, was.unknown, was.same, was.changed, this.#holder(first.id), mark).length > 0;
  }

  #match(hit: number, now: DirectoryPatient, before: DirectoryPatient, surely: boolean): void {
    const known = new Set(before.ids.filter(isPresent).map(({ id }) => id));
    const present = now.ids.filter(isPresent);
    const isSame = now.name === before.name && now.birthDate === before.birthDate && present.length === known.size;
    const changed = surely || !isSame || present.some(({ id }) => !known.has(id));
    // Two people of before who are one now have changed, whichever comes first.
    const sql = 'UPDATE staged.patients SET was = CASE was WHEN ? THEN ? ELSE ? END WHERE patient = ?';
    this.#run(sql, was.unknown, changed ? was.changed : was.same, was.changed, hit);
  }

  #holder(id: string): number | null {
    const [row] = this.#run('SELECT patient FROM staged.ids WHERE token = ?', this.#tokenOf(id));
    return row === undefined ? null : Number(row['patient']);
  }

  #tokenOf(id: string): string {
    const token = this.#tokens.get(id) ?? this.#parts.tokenOf(id);
    this.#tokens.set(id, token);
    return token;
  }

  #lineOf(patient: number): number {
    return Number(this.#run('SELECT line FROM staged.patients WHERE patient = ?', patient)[0]?.['line']);
  }

  #read(patient: number): DirectoryPatient {
    const [row] = this.#run('SELECT sealed FROM staged.patients WHERE patient = ?', patient);
    return openPatient(this.#parts.sealer, this.#parts.generation, patient, String(row?.['sealed']));
  }

  #insert(line: number, state: number, goneAt: number | null, patient: DirectoryPatient): void {
    this.#patients += 1;
    const number = this.#patients;
    const ids = onceEach(patient.ids);
    const sealed = sealPatient(this.#parts.sealer, this.#parts.generation, number, { ...patient, ids });
    const mark = contentMark(this.#parts.nameKey, { ...patient, ids });
    this.#run('INSERT INTO staged.patients VALUES (?, ?, ?, ?, ?, ?)', number, line, state, goneAt, mark, sealed);
    this.#insertIds(number, ids, 0);
    for (const part of hiddenNameParts(this.#parts.nameKey, patient.name))
      this.#run('INSERT OR IGNORE INTO staged.names VALUES (?, ?)', part, number);
  }

  #extend(patient: number, known: DirectoryPatient, more: readonly DirectoryId[]): void {
    const ids = onceEach([...known.ids, ...more]);
    if (ids.length === known.ids.length) return;
    const sealed = sealPatient(this.#parts.sealer, this.#parts.generation, patient, { ...known, ids });
    const mark = contentMark(this.#parts.nameKey, { ...known, ids });
    this.#run('UPDATE staged.patients SET sealed = ?, mark = ? WHERE patient = ?', sealed, mark, patient);
    this.#insertIds(patient, ids.slice(known.ids.length), known.ids.length);
  }

  #insertIds(patient: number, ids: readonly DirectoryId[], from: number): void {
    for (const [at, { id }] of ids.entries())
      this.#run('INSERT INTO staged.ids VALUES (?, ?, ?)', this.#tokenOf(id), patient, from + at);
  }

  #run(sql: string, ...params: readonly SQLInputValue[]) {
    const statement = this.#prepared.get(sql) ?? this.#parts.database.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement.all(...params);
  }
}

/** A pid that is the MRN too is one id; the kind that is named first stays. */
function onceEach(ids: readonly DirectoryId[]): readonly DirectoryId[] {
  return ids.filter(({ id }, at) => ids.findIndex((one) => one.id === id) === at);
}

function isPresent({ former }: DirectoryId): boolean {
  return former !== true;
}

/** Whoever is called the same in another order of names is the same; a date of birth that only one row has tells nothing. */
function isSamePerson(one: DirectoryPatient, other: DirectoryPatient): boolean {
  return hasSameName(one, other) && !hasOtherBirth(one, other);
}

/** People marry and dates are corrected; who has another name and another date of birth is somebody else. */
function isOtherPerson(one: DirectoryPatient, other: DirectoryPatient): boolean {
  return !hasSameName(one, other) && hasOtherBirth(one, other);
}

function hasSameName(one: DirectoryPatient, other: DirectoryPatient): boolean {
  const parts = nameParts(one.name);
  const others = nameParts(other.name);
  return parts.length === others.length && parts.every((part) => others.includes(part));
}

function hasOtherBirth({ birthDate: one }: DirectoryPatient, { birthDate: other }: DirectoryPatient): boolean {
  return one !== null && other !== null && one !== other;
}
