// Files of the log go when their time is over, and what they prove stays.

import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { exportRecords } from '../../src/adapters/audit-export.ts';
import { AuditFollower } from '../../src/adapters/audit-follow.ts';
import { endOf, listPruned } from '../../src/adapters/audit-pruned-file.ts';
import { planPruning, prune } from '../../src/adapters/audit-pruning.ts';
import type { PruningPlace } from '../../src/adapters/audit-pruning.ts';
import { AuditIndexing } from '../../src/adapters/audit-indexing.ts';
import { countHours, searchIndex } from '../../src/adapters/audit-index-search.ts';
import { proveRecord } from '../../src/adapters/audit-prove.ts';
import { readRetentionState, writeRetentionState } from '../../src/adapters/audit-retention-state.ts';
import { listSegments } from '../../src/adapters/audit-segment-files.ts';
import { readKey } from '../../src/adapters/audit-key-files.ts';
import { foundingKey } from '../../src/adapters/audit-epochs.ts';
import { readEpochs } from '../../src/adapters/audit-epochs.ts';
import type { RetentionLog } from '../../src/adapters/audit-retention.ts';
import { verifyAuditLog } from '../../src/adapters/audit-verify.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import { readPruneNote, writePruneNote } from '../../src/core/audit/prune-note.ts';
import type { PruneNote } from '../../src/core/audit/prune-note.ts';
import { auditDirectory, removeAuditDirectories, verify } from '../support/audit-log.ts';
import type { TreeLog } from '../support/audit-tree.ts';
import { noon } from '../support/audit-tree.ts';
import { oldLog } from '../support/audit-retention.ts';
import type { OldLog } from '../support/audit-retention.ts';
import { day } from '../support/epoch-days.ts';

const days = 12;
const last = noon + (days - 1) * day + 300_000;
/** A log of twelve days, and one of which the first six have gone. */
let [whole, pruned]: TreeLog[] = [];

beforeAll(async () => {
  const made = await oldLog(days);
  await made.look('unlimited');
  await made.run.close();
  whole = { directory: made.directory, anchor: made.anchor };
  const old = await opened(whole);
  await old.look(5);
  await old.run.close();
  pruned = { directory: old.directory, anchor: old.anchor };
}, 60_000);
const copies: string[] = [];
afterEach(() => {
  for (const copy of copies.splice(0)) rmSync(copy, { recursive: true, force: true });
});
afterAll(removeAuditDirectories);

/** A copy that can be spoiled. */
function copyOf(log: TreeLog | undefined): TreeLog {
  const directory = auditDirectory();
  if (log !== undefined) cpSync(dirname(log.directory), dirname(directory), { recursive: true });
  return { directory, anchor: join(dirname(directory), 'anchor') };
}

function opened(log: TreeLog | undefined): Promise<OldLog> {
  return oldLog(0, copyOf(log), last);
}

const files = ({ directory }: TreeLog): string[] => readdirSync(directory).filter((name) => name.includes('.jsonl'));
const name = (past: number): string => `${new Date(noon + past * day).toISOString().slice(0, 10)}.jsonl`;
const publicKeyOf = ({ directory }: TreeLog) =>
  foundingKey(directory, readKey(join(dirname(directory), 'audit-signing.key')).publicKey);

