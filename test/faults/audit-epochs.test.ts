// The signing key changes every day and yesterday's is destroyed. Somebody with today's key, the whole disk and no anchor in
// their way tries to write earlier days anew; and the handover survives the end of its process at any moment.

import { spawn } from 'node:child_process';
import { createPrivateKey, hash, sign } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { makeNextKey, nextKeyFile, readKey, replaceKey, spentKeyFile } from '../../src/adapters/audit-key-files.ts';
import { foundingKey, rawKey, readEpochs } from '../../src/adapters/audit-epochs.ts';
import { verifyAuditLog } from '../../src/adapters/audit-verify.ts';
import type { AuditVerification } from '../../src/adapters/audit-verify.ts';
import { encodeHead, sealHead } from '../../src/core/audit/encode-head.ts';
import { recordsIn, removeAuditDirectories, segments } from '../support/audit-log.ts';
import { noon, patients, treeLog } from '../support/audit-tree.ts';
import type { TreeLog } from '../support/audit-tree.ts';
import { DayClock, day, runDays } from '../support/epoch-days.ts';
import { seeded } from '../support/seeded.ts';

afterEach(removeAuditDirectories);

const keyOf = ({ directory }: TreeLog): string => join(dirname(directory), 'audit-signing.key');

function verified({ directory }: TreeLog, publicKeyFile: string | null = null): Promise<AuditVerification> {
  return verifyAuditLog({ directories: [directory], publicKeyFile });
}

function events({ directory }: TreeLog): string[] {
  return segments(directory).flatMap((name) => recordsIn(directory, name).map(({ event }) => String(event)));
}

/** Three days with ten records each; `keys` are the private keys as they were on each. */
async function threeDays(): Promise<{ log: TreeLog; keys: string[]; clock: DayClock }> {
  const log = treeLog();
  const run = await runDays(log);
  const keys: string[] = [];
  for (const from of [0, 10, 20]) {
    await run.settle();
    await run.record(patients(10, from));
    await run.settle();
    keys.push(readFileSync(keyOf(log), 'utf8'));
    run.clock.at += day;
  }
  run.clock.at -= day;
  await run.close();
  return { log, keys, clock: run.clock };
}

describe('a key for each day', () => {
  it('is named under the one before, which is then gone; the whole log verifies from the first', async () => {
    const { log, keys } = await threeDays();
    expect(new Set(keys).size).toBe(3);
    expect(events(log).filter((event) => event !== 'attempt')).toEqual(['epoch', 'epoch-closed', 'epoch', 'epoch-closed']);
    expect([existsSync(nextKeyFile(keyOf(log))), existsSync(spentKeyFile(keyOf(log)))]).toEqual([false, false]);
    expect(readEpochs(log.directory).map(({ number, day: of, after }) => [number, of, after])).toEqual([
      [1, '2026-11-23', 0],
      [2, '2026-11-24', 11],
      [3, '2026-11-25', 23],
    ]);
    expect(await verified(log)).toMatchObject({ sound: true, flaw: null, epoch: { number: 3, day: '2026-11-25' }, notes: [] });
    rmSync(join(log.directory, 'epochs.txt'));
    expect(await verified(log)).toMatchObject({ sound: true, epoch: { number: 3 } });
  });

  it('stays through a restart within the day, also with the clock set back by one; missed days are caught up with one', async () => {
    const { log, clock } = await threeDays();
    const key = readFileSync(keyOf(log), 'utf8');
    for (const back of [0, day]) {
      const run = await runDays(log, Object.assign(new DayClock(), { at: clock.at - back }), 'c');
      await run.record(['1']);
      await run.settle();
      await run.close();
      expect(readFileSync(keyOf(log), 'utf8')).toBe(key);
    }
    const later = await runDays(log, Object.assign(new DayClock(), { at: clock.at + 5 * day }), 'd');
    await later.record(['1']);
    await later.settle();
    await later.close();
    expect(readFileSync(keyOf(log), 'utf8')).not.toBe(key);
    const { sound, epoch } = await verified(log);
    expect([sound, epoch]).toEqual([true, { number: 4, day: '2026-11-30' }]);
    const named = segments(log.directory)
      .flatMap((name) => recordsIn(log.directory, name))
      .findLast(({ event }) => event === 'epoch');
    expect(named?.['detail']).toMatch(/because days passed in which the gateway did not run$/);
  });

  it('is not kept for years because the clock was once far ahead', async () => {
    const { log, clock } = await threeDays();
    const [ahead] = [readFileSync(keyOf(log), 'utf8')];
    const run = await runDays(log, Object.assign(new DayClock(), { at: clock.at - 2 * day }), 'c');
    await run.record(['1']);
    await run.settle();
    await run.close();
    expect(readFileSync(keyOf(log), 'utf8')).not.toBe(ahead);
    const { sound, epoch, notes } = await verified(log);
    expect([sound, epoch]).toEqual([true, { number: 4, day: '2026-11-23' }]);
    expect(notes).toEqual([
      expect.stringMatching(/^The clock was set back: epoch 4 \(record \d+\) is of 2026-11-23, after one of 2026-11-25$/),
    ]);
  });

  it('is found again from the log where epochs.txt was lost', async () => {
    const { log, clock } = await threeDays();
    const before = readEpochs(log.directory);
    rmSync(join(log.directory, 'epochs.txt'));
    const run = await runDays(log, Object.assign(new DayClock(), { at: clock.at + day }), 'c');
    await run.record(['1']);
    await run.settle();
    await run.close();
    expect(readEpochs(log.directory).slice(0, 3)).toEqual(before);
    expect(await verified(log)).toMatchObject({ sound: true, epoch: { number: 4 } });
  });
});

