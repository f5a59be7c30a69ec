// Somebody owns the machine, the log and today's keys. They edit, drop, reorder, truncate and write everything anew; the
// anchor on another machine finds each. And the tree survives the end of its process at any moment.

import { spawn } from 'node:child_process';
import { cpSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { verifyAuditLog } from '../../src/adapters/audit-verify.ts';
import type { AuditVerification } from '../../src/adapters/audit-verify.ts';
import { removeAuditDirectories, segments } from '../support/audit-log.ts';
import { grown, patients, record, treeLog, treeOver } from '../support/audit-tree.ts';
import type { TreeLog } from '../support/audit-tree.ts';

afterEach(removeAuditDirectories);

/** 600 records, anchored at 300 and at the end. */
async function clinic(): Promise<TreeLog> {
  const log = treeLog();
  await record(log, patients(300));
  await grown(log);
  await record(log, patients(300, 300));
  await grown(log);
  return log;
}

function verified(directory: string, kept: { from?: string[]; anchors?: string[] } = {}): Promise<AuditVerification> {
  return verifyAuditLog({ directories: [directory], publicKeyFile: null, kept: { from: [], anchors: [], ...kept } });
}

describe('an attacker with the disk and the current keys writes everything anew', () => {
  const replaced = (at: number) => (all: string[]) => all.with(at - 1, 'nobody');
  it.each([
    ['edits record 450', replaced(450), 301, /^records 301 to 600 are not all those that this checkpoint covers$/],
    ['edits record 1', replaced(1), 1, /^records 1 to 300 are not all/],
    ['edits the last record', replaced(600), 301, /^records 301 to 600 are not all/],
    [
      'drops record 450',
      (all: string[]) => all.toSpliced(449, 1),
      600,
      /^record 600 is missing: the log ends before this checkpoint/,
    ],
    ['swaps records 10 and 11', (all: string[]) => all.with(9, '10').with(10, '9'), 1, /^records 1 to 300 are not all/],
    ['cuts the log after 500', (all: string[]) => all.slice(0, 500), 501, /^records 501 to 600 are missing/],
    ['cuts the log after 200', (all: string[]) => all.slice(0, 200), 201, /^records 201 to 300 are missing/],
    [
      'drops record 20 and adds one at the end',
      (all: string[]) => [...all.toSpliced(19, 1), '1'],
      1,
      /^records 1 to 300 are not all/,
    ],
  ])('%s: sound by itself, found from the anchor', async (_what, change, sequence, what) => {
    const honest = await clinic();
    const forged = treeLog(honest);
    await record(forged, change(patients(600)));
    await grown(forged);

    expect(await verified(forged.directory)).toMatchObject({ sound: true, flaw: null });
    expect(await verified(honest.directory, { anchors: [honest.anchor] })).toMatchObject({ sound: true, checkpoints: 4 });
    const found = await verified(forged.directory, { anchors: [honest.anchor] });
    expect(found).toMatchObject({ sound: false, flaw: { sequence, what: expect.stringMatching(what) } });
  });

  it('is named to the record while the tree is the old one, or a copy of it', async () => {
    const honest = await clinic();
    const forged = treeLog(honest);
    await record(forged, patients(600).with(449, 'nobody'));
    cpSync(join(honest.directory, 'tree'), join(forged.directory, 'tree'), { recursive: true });
    const { sound, flaw } = await verified(forged.directory);
    expect(sound).toBe(false);
    expect(flaw).toMatchObject({ file: segments(forged.directory)[0], line: 450, sequence: 450 });
    expect(flaw?.what).toMatch(/^it is not the record that the checkpoint ".*" covers, it was changed or replaced$/);
  });

  it('with keys of their own: no checkpoint of that log stands in the place', async () => {
    const honest = await clinic();
    const forged = treeLog();
    await record(forged, patients(600));
    await grown(forged);
    const { sound, flaw } = await verified(forged.directory, { anchors: [honest.anchor] });
    expect([sound, flaw?.what]).toEqual([
      false,
      expect.stringMatching(/^there is no checkpoint of the log "wardgate-audit\/[0-9a-f]{16}" in/),
    ]);
    const [kept = ''] = readdirSync(honest.anchor);
    const from = await verified(forged.directory, { from: [join(honest.anchor, kept)] });
    expect(from.flaw?.what).toMatch(/^it is of the log "wardgate-audit\//);
  });

  it('goes unseen behind the last checkpoint that was kept: that is the window', async () => {
    const honest = await clinic();
    const [first = ''] = readdirSync(honest.anchor);
    const forged = treeLog(honest);
    await record(forged, patients(600).with(449, 'nobody'));
    await grown(forged);
    expect(await verified(forged.directory, { from: [join(honest.anchor, first)] })).toMatchObject({ sound: true });
  });
});

describe('what lies beside the log is checked as well', () => {
  it.each([
    [
      'a tile',
      (tree: string) => damage(join(tree, 'tile/0/000'), 32 * 99 + 3),
      100,
      /^the tree's hash of record 100 was changed/,
    ],
    ['the checkpoint', (tree: string) => damage(join(tree, 'checkpoint'), 60), null, /^it is not signed|^it is not a checkpoint/],
    ["a day's checkpoint", (tree: string) => damage(join(tree, 'checkpoints/2026-11-23.txt'), 0), null, /^it is of the log/],
    [
      'a checkpoint that is none',
      (tree: string) => writeFileSync(join(tree, 'checkpoint'), ''),
      null,
      /^it is not a checkpoint$/,
    ],
  ])('%s was changed', async (_what, harm, sequence, what) => {
    const { directory } = await clinic();
    harm(join(directory, 'tree'));
    expect(await verified(directory)).toMatchObject({ sound: false, flaw: { sequence, what: expect.stringMatching(what) } });
  });

  it('a log without a tree is sound, and no checkpoint says so', async () => {
    const { directory } = await clinic();
    rmSync(join(directory, 'tree'), { recursive: true });
    const { sound, checkpoints } = await verified(directory);
    expect([sound, checkpoints]).toEqual([true, 0]);
  });
});

describe('a tree that goes on', () => {
  it.each([
    ['nothing happened', () => {}],
    ['its tiles are gone', (tree: string) => rmSync(join(tree, 'tile'), { recursive: true })],
    ['a whole tile is gone', (tree: string) => rmSync(join(tree, 'tile/0/000'))],
    ['a node of it is gone', (tree: string) => rmSync(join(tree, 'tile/1/000.p'), { recursive: true })],
    ['a tile above was changed', (tree: string) => damage(join(tree, 'tile/1/000.p/2'), 3)],
    ['all of it is gone', (tree: string) => rmSync(tree, { recursive: true })],
  ])('gives the same checkpoint after %s', async (_what, harm) => {
    const log = await clinic();
    harm(join(log.directory, 'tree'));
    await record(log, patients(50, 600));
    await grown(log);
    const whole = treeLog(log);
    await record(whole, patients(650));
    await grown(whole);
    const [one, other] = [log, whole].map(({ directory }) => readFileSync(join(directory, 'tree/checkpoint'), 'utf8'));
    expect(one).toBe(other);
    expect(await verified(log.directory, { anchors: [log.anchor] })).toMatchObject({ sound: true });
  });

  it('signs nothing that the checkpoint before is not the beginning of', async () => {
    const honest = await clinic();
    const forged = treeLog(honest);
    await record(forged, patients(700).with(449, 'nobody'));
    cpSync(join(honest.directory, 'tree'), join(forged.directory, 'tree'), { recursive: true });
    rmSync(join(forged.directory, 'tree/tile'), { recursive: true });
    await expect(grown(forged)).rejects.toThrow('the log is no longer the one that the checkpoint of 600 records covers');
    const short = treeLog(honest);
    await record(short, patients(500));
    cpSync(join(honest.directory, 'tree'), join(short.directory, 'tree'), { recursive: true });
    await expect(grown(short)).rejects.toThrow('the log ends at record 500, before the checkpoint of 600 records');
  });

  it('keeps one partial tile a level, and none that is whole', async () => {
    const { directory } = await clinic();
    const files = readdirSync(join(directory, 'tree/tile'), { recursive: true, encoding: 'utf8' });
    expect(files.sort()).toEqual(['0', '0/000', '0/001', '0/002.p', '0/002.p/88', '1', '1/000.p', '1/000.p/2']);
  });
});

describe('the process is killed while it writes tiles', () => {
  it('goes on from its last checkpoint, and the tree is the same in the end', { timeout: 120_000 }, async () => {
    const log = treeLog();
    await record(log, patients(1200));
    let from = -1;
    for (const after of [1, 30, 52, 53, 80]) {
      const begun = await killedAfter(log.directory, after);
      expect(begun).toBeGreaterThan(from);
      from = begun;
    }
    await grown(log);
    const whole = treeLog(log);
    await record(whole, patients(1200));
    await grown(whole);
    const [one, other] = [log, whole].map(({ directory }) => readFileSync(join(directory, 'tree/checkpoint'), 'utf8'));
    expect(one).toBe(other);
    expect(await verified(log.directory)).toMatchObject({ sound: true, flaw: null });
  });
});

describe('the anchor', () => {
  it('never writes over what is there', async () => {
    const log = await clinic();
    const names = readdirSync(log.anchor);
    expect(names).toHaveLength(2);
    const last = join(log.anchor, names.at(-1) ?? '');
    writeFileSync(last, 'somebody else was here');
    const again = treeLog(log);
    await record(again, patients(600));
    const status = await treeOver({ ...again, anchor: log.anchor }).look(true);
    expect(status.anchors[0]?.failure).toMatch(/is another checkpoint of as many records$/);
    expect(readFileSync(last, 'utf8')).toBe('somebody else was here');
  });

  it('is not made where it is not mounted, and is caught up with once it is', async () => {
    const log = treeLog();
    renameSync(log.anchor, `${log.anchor}-away`);
    await record(log, patients(3));
    const clock = { at: 0, now: () => Date.now(), monotonic: () => clock.at };
    const tree = treeOver(log, clock);
    expect(await tree.look()).toMatchObject({ size: 3, anchors: [{ failure: 'ENOENT', size: 0, at: null }] });
    renameSync(`${log.anchor}-away`, log.anchor);
    expect(await tree.look()).toMatchObject({ anchors: [{ failure: 'ENOENT' }] });
    clock.at = 10_000;
    expect(await tree.look()).toMatchObject({ anchors: [{ failure: null, size: 3, isNear: true }] });
  });

  it('gets a checkpoint every ten seconds or 256 records, and none while there is nothing new', async () => {
    const log = treeLog();
    const clock = { at: 0, now: () => Date.now(), monotonic: () => clock.at };
    const tree = treeOver(log, clock);
    await record(log, patients(1));
    expect(await tree.look()).toMatchObject({ size: 1 });
    await record(log, patients(255));
    expect(await tree.look()).toMatchObject({ size: 1 });
    await record(log, patients(1));
    expect(await tree.look()).toMatchObject({ size: 257 });
    await record(log, patients(1));
    clock.at = 9999;
    expect(await tree.look()).toMatchObject({ size: 257 });
    clock.at = 10_000;
    expect(await tree.look()).toMatchObject({ size: 258 });
    expect(readdirSync(log.anchor)).toHaveLength(2);
    clock.at = 60_000;
    await tree.look();
    expect(readdirSync(log.anchor)).toHaveLength(2);
  });
});

function damage(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

/** Kills the child after that many checkpoints. Resolves with the size it went on from. */
async function killedAfter(directory: string, checkpoints: number): Promise<number> {
  const child = spawn(process.execPath, [new URL('../support/audit-tree-crash-child.ts', import.meta.url).pathname, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let [from, seen] = [-1, 0];
  for await (const line of createInterface({ input: child.stdout })) {
    const [what, number] = line.split(' ');
    if (what === 'from') from = Number(number);
    if (what === 'at' && (seen += 1) === checkpoints) child.kill('SIGKILL');
  }
  await ended;
  return from;
}