describe('records whose time is over', () => {
  it('go with their files, and the rest of the log verifies, from its first key and against every checkpoint', async () => {
    const log = await opened(pruned);
    expect(files(log)).toEqual([
      ...[0, 1, 2, 3, 4, 5].map((past) => `${name(past)}.pruned`),
      ...[6, 7, 8, 9, 10].map((past) => `${name(past)}.gz`),
      name(11),
    ]);
    await log.run.close();
    const kept = { from: [], anchors: [log.anchor] };
    const verified = await verifyAuditLog({ directories: [log.directory], publicKeyFile: null, kept });
    const before = await verify(whole?.directory ?? '');
    expect(verified).toMatchObject({ sound: true, flaw: null, epoch: { number: days }, notes: [] });
    expect(verified.checkpoints).toBeGreaterThan(before.checkpoints);
    const gone = endOf(await listPruned([log.directory])).sequence;
    expect(verified.pruned).toEqual([expect.objectContaining({ first: 1, last: gone, keptDays: 5 })]);
  });

  it('are told by a record that stands before anything is removed', async () => {
    const log = await opened(whole);
    const there: number[] = [];
    const watched: RetentionLog = {
      pruned: async (detail) => {
        await log.desk.pruned(detail);
        there.push(files(log).filter((file) => !file.endsWith('.pruned')).length);
      },
      stated: (...told) => log.desk.stated(...told),
      found: (state) => log.desk.found(state),
    };
    await log.look(5, watched);
    expect(there).toEqual([days]);
    await log.run.close();
  });

  it('go again later, in one piece with those before, and lines that are kept go on being kept', async () => {
    const log = await opened(pruned);
    for (const more of [1, 2]) {
      log.run.clock.at = last + more * day;
      await log.run.record(['9']);
      expect(await log.look(5)).toMatchObject({ kept: { because: 'young' } });
    }
    await log.run.close();
    const verified = await verify(log.directory);
    expect([verified.flaw, verified.pruned.length]).toEqual([null, 3]);
  });

  it('are not found in the index any more, and neither is what only they named', async () => {
    const log = await opened(whole);
    const indexFile = join(log.directory, '..', 'index.db');
    const task = { directories: [log.directory], indexFile };
    const indexed = async () => {
      const indexing = new AuditIndexing(task);
      await indexing.catchUp(() => Promise.resolve());
      const { requests } = searchIndex(indexing.index.database, {}, 1000);
      const named = indexing.index.database
        .prepare('SELECT text FROM patients')
        .all()
        .map(({ text }) => text);
      const hours = countHours(indexing.index.database, 0, last + day).reduce((sum, { count }) => sum + count, 0);
      indexing.close();
      return { sequences: requests.map(({ sequence }) => sequence), named, hours };
    };
    const before = await indexed();
    expect(before.named).toContain('0-1');
    await log.look(5);
    const gone = endOf(await listPruned([log.directory])).sequence;
    const after = await indexed();
    expect(Math.min(...after.sequences)).toBe(gone + 1);
    expect(after.named).toEqual([6, 7, 8, 9, 10, 11].flatMap((past) => [1, 2, 3].map((one) => `${past}-${one}`)));
    expect(after.hours).toBeLessThan(before.hours);
    rmSync(indexFile);
    const anew = await indexed();
    expect([anew.sequences, anew.named]).toEqual([after.sequences, after.named]);
    await log.run.close();
  });

  it('stay provable where they stay: a proof, an export with every key, and the epochs found again', async () => {
    const log = copyOf(pruned);
    const gone = endOf(await listPruned([log.directory])).sequence;
    const proof = await proveRecord([log.directory], publicKeyOf(log), gone + 1);
    expect(proof).toMatch(/^c2sp\.org\/tlog-proof@v1\n/);
    await expect(proveRecord([log.directory], publicKeyOf(log), gone)).rejects.toThrow(`Record ${gone} was let go`);
    const selection = { from: null, to: null, person: null, patient: null };
    const made = await exportRecords([log.directory], publicKeyOf(log), { selection, patients: null, kept: [], made: '' });
    expect(made.epochs).toHaveLength(days - 1);
    const [before, read] = [readEpochs(log.directory), [] as number[]];
    rmSync(join(log.directory, 'epochs.txt'));
    rmSync(join(log.directory, 'tree'), { recursive: true });
    const again = await oldLog(0, log, last + 1000);
    await again.run.record(['9']);
    await again.look(5);
    await again.run.close();
    expect(readEpochs(log.directory).slice(0, -1)).toEqual(before.slice(0, -1));
    expect(await verify(log.directory)).toMatchObject({ sound: true, flaw: null });
    for await (const { sequence } of new AuditFollower([log.directory], 0).read(gone + 2)) read.push(sequence);
    expect(read).toEqual([gone + 1, gone + 2]);
  });
});

