// The words of disclosures for a command on the same machine, beside a running gateway and without its lock. Reads alone; only the
// gateway keeps, settles and suspends anything.

import type { DisclosureBook } from '../disclosure-ports.ts';
import type { OperationsLog } from '../ports.ts';
import { SqliteDisclosureBook } from './disclosure-book-sqlite.ts';
import { openStateBeside } from './open-state-beside.ts';
import type { StatePlace } from './open-state-beside.ts';
import { systemRandomness } from './randomness-system.ts';
import { FileSealer } from './sealer-file.ts';

export interface DisclosureFile {
  readonly book: Pick<DisclosureBook, 'open' | 'suspensions'>;
  close(): Promise<void>;
}

/** Rejects, naming place and fix, where the state or the master key cannot be opened. Close it. */
export async function openDisclosureFile(place: StatePlace, masterKeyFile: string, log: OperationsLog): Promise<DisclosureFile> {
  const sealer = new FileSealer(masterKeyFile);
  const db = await openStateBeside(place);
  return { book: new SqliteDisclosureBook({ db, sealer, randomness: systemRandomness, log }), close: () => db.close() };
}
