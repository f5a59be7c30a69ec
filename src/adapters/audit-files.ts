// The file operations the audit log writes with, as one narrow object, so that a test can let each of them fail. It
// never reads, never buffers and never retries. Every operation throws what the system says.

import { closeSync, constants, fdatasync, fsyncSync, ftruncateSync, openSync, unlinkSync, writeSync } from 'node:fs';

export interface AuditFiles {
  /** `create` fails where the name is taken; `extend` fails where it is not, and on a symbolic link. Returns a descriptor. */
  open(path: string, how: 'create' | 'extend'): number;
  /** Returns the bytes written, which may be fewer than asked for. */
  write(descriptor: number, bytes: Uint8Array, offset: number, length: number, position: number): number;
  truncate(descriptor: number, length: number): void;
  /** fdatasync(2), off the request thread. */
  sync(descriptor: number, done: (error: NodeJS.ErrnoException | null) => void): void;
  /** Makes names created in a directory survive a power loss. */
  syncDirectory(path: string): void;
  close(descriptor: number): void;
  remove(path: string): void;
}

/** Only the gateway's own account may read who opened which chart. */
const ownerOnly = 0o600;

const flags = {
  create: constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
  extend: constants.O_RDWR | constants.O_NOFOLLOW,
} as const;

export const systemAuditFiles: AuditFiles = {
  open: (path, how) => openSync(path, flags[how], ownerOnly),
  write: (descriptor, bytes, offset, length, position) => writeSync(descriptor, bytes, offset, length, position),
  truncate: (descriptor, length) => ftruncateSync(descriptor, length),
  sync: (descriptor, done) => fdatasync(descriptor, done),
  syncDirectory,
  close: (descriptor) => closeSync(descriptor),
  remove: (path) => unlinkSync(path),
};

function syncDirectory(path: string): void {
  const descriptor = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
