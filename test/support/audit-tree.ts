// Logs with a tree over them and a place they are anchored to, written so that the same entries give the same bytes.

import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AuditTree } from '../../src/adapters/audit-tree.ts';
import type { AuditTreeStatus, AuditTreeTask } from '../../src/adapters/audit-tree.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import { auditDirectory, openTestLog } from './audit-log.ts';

export const noon = Date.UTC(2026, 10, 23, 12);

export interface TreeLog {
  readonly directory: string;
  readonly anchor: string;
}

/** An empty log's directory and a place beside it; with the keys of another log where one is given. */
export function treeLog(keysOf?: TreeLog): TreeLog {
  const directory = auditDirectory();
  const anchor = join(dirname(directory), 'anchor');
  mkdirSync(anchor);
  const key = 'audit-signing.key';
  if (keysOf !== undefined) copyFileSync(join(dirname(keysOf.directory), key), join(dirname(directory), key));
  return { directory, anchor };
}

/** One record for each patient, the same bytes whenever it is written. */
export async function record({ directory }: TreeLog, whose: readonly string[]): Promise<void> {
  const log = await openTestLog(directory, { boot: 'b', clock: { now: () => noon, monotonic: () => 0 } });
  for (const patient of whose) await log.append(auditEntry('attempt', noon, { patient }));
  await log.close();
}

export function treeOver({ directory, anchor }: TreeLog, clock = { now: () => noon, monotonic: () => 0 }): AuditTree {
  const signingKeyFile = join(dirname(directory), 'audit-signing.key');
  return new AuditTree({ directories: [directory], signingKeyFile, ...inDirectory(anchor) }, clock);
}

/** The part of a tree's task that names one directory as its anchor. */
export function inDirectory(path: string): Pick<AuditTreeTask, 'anchors' | 'keepSeconds'> {
  return { anchors: [{ kind: 'directory', path }], keepSeconds: 3600 };
}

/** Grows the tree over all there is, as one run of the gateway does, and anchors it. */
export function grown(log: TreeLog): Promise<AuditTreeStatus> {
  return treeOver(log).look(true);
}

export function patients(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_none, at) => String(from + at));
}
