// The gateway's side of the tree: what it says when, and a real thread over a real log.

import { createPublicKey } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openCheckpoint, originOf } from '../../src/adapters/audit-checkpoint.ts';
import type { SignedAuditLog } from '../../src/adapters/audit-log-file.ts';
import type { AnchorStatus } from '../../src/adapters/audit-anchoring.ts';
import { readEpochs } from '../../src/adapters/audit-epochs.ts';
import { verifyAuditLog } from '../../src/adapters/audit-verify.ts';
import { AuditTreeThread, treeNotices } from '../../src/adapters/audit-tree-thread.ts';
import type { TreeState } from '../../src/adapters/audit-tree-thread.ts';
import type { AuditTreeStatus } from '../../src/adapters/audit-tree.ts';
import { readHeartbeatNote } from '../../src/core/audit/heartbeat-note.ts';
import { heartbeat } from '../../src/compose/heartbeat.ts';
import { attempt, openTestLog, recordsIn, removeAuditDirectories, segments, systemClock } from '../support/audit-log.ts';
import { inDirectory, patients, record, treeLog } from '../support/audit-tree.ts';
import { FakeLog } from '../support/fake-ports.ts';
import { silentLog } from '../support/silent-log.ts';

afterEach(removeAuditDirectories);

const minute = 60_000;
/** Of a gateway whose log could not be opened so far. */
const noAuditLog: SignedAuditLog = {
  directory: '',
  available: false,
  append: () => Promise.reject(new Error('there is no log')),
  signWithNext: () => {},
  counts: { records: 0, refusals: 0 },
  close: () => Promise.resolve(),
};
const there: AnchorStatus = { where: '/mnt/a', size: 9, at: 0, failure: null, isNear: false };
const good: AuditTreeStatus = { size: 9, checkpointAt: 0, anchors: [there] };
const withAnchor = (changes: Partial<AnchorStatus>): AuditTreeStatus => ({ ...good, anchors: [{ ...there, ...changes }] });

describe('what is said', () => {
  const state = { anchors: ['/mnt/a'], status: good, failure: null, startedAt: 0, now: 15 * minute };
  const late = / has not reached its anchor "\/mnt\/a" lately: for 15 minutes$/;
  const none = /^The access record is unanchored: .* unseen; no checkpoint has reached an anchor for 1[56] minutes$/;
  it.each<[string, TreeState, RegExp[]]>([
    ['nothing while all is well', state, []],
    ['nothing at first', { ...state, status: null }, []],
    ['that there is no anchor', { ...state, anchors: [], status: null }, [/^The access record is unanchored: .*name a place/]],
    ['that the anchor is stale', { ...state, now: 15 * minute + 1 }, [none, late]],
    ['that none was ever heard of', { ...state, status: null, now: 16 * minute }, [none]],
    ['that it never got there', { ...state, status: withAnchor({ at: null }), now: 16 * minute }, [none, / for 16 minutes$/]],
    [
      'that one of two is stale',
      { ...state, status: { ...good, anchors: [there, { ...there, where: 'b', at: 9 * minute }] }, now: 16 * minute },
      [/ "\/mnt\/a" lately: for 16 minutes$/],
    ],
    ['that it cannot be written', { ...state, status: withAnchor({ failure: 'EIO' }) }, [/ "\/mnt\/a" cannot be written: EIO$/]],
    [
      'that it is no other machine',
      { ...state, status: withAnchor({ isNear: true }) },
      [/^The access record is unanchored: .* is on its own disk$/, /"\/mnt\/a" is on its own disk: /],
    ],
    ['that the tree stands still', { ...state, failure: 'why' }, [/^The tree over the access record cannot go on: why$/]],
  ])('%s', (_what, given, notices) => {
    expect(treeNotices(given)).toEqual(notices.map((notice) => expect.stringMatching(notice)));
  });
});

