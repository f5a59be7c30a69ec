// Reads the bytes of a backup back out of its chunks, in order and in constant memory. Gives nothing out that was changed, and
// ends well only where the file does: what was cut off, put elsewhere or added is found.

import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { openChunk, tagBytes } from './backup-chunk.ts';
import { chunkBytes, mostHeaderBytes, readHeader } from './backup-header.ts';
import { findBackupKey } from './backup-keys.ts';
import type { BackupSecret } from './backup-keys.ts';
import { BackupRefused } from './backup-refused.ts';

const sealedBytes = chunkBytes + tagBytes;

export class BackupOpening {
  readonly #file: FileHandle;
  readonly #key: Buffer;
  readonly #header: Buffer;
  readonly #size: number;
  readonly #digest = createHash('sha256');
  #position: number;
  #index = 0;
  #ready: Buffer = Buffer.alloc(0);

  private constructor(file: FileHandle, key: Buffer, header: Buffer, size: number) {
    this.#file = file;
    this.#key = key;
    this.#header = header;
    this.#size = size;
    this.#position = header.length;
    this.#digest.update(header);
  }

  /** Throws BackupRefused where it is no backup or the secret cannot be its own, and system errors. */
  static async begin(path: string, secret: BackupSecret): Promise<BackupOpening> {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const start = await readAt(file, 0, Math.min(size, mostHeaderBytes));
      const { line, key } = readHeader(start);
      return new BackupOpening(file, findBackupKey(secret, key), Buffer.from(line), size);
    } catch (cause) {
      await file.close();
      throw cause;
    }
  }

  /** Exactly so many bytes, in pieces. Throws BackupRefused where they are damaged or not there. */
  async *take(bytes: number): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0;) {
      if (this.#ready.length === 0) await this.#next();
      const piece = this.#ready.subarray(0, left);
      this.#ready = this.#ready.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  /** As `take`, in one; for what is known to be short. */
  async whole(bytes: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.take(bytes)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  /** Everything was taken, and nothing stands behind it. Returns the size and the SHA-256 of the whole file, hex. */
  end(): { readonly bytes: number; readonly sha256: string } {
    if (this.#ready.length > 0 || this.#position < this.#size) throw new BackupRefused('it holds more than it says');
    return { bytes: this.#size, sha256: this.#digest.digest('hex') };
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #next(): Promise<void> {
    const length = Math.min(sealedBytes, this.#size - this.#position);
    if (length < tagBytes) throw new BackupRefused(`it was cut off at byte ${this.#size}`);
    const sealed = await readAt(this.#file, this.#position, length);
    if (sealed.length < length) throw new BackupRefused('it became shorter while it was read');
    const last = this.#position + length === this.#size;
    const opened = openChunk(this.#key, this.#header, { index: this.#index, last }, sealed);
    if (opened === null) throw new BackupRefused(this.#whyNot(sealed, last));
    this.#digest.update(sealed);
    this.#position += length;
    this.#index += 1;
    this.#ready = opened;
  }

  #whyNot(sealed: Buffer, last: boolean): string {
    // A chunk that ends the file and opens as one in the middle has lost those behind it.
    const isCut = last && openChunk(this.#key, this.#header, { index: this.#index, last: false }, sealed) !== null;
    if (isCut) return `it was cut off at byte ${this.#size}`;
    const where = `it was changed, damaged or cut off at byte ${this.#position}`;
    return this.#index === 0 ? `the passphrase or key is not the one it was locked with, or ${where}` : where;
  }
}

/** Fewer bytes where the file has shrunk meanwhile; they do not open then. */
async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
