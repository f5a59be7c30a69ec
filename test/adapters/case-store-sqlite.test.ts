// Cases in the state database: a step counts once it is on record, its text lies sealed, and what a crash left between the two is
// still there.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SqliteCaseStore } from '../../src/adapters/case-store-sqlite.ts';
import { createMasterKey, FileSealer } from '../../src/adapters/sealer-file.ts';
import type { PreparedStep } from '../../src/case-ports.ts';
import type { CaseAlert, CaseStep } from '../../src/core/cases/case.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';

const issuer = 'https://op.example';
const jane = { issuer, sub: 'j', name: 'jane', key: `${issuer} j` };
const rita = { issuer, sub: 'r', name: 'rita' };
const alertAt = (sequence: number): CaseAlert => ({
  sequence,
  time: 5,
  detector: 'after-hours',
  person: jane,
  patient: '~abc',
  words: 'At night',
});

function opening(of: string, at: number, sequence: number): PreparedStep {
  const step: CaseStep = { kind: 'opened', at, by: rita, alerts: [sequence] };
  return { id: `${of}-1`, of, step, alerts: [alertAt(sequence)], opens: { person: jane, patient: '~abc' } };
}

function more(of: string, id: string, step: CaseStep): PreparedStep {
  return { id, of, step, alerts: [], opens: null };
}

async function store() {
  const directory = temporaryDirectory();
  createMasterKey(join(directory, 'master.key'));
  const sealer = new FileSealer(join(directory, 'master.key'));
  const open = async () => {
    const db = await openStateDb(directory);
    return { db, cases: new SqliteCaseStore(db, sealer) };
  };
  let { db, cases } = await open();
  onTestFinished(async () => db.close());
  return {
    directory,
    get cases() {
      return cases;
    },
    async again() {
      await db.close();
      ({ db, cases } = await open());
    },
  };
}

onEachEngine((onFile) => {
  test('a step counts once it is on record, and in the order of the record', async () => {
    const { cases } = await store();
    await cases.prepare(opening('c', 10, 7));
    expect(await cases.find('c')).toBeNull();
    expect(await cases.list({ most: 10 })).toEqual([]);
    expect(await cases.ofAlert(7)).toBeNull();
    await cases.count('c-1', 100);
    const commitment = await cases.prepare(more('c', 's2', { kind: 'finding', at: 11, by: rita, text: 'Looked at it' }));
    expect(commitment).toMatch(/^[0-9a-f]{64}$/);
    expect((await cases.find('c'))?.steps.length).toBe(1);
    await cases.count('s2', 101);
    expect(await cases.find('c')).toEqual({
      id: 'c',
      openedAt: 10,
      person: jane,
      patient: '~abc',
      alerts: [alertAt(7)],
      steps: [
        { id: 'c-1', at: 10, by: rita, kind: 'opened', alerts: [7], record: 100, commitment: null },
        { id: 's2', at: 11, by: rita, kind: 'finding', text: 'Looked at it', record: 101, commitment },
      ],
    });
    expect(await cases.ofAlert(7)).toBe('c');
  });

  test('the alerts of closed cases are told, and how many cases are open', async () => {
    const { cases } = await store();
    for (const [of, at, alert] of [
      ['old', 5, 6],
      ['closed', 10, 7],
      ['open', 11, 8],
    ] as const) {
      await cases.prepare(opening(of, at, alert));
      await cases.count(`${of}-1`, 100 + alert);
    }
    await cases.prepare(opening('pending', 12, 9));
    for (const of of ['old', 'closed']) {
      await cases.prepare(more(of, `${of}-2`, { kind: 'closed', at: 20, by: rita, text: 'Done' }));
      await cases.count(`${of}-2`, 200);
    }
    expect([await cases.closedAlerts(10), await cases.closedAlerts(5), await cases.openCases()]).toEqual([[7], [7, 6], 1]);
  });

  test('what a crash left between keeping and counting is there again, and counts or goes', async () => {
    const kept = await store();
    await kept.cases.prepare(opening('c', 10, 7));
    await kept.again();
    expect(await kept.cases.pending()).toEqual([{ id: 'c-1', at: 10 }]);
    await kept.cases.count('c-1', 100);
    expect((await kept.cases.find('c'))?.alerts).toEqual([alertAt(7)]);
    await kept.cases.forget('c-1');
    expect(await kept.cases.find('c')).not.toBeNull();
    await kept.cases.prepare(opening('d', 20, 8));
    await kept.cases.forget('d-1');
    await kept.cases.prepare(opening('d', 20, 8));
    await kept.cases.count('d-1', 102);
    expect(await kept.cases.ofAlert(8)).toBe('d');
    expect(await kept.cases.pending()).toEqual([]);
  });

  test('open and closed, whose, and of when', async () => {
    const { cases } = await store();
    for (const [id, at] of [
      ['a', 10],
      ['b', 20],
      ['c', 30],
    ] as const) {
      await cases.prepare(opening(id, at, at));
      await cases.count(`${id}-1`, at);
    }
    await cases.prepare(more('b', 'end', { kind: 'closed', at: 40, by: rita, text: 'Done' }));
    await cases.count('end', 40);
    const ids = async (asked: Parameters<typeof cases.list>[0]) => (await cases.list(asked)).map(({ id }) => id);
    expect(await ids({ most: 10 })).toEqual(['c', 'b', 'a']);
    expect(await ids({ most: 1 })).toEqual(['c']);
    expect(await ids({ open: true, most: 10 })).toEqual(['c', 'a']);
    expect(await ids({ open: false, most: 10 })).toEqual(['b']);
    expect(await ids({ person: jane.key, from: 20, until: 30, most: 10 })).toEqual(['b']);
    expect(await ids({ person: 'somebody else', most: 10 })).toEqual([]);
    expect(await ids({ name: 'JANE', behind: 'c', most: 1 })).toEqual(['b']);
    expect(await ids({ name: 'jan', most: 10 })).toEqual([]);
    expect(await ids({ behind: 'a', most: 10 })).toEqual([]);
    expect(await ids({ behind: 'nowhere', most: 10 })).toEqual([]);
    expect(await ids({ detector: 'after-hours', most: 10 })).toEqual(['c', 'b', 'a']);
    expect(await ids({ detector: 'review', most: 10 })).toEqual([]);
    await cases.prepare(more('b', 'again', { kind: 'reopened', at: 41, by: rita }));
    await cases.count('again', 41);
    expect(await ids({ open: false, most: 10 })).toEqual([]);
  });

  onFile('no text stands in the files', async () => {
    const kept = await store();
    await kept.cases.prepare(opening('c', 10, 7));
    await kept.cases.prepare(more('c', 's2', { kind: 'finding', at: 11, by: 'gateway', text: 'Johannes Doeringer was seen' }));
    await kept.again();
    const files = readdirSync(kept.directory).filter((name) => name.includes('.db'));
    expect(files.length).toBeGreaterThan(0);
    for (const name of files) expect(readFileSync(join(kept.directory, name)).includes('Doeringer'), name).toBe(false);
  });
});