describe('nothing goes', () => {
  const none = { pruned: 0 };
  it('where records are kept without limit, nor what is not old enough', async () => {
    const log = await opened(whole);
    expect(await log.look('unlimited')).toEqual({ ...none, kept: { because: 'unlimited' } });
    expect(await log.look(11)).toEqual({ ...none, kept: { because: 'young' } });
    await log.run.close();
  });

  it('that a hold keeps, nor behind it, until it is released; both stand on record', async () => {
    const log = await opened(whole);
    await log.desk.add({ name: 'case-17', from: '2026-11-20', to: '2026-11-23', by: 'user "it"', because: 'a letter' });
    expect(await log.look(5)).toEqual({ ...none, kept: { because: 'hold', hold: 'case-17' } });
    expect(log.desk.list()).toEqual([expect.objectContaining({ name: 'case-17', because: 'a letter' })]);
    await log.desk.release('case-17', 'user "it"', 'settled');
    expect(await log.look(5)).toEqual({ pruned: expect.any(Number), kept: { because: 'young' } });
    await log.run.close();
    expect(await verify(log.directory)).toMatchObject({ sound: true });
  });

  it('that a hold keeps which came while it was looked', async () => {
    const log = await opened(whole);
    const late: RetentionLog = {
      pruned: async (detail) => {
        await log.desk.add({ name: 'late', from: null, to: null, by: 'it', because: 'x' });
        return log.desk.pruned(detail);
      },
      stated: (...told) => log.desk.stated(...told),
      found: (state) => log.desk.found(state),
    };
    await expect(log.look(5, late)).rejects.toThrow('hold "late" keeps what was to go');
    expect(await log.look(5)).toEqual({ ...none, kept: { because: 'hold', hold: 'late' } });
    await log.run.close();
    expect(await verify(log.directory)).toMatchObject({ sound: true, pruned: [] });
  });

  it('while the holds cannot be read; where they are gone they are found again in the record', async () => {
    const log = await opened(whole);
    await log.desk.add({ name: 'case-17', from: null, to: null, by: 'user "it"', because: 'a letter' });
    await log.look(5);
    const state = join(log.directory, 'retention.json');
    const before = readRetentionState(log.directory);
    writeFileSync(state, readFileSync(state, 'utf8').slice(0, 40));
    expect(await log.look(5)).toEqual({ ...none, kept: 'unreadable-holds' });
    rmSync(state);
    expect(await log.look(5)).toEqual({ ...none, kept: { because: 'hold', hold: 'case-17' } });
    expect(readRetentionState(log.directory)).toEqual(before);
    await log.run.close();
  });

  it('that has not reached an anchor, or is under no checkpoint', async () => {
    const log = await opened(whole);
    rmSync(join(log.directory, 'tree', 'anchors'), { recursive: true });
    const checkpoint = checkpointOf(log);
    const limits = { retention: 5, holds: [], now: last, checkpoint, anchored: 10, fed: Infinity } as const;
    const place = { directories: [log.directory], newest: name(11), pause: () => Promise.resolve() };
    const firstTwo = await planPruning({ ...place, limits });
    expect(firstTwo.goes.length).toBeLessThan(4);
    expect(firstTwo.kept).toEqual({ because: 'anchor' });
    const behind = { ...limits, checkpoint: 0, anchored: 99 };
    expect((await planPruning({ ...place, limits: behind })).kept).toEqual({ because: 'checkpoint' });
    await log.run.close();
  });

  it('because a clock was set years ahead', async () => {
    const log = await opened(whole);
    log.run.clock.at = last + 4000 * day;
    expect(await log.look(1000)).toEqual({ ...none, kept: { because: 'clock' } });
    await log.run.close();
  });

  it('that is not the record that the tree covers', async () => {
    const log = await opened(whole);
    const [first = ''] = readdirSync(join(log.directory, 'tree', 'tile', '0'), { recursive: true }).map(String);
    const tile = join(log.directory, 'tree', 'tile', '0', first, '..');
    for (const file of readdirSync(tile, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      const path = join(file.parentPath, file.name);
      const bytes = readFileSync(path);
      bytes[1] = (bytes[1] ?? 0) ^ 1;
      writeFileSync(path, bytes);
    }
    await expect(log.look(5)).rejects.toThrow(/record 1 is not the one that the tree covers; run "wardgate audit verify"/);
    expect(files(log).filter((file) => file.endsWith('.pruned'))).toEqual([]);
    await log.run.close();
  });
});

describe('a crash in between', () => {
  const stop = (): Promise<never> => Promise.reject(new Error('killed'));

  it('before the record leaves everything there, and it begins anew', async () => {
    const log = await opened(whole);
    await expect(log.look(5, { ...plain(log), pruned: stop })).rejects.toThrow('killed');
    expect(await verify(log.directory)).toMatchObject({ sound: true, pruned: [] });
    expect(await log.look(5)).toEqual({ pruned: expect.any(Number), kept: { because: 'young' } });
    await log.run.close();
    expect(await verify(log.directory)).toMatchObject({ sound: true, pruned: [expect.anything()] });
  });

  it.each([0, 1, 3])('behind the record with %i files removed is finished at the next start', async (removed) => {
    const log = await opened(whole);
    const told = async (detail: string): Promise<never> => {
      await log.desk.pruned(detail);
      return stop();
    };
    await expect(log.look(5, { ...plain(log), pruned: told })).rejects.toThrow('killed');
    for (let past = 0; past < removed; past += 1) rmSync(join(log.directory, `${name(past)}.gz`));
    expect(await verify(log.directory)).toMatchObject({ sound: true, flaw: null });
    await log.run.close();
    const again = await oldLog(0, log, last + 1000);
    await again.look(5);
    await again.run.close();
    expect(files(log).filter((file) => !file.endsWith('.pruned'))[0]).toBe(`${name(6)}.gz`);
    expect(await verify(log.directory)).toMatchObject({ sound: true, pruned: [expect.anything()] });
    expect(existsSync(join(log.directory, 'pruning.txt'))).toBe(false);
  });
});

function plain({ desk }: OldLog): RetentionLog {
  return {
    pruned: (detail) => desk.pruned(detail),
    stated: (detail, retention) => desk.stated(detail, retention),
    found: (state) => desk.found(state),
  };
}

function checkpointOf({ directory }: TreeLog): number {
  return Number(readFileSync(join(directory, 'tree', 'checkpoint'), 'utf8').split('\n')[1]);
}

/** Lets go of files as the gateway would, by somebody who holds the key of the day: at once, and with what they write of it. */
async function forge(log: OldLog, say: (note: PruneNote) => PruneNote | null, retention = 1): Promise<void> {
  await log.run.settle();
  const at = last + 60 * day;
  const limits = { retention, holds: [], now: at, checkpoint: checkpointOf(log), anchored: Infinity, fed: Infinity } as const;
  const place: PruningPlace = { directories: [log.directory], limits, newest: name(2), pause: () => Promise.resolve() };
  const { goes } = await planPruning({ ...place, limits: { ...limits, now: last } });
  await prune(place, goes, 0, async (detail) => {
    const note = readPruneNote(detail);
    const said = note === null ? null : say(note);
    // Written under the name that lets the files go; what stands in the log is what was said.
    if (said !== null) await append(log, 'audit-pruned', writePruneNote(said));
    for (const { segment } of goes) rmSync(join(log.directory, `${segment.name}.gz`));
  });
}

async function append(log: OldLog, event: 'audit-pruned' | 'audit-hold', detail: string): Promise<void> {
  await (
    await log.run.log.append(auditEntry(event, log.run.clock.at, { detail }))
  ).durable;
}

describe('what somebody with the disk, or with the key of today, removes is found', () => {
  const left = ({ directory }: TreeLog, past: number): string => join(directory, `${name(past)}.pruned`);
  const spoil = (path: string, how: (bytes: Buffer) => Buffer): void => writeFileSync(path, how(readFileSync(path)));

  it.each<[string, (log: TreeLog) => void, RegExp]>([
    [
      'the oldest file that is there',
      (log) => rmSync(join(log.directory, `${name(6)}.gz`)),
      /^records \d+ to \d+ are missing before it$/,
    ],
    ['what is left of the first file', (log) => rmSync(left(log, 0)), /are missing before it$/],
    ['what is left of the last one that went', (log) => rmSync(left(log, 5)), /are missing before it$/],
    ['everything that is left', (log) => [0, 1, 2, 3, 4, 5].forEach((past) => rmSync(left(log, past))), /are missing before it$/],
    ['the end of what is left', (log) => spoil(left(log, 2), (bytes) => bytes.subarray(0, 200)), /it was changed or cut short$/],
    [
      'its first line',
      (log) => spoil(left(log, 2), (bytes) => bytes.subarray(bytes.indexOf('\n') + 1)),
      /it was changed or cut short$/,
    ],
    [
      'a hash in it',
      (log) => spoil(left(log, 2), (bytes) => (bytes.fill(7, bytes.indexOf('\n') + 3, bytes.indexOf('\n') + 5), bytes)),
      /it is not the record that the checkpoint|the line is not the one|checkpoint/,
    ],
    [
      'a line that is kept',
      (log) => spoil(left(log, 2), (bytes) => bytes.subarray(0, bytes.lastIndexOf('\n', -2) + 1)),
      /closed|kept of records 1 to \d+ some are missing or changed|epoch/,
    ],
    [
      'words in a line that is kept',
      (log) =>
        spoil(left(log, 2), (bytes) =>
          Buffer.from(bytes.toString('latin1').replace('The key changes', 'The key stays  '), 'latin1'),
        ),
      /^the line is not the one that stood in the log$/,
    ],
    [
      'the hash that its first line tells',
      (log) =>
        spoil(left(log, 5), (bytes) => Buffer.from(bytes.toString('latin1').replace(/"hash":"..../, '"hash":"0000'), 'latin1')),
      /it does not follow the record before it/,
    ],
    [
      'the root that its first line tells',
      (log) =>
        spoil(left(log, 2), (bytes) => Buffer.from(bytes.toString('latin1').replace(/"root":"..../, '"root":"AAAA'), 'latin1')),
      /^the hashes that are left of its records are not those of the tree$/,
    ],
  ])('%s', async (_name, attack, what) => {
    const log = copyOf(pruned);
    attack(log);
    const { sound, flaw } = await verify(log.directory);
    expect([sound, flaw?.what]).toEqual([false, expect.stringMatching(what)]);
  });

  it.each<[string, (note: PruneNote) => PruneNote | null, RegExp]>([
    ['without a word', () => null, /^records 1 to \d+ are gone, and no audit-pruned record accounts for that$/],
    ['before their time', (note) => ({ ...note, keptDays: 11 }), /^it lets records go before their time: the newest is of /],
    ['by another policy', (note) => note, /^it lets records go after 1 days, and they are kept for 11 days$/],
    [
      'with times that are not theirs',
      (note) => ({ ...note, keptDays: 11, oldest: '2020-01-01T00:00:00.000Z', newest: '2020-01-01T00:00:00.000Z' }),
      /^it lets records go before their time: the newest is of 2026-11-2/,
    ],
    [
      'with the names of older files as well',
      (note) => ({
        ...note,
        keptDays: 11,
        firstFile: '2020-01-01.jsonl',
        lastFile: '2020-01-01.jsonl',
        oldest: '2020-01-01T00:00:00.000Z',
        newest: '2020-01-01T00:00:00.000Z',
      }),
      /^it lets records go before their time: the newest is of 2026-11-2/,
    ],
    [
      'of records that do not come next',
      (note) => ({ ...note, first: 2 }),
      /^it lets records go from 2 on, and number 1 is the next to go$/,
    ],
    ['in words of their own', (note) => ({ ...note, oldest: 'never' }), /and not as the gateway does$/],
  ])('records that are let go %s', async (_name, say, what) => {
    const log = await opened(whole);
    await log.look(11);
    await forge(log, say);
    await log.run.close();
    const { sound, flaw } = await verify(log.directory);
    expect([sound, flaw?.what]).toEqual([false, expect.stringMatching(what)]);
  });

  it.each<[string, (note: PruneNote) => PruneNote, RegExp]>([
    ['by a record that tells of fewer', (note) => ({ ...note, last: note.last - 1 }), /is not what was let go$/],
    ['with another root', (note) => ({ ...note, root: note.kept }), /^what is left of records 1 to \d+ is not what was let go$/],
    ['with another hash', (note) => ({ ...note, hash: '0'.repeat(64) }), /is not what was let go$/],
    ['with other lines kept', (note) => ({ ...note, kept: note.root }), /some are missing or changed$/],
  ])('records whose time was over, let go %s', async (_name, say, what) => {
    const log = await opened(whole);
    await log.look(11);
    log.run.clock.at = last + 3 * day;
    await forge(log, (note) => say({ ...note, keptDays: 11 }));
    await log.run.close();
    expect((await verify(log.directory)).flaw?.what).toMatch(what);
  });

  it('records that a hold keeps, with the hold taken out of the list', async () => {
    const log = await opened(whole);
    await log.desk.add({ name: 'case-17', from: '2026-11-23', to: '2026-11-23', by: 'user "it"', because: 'a letter' });
    const state = readRetentionState(log.directory);
    if (typeof state !== 'string') writeRetentionState(log.directory, { ...state, holds: [] });
    expect((await log.look(5))?.pruned).toBeGreaterThan(0);
    await log.run.close();
    expect((await verify(log.directory)).flaw?.what).toBe('it lets records go that hold "case-17" keeps');
  });

  it('the listing of what is left passes over what does not follow', async () => {
    const log = copyOf(pruned);
    rmSync(left(log, 3));
    expect((await listPruned([log.directory])).map((one) => one.name)).toEqual([name(0), name(1), name(2)]);
    expect((await listSegments([log.directory])).map((one) => one.name)).toEqual([6, 7, 8, 9, 10, 11].map(name));
  });
});
