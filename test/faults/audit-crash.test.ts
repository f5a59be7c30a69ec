// SIGKILL at a random moment under load: what was acknowledged is in the log, and the chain is sound.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { openTestLog, auditDirectory, removeAuditDirectories, segments, recordsIn, verify } from '../support/audit-log.ts';

afterEach(removeAuditDirectories);

const child = fileURLToPath(new URL('../support/audit-crash-child.ts', import.meta.url));

/** A small linear congruential generator: the same rounds every time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** Runs the child until it acknowledged about `enough` records, kills it, and gives back what it acknowledged. */
async function killedRun(directory: string, boot: string, enough: number): Promise<number[]> {
  const running = spawn(process.execPath, [child, directory, boot], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  running.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (output.length > enough * 4) running.kill('SIGKILL');
  });
  const [, signal] = (await once(running, 'close')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  return output.slice(0, output.lastIndexOf('\n')).split('\n').map(Number);
}

it('keeps every acknowledged record through 20 crashes', { timeout: 120_000 }, async () => {
  const directory = auditDirectory();
  const random = seeded(7);
  const acknowledged: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    acknowledged.push(...(await killedRun(directory, `round-${round}`, 20 + Math.floor(random() * 2000))));
    expect(await verify(directory)).toMatchObject({ sound: true, flaw: null });
  }
  const log = await openTestLog(directory);
  await log.close();
  const { sound, records, lastSequence } = await verify(directory);
  expect({ sound, records }).toEqual({ sound: true, records: lastSequence });
  const written = new Set(segments(directory).flatMap((name) => recordsIn(directory, name).map((record) => record['seq'])));
  expect(acknowledged.filter((sequence) => !written.has(sequence))).toEqual([]);
  expect(new Set(acknowledged).size).toBe(acknowledged.length);
});
