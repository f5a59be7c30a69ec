// Reads what was imported of schedule, roster, demographics and confidential patients, for the thread of the detectors: on a
// connection of its own, again when another import counts, and a piece at a time, so that no row stays in memory that nobody asks.

import type { DatabaseSync } from 'node:sqlite';
import type {
  Appointment,
  ConfidentialPatient,
  PatientDetails,
  RelationKind,
  StaffMember,
} from '../core/relations/relation-rows.ts';
import { Relations } from '../core/relations/relations.ts';
import { openDatabaseFile } from './database-file.ts';
import { FileSealer } from './sealer-file.ts';
import { relationsOwner, relationsPurpose } from './sealed-owners.ts';

export interface RelationPlace {
  readonly dataDirectory: string;
  readonly masterKeyFile: string;
}

const selectCurrent = `SELECT kind, generation FROM relation_imports WHERE state = 'current' ORDER BY kind`;
const selectDirectory = `SELECT generation FROM patient_imports WHERE state = 'current'`;
const selectAlike = 'SELECT token, patient FROM patient_directory_ids WHERE generation = ?';

export class RelationReader {
  readonly #place: RelationPlace;
  #database: DatabaseSync | null = null;
  /** What was read last. */
  #read = '';
  relations: Relations | null = null;

  constructor(place: RelationPlace) {
    this.#place = place;
  }

  /** Throws where the store cannot be read, and keeps what it has. */
  look(): void {
    const database = (this.#database ??= openDatabaseFile(this.#place.dataDirectory, 'identity'));
    // One view from the first row to the last: an import that counts meanwhile is for the next look.
    database.exec('BEGIN');
    try {
      const current = database.prepare(selectCurrent).all();
      const directory = Number(database.prepare(selectDirectory).get()?.['generation'] ?? 0);
      const now = JSON.stringify([current, directory]);
      if (now === this.#read) return;
      this.relations = current.length === 0 ? null : this.#make(database, current, directory);
      this.#read = now;
    } finally {
      database.exec('ROLLBACK');
    }
  }

  close(): void {
    this.#database?.close();
    this.#database = null;
  }

  #make(database: DatabaseSync, current: readonly Readonly<Record<string, unknown>>[], directory: number): Relations {
    // Opened anew: the master key may have been changed since the last time.
    const sealer = new FileSealer(this.#place.masterKeyFile);
    const rows = <Row>(kind: RelationKind): Iterable<Row> | null => {
      const generation = Number(current.find((one) => one['kind'] === kind)?.['generation'] ?? 0);
      return generation === 0 ? null : (rowsOf(database, sealer, kind, generation) as Iterable<Row>);
    };
    const alike = database.prepare(selectAlike).iterate(directory);
    return new Relations(
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

/** What was sealed there by an import of ours has its form. */
function* rowsOf(database: DatabaseSync, sealer: FileSealer, kind: RelationKind, generation: number): Generator<unknown> {
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
