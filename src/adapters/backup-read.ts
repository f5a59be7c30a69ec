// Reads a backup wholly, first byte to last, and hands out what is in it on the way. Nothing that it hands out may count before
// it has returned: only then is it known that the file is whole.

import { mostManifestBytes, readManifest } from './backup-manifest.ts';
import type { BackupFile, BackupManifest } from './backup-manifest.ts';
import type { BackupSecret } from './backup-keys.ts';
import { BackupOpening } from './backup-opening.ts';
import { BackupRefused } from './backup-refused.ts';

/** Who takes what is in a backup. */
export interface BackupReceiver {
  /** Called once, first. */
  begin(manifest: BackupManifest): Promise<void>;
  /** Called for each file in the manifest's order; must take all of it. */
  file(file: BackupFile, content: AsyncIterable<Buffer>): Promise<void>;
}

export interface ReadBackup {
  readonly manifest: BackupManifest;
  /** Of the whole file. */
  readonly bytes: number;
  readonly sha256: string;
}

/** Bytes of the number that tells how long the manifest is. */
const lengthBytes = 4;

/** Throws BackupRefused, saying what is wrong with it, and system errors. */
export async function readBackup(path: string, secret: BackupSecret, receiver: BackupReceiver): Promise<ReadBackup> {
  const opening = await BackupOpening.begin(path, secret);
  try {
    const length = (await opening.whole(lengthBytes)).readUInt32BE();
    if (length > mostManifestBytes) throw new BackupRefused('its manifest is longer than any this program writes');
    const manifest = readManifest(await opening.whole(length));
    await receiver.begin(manifest);
    for (const file of manifest.files) await receiver.file(file, opening.take(file.bytes));
    return { manifest, ...opening.end() };
  } finally {
    await opening.close();
  }
}