describe('the thread', () => {
  it('follows a log that is being written, anchors it, and ends with a checkpoint over all of it', async () => {
    const { directory, anchor } = treeLog();
    const signingKeyFile = join(dirname(directory), 'audit-signing.key');
    const log = await openTestLog(directory);
    await (
      await log.append(attempt('1'))
    ).durable;
    const thread = new AuditTreeThread(
      { directories: [directory], signingKeyFile, ...inDirectory(anchor) },
      systemClock,
      silentLog,
      log,
    );
    await expect.poll(() => thread.size, { timeout: 20_000 }).toBe(1);
    await expect.poll(() => readdirSync(anchor), { timeout: 20_000 }).toHaveLength(1);
    await expect.poll(() => thread.anchors, { timeout: 20_000 }).toMatchObject([{ where: anchor, size: 1, isNear: true }]);
    expect(thread.anchorAgeSeconds).toBe(Infinity);
    await (
      await log.append(attempt('2'))
    ).durable;
    await log.close();
    await thread.close();
    await thread.close();
    const publicKey = createPublicKey(readFileSync(join(directory, 'audit-signing.pub')));
    const checkpoint = openCheckpoint(readFileSync(join(directory, 'tree/checkpoint'), 'utf8'), originOf(publicKey), [publicKey]);
    expect(checkpoint).toMatchObject({ size: 2 });
    expect(readdirSync(anchor)).toHaveLength(2);
  });

  it('changes the key of a log from days before, by asking for the records, and what it asks for may fail', async () => {
    const place = treeLog();
    const { directory, anchor } = place;
    const signingKeyFile = join(dirname(directory), 'audit-signing.key');
    await record(place, patients(3));
    const before = readFileSync(signingKeyFile, 'utf8');
    const log = await openTestLog(directory);
    await (
      await log.append(attempt('4'))
    ).durable;
    let failures = 1;
    const audit: SignedAuditLog = {
      ...noAuditLog,
      append: (entry) => (failures-- > 0 ? Promise.reject(new Error('full')) : log.append(entry)),
      signWithNext: () => log.signWithNext(),
    };
    const thread = new AuditTreeThread(
      { directories: [directory], signingKeyFile, ...inDirectory(anchor) },
      systemClock,
      silentLog,
      audit,
    );
    await expect.poll(() => thread.notices(), { timeout: 20_000 }).toContainEqual(expect.stringMatching(/cannot go on: full$/));
    await expect.poll(() => readEpochs(directory).length, { timeout: 40_000 }).toBe(2);
    await expect.poll(() => readFileSync(signingKeyFile, 'utf8'), { timeout: 20_000 }).not.toBe(before);
    await log.append(attempt('5'));
    await log.close();
    await thread.close();
    const kept = { from: [], anchors: [anchor] };
    expect(await verifyAuditLog({ directories: [directory], publicKeyFile: null, kept })).toMatchObject({
      sound: true,
      epoch: { number: 2 },
    });
  });

  it('says what is wrong once, and goes on by itself when it can', async () => {
    const { directory } = treeLog();
    const signingKeyFile = join(dirname(directory), 'audit-signing.key');
    const log = new FakeLog();
    const thread = new AuditTreeThread(
      { directories: [directory], signingKeyFile, ...inDirectory(dirname(directory)) },
      systemClock,
      log,
      noAuditLog,
    );
    await expect.poll(() => thread.notices(), { timeout: 20_000 }).toEqual([expect.stringMatching(/cannot go on: ENOENT$/)]);
    expect(thread.failures).toBeGreaterThan(0);
    expect(thread.anchorAgeSeconds).toBe(Infinity);
    thread.look();
    thread.look();
    expect(log.said.filter(({ message }) => message.includes('cannot go on'))).toHaveLength(1);
    // The key appears, as it does once the log could be opened: the tree goes on by itself.
    const opened = await openTestLog(directory);
    await opened.append(attempt('1'));
    await opened.close();
    await expect.poll(() => thread.size, { timeout: 20_000 }).toBe(1);
    await expect
      .poll(() => thread.notices(), { timeout: 20_000 })
      .toEqual([expect.stringMatching(/unanchored/), expect.stringMatching(/is on its own disk/)]);
    await thread.close();
  });
});

describe('the heartbeat', () => {
  it('says where the one before stands, how many were missed and how far the clock was set', async () => {
    const { directory } = treeLog();
    const log = await openTestLog(directory);
    const clock = { time: Date.now(), since: 0, now: () => clock.time, monotonic: () => clock.since };
    const lost: unknown[] = [];
    const audit = { ...log, append: log.append.bind(log), available: true, directory };
    const counted = { requests: 4, refusals: 1, records: 6 };
    const tree = { size: 0, anchorAgeSeconds: Infinity };
    const needs = {
      audit,
      clock,
      policy: () => 'a'.repeat(64),
      counts: () => ({ ...counted }),
      sessions: () => 2,
      tree: () => tree,
      onLost: (cause: unknown) => lost.push(cause),
    };
    const beat = heartbeat(needs);
    await beat();
    await log.append(attempt('7'));
    clock.time += 61_000;
    clock.since += 60_000;
    counted.requests = 9;
    Object.assign(tree, { size: 5, anchorAgeSeconds: 7.4 });
    audit.append = () => Promise.reject(new Error('full'));
    await beat();
    audit.append = log.append.bind(log);
    await beat();
    await log.close();
    const beats = recordsIn(directory, segments(directory)[0]).filter(({ event }) => event === 'heartbeat');
    expect(beats.map(({ policy }) => policy)).toEqual(['a'.repeat(16), 'a'.repeat(16)]);
    expect(beats.map(({ detail }) => readHeartbeatNote(String(detail)))).toEqual([
      {
        after: 0,
        missed: 0,
        ...counted,
        requests: 4,
        sessions: 2,
        treeSize: 0,
        anchorAgeSeconds: null,
        driftMilliseconds: 0,
        step: null,
      },
      {
        after: 1,
        missed: 1,
        requests: 5,
        refusals: 0,
        records: 0,
        sessions: 2,
        treeSize: 5,
        anchorAgeSeconds: 7,
        driftMilliseconds: 1000,
        step: { milliseconds: 1000, time: expect.stringMatching(/Z$/) },
      },
    ]);
    expect(lost).toHaveLength(1);
  });
});
