// Reads the logs of several gateways as one record, in the order of time, for whoever has a copy of each. It does not verify.

import { createPublicKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mostGateways, recordNumber } from '../core/audit/record-number.ts';
import { originOf } from './audit-checkpoint.ts';
import { keptNumber, numberFile } from './audit-gateway-number.ts';
import { readAuditRecords } from './audit-records.ts';
import type { FoundRecord } from './audit-records.ts';

/** The log of one gateway. */
export interface NumberedLog {
  readonly gateway: number;
  /** The log's directory first, then the fallback. */
  readonly directories: readonly string[];
}

/**
 * Each log by the number its gateway has, as far as that was copied with it; others take what is free, in the order in which they
 * are named. Throws where two are the same log, or say the same number.
 */
export function numberLogs(logs: readonly (readonly string[])[]): readonly NumberedLog[] {
  const known = logs.map(labelOf);
  const taken = new Set<number>();
  for (const [at, label] of known.entries()) {
    const same = known.slice(0, at).findIndex((one) => one.log !== null && one.log === label.log);
    if (same !== -1) throw new Error(`"${nameOf(logs[same])}" and "${nameOf(logs[at])}" are the same log`);
    if (label.number === null) continue;
    if (taken.has(label.number))
      throw new Error(
        `"${nameOf(logs[at])}" and another log are both of a gateway ${label.number}; these do not belong together`,
      );
    taken.add(label.number);
  }
  return logs.map((directories, at) => ({ gateway: known[at]?.number ?? nextFree(taken), directories }));
}

/** Every readable record once, by its number among all of them; of each log in its order. `from` as for `readAuditRecords`. */
export async function* readLogsTogether(logs: readonly NumberedLog[], from = ''): AsyncGenerator<FoundRecord> {
  const [only] = logs;
  if (logs.length === 1 && only !== undefined) yield* readAuditRecords(only.directories, from);
  else yield* merged(logs, from);
}

async function* merged(logs: readonly NumberedLog[], from: string): AsyncGenerator<FoundRecord> {
  const open = logs.map(({ gateway, directories }) => ({ gateway, records: readAuditRecords(directories, from) }));
  const heads: Head[] = [];
  try {
    for (const { gateway, records } of open) await advance(heads, { gateway, records, time: 0 });
    for (let first = heads.shift(); first !== undefined; first = heads.shift()) {
      const { gateway, found } = first;
      yield { ...found, record: { ...found.record, sequence: recordNumber({ gateway, sequence: found.record.sequence }) } };
      await advance(heads, first);
    }
  } finally {
    for (const { records } of open) await records.return(undefined);
  }
}

interface Place {
  readonly gateway: number;
  readonly records: AsyncGenerator<FoundRecord>;
  /** Of its last record, epoch milliseconds: one without a time stands where it was written. */
  readonly time: number;
}

interface Head extends Place {
  readonly found: FoundRecord;
}

/** The next record of that log takes its place among the others', the oldest first. */
async function advance(heads: Head[], { gateway, records, time: before }: Place): Promise<void> {
  const next = await records.next();
  if (next.done === true) return;
  const said = Date.parse(String(next.value.record.fields['time']));
  const time = Number.isNaN(said) ? before : said;
  const later = heads.findIndex((one) => one.time > time || (one.time === time && one.gateway > gateway));
  heads.splice(later === -1 ? heads.length : later, 0, { gateway, records, time, found: next.value });
}

function labelOf(directories: readonly string[]): { readonly log: string | null; readonly number: number | null } {
  const directory = nameOf(directories);
  const key = join(directory, 'audit-signing.pub');
  if (!existsSync(key)) return { log: null, number: null };
  const log = originOf(createPublicKey(readFileSync(key)));
  return { log, number: keptNumber(join(directory, numberFile), log) };
}

function nameOf(directories: readonly string[] | undefined): string {
  return directories?.[0] ?? '';
}

function nextFree(taken: Set<number>): number {
  let number = 1;
  while (taken.has(number)) number += 1;
  if (number > mostGateways) throw new Error(`More than ${mostGateways} logs are named`);
  taken.add(number);
  return number;
}
