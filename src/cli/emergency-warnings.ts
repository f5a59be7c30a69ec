// What `wardgate check` can tell of the emergency people from the gateway's own state, where it lies on this machine: who could
// not come in when it counts, because a factor, a code or a first sign-in is missing.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabaseFile } from '../adapters/database-file.ts';
import type { Mistake } from '../config/mistake.ts';
import type { Settings } from '../config/settings.ts';

/** Empty where nothing can be known: no state here, one of another version, or in a PostgreSQL, which a check does not ask. */
export function emergencyWarnings({ file, dataDirectory, signIn, store }: Settings): readonly Mistake[] {
  const { people = [] } = signIn.emergency ?? {};
  if (people.length === 0 || store !== null || !existsSync(join(dataDirectory, 'identity.db'))) return [];
  const line =
    1 +
    readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((text) => /^[^#]*\bemergency\s*:/.test(text));
  let database: DatabaseSync;
  try {
    database = openDatabaseFile(dataDirectory, 'identity');
  } catch {
    return [];
  }
  try {
    return people.flatMap((name) => lacking(database, name).map((message) => ({ file, line, column: 1, message })));
  } finally {
    database.close();
  }
}

function lacking(database: DatabaseSync, name: string): readonly string[] {
  const found = database.prepare('SELECT issuer, sub FROM emergency_people WHERE name = ?').all(name);
  const [person] = found;
  if (person === undefined)
    return [`Emergency person "${name}" has not signed in since they were named; their roles are not known`];
  if (found.length > 1) return [`Emergency person "${name}" is more than one person at the provider, and none of them comes in`];
  const of = [String(person['issuer']), String(person['sub'])] as const;
  const count = (table: string): number =>
    Number(database.prepare(`SELECT count(*) AS count FROM ${table} WHERE issuer = ? AND sub = ?`).get(...of)?.['count']);
  return [
    ...(count('totp') + count('passkeys') === 0 ? [`Emergency person "${name}" has no passkey and no code app set up here`] : []),
    ...(count('emergency_codes') === 0
      ? [`Emergency person "${name}" has no sealed codes left; make them with: wardgate user emergency-codes ${name}`]
      : []),
  ];
}
