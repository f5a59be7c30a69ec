// Brings rows of one kind into the stores, beside a running gateway: sealed, some hundreds together, in short steps, and in
// force only by one switch, which whoever keeps the record makes. Until then those of before count.

import type { DatabaseSync } from 'node:sqlite';
import type { RelationKind } from '../core/relations/relation-rows.ts';
import type { Sealer } from '../ports.ts';
import { openDatabaseFile } from './database-file.ts';
import { relationsOwner, relationsPurpose } from './sealed-owners.ts';

const rowsTogether = 200;
/** Of what was begun and never ended. */
const leftoverMilliseconds = 86_400_000;
/** Sealed pieces that are removed in one transaction: the gateway's own writes wait for it. */
const piecesAtOnce = 100;

export interface RelationImportParts {
  readonly dataDirectory: string;
  readonly sealer: Pick<Sealer, 'seal'>;
  readonly kind: RelationKind;
  readonly fileDigest: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Its number. Throws, and leaves nothing that counts, where the stores cannot take it. */
export function stageRelations(parts: RelationImportParts, rows: readonly object[]): number {
  const database = openDatabaseFile(parts.dataDirectory, 'identity');
  try {
    const generation = begin(database, parts);
    const insert = database.prepare('INSERT INTO relation_rows (generation, place, kind, sealed) VALUES (?, ?, ?, ?)');
    for (let at = 0; at < rows.length; at += rowsTogether) {
      const place = at / rowsTogether;
      const text = JSON.stringify(rows.slice(at, at + rowsTogether));
      const sealed = parts.sealer.seal(relationsPurpose, relationsOwner(parts.kind, generation, place), text);
      insert.run(generation, place, parts.kind, sealed);
    }
    database.prepare(`UPDATE relation_imports SET state = 'staged', rows = ? WHERE generation = ?`).run(rows.length, generation);
    return generation;
  } finally {
    database.close();
  }
}

function begin(database: DatabaseSync, { kind, fileDigest, now }: RelationImportParts): number {
  const sql = `INSERT INTO relation_imports (kind, state, file_digest, began_at) VALUES (?, 'staging', ?, ?)`;
  return Number(database.prepare(sql).run(kind, fileDigest, now).lastInsertRowid);
}

/** What no longer counts or never did, in short steps. `own` is an import that has ended, whatever became of it. */
export function removeOldRelations(dataDirectory: string, now: number, own: number): void {
  const database = openDatabaseFile(dataDirectory, 'identity');
  try {
    const sql = `SELECT generation FROM relation_imports
      WHERE state = 'former' OR (state <> 'current' AND (generation = ? OR began_at < ?))`;
    for (const { generation } of database.prepare(sql).all(own, now - leftoverMilliseconds)) {
      const piece = database.prepare(`DELETE FROM relation_rows WHERE generation = ?1 AND place IN
        (SELECT place FROM relation_rows WHERE generation = ?1 LIMIT ${piecesAtOnce})`);
      while (Number(piece.run(Number(generation)).changes) === piecesAtOnce) continue;
      database.prepare('DELETE FROM relation_imports WHERE generation = ?').run(Number(generation));
    }
  } finally {
    database.close();
  }
}
