// Closed segments are packed with gzip, and whoever reads the log reads them as before. What was done to a packed file shows as it
// would in a plain one.

import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, copyFileSync, existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { packSegment } from '../../src/adapters/audit-pack.ts';
import { readAuditRecords } from '../../src/adapters/audit-records.ts';
import { AuditFollower } from '../../src/adapters/audit-follow.ts';
import { removeAuditDirectories, openTestLog, attempt, verify } from '../support/audit-log.ts';
import { noon, patients, treeLog } from '../support/audit-tree.ts';
import { day, runDays } from '../support/epoch-days.ts';
import { seeded } from '../support/seeded.ts';

afterEach(removeAuditDirectories);

const days = ['2026-11-23.jsonl', '2026-11-24.jsonl', '2026-11-25.jsonl'];

async function threeDays(each = 5) {
  const log = treeLog();
  const run = await runDays(log);
  for (const at of [0, 1, 2]) {
    run.clock.at = noon + at * day;
    await run.settle();
    await run.record(patients(each, at * each));
    await run.settle();
  }
  await run.close();
  return log;
}

async function sequences(directory: string): Promise<number[]> {
  const found: number[] = [];
  for await (const { record } of readAuditRecords([directory])) found.push(record.sequence);
  return found;
}

describe('a packed segment', () => {
  it('is read as before by whoever reads the log, has the same hashes, and unpacks with gunzip', async () => {
    const { directory } = await threeDays();
    const [before, plain] = [await verify(directory), readFileSync(join(directory, days[0] ?? ''))];
    const all = await sequences(directory);
    for (const name of days.slice(0, 2)) await packSegment(directory, name);
    expect(readdirSync(directory).filter((name) => name.includes('jsonl'))).toEqual([
      '2026-11-23.jsonl.gz',
      '2026-11-24.jsonl.gz',
      '2026-11-25.jsonl',
    ]);
    expect(execFileSync('gunzip', ['-c', join(directory, '2026-11-23.jsonl.gz')])).toEqual(plain);
    expect(statSync(join(directory, '2026-11-23.jsonl.gz')).mode & 0o777).toBe(0o600);
    expect(await verify(directory)).toEqual(before);
    expect(await sequences(directory)).toEqual(all);
    const again = await openTestLog(directory);
    await again.append(attempt('9'));
    await again.close();
    expect((await verify(directory)).sound).toBe(true);
  });

  it('goes on being followed by a reader that stood in the middle of it', async () => {
    const { directory } = await threeDays();
    const follower = new AuditFollower([directory], 0);
    const seen: number[] = [];
    for await (const { sequence } of follower.read(3)) seen.push(sequence);
    await packSegment(directory, days[0] ?? '');
    for await (const { sequence } of follower.read(8)) seen.push(sequence);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('does not count while the plain one is there, and is made anew', async () => {
    const { directory } = await threeDays();
    const [name = ''] = days;
    writeFileSync(join(directory, `${name}.gz`), gzipSync('something else\n'));
    expect((await verify(directory)).sound).toBe(true);
    await packSegment(directory, name);
    expect((await verify(directory)).sound).toBe(true);
  });

  it('may be empty, and larger than one piece', async () => {
    const { directory } = await threeDays(1);
    for (const [name, bytes] of [
      ['2026-11-01.jsonl', 0],
      ['2026-11-02.jsonl', 2_500_000],
    ] as const) {
      const content = Buffer.alloc(bytes, 'ab\n');
      writeFileSync(join(directory, name), content);
      await packSegment(directory, name);
      expect(gunzipSync(readFileSync(join(directory, `${name}.gz`)))).toEqual(content);
    }
  });

  it('is not made where its reader gives up, and leaves nothing half', async () => {
    const { directory } = await threeDays();
    const stopped = packSegment(directory, days[0] ?? '', () => Promise.reject(new Error('stopped')));
    await expect(stopped).rejects.toThrow('stopped');
    expect(readdirSync(directory).filter((name) => /packing|gz/.test(name))).toEqual([]);
  });
});

describe('what is done to a packed file shows', () => {
  const change = (bytes: Buffer, at: number): Buffer => {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    return changed;
  };
  const edited = (bytes: Buffer): Buffer =>
    gzipSync(gunzipSync(bytes).toString('utf8').replace('"patient":"1"', '"patient":"7"'));
  it.each<[string, (bytes: Buffer) => Buffer, RegExp]>([
    ['cut in the middle', (bytes) => bytes.subarray(0, bytes.length / 2), /^it cannot be unpacked: it was changed or cut short$/],
    ['without its last byte', (bytes) => bytes.subarray(0, -1), /cannot be unpacked/],
    ['nothing left', () => Buffer.alloc(0), /cannot be unpacked/],
    ['a bit changed in its data', (bytes) => change(bytes, Math.floor(bytes.length / 2)), /cannot be unpacked|changed/],
    ['a bit changed in its checksum', (bytes) => change(bytes, bytes.length - 6), /cannot be unpacked/],
    ['zeros behind it', (bytes) => Buffer.concat([bytes, Buffer.alloc(9)]), /cannot be unpacked/],
    ['something else behind it', (bytes) => Buffer.concat([bytes, Buffer.from('more')]), /cannot be unpacked/],
    [
      'a line added in a part of its own',
      (bytes) => Buffer.concat([bytes, gzipSync('{}\n')]),
      /stand twice, and no audit-outage record/,
    ],
    ['a record changed and packed again', edited, /its bytes do not give its hash/],
    ['empty, and packed again', () => gzipSync(''), /missing before it/],
    ['one endless line', () => gzipSync(Buffer.alloc(50_000_000, 'a')), /the line is not a record/],
  ])('%s', async (_name, spoil, what) => {
    const { directory } = await threeDays();
    const [name = ''] = days;
    await packSegment(directory, name);
    const path = join(directory, `${name}.gz`);
    writeFileSync(path, spoil(readFileSync(path)));
    const { sound, flaw } = await verify(directory);
    expect([sound, flaw?.what]).toEqual([false, expect.stringMatching(what)]);
  });

  it('a packed file in the place of the one that is written to is refused at start', async () => {
    const { directory } = await threeDays();
    await packSegment(directory, days[2] ?? '');
    await expect(openTestLog(directory)).rejects.toThrow(/the log goes on in this file, and it is packed: unpack it with gunzip/);
  });
});

it('packing may be killed at any moment', { timeout: 120_000 }, async () => {
  const { directory } = await threeDays(1);
  const random = seeded(7);
  const old = Array.from({ length: 12 }, (_none, at) => `2026-10-${at + 10}.jsonl`);
  const content = Buffer.alloc(1_100_000, '{"some":"line"}\n');
  for (const name of old) writeFileSync(join(directory, name), content);
  appendFileSync(join(directory, 'packing-1'), 'not of a process of ours, and so left alone where that one lives');
  const child = new URL('../support/audit-pack-child.ts', import.meta.url).pathname;
  for (let round = 0; round < 5; round += 1) {
    const running = spawn(process.execPath, [child, directory, ...old], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => running.once('exit', resolve));
    const lines = createInterface(running.stdout);
    let left = 1 + Math.floor(random() * 3);
    lines.on('line', () => {
      left -= 1;
      if (left <= 0) setTimeout(() => running.kill('SIGKILL'), Math.floor(random() * 25));
    });
    await ended;
    for (const name of old) {
      const [plain, packed] = [join(directory, name), join(directory, `${name}.gz`)];
      expect(existsSync(plain) ? readFileSync(plain) : gunzipSync(readFileSync(packed))).toEqual(content);
    }
  }
  const copy = join(directory, '..', 'copy.gz');
  for (const name of old) if (existsSync(join(directory, name))) await packSegment(directory, name);
  copyFileSync(join(directory, `${old[0] ?? ''}.gz`), copy);
  expect(gunzipSync(readFileSync(copy))).toEqual(content);
  rmSync(copy);
});
