// Which number a gateway has among those that share their stores. PostgreSQL gives it to the log, by the log's own name, for good;
// a copy lies in the data directory, so that a database that was put back from an older state gives no number twice, and one beside
// the log, so that whoever has a copy of the log can call its records as everybody else does.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { mostGateways } from '../core/audit/record-number.ts';
import type { SharedAuditDb } from './audit-shared-db.ts';
import { errorCode } from './audit-refused.ts';

/** In the data directory and in the log's. */
export const numberFile = 'gateway-number.json';

const shape = z.strictObject({ log: z.string(), number: z.int().min(1).max(mostGateways) });

/**
 * The number of the log of this name (`originOf`). Rejects where PostgreSQL cannot be asked, and where it and the copy contradict
 * each other.
 */
export async function gatewayNumber(db: SharedAuditDb, log: string, dataDirectory: string, now: number): Promise<number> {
  const path = join(dataDirectory, numberFile);
  const kept = keptNumber(path, log);
  const number = await db.transact(async (ask) => {
    // Two gateways that start for the first time at the same moment wait for each other here.
    await ask('LOCK TABLE audit_gateways IN SHARE ROW EXCLUSIVE MODE');
    const rows = await ask('SELECT number, log FROM audit_gateways');
    const known = rows.find((row) => row['log'] === log)?.['number'];
    if (typeof known === 'number') return known;
    const wanted = kept ?? Math.max(0, ...rows.map((row) => Number(row['number']))) + 1;
    if (wanted > mostGateways) throw new Error(`All ${mostGateways} numbers of gateways are given`);
    if (rows.some((row) => row['number'] === wanted))
      throw new Error(
        `The database gave number ${wanted} to another gateway's record meanwhile; put the database back as it was last, or begin a new access record`,
      );
    await ask('INSERT INTO audit_gateways (number, log, added_at) VALUES ($1, $2, $3)', [wanted, log, now]);
    return wanted;
  });
  if (kept !== null && kept !== number)
    throw new Error(`The database says that this is gateway ${number}, and "${path}" that it is gateway ${kept}`);
  if (kept === null) keepNumber(path, log, number);
  return number;
}

/** Throws system errors. */
export function keepNumber(path: string, log: string, number: number): void {
  writeFileSync(path, `${JSON.stringify({ log, number })}\n`, { mode: 0o600 });
}

/** Null where there is none, or one of another log. Throws where the file is damaged. */
export function keptNumber(path: string, log: string): number | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return null;
    throw cause;
  }
  const kept = shape.parse(JSON.parse(text));
  return kept.log === log ? kept.number : null;
}
