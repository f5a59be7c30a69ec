import { chmodSync, existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { AuditLog, Receipt } from '../../src/ports.ts';
import {
  attempt,
  auditDirectory,
  BreakableFiles,
  openTestLog,
  recordsIn,
  removeAuditDirectories,
  segments,
  todaysFile,
  until,
  verify,
} from '../support/audit-log.ts';
import { rememberingLog } from '../support/silent-log.ts';

const open: AuditLog[] = [];

async function opened(...args: Parameters<typeof openTestLog>): Promise<AuditLog> {
  const log = await openTestLog(...args);
  open.push(log);
  return log;
}

afterEach(async () => {
  for (const log of open.splice(0)) await log.close();
  removeAuditDirectories();
});

async function filled(directory: string, count: number): Promise<void> {
  const log = await openTestLog(directory);
  for (let index = 1; index <= count; index += 1) await log.append(attempt(String(index)));
  await log.close();
}

describe('appending', () => {
  it('numbers and chains the records, and they can be read once the receipt is there', async () => {
    const directory = auditDirectory();
    const log = await opened(directory);
    const receipts = await Promise.all([log.append(attempt('1')), log.append(attempt('2')), log.append(attempt('3'))]);
    expect(receipts.map((receipt) => receipt.sequence)).toEqual([1, 2, 3]);
    expect(recordsIn(directory).map((record) => record['patient'])).toEqual(['1', '2', '3']);
    await Promise.all(receipts.map((receipt) => receipt.durable));
    await log.close();
    expect(await verify(directory)).toMatchObject({ sound: true, records: 3, headSequence: 3, afterHead: 0, notes: [] });
  });

  it('writes all records of a turn with one write and syncs them with one sync', async () => {
    const files = new BreakableFiles();
    const log = await opened(auditDirectory(), { files, limits: { headEveryMilliseconds: 3_600_000 } });
    const before = { ...files.asked };
    const receipts = await Promise.all(Array.from({ length: 500 }, (_none, index) => log.append(attempt(String(index)))));
    expect(files.asked.write - before.write).toBe(1);
    await receipts[499]?.durable;
    expect(files.asked.sync - before.sync).toBe(1);
    expect(new Set(receipts.map((receipt) => receipt.durable)).size).toBe(1);
  });

  it('covers with the next sync all that was written during one', async () => {
    const files = new BreakableFiles();
    const waiting: (() => void)[] = [];
    const sync = files.sync.bind(files);
    files.sync = (descriptor, done) => void waiting.push(() => sync(descriptor, done));
    const log = await opened(auditDirectory(), { files });
    const receipts: Receipt[] = [];
    for (const patient of ['1', '2', '3', '4']) receipts.push(await log.append(attempt(patient)));
    expect(waiting).toHaveLength(1);
    waiting.shift()?.();
    await receipts[0]?.durable;
    await until(() => waiting.length === 1);
    waiting.shift()?.();
    await Promise.all(receipts.map((receipt) => receipt.durable));
    expect(files.asked.sync).toBe(2);
  });

  it('goes on where it ended, under a new boot', async () => {
    const directory = auditDirectory();
    await filled(directory, 3);
    const log = await opened(directory, { boot: 'second' });
    expect((await log.append(attempt('4'))).sequence).toBe(4);
    await log.close();
    expect(recordsIn(directory).map((record) => record['boot'])).toEqual(['test', 'test', 'test', 'second']);
    expect(await verify(directory)).toMatchObject({ sound: true, records: 4 });
  });

  it('begins a file at midnight UTC, and stays in it when the clock goes back', async () => {
    const directory = auditDirectory();
    let now = Date.UTC(2026, 10, 23, 23, 59, 59, 999);
    const log = await opened(directory, { clock: { now: () => now, monotonic: () => 0 } });
    await log.append(attempt('1'));
    now += 1;
    await log.append(attempt('2'));
    now -= 3_600_000;
    await log.append(attempt('3'));
    await log.close();
    expect(recordsIn(directory, '2026-11-23.jsonl')).toHaveLength(1);
    expect(recordsIn(directory, '2026-11-24.jsonl')).toHaveLength(2);
    expect(await verify(directory)).toMatchObject({ sound: true, records: 3 });
  });

  it('rejects beyond its waiting limit, and takes records again afterwards', async () => {
    const log = await opened(auditDirectory(), { limits: { waitingRecords: 3 } });
    const results = await Promise.allSettled(['1', '2', '3', '4'].map((patient) => log.append(attempt(patient))));
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
    expect(results[3]).toMatchObject({ reason: { name: 'Fault', code: 'audit-unavailable' } });
    await (results[0] as PromiseFulfilledResult<Receipt>).value.durable;
    await expect(log.append(attempt('5'))).resolves.toMatchObject({ sequence: 4 });
  });

  it('rejects beyond its waiting bytes', async () => {
    const files = new BreakableFiles();
    files.sync = () => undefined;
    const log = await openTestLog(auditDirectory(), { files, limits: { waitingBytes: 200 } });
    await log.append(attempt('1'));
    await expect(log.append(attempt('2'))).rejects.toMatchObject({ code: 'audit-unavailable' });
  });

  it('is unavailable while a sync hangs', async () => {
    const files = new BreakableFiles();
    let now = 0;
    let finish: () => void = () => undefined;
    files.sync = (_descriptor, done) => void (finish = () => done(null));
    const clock = { now: () => Date.now(), monotonic: () => now };
    const log = await opened(auditDirectory(), { files, clock, limits: { syncStallMilliseconds: 100 } });
    const receipt = await log.append(attempt('1'));
    now = 100;
    expect(log.available).toBe(true);
    now = 101;
    expect(log.available).toBe(false);
    await expect(log.append(attempt('2'))).rejects.toMatchObject({ code: 'audit-unavailable' });
    finish();
    await receipt.durable;
    expect(log.available).toBe(true);
  });

  it('finishes what is waiting when it closes, and takes nothing afterwards', async () => {
    const directory = auditDirectory();
    const log = await openTestLog(directory);
    const pending = log.append(attempt('1'));
    await Promise.all([log.close(), log.close()]);
    await (
      await pending
    ).durable;
    await expect(log.append(attempt('2'))).rejects.toMatchObject({ code: 'audit-unavailable' });
    expect(log.available).toBe(false);
    expect(existsSync(join(directory, 'lock'))).toBe(false);
  });
});

describe('what lies around the records', () => {
  it('can be read by nobody else', async () => {
    const directory = auditDirectory();
    await filled(directory, 1);
    const modes = [
      directory,
      join(directory, todaysFile()),
      join(directory, 'head.json'),
      join(dirname(directory), 'audit-signing.key'),
    ];
    expect(modes.map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual(['700', '600', '600', '600']);
  });

  it('warns of a signing key that others can read', async () => {
    const directory = auditDirectory();
    await filled(directory, 1);
    chmodSync(join(dirname(directory), 'audit-signing.key'), 0o644);
    const log = rememberingLog();
    await opened(directory, { log });
    expect(log.lines.join('\n')).toContain('can be read by others');
  });

  it('keeps a head of a fixed length that never runs ahead of the disk', async () => {
    const directory = auditDirectory();
    const files = new BreakableFiles();
    const log = await opened(directory, { files });
    await (
      await log.append(attempt('1'))
    ).durable;
    await until(() => readFileSync(join(directory, 'head.json'), 'utf8').includes('"sequence":1,'));
    files.broken = { sync: 'EIO' };
    await log.append(attempt('2'));
    await until(() => !log.available);
    expect(readFileSync(join(directory, 'head.json'), 'utf8')).toContain('"sequence":1,');
    expect(statSync(join(directory, 'head.json')).size).toBe(512);
  });

  it('writes the head before the first record', async () => {
    const directory = auditDirectory();
    await opened(directory);
    expect(readFileSync(join(directory, 'head.json'), 'utf8')).toContain('"sequence":0,');
  });
});

describe('opening an existing log', () => {
  it('cuts a torn last line and says so in the log', async () => {
    const directory = auditDirectory();
    await filled(directory, 3);
    const path = join(directory, todaysFile());
    writeFileSync(path, '{"seq":4,"time":"2026-', { flag: 'a' });
    expect(await verify(directory)).toMatchObject({
      sound: true,
      records: 3,
      notes: [expect.stringContaining('22 bytes of a torn line')],
    });
    const log = await opened(directory);
    await log.close();
    expect(recordsIn(directory).at(-1)).toMatchObject({
      seq: 4,
      event: 'audit-repaired',
      detail: expect.stringMatching(/^22 bytes of a torn last line/),
    });
    expect(await verify(directory)).toMatchObject({ sound: true, records: 4, notes: [] });
  });

  it.each([
    [
      'an edit behind the head',
      (path: string) => writeFileSync(path, '{"seq":4}\n', { flag: 'a' }),
      /line 1 behind the signed head.*not a record/,
    ],
    ['a missing tail', (path: string) => truncateSync(path, statSync(path).size - 10), /signed head names is not there/],
    ['an empty file', (path: string) => truncateSync(path, 0), /signed head names is not there/],
    ['a missing file', (path: string) => rmSync(path), /signed head names is not there/],
    ['a missing head', (path: string) => rmSync(join(path, '../head.json')), /the signed head of .* is missing/],
    ['a damaged head', (path: string) => writeFileSync(join(path, '../head.json'), 'x'), /not signed by this log/],
    ['a lost key', (path: string) => rmSync(join(path, '../../audit-signing.key')), /signing key .* is missing; restore it/],
    ['a key that is none', (path: string) => writeFileSync(join(path, '../../audit-signing.key'), 'x'), /not a private key/],
  ])('refuses %s', async (_name, damage, message) => {
    const directory = auditDirectory();
    await filled(directory, 3);
    damage(join(directory, todaysFile()));
    await expect(openTestLog(directory)).rejects.toThrow(message);
    expect(existsSync(join(directory, 'lock'))).toBe(false);
  });

  it('refuses a key that signed another log', async () => {
    const [directory, other] = [auditDirectory(), auditDirectory()];
    await filled(directory, 1);
    await filled(other, 1);
    await expect(openTestLog(directory, { signingKeyFile: join(dirname(other), 'audit-signing.key') })).rejects.toThrow(
      /not signed by this log/,
    );
  });

  it('goes on behind records that the head did not reach', async () => {
    const directory = auditDirectory();
    await filled(directory, 2);
    const head = readFileSync(join(directory, 'head.json'));
    const again = await openTestLog(directory);
    await again.append(attempt('3'));
    await again.close();
    writeFileSync(join(directory, 'head.json'), head);
    expect(await verify(directory)).toMatchObject({ sound: true, records: 3, headSequence: 2, afterHead: 1 });
    const log = await opened(directory);
    expect((await log.append(attempt('4'))).sequence).toBe(4);
  });
});

describe('the lock', () => {
  const own = { pid: process.pid, host: hostname(), started: null };

  it('keeps a second log off, naming the process', async () => {
    const directory = auditDirectory();
    await opened(directory);
    await expect(openTestLog(directory)).rejects.toThrow(new RegExp(`process ${process.pid} is writing it already`));
  });

  it.each([
    ['the parent process', { ...own, pid: process.ppid }, /process \d+ is writing/, true],
    ['another machine', { ...own, pid: 1, host: 'elsewhere' }, /process 1 on "elsewhere" is writing/, false],
  ])('is respected when %s holds it', async (_name, holder, message, withStart) => {
    const directory = auditDirectory();
    await filled(directory, 1);
    const stat = withStart && existsSync('/proc') ? readFileSync(`/proc/${holder.pid}/stat`, 'latin1') : null;
    const started = stat === null ? null : stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    writeFileSync(join(directory, 'lock'), JSON.stringify({ ...holder, started }));
    await expect(openTestLog(directory)).rejects.toThrow(message);
    rmSync(join(directory, 'lock'));
  });

  it.each([
    ['a process that ended', JSON.stringify({ ...own, pid: 2 ** 22 + 1 })],
    ['an earlier process of our number', JSON.stringify(own)],
    ['a living process that started at another time', JSON.stringify({ ...own, pid: process.ppid, started: '1' })],
    ['nobody', ''],
  ])('is taken over from %s', async (_name, content) => {
    const directory = auditDirectory();
    await filled(directory, 1);
    writeFileSync(join(directory, 'lock'), content);
    const log = await opened(directory);
    expect(log.available).toBe(true);
    expect(segments(directory)).toEqual([todaysFile()]);
  });
});
