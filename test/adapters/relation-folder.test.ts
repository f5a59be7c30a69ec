// The watched folder: which files are taken, when, and where they stand afterwards.

import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RelationFolder } from '../../src/adapters/relation-folder.ts';
import type { FolderImport } from '../../src/adapters/relation-folder.ts';
import { silentLog } from '../support/silent-log.ts';

let folder: string;
let now: number;
let taken: string[];
let answers: FolderImport[];
let watched: RelationFolder;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardgate-folder-'));
  now = 0;
  taken = [];
  answers = [];
  watched = new RelationFolder({
    folder,
    clock: { now: () => Date.UTC(2026, 10, 30) + now, monotonic: () => now },
    log: silentLog,
    importFile: ({ kind, name, descriptor }) => {
      const bytes = Buffer.alloc(100);
      taken.push(`${kind} ${name}: ${bytes.toString('utf8', 0, readSync(descriptor, bytes))}`);
      return Promise.resolve(answers.shift() ?? { outcome: 'done', says: ['1 rows of it count'] });
    },
  });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
const look = async (times = 1) => {
  for (let time = 0; time < times; time += 1) {
    now += 10_000;
    await watched.look();
  }
};

test('takes a file once it has stayed the same, and moves it aside with its sentence', async () => {
  put('staff.csv', 'a');
  await look();
  put('staff.csv', 'ab');
  await look();
  expect(taken).toEqual([]);
  await look(3);
  expect(taken).toEqual(['staff staff.csv: ab']);
  expect(readdirSync(folder)).toEqual(['done']);
  const [file = '', note = ''] = readdirSync(join(folder, 'done')).toSorted();
  expect([file, note]).toEqual(['2026-11-30T00-00-30-000Z-staff.csv', `${file}.txt`]);
  expect(readFileSync(join(folder, 'done', note), 'utf8')).toBe('1 rows of it count\n');
});

test('looks when it is time, not whenever it is asked', async () => {
  put('staff.csv', 'a');
  await look();
  now += 9999;
  await watched.look();
  expect(taken).toEqual([]);
  now += 1;
  await watched.look();
  expect(taken).toHaveLength(1);
});

test('takes names of its kinds alone, in their order', async () => {
  for (const name of ['staff-2.csv', 'staff-1.csv', 'appointments.ndjson', 'notes.csv', 'staff.txt', '.staff.csv', 'Staff.csv'])
    put(name, 'x');
  put('confidential.csv', '');
  mkdirSync(join(folder, 'demographics'));
  await look(2);
  expect(taken.map((one) => one.split(':')[0])).toEqual([
    'appointments appointments.ndjson',
    'staff staff-1.csv',
    'staff staff-2.csv',
  ]);
  expect(watched.notices()).toEqual([]);
});

test('says what failed until the next of its kind is imported', async () => {
  answers.push({ outcome: 'failed', says: ['staff.csv:1:1: The file is empty'] });
  put('staff.csv', 'x');
  await look(2);
  expect(readdirSync(join(folder, 'failed'))).toHaveLength(2);
  expect(watched.notices()).toEqual(['The last file of staff in the watched folder was not imported; "failed" says why']);
  put('staff.csv', 'y');
  await look(2);
  expect(watched.notices()).toEqual([]);
});

test('leaves a file where it is when nothing was decided', async () => {
  answers.push({ outcome: 'again', says: [] });
  put('staff.csv', 'x');
  await look(2);
  expect(readdirSync(folder)).toEqual(['staff.csv']);
  await look();
  expect([taken.length, readdirSync(folder)]).toEqual([2, ['done']]);
});

test('never follows a link', async () => {
  put('secret', 'x');
  symlinkSync(join(folder, 'secret'), join(folder, 'staff.csv'));
  await look(3);
  expect(taken).toEqual([]);
  expect(watched.notices()[0]).toContain('a file of staff is a link or no plain file, and is not read');
});

test('imports once what it cannot move', async () => {
  put('done', 'in the way');
  put('staff.csv', 'x');
  await look(4);
  expect(taken).toHaveLength(1);
  expect(readdirSync(folder).toSorted()).toEqual(['done', 'staff.csv']);
  expect(watched.notices()[0]).toContain('The watched folder for imports: ');
});

test('takes nothing from a folder that is open to all, or is none', async () => {
  put('staff.csv', 'x');
  chmodSync(folder, 0o755);
  await look(2);
  expect([taken, watched.notices()[0]]).toEqual([[], expect.stringContaining('chmod o-rwx')]);
  rmSync(folder, { recursive: true });
  await look();
  expect(watched.notices()[0]).toContain('ENOENT');
  put('../'.concat(folder.split('/').at(-1) ?? ''), 'x');
  await look();
  expect(watched.notices()[0]).toContain('it is no directory');
});

test('takes nothing more once it is closed', async () => {
  put('staff.csv', 'x');
  await look();
  await watched.close();
  await look();
  expect(taken).toEqual([]);
});
