// What `wardgate check` can tell of the detectors that need an import, where the gateway's own state lies on this machine.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabaseFile } from '../adapters/database-file.ts';
import { SqliteRelationImports } from '../adapters/relation-imports-sqlite.ts';
import { stateBeside } from '../adapters/state-db-beside.ts';
import type { Settings } from '../config/settings.ts';
import { silentBecause } from '../core/relations/silent-because.ts';

/** A line for each; empty where nothing can be known: no state here, or one of another version. */
export async function silentDetectors({ dataDirectory, alerts }: Settings): Promise<readonly string[]> {
  if (!existsSync(join(dataDirectory, 'identity.db'))) return [];
  try {
    const database = openDatabaseFile(dataDirectory, 'identity');
    try {
      const imported = new Set((await new SqliteRelationImports(stateBeside(database)).current()).map(({ kind }) => kind));
      return Object.entries(alerts.detectors).flatMap(([name, given]) => {
        const why = given === null ? null : silentBecause(name, imported);
        return why === null ? [] : [`Detector ${name} is off: ${why}`];
      });
    } finally {
      database.close();
    }
  } catch {
    return [];
  }
}
