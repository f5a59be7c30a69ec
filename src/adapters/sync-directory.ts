// Makes names that were created, renamed or removed in a directory survive a power loss.

import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Throws the system's error. Windows has no such call, and nothing is done there. */
export function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
