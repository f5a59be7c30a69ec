// A private authority as its PEM, for what is handed the text and not the place of the file.

import { readFile } from 'node:fs/promises';
import type { Reading } from './reading.ts';
import { trustedAuthority } from './trusted-authority.ts';
import type { KeyPath } from './yaml-source.ts';

/** Null where none is named; what is wrong with it is a mistake. */
export async function authorityText(reading: Reading<unknown>, path: KeyPath, named: string | undefined): Promise<string | null> {
  const file = await trustedAuthority(reading, path, named);
  return file === null ? null : readFile(file, 'utf8').catch(() => null);
}
