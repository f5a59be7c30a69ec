// Peers beside the gateway: what is said of those that are better, as good, worse, not here or broken; and that a peer which
// does not do equal work is not measured at all.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { peerGoals } from '../../bench/parts/peers.ts';
import type { Peer } from '../../bench/peer.ts';
import { pidsOfTree, usageOfTree } from '../../bench/process-tree.ts';
import { startPeer } from '../../bench/start-peer.ts';
import { summary } from '../../bench/summary.ts';

const row = (microsecondsPerRequest: number, p99Milliseconds: number) =>
  summary('a target', [
    { microsecondsPerRequest, p99Milliseconds, requestsPerSecond: 1000, p50Milliseconds: 1, residentMegabytes: 100 },
  ]);
const asking = { key: 'asking', name: 'one that asks', authenticates: true };
const bare = { key: 'bare', name: 'one that asks nobody', authenticates: false };

test.each([
  ['worse than ours', row(101, 11), [true, true]],
  ['as good', row(100, 10), [false, false]],
  ['better', row(99, 9), [false, false]],
  ['cheaper and slower', row(50, 20), [false, true]],
  ['one that could not be measured', undefined, [false, false]],
])('%s', (_what, beside, expected) => {
  expect(peerGoals(row(100, 10), [{ peer: asking, row: beside }]).map(({ met }) => met)).toEqual(expected);
});

test('a proxy that asks nobody who they are is no goal', () => {
  expect(peerGoals(row(100, 10), [{ peer: bare, row: row(10, 1) }])).toEqual([]);
});

test('each goal has an id of its own, by the key of its peer', () => {
  expect(peerGoals(row(100, 10), [{ peer: asking, row: row(200, 20) }])).toMatchObject([
    { id: '2-asking-cpu', value: 0.5, limit: 1, met: true },
    { id: '2-asking-p99', value: 0.5, limit: 1, met: true },
  ]);
});

/** Of the processes below this one. */
function usedBelow(): number {
  const { user, system } = process.cpuUsage();
  return usageOfTree(process.pid).cpuMicroseconds - user - system;
}

test('the processor time of a child counts while it lives and when it has ended', async () => {
  const before = usedBelow();
  const burn = 'while (process.cpuUsage().user < 300000); process.send(0); process.on("message", () => process.exit())';
  const child = spawn(process.execPath, ['-e', burn], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  onTestFinished(() => void child.kill());
  await new Promise((resolve) => child.once('message', resolve));
  // Linux tells hundredths of a second, and rounds.
  const least = 200_000;
  expect(usedBelow() - before).toBeGreaterThan(least);
  expect(pidsOfTree(process.pid)).toContain(child.pid);
  expect(usageOfTree(child.pid ?? 0).residentBytes).toBeGreaterThan(1_000_000);
  child.send(0);
  await new Promise((resolve) => child.once('exit', resolve));
  expect(usedBelow() - before).toBeGreaterThan(least);
});

const inNode = (answer: string, authenticates: boolean): { readonly peer: Peer; readonly folder: () => string } => {
  let folder = '';
  const peer: Peer = {
    key: 'in-node',
    name: 'a peer of the test',
    authenticates,
    needs: [],
    start: ({ directory, port }) => {
      folder = directory;
      const text = `require('node:http').createServer((q, r) => { ${answer} }).listen(${port}, '127.0.0.1')`;
      return {
        program: process.execPath,
        args: ['-e', answer === '' ? 'console.error("no such option"); process.exit(1)' : text],
      };
    },
  };
  return { peer, folder: () => folder };
};

test.each([
  ['that does not start is told with its last words', '', false, /does not listen: no such option/],
  ['that lets strangers in', 'r.end("chart")', true, /lets in whom it does not know/],
  ['that lets nobody in', 'r.writeHead(403).end()', true, /Signing in ended at .* with 403/],
  ['that is broken', 'r.writeHead(502).end()', false, /answered 502 to whom it should let in/],
])('one %s', async (_what, answer, authenticates, message) => {
  const { peer, folder } = inNode(answer, authenticates);
  await expect(startPeer(peer, 1)).rejects.toThrow(message);
  expect(existsSync(folder())).toBe(false);
});

test('one that answers is measured by its own processes, and leaves nothing behind', async () => {
  const { peer, folder } = inNode('r.end("chart")', false);
  const target = await startPeer(peer, 1);
  await target.refresh?.();
  expect((await target.usage()).residentBytes).toBeGreaterThan(1_000_000);
  await target.stop();
  expect(existsSync(folder())).toBe(false);
  await expect(target.refresh?.()).rejects.toThrow('ECONNREFUSED');
});
