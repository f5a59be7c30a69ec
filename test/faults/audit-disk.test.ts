// Disks that are full, broken, read-only or gone: nothing is recorded halfway, nobody is told that it was, and the log goes
// on by itself with a sound chain.

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

const rejection = { name: 'Fault', code: 'audit-unavailable' };

/** Whether a promise has an answer yet, without waiting for one. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const marker = {};
  return (await Promise.race([promise.catch(() => null), Promise.resolve(marker)])) === marker;
}

describe('/dev/full as the file of the day', () => {
  async function openedOnDevFull() {
    const directory = auditDirectory();
    mkdirSync(directory, { recursive: true });
    symlinkSync('/dev/full', join(directory, todaysFile()));
    const operations = rememberingLog();
    return { directory, operations, log: await opened(directory, { log: operations }) };
  }

  it('opens as unavailable, says so, and rejects', async () => {
    const { log, operations } = await openedOnDevFull();
    expect(log.available).toBe(false);
    await expect(log.append(attempt('1'))).rejects.toMatchObject(rejection);
    expect(operations.lines.join('\n')).toMatch(/cannot be written.*is not a regular file/);
  });

  it('does not write round it, and goes on once it is gone', async () => {
    const { directory, log } = await openedOnDevFull();
    for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(segments(directory)).toEqual([todaysFile()]);
    expect(log.available).toBe(false);
    rmSync(join(directory, todaysFile()));
    await until(() => log.available);
    await log.append(attempt('1'));
    await log.close();
    expect(await verify(directory)).toMatchObject({ sound: true });
  });
});

describe('a failing write', () => {
  it.each(['EIO', 'EROFS', 'ENOSPC', 'EDQUOT'])(
    '%s rejects every record of the turn, and the log goes on in a new file',
    async (code) => {
      const directory = auditDirectory();
      const files = new BreakableFiles();
      const log = await opened(directory, { files });
      await log.append(attempt('1'));
      files.broken = { write: code };
      const results = await Promise.allSettled([log.append(attempt('2')), log.append(attempt('3'))]);
      expect(results).toMatchObject([{ reason: rejection }, { reason: rejection }]);
      expect(log.available).toBe(false);
      await expect(log.append(attempt('4'))).rejects.toMatchObject(rejection);
      files.broken = {};
      await until(() => log.available);
      await log.append(attempt('5'));
      await log.close();
      expect(await verify(directory)).toMatchObject({ sound: true });
      const patients = segments(directory).flatMap((name) => recordsIn(directory, name).map((record) => record['patient']));
      expect([...new Set(patients)].filter((patient) => patient !== undefined)).toEqual(['1', '5']);
    },
  );

  it.each([
    ['takes the torn part back', undefined],
    ['leaves the torn part where even that fails', 'EIO'],
  ])('in the middle of a line keeps the whole records and %s', async (_name, truncate) => {
    const directory = auditDirectory();
    const files = new BreakableFiles();
    const log = await opened(directory, { files });
    files.shortWriteBytes = 700;
    files.broken = { write: 'ENOSPC', ...(truncate === undefined ? {} : { truncate }) };
    const results = await Promise.allSettled(['1', '2', '3', '4'].map((patient) => log.append(attempt(patient))));
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    expect(readFileSync(join(directory, todaysFile())).at(-1) === 0x0a).toBe(truncate === undefined);
    files.broken = {};
    await Promise.all(results.slice(0, 2).map((result) => (result as PromiseFulfilledResult<Receipt>).value.durable));
    await until(() => log.available);
    await log.close();
    expect(await verify(directory)).toMatchObject({ sound: true, records: 4 });
  });

  it('of the first file of a new day is waited out as well', async () => {
    const directory = auditDirectory();
    const files = new BreakableFiles();
    let now = Date.UTC(2026, 10, 23, 23, 59, 59, 999);
    const log = await opened(directory, { files, clock: { now: () => now, monotonic: () => performance.now() } });
    await log.append(attempt('1'));
    now += 1;
    files.broken = { open: 'EMFILE' };
    await expect(log.append(attempt('2'))).rejects.toMatchObject(rejection);
    files.broken = {};
    await until(() => log.available);
    await log.append(attempt('3'));
    await log.close();
    expect(segments(directory)).toEqual(['2026-11-23.jsonl', '2026-11-24.jsonl']);
    expect(await verify(directory)).toMatchObject({ sound: true, records: 4 });
  });

  it('of half the bytes is simply continued', async () => {
    const directory = auditDirectory();
    const files = new BreakableFiles();
    const log = await opened(directory, { files });
    files.shortWriteBytes = 100;
    await Promise.all([log.append(attempt('1')), log.append(attempt('2'))]);
    expect(recordsIn(directory)).toHaveLength(2);
    expect(log.available).toBe(true);
  });
});

describe('a failing fdatasync', () => {
  it('repeats the unconfirmed records byte for byte in a new file, and only then calls them durable', async () => {
    const directory = auditDirectory();
    const files = new BreakableFiles();
    const log = await opened(directory, { files });
    await (
      await log.append(attempt('1'))
    ).durable;
    files.broken = { sync: 'EIO' };
    const receipts = await Promise.all([log.append(attempt('2')), log.append(attempt('3'))]);
    await until(() => !log.available);
    await expect(log.append(attempt('4'))).rejects.toMatchObject(rejection);
    await until(() => files.asked.sync > 4);
    expect(await isPending(receipts[0].durable)).toBe(true);
    files.broken = {};
    await Promise.all(receipts.map((receipt) => receipt.durable));
    await until(() => log.available);
    expect((await log.append(attempt('5'))).sequence).toBe(6);
    await log.close();
    const [first = '', second = ''] = segments(directory);
    const lines = (name: string) => readFileSync(join(directory, name), 'utf8').split('\n');
    expect(first).toBe(todaysFile());
    expect(lines(second).slice(0, 2)).toEqual(lines(first).slice(1, 3));
    expect(recordsIn(directory, second)[2]).toMatchObject({
      event: 'audit-outage',
      detail: `Recording failed (EIO); "${first}" is abandoned after record 1, 2 repeated`,
    });
    expect(recordsIn(directory, second)[3]).toMatchObject({
      event: 'audit-outage',
      detail: expect.stringMatching(/1 records were refused/),
    });
    expect(await verify(directory)).toMatchObject({
      sound: true,
      lastSequence: 6,
      notes: [expect.stringContaining('2 records were written again')],
    });
  });

  it('never syncs that descriptor again', async () => {
    const files = new BreakableFiles();
    const seen: number[] = [];
    const log = await opened(auditDirectory(), { files });
    const sync = files.sync.bind(files);
    files.sync = (descriptor, done) => {
      seen.push(descriptor);
      // Held open, so that the system cannot give its number to the next file.
      sync(descriptor, done);
    };
    files.close = () => undefined;
    files.broken = { sync: 'EIO' };
    await log.append(attempt('1'));
    await until(() => seen.length >= 2);
    files.broken = {};
    await until(() => log.available);
    await (
      await log.append(attempt('2'))
    ).durable;
    expect(seen.filter((descriptor) => descriptor === seen[0])).toHaveLength(1);
  });

  it('stops the waiting after a while, but keeps the records', async () => {
    const directory = auditDirectory();
    const files = new BreakableFiles();
    const log = await opened(directory, { files, limits: { outageWaitMilliseconds: 0 } });
    files.broken = { sync: 'EIO' };
    const receipt = await log.append(attempt('1'));
    await expect(receipt.durable).rejects.toMatchObject(rejection);
    files.broken = {};
    await until(() => log.available);
    await log.close();
    expect(await verify(directory)).toMatchObject({ sound: true, records: 3 });
  });

  it('at the very end is told to whoever waits', async () => {
    const files = new BreakableFiles();
    const log = await openTestLog(auditDirectory(), { files });
    files.broken = { sync: 'EIO' };
    const receipt = await log.append(attempt('1'));
    await log.close();
    await expect(receipt.durable).rejects.toMatchObject(rejection);
  });

  it('of two files at midnight loses neither', async () => {
    const directory = auditDirectory();
    const files = new BreakableFiles();
    let now = Date.UTC(2026, 10, 23, 23, 59, 59, 999);
    const log = await opened(directory, { files, clock: { now: () => now, monotonic: () => performance.now() } });
    await (
      await log.append(attempt('1'))
    ).durable;
    let fail: () => void = () => undefined;
    const sync = files.sync.bind(files);
    files.sync = (_descriptor, done) => void (fail = () => done(Object.assign(new Error('EIO'), { code: 'EIO' })));
    const before = await log.append(attempt('2'));
    now += 1;
    const after = await log.append(attempt('3'));
    files.sync = sync;
    fail();
    await Promise.all([before.durable, after.durable]);
    await until(() => log.available);
    await log.close();
    expect(segments(directory)).toHaveLength(3);
    expect(await verify(directory)).toMatchObject({ sound: true, records: 5 });
  });
});

describe('a full disk', () => {
  it('gives the reserve for the record of the outage, and waits until there is room for a new one', async () => {
    const directory = auditDirectory();
    const files = new BreakableFiles();
    const operations = rememberingLog();
    const log = await opened(directory, { files, log: operations });
    const reserve = join(directory, 'reserve');
    expect(readFileSync(reserve)).toHaveLength(65_536);
    await (
      await log.append(attempt('1'))
    ).durable;
    // Full, but for what the reserve held: small writes of records fit once it is gone, a new reserve does not.
    const write = files.write.bind(files);
    files.write = (descriptor, bytes, offset, length, position) => {
      if (existsSync(reserve) && length < 65_536 && !bytes.toString().includes('"version"')) files.broken = { write: 'ENOSPC' };
      else files.broken = length >= 65_536 ? { write: 'ENOSPC' } : {};
      return write(descriptor, bytes, offset, length, position);
    };
    await expect(log.append(attempt('2'))).rejects.toMatchObject(rejection);
    await until(() => segments(directory).length === 2);
    await until(() => recordsIn(directory, segments(directory)[1]).some((record) => record['event'] === 'audit-outage'));
    expect(log.available).toBe(false);
    await expect(log.append(attempt('3'))).rejects.toMatchObject(rejection);
    files.write = write;
    files.broken = {};
    await until(() => log.available);
    expect(readFileSync(reserve)).toHaveLength(65_536);
    await log.close();
    expect(await verify(directory)).toMatchObject({ sound: true, records: 3 });
    expect(operations.lines.filter((line) => line.includes('cannot be written; requests are refused'))).toHaveLength(1);
  });

  it('refuses at start when there is no room for the reserve', async () => {
    const files = new BreakableFiles();
    files.where = 'reserve';
    files.broken = { write: 'ENOSPC' };
    const log = await opened(auditDirectory(), { files });
    expect(log.available).toBe(false);
    files.broken = {};
    await until(() => log.available);
  });
});

describe('a second directory', () => {
  it('takes over with an alarm, and both together are one chain', async () => {
    const [directory, fallback] = [auditDirectory(), auditDirectory()];
    const files = new BreakableFiles();
    const operations = rememberingLog();
    const log = await opened(directory, { files, fallbackDirectory: fallback, log: operations });
    await (
      await log.append(attempt('1'))
    ).durable;
    files.where = directory;
    files.broken = { write: 'EROFS', open: 'EROFS', syncDirectory: 'EROFS' };
    await expect(log.append(attempt('2'))).rejects.toMatchObject(rejection);
    await until(() => log.available);
    await (
      await log.append(attempt('3'))
    ).durable;
    await log.close();
    expect(recordsIn(fallback, segments(fallback)[0]).map((record) => record['event'])).toEqual([
      'audit-outage',
      'audit-outage',
      'attempt',
    ]);
    expect(await verify(directory, fallback)).toMatchObject({ sound: true, records: 4 });
    expect((await verify(fallback, directory)).sound).toBe(true);
    files.broken = {};
    const again = await opened(directory, { fallbackDirectory: fallback });
    expect((await again.append(attempt('4'))).sequence).toBe(5);
    await again.close();
    expect(segments(directory)).toHaveLength(2);
    expect(await verify(directory, fallback)).toMatchObject({ sound: true, records: 5 });
    expect((await verify(directory)).flaw?.what).toMatch(/records 2 to 4 are missing/);
    expect(operations.lines.join('\n')).toContain('goes on in its fallback directory');
  });

  it('takes over from a disk without room, and says when the day begins there', async () => {
    const [directory, fallback] = [auditDirectory(), auditDirectory()];
    const files = new BreakableFiles();
    const log = await opened(directory, { files, fallbackDirectory: fallback });
    files.where = directory;
    files.broken = { write: 'ENOSPC' };
    await expect(log.append(attempt('1'))).rejects.toMatchObject(rejection);
    await until(() => log.available);
    await log.append(attempt('2'));
    await log.close();
    expect(await verify(directory, fallback)).toMatchObject({ sound: true, records: 3 });
  });

  it('is used from the start when the first cannot be written', async () => {
    const [directory, fallback] = [auditDirectory(), auditDirectory()];
    const files = new BreakableFiles();
    files.where = directory;
    files.broken = { open: 'EROFS' };
    const operations = rememberingLog();
    const log = await opened(directory, { files, fallbackDirectory: fallback, log: operations });
    expect(log.available).toBe(true);
    await log.append(attempt('1'));
    expect(segments(fallback)).toHaveLength(1);
    expect(operations.lines.join('\n')).toContain('goes on in its fallback directory');
  });
});

describe('a directory that is not there', () => {
  it('opens as unavailable while it cannot be made, and goes on once it can', async () => {
    const directory = join(auditDirectory(), 'deep');
    writeFileSync(dirname(directory), 'a file in the way');
    const log = await opened(directory);
    expect(log.available).toBe(false);
    await expect(log.append(attempt('1'))).rejects.toMatchObject(rejection);
    rmSync(dirname(directory));
    await until(() => log.available);
    await (
      await log.append(attempt('2'))
    ).durable;
    await log.close();
    expect(await verify(directory)).toMatchObject({ sound: true });
  });

  it('stays unavailable without ending the process where what is found then is not sound', async () => {
    const directory = auditDirectory();
    const first = await openTestLog(directory);
    await first.append(attempt('1'));
    await first.close();
    renameSync(directory, `${directory}.away`);
    writeFileSync(directory, 'a file in the way');
    const operations = rememberingLog();
    const log = await opened(directory, { log: operations });
    rmSync(directory);
    writeFileSync(join(`${directory}.away`, todaysFile()), 'x\n');
    renameSync(`${directory}.away`, directory);
    await until(() => operations.lines.some((line) => line.includes('signed head names is not there')));
    expect(log.available).toBe(false);
  });

  it('is noticed when it is taken away under the gateway, and the gap can be seen', async () => {
    const directory = auditDirectory();
    const log = await opened(directory);
    await (
      await log.append(attempt('1'))
    ).durable;
    rmSync(directory, { recursive: true });
    const receipt = await log.append(attempt('2'));
    await receipt.durable;
    await until(() => log.available);
    await log.close();
    expect(recordsIn(directory, segments(directory)[0]).map((record) => record['seq'])).toEqual([2, 3, 4]);
    expect(await verify(directory)).toMatchObject({
      sound: false,
      flaw: { sequence: 2, what: expect.stringMatching(/record 1 is missing/) },
    });
  });
});

describe('a crash in the middle of a recovery', () => {
  it('is completed at the next start', async () => {
    const directory = auditDirectory();
    const files = new BreakableFiles();
    const log = await openTestLog(directory, { files });
    await (
      await log.append(attempt('1'))
    ).durable;
    await until(() => readFileSync(join(directory, 'head.json'), 'utf8').includes('"sequence":1,'));
    // The disk refuses from now on, so the head stays, and the repeats are left half done.
    files.broken = { sync: 'EIO' };
    await Promise.all(['2', '3', '4'].map((patient) => log.append(attempt(patient))));
    await until(() => !log.available);
    await log.close();
    const lines = readFileSync(join(directory, todaysFile()), 'utf8').split('\n');
    const second = todaysFile().replace('.jsonl', '.2.jsonl');
    writeFileSync(join(directory, second), `${lines[1]}\n${lines[2]?.slice(0, 40)}`);
    const halfway = await verify(directory);
    expect(halfway.sound).toBe(true);
    expect(halfway.notes.join('\n')).toContain('the next start completes that');
    const again = await opened(directory);
    await until(() => again.available);
    expect((await again.append(attempt('5'))).sequence).toBe(7);
    await again.close();
    expect(await verify(directory)).toMatchObject({ sound: true, records: 7 });
  });
});