type Fields = Record<string, unknown>;

/** The log with its records changed, every number, hash and the head written anew, the head signed with the key in `pem`. */
function forged(honest: TreeLog, change: (records: Fields[]) => Fields[], pem: string): TreeLog {
  const place = treeLog();
  mkdirSync(place.directory);
  copyFileSync(join(honest.directory, 'audit-signing.pub'), join(place.directory, 'audit-signing.pub'));
  const all = segments(honest.directory).flatMap((file) => recordsIn(honest.directory, file).map((fields) => ({ fields, file })));
  const fileOf = new Map(all.map(({ fields, file }) => [String(fields['time']).slice(0, 10), file]));
  let [prev, sequence] = ['0'.repeat(64), 0];
  let end = { file: '', size: 0 };
  for (const { hash: _old, ...fields } of change(all.map((one) => one.fields))) {
    sequence += 1;
    const encoded = JSON.stringify({ ...fields, seq: sequence, prev }).slice(0, -1);
    prev = hash('sha256', encoded, 'hex');
    const file = fileOf.get(String(fields['time']).slice(0, 10)) ?? '';
    appendFileSync(join(place.directory, file), `${encoded},"hash":"${prev}"}\n`);
    end = { file, size: statSync(join(place.directory, file)).size };
  }
  const head = encodeHead({ ...end, sequence, hash: prev, time: '2026-11-25T12:00:00.000Z' });
  const signature = sign(null, Buffer.from(head), createPrivateKey(pem)).toString('base64');
  writeFileSync(join(place.directory, 'head.json'), sealHead(head, signature), 'latin1');
  return place;
}

const edited = (number: number) => (all: Fields[]) => all.with(number - 1, { ...all[number - 1], patient: 'nobody' });

describe('an attacker with the disk and the key of today, and no anchor to contradict them', () => {
  const closedOver = /^epoch 1 was closed over other records: records 1 to 11 are not those that its key signed$/;
  it.each<[string, (all: Fields[]) => Fields[], number | null, RegExp]>([
    ['edits the day before yesterday', edited(5), 12, closedOver],
    ['edits yesterday', edited(15), 24, /^epoch 2 was closed over other records: records 12 to 23 are not/],
    ['drops a record of it', (all) => all.toSpliced(4, 1), 11, /^it closes epoch 1 at 11 records, and epoch 1 ended at 10$/],
    ['swaps two of it', (all) => all.with(4, all[5] ?? {}).with(5, all[4] ?? {}), 12, closedOver],
    ['cuts the log in it', (all) => all.slice(0, 8), null, /^the signed head was changed, or signed with another key$/],
    ['cuts the log yesterday', (all) => all.slice(0, 20), null, /^the signed head was changed/],
    ['cuts the log right before the end of its epoch', (all) => all.slice(0, 11), null, /^the signed head was changed/],
    [
      'takes out how it was closed',
      (all) => edited(5)(all).toSpliced(11, 1),
      22,
      /^the log is forked: another key follows epoch 1 already, named in record 11$/,
    ],
    [
      'closes it with their own key',
      (all) => closedWith(edited(5)(all)),
      12,
      /^the end of epoch 1 is not signed by the key of that epoch$/,
    ],
    [
      'takes out every change of keys',
      (all) => edited(5)(all).filter(({ event }) => !String(event).startsWith('epoch')),
      null,
      /^the signed head was changed/,
    ],
  ])('%s', async (_what, change, sequence, what) => {
    const { log, keys } = await threeDays();
    const result = await verified(forged(log, change, keys[2] ?? ''), join(log.directory, 'audit-signing.pub'));
    expect(result).toMatchObject({ sound: false, flaw: { sequence, what: expect.stringMatching(what) } });
  });

  it('writes today anew, unseen: that is the window without an anchor, and the anchor closes it to seconds', async () => {
    const { log, keys } = await threeDays();
    const forgery = forged(log, edited(30), keys[2] ?? '');
    expect(await verified(forgery)).toMatchObject({ sound: true, epoch: { number: 3 } });
    const held = { from: [], anchors: [log.anchor] };
    const found = await verifyAuditLog({ directories: [forgery.directory], publicKeyFile: null, kept: held });
    expect(found).toMatchObject({ sound: false, flaw: { what: expect.stringMatching(/ that this checkpoint covers$/) } });
  });

  function closedWith(all: Fields[]): Fields[] {
    const closing = String(all[11]?.['detail']);
    return all.with(11, { ...all[11], detail: closing.replace(/signed [^;]+/, `signed ${'A'.repeat(86)}==`) });
  }
});

