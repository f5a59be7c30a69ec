// The directories a log may write to, in order of preference, and what has to stand in one before a record may: our lock,
// the reserve and the public key. It opens new segments and never looks into old ones.

import { mkdirSync, readdirSync } from 'node:fs';
import { nextSegmentName, readSegmentFile } from '../core/audit/segment-name.ts';
import type { OperationsLog } from '../ports.ts';
import { foundingKey } from './audit-epochs.ts';
import type { AuditFiles } from './audit-files.ts';
import { AuditLock } from './audit-lock.ts';
import { AuditLogRefused, errorCode } from './audit-refused.ts';
import { keepReserve, releaseReserve } from './audit-reserve.ts';
import { AuditSegment } from './audit-segment.ts';
import { NotASegment } from './audit-segment-files.ts';
import { publishKey } from './audit-signing.ts';
import type { SigningKey } from './audit-signing.ts';

export interface DirectoryNeeds {
  readonly directory: string;
  readonly fallbackDirectory: string | null;
  readonly files: AuditFiles;
  readonly log: OperationsLog;
  readonly reserveBytes: number;
}

export class AuditDirectories {
  /** The primary one first. */
  readonly all: readonly string[];
  readonly #needs: DirectoryNeeds;
  readonly #locks: ReadonlyMap<string, AuditLock>;

  constructor(needs: DirectoryNeeds) {
    this.#needs = needs;
    this.all = needs.fallbackDirectory === null ? [needs.directory] : [needs.directory, needs.fallbackDirectory];
    this.#locks = new Map(this.all.map((directory) => [directory, new AuditLock(directory)]));
  }

  /** Makes the directory and takes its lock. Throws AuditLogRefused, and system errors as they are. */
  claim(directory: string): void {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#locks.get(directory)?.take();
  }

  /** As `claim`, for reading an old log: a directory that can only be read may still be read. */
  claimIfWritable(directory: string): void {
    try {
      this.claim(directory);
    } catch (cause) {
      if (cause instanceof AuditLogRefused) throw cause;
      this.#needs.log.warn({ directory, error: errorCode(cause) }, 'The audit directory cannot be written');
    }
  }

  /** Everything a segment needs around it. The reserve is left out while it is given up for the record of an outage. */
  prepare(directory: string, key: SigningKey, withReserve: boolean): void {
    this.claim(directory);
    this.#refuseOddSegments(directory);
    if (withReserve) this.keepReserve(directory);
    publishKey(directory, foundingKey(this.all[0] ?? directory, key.publicKey));
  }

  keepReserve(directory: string): void {
    keepReserve(this.#needs.files, directory, this.#needs.reserveBytes);
  }

  releaseReserves(): void {
    for (const directory of this.all) {
      try {
        releaseReserve(this.#needs.files, directory);
      } catch (cause) {
        this.#needs.log.warn({ directory, error: errorCode(cause) }, 'The reserve of the audit log cannot be given up');
      }
    }
  }

  /** A new segment in that directory, behind every segment there is. */
  createSegment(directory: string, date: string, behind: string | null): AuditSegment {
    const taken = this.all.flatMap(segmentNames);
    const name = nextSegmentName(date, behind === null ? taken : [...taken, behind]);
    const segment = AuditSegment.create(this.#needs.files, directory, name);
    if (directory !== this.all[0]) this.#needs.log.error({ directory }, 'The audit log goes on in its fallback directory');
    return segment;
  }

  /** The first directory that takes a new segment. Throws the last error when none does. */
  openSegment(date: string, behind: string | null, key: SigningKey): AuditSegment {
    let failure: unknown;
    for (const directory of this.all) {
      try {
        this.prepare(directory, key, true);
        return this.createSegment(directory, date, behind);
      } catch (cause) {
        failure = cause;
      }
    }
    throw failure;
  }

  extendSegment(directory: string, name: string, size: number, key: SigningKey): AuditSegment {
    this.prepare(directory, key, true);
    return AuditSegment.extend(this.#needs.files, directory, name, size);
  }

  release(): void {
    for (const lock of this.#locks.values()) lock.release();
  }

  #refuseOddSegments(directory: string): void {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (readSegmentFile(entry.name) !== null && !entry.isFile()) throw new NotASegment(directory, entry.name);
    }
  }
}

/** Names of the segments in a directory, none where it cannot be read. */
function segmentNames(directory: string): string[] {
  try {
    return readdirSync(directory).flatMap((name) => readSegmentFile(name)?.name ?? []);
  } catch {
    return [];
  }
}
