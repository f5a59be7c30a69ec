// Puts staged appointments, roster, demographics or confidential patients in the place of those before: one transaction.

import { relationKinds } from '../core/relations/relation-rows.ts';
import type { RelationKind } from '../core/relations/relation-rows.ts';
import type { RelationImports, RelationsState, StagedRelations } from '../relation-ports.ts';
import type { Row, StateDb } from './state-db.ts';

const selectStaged = `SELECT kind, rows, file_digest FROM relation_imports WHERE generation = ? AND state = 'staged'`;
const giveWay = `UPDATE relation_imports SET state = 'former' WHERE state = 'current'
  AND kind = (SELECT kind FROM relation_imports WHERE generation = ? AND state = 'staged')`;
const takePlace = `UPDATE relation_imports SET state = 'current', imported_at = ?2, imported_by = ?3
  WHERE generation = ?1 AND state = 'staged'`;
const selectCurrent = `SELECT kind, rows, file_digest, imported_at, imported_by FROM relation_imports WHERE state = 'current'`;

export class SqliteRelationImports implements RelationImports {
  readonly #db: Pick<StateDb, 'run'>;

  constructor(db: Pick<StateDb, 'run'>) {
    this.#db = db;
  }

  async staged(generation: number): Promise<StagedRelations | null> {
    const [result] = await this.#db.run('identity', [{ sql: selectStaged, params: [generation] }]);
    const [row] = result?.rows ?? [];
    return row === undefined ? null : stagedOf(row);
  }

  async takeEffect(generation: number, at: number, by: string): Promise<boolean> {
    const [, taken] = await this.#db.run('identity', [
      { sql: giveWay, params: [generation] },
      { sql: takePlace, params: [generation, at, by] },
    ]);
    return taken?.changes === 1;
  }

  async current(): Promise<readonly RelationsState[]> {
    const [result] = await this.#db.run('identity', [{ sql: selectCurrent, params: [] }]);
    return (result?.rows ?? []).flatMap((row) => {
      const staged = stagedOf(row);
      return staged === null
        ? []
        : [{ ...staged, importedAt: Number(row['imported_at']), importedBy: String(row['imported_by']) }];
    });
  }
}

function stagedOf(row: Row): StagedRelations | null {
  const kind = relationKinds.find((one): one is RelationKind => one === row['kind']);
  return kind === undefined ? null : { kind, rows: Number(row['rows']), fileDigest: String(row['file_digest']) };
}
