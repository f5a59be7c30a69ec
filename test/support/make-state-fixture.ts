// Makes the packed data directory of this version: `node test/support/make-state-fixture.ts state-2`. Run once for each version
// that is released, and the result committed; what is there is never overwritten.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fillData, packData } from './state-fixture.ts';

const [name = ''] = process.argv.slice(2);
if (!/^state-[1-9]\d*$/.test(name)) throw new Error(`"${name}" is no name such as state-2`);
const folder = fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'wardgate-fixture-'));
try {
  await fillData(directory, 20);
  // Room on the disk, process numbers and locks say nothing of a version.
  for (const leftOut of ['audit/reserve', 'instance.lock', 'instance.pid']) rmSync(join(directory, leftOut), { force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'files.json.gz'), packData(directory), { flag: 'wx' });
} finally {
  rmSync(directory, { recursive: true, force: true });
}
