// The tables of the search index over the access record. Everything in them is made from the log and can be made again, so
// a form of another version, a damaged file or a log that is not the one indexed is thrown away, never converted.

import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Raised with every change of the tables below. */
const form = 3;

const tables = `
  CREATE TABLE progress (one INTEGER PRIMARY KEY CHECK (one = 1), sequence INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
  INSERT INTO progress VALUES (1, 0, '');
  CREATE TABLE words (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE people (
    id INTEGER PRIMARY KEY, issuer TEXT NOT NULL, sub TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (issuer, sub, name)) STRICT;
  CREATE INDEX people_by_name ON people (name);
  CREATE TABLE patients (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE targets (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE requests (
    sequence INTEGER PRIMARY KEY, outcome INTEGER, time INTEGER NOT NULL, event INTEGER NOT NULL, request TEXT,
    person INTEGER, session TEXT, address INTEGER, application INTEGER, method INTEGER, target INTEGER, patient INTEGER,
    category INTEGER, action INTEGER, rule INTEGER, decision INTEGER, reason INTEGER, status INTEGER, bytes_out INTEGER,
    grant_id TEXT, detail TEXT, roles INTEGER, factor INTEGER, device INTEGER, patient_source INTEGER, bytes_in INTEGER,
    duration INTEGER, download INTEGER, pace INTEGER) STRICT;
  CREATE INDEX requests_by_person ON requests (person, sequence) WHERE person IS NOT NULL;
  CREATE INDEX requests_by_patient ON requests (patient, sequence) WHERE patient IS NOT NULL;
  CREATE INDEX requests_by_rule ON requests (rule, sequence) WHERE rule IS NOT NULL;
  CREATE INDEX requests_by_address ON requests (address, sequence) WHERE address IS NOT NULL;
  CREATE INDEX requests_by_event ON requests (event, sequence);
  CREATE INDEX requests_by_category ON requests (category, sequence) WHERE category IS NOT NULL;
  CREATE INDEX requests_by_target ON requests (target, sequence) WHERE target IS NOT NULL;
  CREATE INDEX requests_by_grant ON requests (sequence) WHERE grant_id IS NOT NULL;
  CREATE INDEX requests_by_download ON requests (sequence) WHERE download IS NOT NULL;
  CREATE INDEX requests_by_id ON requests (request) WHERE request IS NOT NULL;
  CREATE TABLE hours (
    hour INTEGER NOT NULL, event INTEGER NOT NULL, decision INTEGER NOT NULL, count INTEGER NOT NULL,
    bytes_out INTEGER NOT NULL, PRIMARY KEY (hour, event, decision)) WITHOUT ROWID, STRICT;
  CREATE TABLE spans (hour INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL) STRICT;
`;

/** How long to wait for whoever else writes the index at this moment. */
const busyMilliseconds = 5000;

/** Opens the index, or begins an empty one. Throws system errors. */
export function openIndex(path: string): DatabaseSync {
  const found = tryOpen(path);
  if (found !== null) return found;
  for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true });
  const fresh = tryOpen(path);
  if (fresh === null) throw new Error(`The search index "${path}" cannot be made`);
  return fresh;
}

/** Null where the file is of another form, or none of ours. */
function tryOpen(path: string): DatabaseSync | null {
  const database = new DatabaseSync(path, { timeout: busyMilliseconds });
  try {
    // A power loss may take its last second: that is read from the log again.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32768;');
    begin(database);
    return database;
  } catch (cause) {
    database.close();
    if (isBusy(cause)) throw cause;
    return null;
  }
}

function begin(database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
    if (version !== form) {
      if (version !== 0) throw new Error('the index is of another form');
      database.exec(`${tables} PRAGMA user_version = ${form};`);
    }
    database.exec('COMMIT');
  } catch (cause) {
    database.exec('ROLLBACK');
    throw cause;
  }
}

/** Somebody else is writing; that is no damage. */
function isBusy(cause: unknown): boolean {
  return cause instanceof Error && /database is locked|busy/.test(cause.message);
}
