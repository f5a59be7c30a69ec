// Writes a ZIP whose entries are stored, not compressed: enough for an archive that every tool opens.
// Source: APPNOTE.TXT of the format, sections 4.3.7, 4.3.12 and 4.3.16. It never writes ZIP64.

import { crc32 } from 'node:zlib';

export interface ArchiveEntry {
  readonly name: string;
  readonly bytes: Buffer;
}

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const VERSION = 20;
/** Bit 11: names are UTF-8. */
const FLAGS = 0x0800;
/** 1 January 2009 in the format's own way of counting. */
const DATE = ((2009 - 1980) << 9) | (1 << 5) | 1;

export function zipFile(entries: readonly ArchiveEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name, 'utf8');
    const local = Buffer.concat([numbers([LOCAL_HEADER, 4], ...common(entry, name), [0, 2]), name, entry.bytes]);
    const where = numbers([0, 2], [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]);
    directory.push(numbers([CENTRAL_HEADER, 4], [VERSION, 2], ...common(entry, name)), where, name);
    locals.push(local);
    offset += local.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const count = entries.length;
  const end = numbers([END_OF_DIRECTORY, 4], [0, 2], [0, 2], [count, 2], [count, 2], [size, 4], [offset, 4], [0, 2]);
  return Buffer.concat([...locals, ...directory, end]);
}

/** The fields that an entry's local header and its line in the directory share. */
function common(entry: ArchiveEntry, name: Buffer): readonly (readonly [number, 2 | 4])[] {
  const length = entry.bytes.length;
  return [
    [VERSION, 2],
    [FLAGS, 2],
    [0, 2],
    [0, 2],
    [DATE, 2],
    [crc32(entry.bytes), 4],
    [length, 4],
    [length, 4],
    [name.length, 2],
  ];
}

/** Little-endian numbers, each with its width in bytes. */
function numbers(...fields: readonly (readonly [number, 2 | 4])[]): Buffer {
  const buffer = Buffer.alloc(fields.reduce((sum, [, width]) => sum + width, 0));
  let at = 0;
  for (const [value, width] of fields) at = buffer.writeUIntLE(value, at, width);
  return buffer;
}
