// Reads what was imported of schedule, roster, demographics and confidential patients, for the thread of the detectors: on a
// connection of its own, again when another import counts, and in steps, between which the thread does its other work. What was
// read before holds until the new is whole; then the new takes its place in one moment.

import type { DatabaseSync } from 'node:sqlite';
import { gatherRelations } from '../core/relations/gather-relations.ts';
import type {
  Appointment,
  ConfidentialPatient,
  PatientDetails,
  RelationKind,
  StaffMember,
} from '../core/relations/relation-rows.ts';
import type { Relations } from '../core/relations/relations.ts';
import { openDatabaseFile } from './database-file.ts';
import { FileSealer } from './sealer-file.ts';
import { relationsOwner, relationsPurpose } from './sealed-owners.ts';

export interface RelationPlace {
  readonly dataDirectory: string;
  readonly masterKeyFile: string;
}

/** Rows that are taken in one step: some hundredths of a second. */
export const rowsInStep = 1000;

const selectCurrent = `SELECT kind, generation FROM relation_imports WHERE state = 'current' ORDER BY kind`;
const selectDirectory = `SELECT generation FROM patient_imports WHERE state = 'current'`;
const selectAlike = 'SELECT token, patient FROM patient_directory_ids WHERE generation = ?';

interface Reading {
  /** Which imports it reads. */
  readonly of: string;
  readonly rows: Generator<undefined, Relations | null>;
}

export class RelationReader {
  readonly #place: RelationPlace;
  #database: DatabaseSync | null = null;
  /** What was read last. */
  #read = '';
  #reading: Reading | null = null;
  relations: Relations | null = null;

  constructor(place: RelationPlace) {
    this.#place = place;
  }

  /**
   * One step; true while there is more to read. Throws where the store cannot be read: then what was begun is given up, what was
   * read before holds, and the next call begins anew.
   */
  look(): boolean {
    let more = false;
    try {
      this.#reading ??= this.#begin();
      more = this.#reading !== null && this.#step(this.#reading);
      return more;
    } finally {
      if (!more) this.#stop();
    }
  }

  close(): void {
    this.#stop();
    this.#database?.close();
    this.#database = null;
  }

  /** Null where nothing else counts than what was read last. */
  #begin(): Reading | null {
    const database = (this.#database ??= openDatabaseFile(this.#place.dataDirectory, 'identity'));
    // One view from the first row to the last: an import that counts meanwhile is read when this one is whole.
    database.exec('BEGIN');
    const current = database.prepare(selectCurrent).all();
    const directory = Number(database.prepare(selectDirectory).get()?.['generation'] ?? 0);
    const of = JSON.stringify([current, directory]);
    if (of === this.#read) return null;
    return { of, rows: current.length === 0 ? noRelations() : this.#gather(database, current, directory) };
  }

  /** False where nothing is left, and what was read counts. */
  #step({ of, rows }: Reading): boolean {
    for (let count = 0; count < rowsInStep; count += 1) {
      const { done, value } = rows.next();
      if (done !== true) continue;
      this.relations = value;
      this.#read = of;
      return false;
    }
    return true;
  }

  /** Lets go of the view, whatever has become of it. */
  #stop(): void {
    this.#reading?.rows.return(null);
    this.#reading = null;
    if (this.#database?.isTransaction === true) this.#database.exec('ROLLBACK');
  }

  #gather(
    database: DatabaseSync,
    current: readonly Readonly<Record<string, unknown>>[],
    directory: number,
  ): Generator<undefined, Relations> {
    // Opened anew: the master key may have been changed since the last time.
    const sealer = new FileSealer(this.#place.masterKeyFile);
    const rows = <Row>(kind: RelationKind): Iterable<Row> | null => {
      const generation = Number(current.find((one) => one['kind'] === kind)?.['generation'] ?? 0);
      return generation === 0 ? null : (rowsOf(database, sealer, kind, generation) as Iterable<Row>);
    };
    const alike = database.prepare(selectAlike).iterate(directory);
    return gatherRelations(
      {
        appointments: rows<Appointment>('appointments'),
        staff: rows<StaffMember>('staff'),
        demographics: rows<PatientDetails>('demographics'),
        confidential: rows<ConfidentialPatient>('confidential'),
      },
      pairs(alike),
    );
  }
}

// oxlint-disable-next-line require-yield -- there is no row
function* noRelations(): Generator<undefined, null> {
  return null;
}

/** What was sealed there by an import of ours has its form. */
function* rowsOf(database: DatabaseSync, sealer: FileSealer, kind: RelationKind, generation: number): Generator {
  const select = database.prepare('SELECT place, sealed FROM relation_rows WHERE generation = ? ORDER BY place');
  for (const { place, sealed } of select.iterate(generation)) {
    const text = sealer.open(relationsPurpose, relationsOwner(kind, generation, Number(place)), String(sealed));
    yield* JSON.parse(text) as unknown[];
  }
}

/** All ids of one person in the directory lead to its place there. */
function* pairs(rows: Iterable<Readonly<Record<string, unknown>>>): Generator<readonly [string, string]> {
  for (const { token, patient } of rows) yield [`#${String(patient)}`, String(token)];
}
