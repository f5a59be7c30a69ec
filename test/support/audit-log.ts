// Opens audit logs in directories of their own for tests, with limits that suit a test, and with files that can be told to
// fail.

import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditEntry } from '../../src/core/audit/entry.ts';
import type { AuditEntry } from '../../src/core/audit/entry.ts';
import { compareSegmentNames } from '../../src/core/audit/segment-name.ts';
import { systemAuditFiles } from '../../src/adapters/audit-files.ts';
import type { AuditFiles } from '../../src/adapters/audit-files.ts';
import { openAuditLog } from '../../src/adapters/audit-log-file.ts';
import type { SignedAuditLog } from '../../src/adapters/audit-log-file.ts';
import type { AuditLogOptions } from '../../src/adapters/audit-log-options.ts';
import { verifyAuditLog } from '../../src/adapters/audit-verify.ts';
import type { AuditVerification } from '../../src/adapters/audit-verify.ts';
import { silentLog } from './silent-log.ts';

const made: string[] = [];

/** A fresh directory path that does not exist yet; `removeAuditDirectories` removes what was made of it. */
export function auditDirectory(): string {
  const parent = mkdtempSync(join(tmpdir(), 'wardgate-audit-'));
  made.push(parent);
  return join(parent, 'audit');
}

export function removeAuditDirectories(): void {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
}

export const systemClock = { now: () => Date.now(), monotonic: () => performance.now() };

const testLimits = { reserveBytes: 65_536, retryEveryMilliseconds: 5, headEveryMilliseconds: 1, placeCheckMilliseconds: 0 };

export function openTestLog(directory: string, options: Partial<AuditLogOptions> = {}): Promise<SignedAuditLog> {
  const base = { directory, fallbackDirectory: null, boot: 'test', clock: systemClock, log: silentLog };
  return openAuditLog({ ...base, ...options, limits: { ...testLimits, ...options.limits } });
}

export function attempt(patient: string, fields: Partial<AuditEntry> = {}): AuditEntry {
  return auditEntry('attempt', Date.now(), { patient, ...fields });
}

/** Today's first segment by UTC date. */
export function todaysFile(now = Date.now()): string {
  return `${new Date(now).toISOString().slice(0, 10)}.jsonl`;
}

/** In the order of the chain. */
export function segments(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.jsonl'))
    .sort(compareSegmentNames);
}

/** All records of one segment, parsed. */
export function recordsIn(directory: string, name = todaysFile()): Record<string, unknown>[] {
  const lines = readFileSync(join(directory, name), 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

export function verify(...directories: string[]): Promise<AuditVerification> {
  return verifyAuditLog({ directories, publicKeyFile: null });
}

/** Resolves once the condition holds; the test's own timeout is the limit. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** Real files that fail with an errno where `broken` says so. `shortWriteBytes` lets that much of the next write through. */
export class BreakableFiles implements AuditFiles {
  broken: Partial<Record<keyof AuditFiles, string>> = {};
  shortWriteBytes: number | null = null;
  /** Only paths that contain this are affected. */
  where = '';
  /** How often each operation was asked for. */
  readonly asked = { write: 0, sync: 0 };
  readonly #paths = new Map<number, string>();

  open(path: string, how: 'create' | 'extend'): number {
    this.#mayFail('open', path);
    const descriptor = systemAuditFiles.open(path, how);
    this.#paths.set(descriptor, path);
    return descriptor;
  }

  write(descriptor: number, bytes: Uint8Array, offset: number, length: number, position: number): number {
    this.asked.write += 1;
    if (this.shortWriteBytes !== null) {
      const short = this.shortWriteBytes;
      this.shortWriteBytes = null;
      return systemAuditFiles.write(descriptor, bytes, offset, Math.min(short, length), position);
    }
    this.#mayFail('write', this.#paths.get(descriptor));
    return systemAuditFiles.write(descriptor, bytes, offset, length, position);
  }

  truncate(descriptor: number, length: number): void {
    this.#mayFail('truncate', this.#paths.get(descriptor));
    systemAuditFiles.truncate(descriptor, length);
  }

  sync(descriptor: number, done: (error: NodeJS.ErrnoException | null) => void): void {
    this.asked.sync += 1;
    const code = this.#codeFor('sync', this.#paths.get(descriptor));
    if (code === null) systemAuditFiles.sync(descriptor, done);
    else setImmediate(() => done(failure(code)));
  }

  syncDirectory(path: string): void {
    this.#mayFail('syncDirectory', path);
    systemAuditFiles.syncDirectory(path);
  }

  close(descriptor: number): void {
    systemAuditFiles.close(descriptor);
    this.#mayFail('close', this.#paths.get(descriptor));
  }

  remove(path: string): void {
    this.#mayFail('remove', path);
    systemAuditFiles.remove(path);
  }

  #mayFail(operation: keyof AuditFiles, path: string | undefined): void {
    const code = this.#codeFor(operation, path);
    if (code !== null) throw failure(code);
  }

  #codeFor(operation: keyof AuditFiles, path = ''): string | null {
    return path.includes(this.where) ? (this.broken[operation] ?? null) : null;
  }
}

function failure(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: injected`), { code });
}
