// What the audit log in files is told and which limits it keeps. Values only.

import { dirname, join } from 'node:path';
import type { Clock, OperationsLog } from '../ports.ts';
import { systemAuditFiles } from './audit-files.ts';
import type { AuditFiles } from './audit-files.ts';

/** Named limits of the log. */
export interface AuditLogLimits {
  /** Records that are waiting or written but not known to be on the disk; above it records are rejected. */
  readonly waitingRecords: number;
  readonly waitingBytes: number;
  readonly reserveBytes: number;
  readonly headEveryMilliseconds: number;
  readonly retryEveryMilliseconds: number;
  /** A sync that takes longer makes the log unavailable until it returns. */
  readonly syncStallMilliseconds: number;
  /** Receipts wait this long for an outage to end before `durable` rejects; their records are kept all the same. */
  readonly outageWaitMilliseconds: number;
  /** How often it is checked that the file is still where it belongs. */
  readonly placeCheckMilliseconds: number;
}

export interface AuditLogOptions {
  readonly directory: string;
  readonly fallbackDirectory: string | null;
  /** Where the Ed25519 key lies; `audit-signing.key` beside the directory unless told otherwise. */
  readonly signingKeyFile?: string;
  /** Names this run of the gateway in every record. */
  readonly boot: string;
  readonly clock: Clock;
  readonly log: OperationsLog;
  readonly limits?: Partial<AuditLogLimits>;
  readonly files?: AuditFiles;
  /** Told how long each sync took that came back well. */
  readonly synced?: (milliseconds: number) => void;
}

/** The options with every default filled in. */
export interface AuditLogNeeds extends Required<Omit<AuditLogOptions, 'limits'>> {
  readonly limits: AuditLogLimits;
}

const auditLogLimits: AuditLogLimits = {
  waitingRecords: 10_000,
  waitingBytes: 67_108_864,
  reserveBytes: 16_777_216,
  headEveryMilliseconds: 50,
  retryEveryMilliseconds: 1000,
  syncStallMilliseconds: 10_000,
  outageWaitMilliseconds: 10_000,
  placeCheckMilliseconds: 250,
};

/** Beside the log's directory and not in it, so that a copy of the log is not one of the key. */
export function signingKeyFile(directory: string): string {
  return join(dirname(directory), 'audit-signing.key');
}

export function auditLogNeeds(options: AuditLogOptions): AuditLogNeeds {
  return {
    signingKeyFile: signingKeyFile(options.directory),
    files: systemAuditFiles,
    synced: () => undefined,
    ...options,
    limits: { ...auditLogLimits, ...options.limits },
  };
}
