// One chunk of a backup, sealed or opened with AES-256-GCM. Its number and whether it is the last stand in the nonce, and the
// file's first line in the additional data, so that a chunk opens in its own place of its own file only.

import { createCipheriv, createDecipheriv } from 'node:crypto';

export const tagBytes = 16;

export interface ChunkPlace {
  /** Counted from 0. */
  readonly index: number;
  readonly last: boolean;
}

/** Ciphertext and tag. A key seals one backup only, so its nonces never repeat. */
export function sealChunk(key: Buffer, header: Buffer, place: ChunkPlace, plaintext: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(place), { authTagLength: tagBytes });
  cipher.setAAD(header);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Null where the chunk is not this one, or was changed, or the key is another. */
export function openChunk(key: Buffer, header: Buffer, place: ChunkPlace, sealed: Buffer): Buffer | null {
  const end = sealed.length - tagBytes;
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(place), { authTagLength: tagBytes });
  decipher.setAAD(header);
  decipher.setAuthTag(sealed.subarray(end));
  const plaintext = decipher.update(sealed.subarray(0, end));
  try {
    return Buffer.concat([plaintext, decipher.final()]);
  } catch {
    return null;
  }
}

/** Twelve bytes: the number in eight, big-endian, three of zero, and 1 for the last chunk. */
function nonceOf({ index, last }: ChunkPlace): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(index));
  nonce.writeUInt8(last ? 1 : 0, 11);
  return nonce;
}
