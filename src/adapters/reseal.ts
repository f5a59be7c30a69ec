// Seals everything anew with the newest master key, beside a running gateway: a page of rows at a time, written in one short
// transaction, and only where the value is still the one that was read. Never touches what it cannot open.

import { readFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { Sealer } from '../ports.ts';
import { openDatabaseFile } from './database-file.ts';
import { sealedRuleFiles } from './rule-versions.ts';
import { sealedPlaces } from './sealed-places.ts';
import type { SealedPlace } from './sealed-places.ts';
import type { Row } from './state-db.ts';
import { writeOwned } from './write-owned.ts';

/** A sealer that knows which values an older key has sealed. */
export interface RotatingSealer extends Sealer {
  isNewest(sealed: string): boolean;
}

/** Rows of one kind. `unopened` were sealed with a key that is gone, or damaged; `changed` were replaced meanwhile. */
export interface Resealed {
  readonly what: string;
  readonly resealed: number;
  readonly already: number;
  readonly changed: number;
  readonly unopened: number;
}

/** Rows read at once. */
const pageRows = 200;

/**
 * Once per kind, in the order of `sealedPlaces`. A running gateway holds the tokens of its sessions in memory as they were and
 * may write them back so: an older key may go once a later run has found nothing to do, at the latest after the longest session.
 */
export function reseal(dataDirectory: string, sealer: RotatingSealer): readonly Resealed[] {
  const identity = openDatabaseFile(dataDirectory, 'identity');
  try {
    const sessions = openDatabaseFile(dataDirectory, 'sessions');
    try {
      const databases = { identity, sessions };
      const places = sealedPlaces.map((place) => resealPlace(databases[place.database], place, sealer));
      return [...places, resealRuleFiles(dataDirectory, sealer)];
    } finally {
      sessions.close();
    }
  } finally {
    identity.close();
  }
}

type Result = Exclude<keyof Resealed, 'what'>;

function resealPlace(database: DatabaseSync, place: SealedPlace, sealer: RotatingSealer): Resealed {
  const counts: Record<Result, number> = { resealed: 0, already: 0, changed: 0, unopened: 0 };
  const select = database.prepare(place.select);
  const update = database.prepare(place.update);
  let after = 0;
  for (;;) {
    const rows = select.all(after, pageRows);
    const anew: (readonly [string, number, string])[] = [];
    for (const row of rows) {
      after = Number(row['id']);
      const old = String(row['sealed']);
      const next = sealer.isNewest(old) ? 'already' : sealedAnew(place, row, old, sealer);
      if (next === 'already' || next === 'unopened') counts[next] += 1;
      else anew.push([next.sealed, after, old]);
    }
    // Sealed before the transaction, which keeps the gateway's own writes waiting.
    const written = anew.length === 0 ? 0 : transact(database, () => anew.filter((one) => update.run(...one).changes === 1));
    counts.resealed += written;
    counts.changed += anew.length - written;
    if (rows.length < pageRows) return { what: place.what, ...counts };
  }
}

/** How many of them the work has written. */
function transact(database: DatabaseSync, work: () => readonly unknown[]): number {
  database.exec('BEGIN IMMEDIATE');
  try {
    const { length } = work();
    database.exec('COMMIT');
    return length;
  } catch (cause) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw cause;
  }
}

function resealRuleFiles(dataDirectory: string, sealer: RotatingSealer): Resealed {
  const counts: Record<Result, number> = { resealed: 0, already: 0, changed: 0, unopened: 0 };
  for (const { path, purpose, owner } of sealedRuleFiles(dataDirectory)) {
    const old = readFileSync(path, 'utf8').trim();
    const next = sealer.isNewest(old) ? 'already' : openedAnew(purpose, () => owner, old, sealer);
    if (next === 'already' || next === 'unopened') counts[next] += 1;
    else {
      writeOwned(path, Buffer.from(`${next.sealed}\n`), dataDirectory);
      counts.resealed += 1;
    }
  }
  return { what: 'notes of applied rules', ...counts };
}

/** What a row says, sealed with the newest key; throws nothing. */
export function sealedAnew(place: SealedPlace, row: Row, old: string, sealer: Sealer): { readonly sealed: string } | 'unopened' {
  return openedAnew(place.purpose, () => place.owner(row), old, sealer);
}

function openedAnew(
  purpose: string,
  ownerOf: () => string,
  old: string,
  sealer: Sealer,
): { readonly sealed: string } | 'unopened' {
  try {
    const owner = ownerOf();
    return { sealed: sealer.seal(purpose, owner, sealer.open(purpose, owner, old)) };
  } catch {
    return 'unopened';
  }
}
