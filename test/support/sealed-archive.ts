// Backups made by hand, with whatever manifest and bytes a test wants sealed, so that what reads them can be given lies.

import { open } from 'node:fs/promises';
import { BackupSealing } from '../../src/adapters/backup-sealing.ts';
import type { BackupLock } from '../../src/adapters/backup-keys.ts';

/** Seals `manifest` as JSON, and then the bytes. Resolves with the file's SHA-256. */
export async function sealArchive(path: string, lock: BackupLock, manifest: unknown, bytes: Uint8Array): Promise<string> {
  const file = await open(path, 'wx', 0o600);
  try {
    const sealing = await BackupSealing.begin(file, lock);
    const said = Buffer.from(typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(said.length);
    await sealing.write(Buffer.concat([length, said]));
    await sealing.write(bytes);
    return (await sealing.end()).sha256;
  } finally {
    await file.close();
  }
}

/** A manifest of these files, sound in every other respect. */
export function manifestOf(files: readonly { readonly to: string; readonly bytes: number }[]) {
  return {
    made: '2026-11-23T10:00:00.000Z',
    host: 'gate',
    program: '0.1.0',
    stores: {},
    data: 'data',
    masterKey: 'data/master.key',
    audit: {
      directory: 'data/audit',
      fallback: null,
      signingKey: 'data/audit-signing.key',
      sequence: 0,
      hash: '0'.repeat(64),
      time: '2026-11-23T10:00:00.000Z',
    },
    files: files.map((file) => ({ from: `/old/${file.to}`, kind: 'configuration', first: null, ...file })),
    leftOut: [],
  };
}
