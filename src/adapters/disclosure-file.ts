// The words of disclosures for a command on the same machine, beside a running gateway and without its lock. Reads alone; only the
// gateway keeps, settles and suspends anything.

import type { DisclosureBook } from '../disclosure-ports.ts';
import type { OperationsLog } from '../ports.ts';
import { openDatabaseFile } from './database-file.ts';
import { SqliteDisclosureBook } from './disclosure-book-sqlite.ts';
import { systemRandomness } from './randomness-system.ts';
import { FileSealer } from './sealer-file.ts';
import type { StateDb, Statement, StatementResult } from './state-db.ts';

export interface DisclosureFile {
  readonly book: Pick<DisclosureBook, 'open' | 'suspensions'>;
  close(): void;
}

/** Throws, naming file and fix, where the state or the master key cannot be opened. Close it. */
export function openDisclosureFile(dataDirectory: string, masterKeyFile: string, log: OperationsLog): DisclosureFile {
  const sealer = new FileSealer(masterKeyFile);
  const database = openDatabaseFile(dataDirectory, 'identity');
  const one = ({ sql, params }: Statement): StatementResult => {
    const rows = database.prepare(sql).all(...params);
    return { rows, changes: rows.length };
  };
  const db: Pick<StateDb, 'run'> = { run: async (_identity, statements) => Promise.resolve(statements.map(one)) };
  const book = new SqliteDisclosureBook({ db, sealer, randomness: systemRandomness, log });
  return { book, close: () => database.close() };
}
