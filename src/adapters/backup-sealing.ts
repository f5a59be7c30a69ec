// Writes the bytes of a backup as sealed chunks, in constant memory. Knows nothing of what they mean.

import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { sealChunk } from './backup-chunk.ts';
import { chunkBytes, writeHeader } from './backup-header.ts';
import { makeBackupKey } from './backup-keys.ts';
import type { BackupLock } from './backup-keys.ts';

export class BackupSealing {
  /** Of this backup alone; for reading it back. */
  readonly key: Buffer;
  readonly #file: FileHandle;
  readonly #header: Buffer;
  readonly #digest = createHash('sha256');
  readonly #waiting = Buffer.alloc(chunkBytes);
  #filled = 0;
  #index = 0;
  #written = 0;

  private constructor(file: FileHandle, key: Buffer, header: Buffer) {
    this.#file = file;
    this.key = key;
    this.#header = header;
  }

  /** Writes the first line. Throws BackupRefused where the lock will not do. */
  static async begin(file: FileHandle, lock: BackupLock): Promise<BackupSealing> {
    const { key, description } = makeBackupKey(lock);
    const sealing = new BackupSealing(file, key, writeHeader(description));
    await sealing.#put(sealing.#header);
    return sealing;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      // A full chunk is sealed only when more comes: the last one must say that it is.
      if (this.#filled === chunkBytes) await this.#seal(false);
      const part = bytes.subarray(at, at + chunkBytes - this.#filled);
      this.#waiting.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
    }
  }

  /** Seals the last chunk and waits for the disk. Returns the size and the SHA-256 of the whole file, hex. */
  async end(): Promise<{ readonly bytes: number; readonly sha256: string }> {
    await this.#seal(true);
    await this.#file.sync();
    return { bytes: this.#written, sha256: this.#digest.digest('hex') };
  }

  async #seal(last: boolean): Promise<void> {
    const place = { index: this.#index, last };
    await this.#put(sealChunk(this.key, this.#header, place, this.#waiting.subarray(0, this.#filled)));
    this.#index += 1;
    this.#filled = 0;
  }

  async #put(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length;) at += (await this.#file.write(bytes, at)).bytesWritten;
    this.#digest.update(bytes);
    this.#written += bytes.length;
  }
}