describe('what is in order and worth knowing is named', () => {
  const begun = (detail: (text: string) => string) => (all: Fields[]) =>
    all.with(22, { ...all[22], detail: detail(String(all[22]?.['detail'])) });
  it.each([
    ['two epochs a day', begun((text) => text.replace('2026-11-25', '2026-11-24')), /^Two epochs a day: epoch 3 \(record 23\)/],
    ['a clock that was set back', begun((text) => text.replace('2026-11-25', '2026-11-22')), /^The clock was set back: epoch 3/],
    [
      'a record from before its epoch',
      begun((text) => text.replace('2026-11-25', '2026-11-26')),
      /^The clock was set back: epoch 3 .* recorded on a day before it$/,
    ],
  ])('%s', async (_what, change, note) => {
    const { log, keys } = await threeDays();
    // Only who holds yesterday's key could write such a record: here the pass is asked, before it meets the closing.
    const forgery = forged(log, (all) => change(all).slice(0, 23), keys[1] ?? '');
    expect(await verified(forgery)).toMatchObject({ sound: true, notes: [expect.stringMatching(note)] });
  });
});

describe('a handover that was cut short', () => {
  it.each<[string, (file: string) => void]>([
    ['before anything was renamed', () => {}],
    ['when the old key had a second name', (file) => linkSync(file, spentKeyFile(file))],
    [
      'when the next key had its place',
      (file) => {
        linkSync(file, spentKeyFile(file));
        renameSync(nextKeyFile(file), file);
      },
    ],
    [
      'when the old key was half written over',
      (file) => {
        linkSync(file, spentKeyFile(file));
        renameSync(nextKeyFile(file), file);
        writeFileSync(spentKeyFile(file), 'noise', { flag: 'r+' });
      },
    ],
  ])('%s: the next key is in its place and the old one nowhere', (_when, cut) => {
    const log = treeLog();
    const file = keyOf(log);
    makeNextKey(file);
    renameSync(nextKeyFile(file), file);
    const old = openSync(file, 'r');
    const was = readFileSync(file, 'utf8');
    const next = rawKey(makeNextKey(file).publicKey);
    cut(file);
    replaceKey(file);
    expect(rawKey(readKey(file).publicKey)).toBe(next);
    expect(readdirSync(dirname(file)).filter((name) => name.startsWith('audit-signing'))).toEqual(['audit-signing.key']);
    // The very bytes on the disk, by the descriptor that was open before.
    const left = Buffer.alloc(was.length);
    readSync(old, left, 0, left.length, 0);
    closeSync(old);
    expect(left.toString('latin1')).not.toContain(was.split('\n')[1]);
  });

  it(
    'goes on at any moment: killed again and again, each day has its key and the log is sound',
    { timeout: 240_000 },
    async () => {
      const log = treeLog();
      const random = seeded(29);
      let from = noon;
      for (let round = 0; round < 14; round += 1) from = await killedAfter(log, from, 1 + Math.floor(random() * 9));
      const last = await killedAfter(log, from, Infinity);
      const { sound, flaw, epoch } = await verified(log);
      expect([sound, flaw, (epoch?.number ?? 0) > 4]).toEqual([true, null, true]);
      expect(readdirSync(dirname(log.directory)).filter((name) => name.startsWith('audit-signing'))).toEqual([
        'audit-signing.key',
      ]);
      const named = new Set(readEpochs(log.directory).map(({ key }) => key));
      expect(named.size).toBe(epoch?.number);
      expect(rawKey(foundingKey(log.directory, readKey(keyOf(log)).publicKey))).toBe(readEpochs(log.directory)[0]?.key);
      expect(last).toBeGreaterThan(from);
    },
  );
});

/** Kills the child after that many of its words. Resolves with the time at which it had arrived. */
async function killedAfter({ directory, anchor }: TreeLog, from: number, words: number): Promise<number> {
  const script = new URL('../support/audit-epoch-crash-child.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, directory, anchor, String(from)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let [at, seen] = [from, 0];
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('at ')) at = Number(line.slice(3));
    if ((seen += 1) === words) child.kill('SIGKILL');
  }
  await ended;
  return at;
}
