// What reports ask of the index: groups, first times, lots, and what the record says about itself.

import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mostFirsts } from '../../src/adapters/audit-index-firsts.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import type { AuditEntry } from '../../src/core/audit/entry.ts';
import type { ReportRecords, TallyKey } from '../../src/report-ports.ts';
import type { RecordQuery } from '../../src/search-ports.ts';
import { auditDirectory, openTestLog, removeAuditDirectories } from '../support/audit-log.ts';
import { onEachIndex } from '../support/index-engines.ts';
import type { OpenIndex } from '../support/index-engines.ts';

const noon = Date.parse('2026-10-05T12:00:00.000Z');
const minute = 60_000;
const limits = { pause: () => Promise.resolve(), longest: Infinity };
const ada = { issuer: 'https://idp', sub: '1', name: 'ada' };
const married = { ...ada, name: 'ada.king' };
const lab = { issuer: 'wardgate:machine', sub: 'lab', name: 'lab' };

onEachIndex((open) => {
  let indexing: OpenIndex;
  let records: ReportRecords;

  beforeAll(async () => {
    const directory = auditDirectory();
    const log = await openTestLog(directory);
    const write = async (event: AuditEntry['event'], at: number, fields: Partial<AuditEntry> = {}): Promise<void> => {
      await log.append(auditEntry(event, noon + at * minute, fields));
    };
    await write('start', 0);
    await write('heartbeat', 1);
    for (let at = 0; at < 40; at += 1) {
      const fields: Partial<AuditEntry> = {
        request: `r-${at}`,
        subject: at < 30 ? ada : married,
        roles: at % 4 === 0 ? ['records', 'nurse'] : ['nurse'],
        patient: at < 36 ? `p${at % 3}` : null,
        patientSource: at < 36 ? 'query' : 'unresolved',
        bytesIn: 1,
        bytesOut: 10,
        decision: at === 39 ? 'refused' : 'allowed',
      };
      await write('attempt', 1 + at / 100, fields);
      await write('outcome', 1 + at / 100, fields);
    }
    await write('outcome', 2, { subject: lab, request: 'm-1', decision: 'allowed', bytesOut: 7 });
    await write('heartbeat', 2);
    await write('stop', 20);
    await log.close();
    indexing = await open(directory, join(dirname(directory), 'index.db'));
    await indexing.catchUp(() => Promise.resolve());
    records = indexing.records(limits);
  });
  afterAll(async () => {
    await indexing.close();
    removeAuditDirectories();
  });

  describe('a tally', () => {
    test.each<[RecordQuery, TallyKey[], string[]]>([
      [{ event: 'outcome' }, ['person'], ['ada: 30', 'ada.king: 10', 'machine lab: 1']],
      [{ event: 'outcome', ended: true }, ['roles'], ['nurse: 30', 'records, nurse: 10', ': 1']],
      [{ event: 'outcome', named: true }, ['patient'], ['p0: 12', 'p1: 12', 'p2: 12']],
      [{ patient: 'p1' }, ['person', 'decision'], ['ada,allowed: 10', 'ada.king,allowed: 2']],
      [{ event: 'outcome' }, ['patientSource'], ['query: 36', 'unresolved: 4', ': 1']],
      [{ event: 'outcome', until: noon + 2 * minute }, ['quarter'], [`${noon}: 40`]],
      [{ person: 'machine lab' }, [], [': 1']],
      [{ person: 'nobody' }, ['event'], []],
      [{ since: noon + 999_999 * minute }, ['event'], []],
    ])('of %j by %j', async (query, by, groups) => {
      const { rows, isCut } = await records.tally(query, by);
      expect(rows.map(({ keys, count }) => `${keys.map((key) => key ?? '').join(',')}: ${count}`)).toEqual(groups);
      expect(isCut).toBe(false);
    });

    test('sums bytes and has the first and the last record', async () => {
      const { rows } = await records.tally({ person: 'ada', event: 'outcome' }, []);
      expect(rows).toEqual([
        {
          keys: [],
          count: 30,
          bytesIn: 30,
          bytesOut: 300,
          since: noon + minute,
          until: noon + 1.29 * minute,
          first: 3,
          last: 62,
        },
      ]);
    });

    test('that takes too long ends with words', async () => {
      await expect(indexing.records({ ...limits, longest: -1 }).tally({}, ['event'])).rejects.toThrow(
        'Counting took too long; ask for a shorter time',
      );
    });
  });

  describe('first times', () => {
    test('are those of the person, whatever they are called now', async () => {
      const asked = [
        { person: 'ada.king', patient: null },
        { person: 'ada.king', patient: 'p2' },
        { person: 'machine lab', patient: null },
        { person: 'lab', patient: null },
        { person: 'ada', patient: 'p9' },
      ];
      expect(await records.firsts(asked)).toEqual([noon + minute, noon + 1.02 * minute, noon + 2 * minute, null, null]);
    });

    test('are asked for in bounds', async () => {
      const many = Array.from({ length: mostFirsts + 1 }, () => ({ person: 'ada', patient: null }));
      await expect(records.firsts(many)).rejects.toThrow(`More than ${mostFirsts} first times`);
    });
  });

  describe('a lot', () => {
    const sizes = [
      { roles: 'nurse', size: 5 },
      { roles: 'records, nurse', size: 2 },
      { roles: 'never heard of', size: 3 },
      { roles: null, size: 1 },
    ];
    const drawn = async (seed: number) =>
      (await records.sample({ event: 'outcome' }, sizes, seed)).map(({ sequence, roles }) => `${sequence} ${roles}`);

    test('has of each role as many as were asked for, in the order of the record', async () => {
      const found = await records.sample({ event: 'outcome' }, sizes, 7);
      const of = (roles: string | null): number => found.filter((one) => one.roles === roles).length;
      expect([of('nurse'), of('records, nurse'), of(null), found.length]).toEqual([5, 2, 1, 8]);
      expect(found.map(({ sequence }) => sequence)).toEqual(found.map(({ sequence }) => sequence).toSorted((a, b) => a - b));
    });

    test('is the same for the same seed, and another one for most others', async () => {
      expect(await drawn(7)).toEqual(await drawn(7));
      const lots = await Promise.all(Array.from({ length: 20 }, async (_none, at) => (await drawn(at + 1)).join()));
      expect(new Set(lots).size).toBeGreaterThan(15);
    });

    test('draws every request sooner or later', async () => {
      const seen = new Set<string>();
      for (let seed = 1; seed < 200; seed += 1) for (const one of await drawn(seed * 7919)) seen.add(one);
      expect(seen.size).toBe(41);
    });
  });

  describe('what the record says about itself', () => {
    test('is its first and last record and where nothing was on watch', async () => {
      const watched = await records.watch(noon - minute, noon + 30 * minute);
      expect(watched).toMatchObject({ records: { first: 1, firstTime: noon, lastTime: noon + 20 * minute }, gapCount: 3 });
      expect(watched.gaps.map(({ kind }) => kind)).toEqual(['before-first', 'silent', 'stopped']);
      expect(watched.records?.last).toBe(watched.indexed);
    });

    test('looks at what lay before the time', async () => {
      const watched = await records.watch(noon + 25 * minute, noon + 30 * minute);
      expect(watched).toMatchObject({ records: null, gapCount: 1, gaps: [{ kind: 'stopped', before: null }] });
    });
  });
});
