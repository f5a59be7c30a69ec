// Keeps a second gateway off the same audit directory: two writers would tear the chain. The lock is a file that names
// its holder; it is stale when that process is gone. It never waits and never takes over from a living process.

import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { AuditLogRefused, errorCode } from './audit-refused.ts';

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Start of the process in clock ticks after boot, where the system tells; tells a reused pid from the holder. */
  readonly started: string | null;
}

/** Locks this process holds, by path: a pid alone cannot tell two logs of one process apart. */
const heldHere = new Set<string>();

export class AuditLock {
  readonly #path: string;
  #text: string | null = null;

  constructor(directory: string) {
    this.#path = join(directory, 'lock');
  }

  /** Takes the lock, or keeps it. Throws AuditLogRefused when another one holds it, and system errors as they are. */
  take(): void {
    if (this.#text !== null && readLock(this.#path) === this.#text) return;
    const text = JSON.stringify({ pid: process.pid, host: hostname(), started: startOf(process.pid) } satisfies Holder);
    try {
      writeFileSync(this.#path, text, { flag: 'wx', mode: 0o600 });
    } catch (cause) {
      if (errorCode(cause) !== 'EEXIST') throw cause;
      removeStale(this.#path);
      writeFileSync(this.#path, text, { flag: 'wx', mode: 0o600 });
    }
    this.#text = text;
    heldHere.add(this.#path);
  }

  /** Gives the lock back; nothing happens where it is not ours. */
  release(): void {
    if (this.#text === null) return;
    this.#text = null;
    heldHere.delete(this.#path);
    try {
      unlinkSync(this.#path);
    } catch {
      // The directory is gone or cannot be written; the next start finds that our process has ended.
    }
  }
}

/** Whether a living process writes the log in this directory. */
export function isLogHeld(directory: string): boolean {
  const path = join(directory, 'lock');
  const holder = parseHolder(readLock(path));
  return holder !== null && (heldHere.has(path) || isAlive(holder));
}

function removeStale(path: string): void {
  const found = readLock(path);
  const holder = parseHolder(found);
  if (holder !== null && (heldHere.has(path) || isAlive(holder))) throw refusal(path, holder);
  const aside = `${path}.${process.pid}`;
  renameSync(path, aside);
  const isTheOneRead = readLock(aside) === found;
  // Somebody else was quicker: what was moved aside is their fresh lock, so it goes back.
  if (!isTheOneRead) linkSync(aside, path);
  unlinkSync(aside);
}

function refusal(path: string, holder: Holder): AuditLogRefused {
  const place = holder.host === hostname() ? '' : ` on "${holder.host}"`;
  return new AuditLogRefused(
    `Cannot open the audit log: process ${holder.pid}${place} is writing it already; stop that process, or remove "${path}" if it is gone`,
  );
}

function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  // A container starts its gateway under the same pid again and again.
  if (holder.pid === process.pid) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (cause) {
    if (errorCode(cause) === 'ESRCH') return false;
  }
  return holder.started === startOf(holder.pid);
}

function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function readLock(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return null;
    throw cause;
  }
}

/** Null for an empty or damaged lock, which a crash can leave and nobody can hold. */
function parseHolder(text: string | null): Holder | null {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    const { pid, host, started } = Object(value) as Record<string, unknown>;
    if (typeof pid !== 'number' || typeof host !== 'string') return null;
    return { pid, host, started: typeof started === 'string' ? started : null };
  } catch {
    return null;
  }
}
