// Whether the state of this data directory stands in PostgreSQL now. What is left in its files is of that day: who left since then
// would be let in again, and whose session ended would have it back.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { syncDirectory } from './sync-directory.ts';

const name = 'moved-to-postgresql';
const numberName = 'gateway-number.json';

/** What a data directory keeps about its place among others, for a backup: without it the files would count again. */
export function sharedPlaceFiles(dataDirectory: string): readonly string[] {
  return [name, numberName].map((file) => join(dataDirectory, file)).filter((file) => existsSync(file));
}

/** The moment, in words; null where the files count. */
export function movedSince(dataDirectory: string): string | null {
  const file = join(dataDirectory, name);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

/** `when` is told to whoever would use the files again. */
export function markAsMoved(dataDirectory: string, when: string): void {
  writeFileSync(join(dataDirectory, name), `${when}\n`, { mode: 0o600, flush: true });
  syncDirectory(dataDirectory);
}

/** Throws, saying what to do, where the files are not to be used. */
export function refuseMoved(dataDirectory: string): void {
  const since = movedSince(dataDirectory);
  if (since === null) return;
  const file = join(dataDirectory, name);
  throw new Error(
    `The state was moved to PostgreSQL (${since}), and gateway.yaml names none under store.durable; name it again, or remove "${file}" to use what stood here then`,
  );
}
