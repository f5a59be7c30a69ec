// Whoever follows the log gets the same records whether each is read or known by its form alone, and loses none where it stops.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { AuditFollower } from '../../src/adapters/audit-follow.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import type { AuditEvent } from '../../src/core/audit/entry.ts';
import { chainedLines, nextLine } from '../support/chained-log.ts';

const made: string[] = [];
afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A log of one file for each list of lines. */
function logOf(...files: readonly (readonly string[])[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'wardgate-follow-'));
  made.push(directory);
  for (const [at, lines] of files.entries())
    writeFileSync(join(directory, `2026-11-2${at + 1}.jsonl`), lines.map((line) => `${line}\n`).join(''));
  return directory;
}

const asked = ['attempt', 'outcome', 'attempt', 'refusal'].reduce<string[]>((lines, event, at) => {
  const request = `r-${Math.floor(at / 2)}`;
  return [...lines, nextLine(lines, auditEntry(event as AuditEvent, 1_700_000_000_000, { request }))];
}, []);

type Way = 'runs' | 'lines' | 'outcomes';

async function followed(directory: string, last: number, way: Way): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const run of new AuditFollower([directory], 0)[way](last))
    for (const { sequence, line, file } of run) found.push(`${sequence} ${file} ${line.end} ${line.text}`);
  return found;
}

const plain = chainedLines(3);
const quoted = nextLine(plain, auditEntry('order', 1_700_000_000_000, { detail: '"user reset-factor" – Zoë' }));
const behind = chainedLines(2, [...plain, quoted]);
const doubled = behind[0]?.replace(',"event"', ',"seq":7,"event"') ?? '';

describe('the followed log', () => {
  it.each([
    ['of plain records', plain, 3],
    ['of attempts with their outcomes', asked, 4],
    ['with an escape', [...plain, quoted, ...behind], 6],
    ['with a line that is no record', [...plain, 'not ours', '', quoted, ...behind], 6],
    ['with a line that says two numbers', [...plain, quoted, doubled, ...behind], 6],
    ['with a line that is too long', [...plain, `{"seq":4,"x":"${'x'.repeat(140_000)}"}`, quoted, ...behind], 6],
    ['with records that stand twice', [...plain, quoted, ...plain, quoted, ...behind], 6],
  ])('is the same in every way: one %s', async (_name, lines, last) => {
    const directory = logOf(lines);
    const found = await followed(directory, last, 'runs');
    expect(found).toHaveLength(last);
    expect(await followed(directory, last, 'lines')).toEqual(found);
    expect(await followed(directory, last, 'outcomes')).toEqual(found);
  });

  it('has the request of each attempt told, and the rest of it read where it is asked for', async () => {
    const attempts: unknown[] = [];
    for await (const run of new AuditFollower([logOf(asked)], 0).outcomes(4))
      for (const { attempt, record } of run) attempts.push([attempt, record.event, record.fields['request']]);
    expect(attempts).toEqual([
      ['r-0', 'attempt', 'r-0'],
      [null, 'outcome', 'r-0'],
      ['r-1', 'attempt', 'r-1'],
      [null, 'refusal', 'r-1'],
    ]);
  });

  it.each<Way>(['runs', 'lines', 'outcomes'])('has a gap told, by its %s', async (way) => {
    const gap = logOf([...plain, ...behind]);
    await expect(followed(gap, 6, way)).rejects.toThrow('record 4 is missing in the log');
    const altered = logOf([...plain, quoted, doubled, ...behind.slice(1)]);
    await expect(followed(altered, 6, way)).rejects.toThrow('record 5 is missing in the log');
    await expect(followed(logOf(plain), 4, way)).rejects.toThrow('record 4 is missing at the end of the log');
  });

  it.each<Way>(['runs', 'lines', 'outcomes'])('is gone on with behind the record that was taken last of its %s', async (way) => {
    const follower = new AuditFollower([logOf(plain, [quoted, ...behind])], 0);
    const taken: number[] = [];
    const take = async (most: number): Promise<void> => {
      for await (const run of follower[way](6)) {
        for (const { sequence } of run) {
          taken.push(sequence);
          if (taken.length === most) return;
        }
      }
    };
    await take(2);
    await take(4);
    await take(6);
    expect(taken).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('is not gone on with behind records of a run that nobody took', async () => {
    const follower = new AuditFollower([logOf(plain, [quoted, ...behind])], 0);
    const passOver = async (): Promise<void> => {
      for await (const run of follower.runs(6)) run[Symbol.iterator]().next();
    };
    await expect(passOver()).rejects.toThrow('record 2 is missing in the log');
  });
});
