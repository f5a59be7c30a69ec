// A filter that fits little made the console read seven days of log, gigabytes in a busy clinic, in the process that serves
// everybody, and every file of all the years was opened for it besides. Now one view reads backwards from the newest
// record, at most so many bytes and so long, in slices between which others are served, and the page says how far it got.

import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { auditReader, searchBytes } from '../../src/adapters/audit-latest.ts';
import { recordsPage } from '../../src/console/records-page.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const now = Date.parse('2026-11-23T12:00:00.000Z');
const clock = { now: () => now, monotonic: () => 0 };
const hash = 'a'.repeat(64);
const nobody = { person: 'nobody', patient: null, only: null };

/** A line as the log has it. */
function line(seq: number, fields: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify({ seq, ...fields, prev: hash, hash });
  return `${text}\n`;
}
const outcome = (seq: number, time: string, name: string): string => line(seq, { event: 'outcome', time, subject: { name } });

/** One day of a third more than a view may read: its oldest record is `early`'s, its newest `late`'s. */
function largeLog(): string {
  const directory = temporaryDirectory();
  const file = join(directory, '2026-11-23.jsonl');
  writeFileSync(file, outcome(1, '2026-11-23T00:00:00.000Z', 'early'));
  const filler = line(2, {
    event: 'outcome',
    time: '2026-11-23T09:30:00.000Z',
    subject: { name: 'filler' },
    target: 'x'.repeat(1000),
  });
  const block = filler.repeat(8192);
  for (let bytes = 0; bytes < searchBytes * 1.3; bytes += block.length) appendFileSync(file, block);
  appendFileSync(file, outcome(3, '2026-11-23T10:00:00.000Z', 'late'));
  return directory;
}

describe('a log larger than a view may read', { timeout: 60_000 }, () => {
  test('the search ends at its limit, says how far it got, and others are served meanwhile', async () => {
    const directory = largeLog();
    let served = 0;
    let isOver = false;
    const serve = (): void => {
      served += 1;
      if (!isOver) setImmediate(serve);
    };
    setImmediate(serve);
    const found = await auditReader([directory], clock).latest({ ...nobody, person: 'early' }, 200);
    isOver = true;
    expect(found).toEqual({ records: [], searchedBackTo: Date.parse('2026-11-23T09:30:00.000Z') });
    // A turn of the loop for every slice of a quarter of a megabyte.
    expect(served).toBeGreaterThan(200);
    const page = recordsPage({
      clinic: { name: 'Northside', help: 'ext. 1', timezone: 'UTC' },
      notices: [],
      filter: nobody,
      found,
      most: 200,
    });
    expect(page).toContain('Searched back to 23/11/2026, 09:30:00');
  });

  test('the search ends when its time is over', async () => {
    let at = 0;
    const slow = { now: () => now, monotonic: () => (at += 500) };
    const found = await auditReader([largeLog()], slow).latest({ ...nobody, person: 'late' }, 200);
    expect(found.records.map(({ person }) => person)).toEqual(['late']);
    expect(found.searchedBackTo).toBe(Date.parse('2026-11-23T09:30:00.000Z'));
  });
});

test('lines over the borders of slices and files are each found once, newest first', async () => {
  const [one, other] = [temporaryDirectory(), temporaryDirectory()];
  const many = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, index) =>
      line(from + index, {
        event: 'outcome',
        time: '2026-11-22T00:00:00.000Z',
        target: `${from + index}`.padEnd((index * 37) % 3000, 'y'),
      }),
    ).join('');
  writeFileSync(join(one, '2026-11-01.jsonl'), outcome(0, '2026-11-01T00:00:00.000Z', 'older than seven days'));
  writeFileSync(join(one, '2026-11-21.jsonl'), many(1, 700));
  // Another directory took over, and a crash left half a line.
  writeFileSync(join(other, '2026-11-21.2.jsonl'), `${many(700, 1500)}{"seq":1500,"event"`);
  writeFileSync(join(one, '2026-11-22.jsonl'), many(1500, 1600));
  writeFileSync(join(one, 'head.json'), outcome(9, '2026-11-22T00:00:00.000Z', 'no segment'));
  const { records, searchedBackTo } = await auditReader([one, other], clock).latest({ ...nobody, person: null }, 10_000);
  expect(records.map(({ target }) => Number.parseInt(target ?? '', 10))).toEqual(
    Array.from({ length: 1599 }, (_, index) => 1599 - index),
  );
  expect(searchedBackTo).toBeNull();
  const few = await auditReader([one, other], clock).latest({ ...nobody, person: null }, 150);
  expect([few.records.length, few.searchedBackTo]).toEqual([150, null]);
});

test('a line too long to be ours is passed over', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, '2026-11-23.jsonl');
  writeFileSync(file, outcome(1, '2026-11-23T00:00:00.000Z', 'before'));
  appendFileSync(file, `${'z'.repeat(700_000)}\n`);
  appendFileSync(file, outcome(3, '2026-11-23T10:00:00.000Z', 'after'));
  const { records } = await auditReader([directory], clock).latest({ ...nobody, person: null }, 10);
  expect(records.map(({ person }) => person)).toEqual(['after', 'before']);
});
