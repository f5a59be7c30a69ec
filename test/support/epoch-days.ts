// Logs that live through days: a clock of their own, and the gateway's two ends of the handover in one process.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AuditTree } from '../../src/adapters/audit-tree.ts';
import type { EpochLog } from '../../src/adapters/audit-epoch-keeper.ts';
import type { SignedAuditLog } from '../../src/adapters/audit-log-file.ts';
import { readHead } from '../../src/core/audit/encode-head.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import { openTestLog, until } from './audit-log.ts';
import { inDirectory, noon } from './audit-tree.ts';
import type { TreeLog } from './audit-tree.ts';

export const day = 86_400_000;

export class DayClock {
  at = noon;
  now = (): number => this.at;
  monotonic = (): number => this.at - noon;
}

export interface RunningDays {
  readonly clock: DayClock;
  readonly log: SignedAuditLog;
  readonly tree: AuditTree;
  /** One record for each patient, all of them on the disk. */
  readonly record: (patients: readonly string[]) => Promise<void>;
  /** Looks until the keys have settled. */
  readonly settle: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export function epochLogOf(log: SignedAuditLog, now: () => number): EpochLog {
  return {
    append: async (event, detail) => (await log.append(auditEntry(event, now(), { detail }))).durable,
    signWithNext: () => Promise.resolve(log.signWithNext()),
  };
}

/** Resolves once the signed head vouches for the record. */
export async function recorded(log: SignedAuditLog, time: number, patient: string): Promise<void> {
  const { sequence, durable } = await log.append(auditEntry('attempt', time, { patient }));
  await durable;
  const head = join(log.directory, 'head.json');
  await until(() => (readHead(readFileSync(head, 'latin1'))?.head.sequence ?? 0) >= sequence);
}

/** A run of the gateway's log and tree; several may follow each other over one place. */
export async function runDays({ directory, anchor }: TreeLog, clock = new DayClock(), boot = 'b'): Promise<RunningDays> {
  const log = await openTestLog(directory, { boot, clock });
  const task = {
    directories: [directory],
    signingKeyFile: join(dirname(directory), 'audit-signing.key'),
    ...inDirectory(anchor),
  };
  const tree = new AuditTree(task, clock, epochLogOf(log, clock.now));
  const looks = async (): Promise<void> => {
    for (let look = 0; look < 6; look += 1) {
      clock.at += 10_000;
      await tree.look();
    }
  };
  return {
    clock,
    log,
    tree,
    record: async (patients) => {
      for (const patient of patients) await recorded(log, clock.at, patient);
    },
    settle: looks,
    close: async () => {
      await log.close();
      await tree.look(true);
    },
  };
}
