// Counts what each master key has sealed in the databases and beside them, beside a running gateway. Opens nothing and changes nothing: the
// id of its key stands in every sealed value.

import { readFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabaseFile } from './database-file.ts';
import { sealedRuleFiles } from './rule-versions.ts';
import { sealedPlaces } from './sealed-places.ts';

/** Rows read at once. */
const pageRows = 500;

/** Key id → number of values. Throws, naming file and fix, where a database is missing or of another version. */
export function sealedKeyUse(dataDirectory: string): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const name of ['identity', 'sessions'] as const) {
    const database = openDatabaseFile(dataDirectory, name);
    try {
      for (const place of sealedPlaces) if (place.database === name) countIn(database, place.select, uses);
    } finally {
      database.close();
    }
  }
  for (const { path } of sealedRuleFiles(dataDirectory)) {
    const id = readFileSync(path, 'utf8').split('.')[1] ?? '';
    uses.set(id, (uses.get(id) ?? 0) + 1);
  }
  return uses;
}

function countIn(database: DatabaseSync, select: string, uses: Map<string, number>): void {
  const statement = database.prepare(select);
  let after = 0;
  for (;;) {
    const rows = statement.all(after, pageRows);
    for (const row of rows) {
      after = Number(row['id']);
      const id = String(row['sealed']).split('.')[1] ?? '';
      uses.set(id, (uses.get(id) ?? 0) + 1);
    }
    if (rows.length < pageRows) return;
  }
}
