// Which tables of the embedded state gateways share: all but those of imports, which are read from files that each gateway is given.

import type { DatabaseSync } from 'node:sqlite';

const staysBeside: ReadonlySet<string> = new Set([
  'schema_version',
  'patient_imports',
  'patient_directory',
  'patient_directory_ids',
  'patient_directory_names',
  'relation_imports',
  'relation_rows',
]);

/** In the order in which they were made. */
export function sharedTables(database: DatabaseSync): readonly string[] {
  const made = database.prepare(
    `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid`,
  );
  return made
    .all()
    .map((row) => String(row['name']))
    .filter((name) => !staysBeside.has(name));
}
