// Writes a tar archive (POSIX.1-1988 ustar) of plain files, for the EHR's whole-database backup.
// Names are at most 100 bytes and owners are not told.

import type { ArchiveEntry } from './zip-file.ts';

const BLOCK_BYTES = 512;
/** 1 January 2009, as seconds since 1970. */
const MODIFIED_SECONDS = 1_230_768_000;

export function tarFile(entries: readonly ArchiveEntry[]): Buffer {
  const blocks = entries.flatMap((entry) => [header(entry), entry.bytes, padding(entry.bytes.length)]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK_BYTES)]);
}

function header(entry: ArchiveEntry): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.write(entry.name, 0, 100, 'utf8');
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${octal(entry.bytes.length, 11)}\0`, 124);
  block.write(`${octal(MODIFIED_SECONDS, 11)}\0`, 136);
  block.write('        ', 148);
  block.write('0', 156);
  block.write('ustar\u000000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}

function padding(length: number): Buffer {
  return Buffer.alloc((BLOCK_BYTES - (length % BLOCK_BYTES)) % BLOCK_BYTES);
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
