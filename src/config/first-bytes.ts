// Reads the beginning of a file that somebody named, so that a wrong name never fills the memory.

import { open } from 'node:fs/promises';

/** The file as far as one byte past `most`, so that a longer one shows; null where it cannot be read. */
export async function firstBytes(file: string, most: number): Promise<Buffer | null> {
  try {
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(most + 1), 0, most + 1, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch {
    return null;
  }
}
