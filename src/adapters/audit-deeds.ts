// How a command has the running gateway record what it is about to do: it lays the words beside the log and waits until they
// are gone. The gateway records them and only then removes them. Who can write there is the gateway's own account or above it.

import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { auditEntry } from '../core/audit/entry.ts';
import type { AuditLog, Clock, OperationsLog } from '../ports.ts';
import { isLogHeld } from './audit-lock.ts';
import { openAuditLog } from './audit-log-file.ts';
import { signingKeyFile } from './audit-log-options.ts';
import { systemClock } from './clock-system.ts';
import { writeOwned } from './write-owned.ts';

const deedsDirectory = 'deeds';
const mostDeeds = 100;
const mostCharacters = 500;
const waitMilliseconds = 60_000;
const lookMilliseconds = 100;

/** Called by the gateway every few seconds; records what commands have laid down. */
export async function recordDeeds(directory: string, audit: AuditLog, clock: Clock): Promise<void> {
  const place = join(directory, deedsDirectory);
  if (!existsSync(place)) return;
  const names = readdirSync(place).filter((name) => /^[0-9a-f-]{36}\.txt$/.test(name));
  for (const name of names.slice(0, mostDeeds)) {
    const detail = readFileSync(join(place, name), 'utf8').slice(0, mostCharacters);
    const receipt = await audit.append(auditEntry('audit-exported', clock.now(), { detail }));
    await receipt.durable;
    rmSync(join(place, name));
  }
}

/**
 * Resolves once the deed stands in the log: by the running gateway, or by us where none runs. Rejects where it cannot be
 * recorded. False for a copy of a log, whose key is elsewhere: nothing can be recorded in it.
 */
export async function recordDeed(directories: readonly string[], detail: string): Promise<boolean> {
  const [directory = '', fallbackDirectory = null] = directories;
  if (!existsSync(signingKeyFile(directory))) return false;
  if (!isLogHeld(directory)) {
    const log = await openAuditLog({ directory, fallbackDirectory, boot: 'export', clock: systemClock, log: noLog });
    try {
      const receipt = await log.append(auditEntry('audit-exported', systemClock.now(), { detail }));
      await receipt.durable;
    } finally {
      await log.close();
    }
    return true;
  }
  const path = join(directory, deedsDirectory, `${randomUUID()}.txt`);
  mkdirSync(join(directory, deedsDirectory), { recursive: true, mode: 0o700 });
  writeOwned(path, Buffer.from(detail), directory);
  const until = systemClock.monotonic() + waitMilliseconds;
  while (existsSync(path)) {
    if (systemClock.monotonic() > until) {
      rmSync(path, { force: true });
      throw new Error('The export cannot be recorded: the gateway did not take it within a minute; nothing was written');
    }
    await new Promise((resolve) => setTimeout(resolve, lookMilliseconds));
  }
  return true;
}

/** What goes wrong is thrown. */
const noLog: OperationsLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
