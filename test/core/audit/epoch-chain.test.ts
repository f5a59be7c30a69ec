// The keys of a log from day to day, as a table: what follows, what does not, and what is only worth knowing.

import { describe, expect, it } from 'vitest';
import { beginEpochs, epochOf, headKeys, judgeEpochs } from '../../../src/core/audit/epoch-chain.ts';
import type { EpochChain, EpochJudged, EpochRecord } from '../../../src/core/audit/epoch-chain.ts';
import { readEpochClosing, readEpochNote, writeEpochClosing, writeEpochNote } from '../../../src/core/audit/epoch-note.ts';
import type { EpochNote } from '../../../src/core/audit/epoch-note.ts';

const key = (letter: string): string => `${letter.repeat(43)}=`;
const root = `${'R'.repeat(43)}=`;
const signatureOf = (letter: string): string => `${letter.repeat(86)}==`;
const proofs = {
  root: () => root,
  isSigned: (by: string, { signature }: { signature: string }) => signature === signatureOf(by.slice(0, 1)),
};

const note = (changes: Partial<EpochNote> = {}): EpochNote => ({
  ends: { number: 1, day: '2026-11-23', key: key('a') },
  begins: { number: 2, day: '2026-11-24', key: key('b') },
  reason: 'the day changed',
  ...changes,
});
const named = (sequence: number, given = note(), time = '2026-11-24T00:00:10.000Z'): EpochRecord => ({
  sequence,
  event: 'epoch',
  detail: writeEpochNote(given),
  time,
});
const closed = (sequence: number, changes: object = {}): EpochRecord => {
  const detail = writeEpochClosing({ number: 1, size: 10, root, signature: signatureOf('a'), ...changes });
  return { sequence, event: 'epoch-closed', detail, time: '' };
};

function after(...records: EpochRecord[]): EpochJudged {
  let chain: EpochChain = beginEpochs(key('a'));
  for (const record of records) {
    const judged = judgeEpochs(chain, record, proofs);
    if (!judged.sound) return judged;
    ({ chain } = judged);
  }
  return { sound: true, chain };
}

function chainOf(...records: EpochRecord[]): EpochChain {
  const judged = after(...records);
  if (!judged.sound) throw new Error(judged.what);
  return judged.chain;
}

describe('keys that follow each other', () => {
  it('are found by the size of a tree and by the place of a head', () => {
    const chain = chainOf({ sequence: 1, event: 'attempt', detail: null, time: '' }, named(10), closed(12));
    expect([0, 1, 10, 11, Infinity].map((size) => epochOf(chain, size).number)).toEqual([1, 1, 1, 2, 2]);
    expect([9, 10, 11, 12].map((at) => headKeys(chain, at))).toEqual([[key('a')], [key('a')], [key('a')], [key('a'), key('b')]]);
    expect(chain.epochs[0]?.day).toBe('2026-11-23');
  });

  it('are written twice by a crash, and count once', () => {
    const chain = chainOf(named(10), named(11), closed(12), closed(13));
    expect(chain.epochs.map(({ number, after: from, vouchedAt }) => [number, from, vouchedAt])).toEqual([
      [1, 0, 0],
      [2, 10, 12],
    ]);
  });

  it("while one hands over, a head is the old one's", () => {
    expect(headKeys(chainOf(named(10)), 11)).toEqual([key('a')]);
  });
});

describe('keys that do not', () => {
  it.each<[string, EpochRecord[], RegExp]>([
    ['a new key in other words', [{ ...named(10), detail: 'a key' }], /^it tells of a new key, and not as/],
    ['a new key without words', [{ ...named(10), detail: null }], /^it tells of a new key, and not as/],
    ['an end in other words', [named(10), { ...closed(12), detail: null }], /^it closes an epoch, and not as/],
    [
      'a fork',
      [named(10), named(11, note({ begins: { number: 2, day: '2026-11-24', key: key('c') } }))],
      /^the log is forked: another key follows epoch 1 already, named in record 10$/,
    ],
    [
      'a fork by number',
      [named(10), named(11, note({ begins: { number: 3, day: '2026-11-24', key: key('b') } }))],
      /^the log is forked/,
    ],
    [
      'a number left out',
      [named(10, note({ begins: { number: 3, day: '2026-11-24', key: key('b') } }))],
      /^it begins epoch 3, and the log stands at epoch 1$/,
    ],
    [
      'an epoch that is not this one',
      [named(10, note({ ends: { number: 2, day: '2026-11-23', key: key('a') } }))],
      /^it begins epoch 2, and the log/,
    ],
    [
      'the end of another key',
      [named(10, note({ ends: { number: 1, day: '2026-11-23', key: key('x') } }))],
      /^it ends epoch 1 with another key than/,
    ],
    ['an end of nothing', [closed(12)], /^it closes epoch 1, and no epoch is ending there$/],
    ['another end', [named(10), closed(12, { number: 2 })], /^it closes epoch 2 at 10 records, and epoch 1 ended at 10$/],
    ['an end elsewhere', [named(10), closed(12, { size: 9 })], /^it closes epoch 1 at 9 records/],
    ['a second end that differs', [named(10), closed(12), closed(13, { size: 9 })], /^it closes epoch 1, and no epoch is ending/],
    [
      'a foreign signature',
      [named(10), closed(12, { signature: signatureOf('b') })],
      /^the end of epoch 1 is not signed by the key of that epoch$/,
    ],
    [
      'other records',
      [named(10), closed(12, { root: `${'S'.repeat(43)}=` })],
      /^epoch 1 was closed over other records: records 1 to 10 are not/,
    ],
  ])('%s', (_what, records, what) => {
    expect(after(...records)).toEqual({ sound: false, what: expect.stringMatching(what) });
  });

  it("a chain without its first key is nobody's", () => {
    const none = { ...beginEpochs(''), epochs: [] };
    expect(() => epochOf(none, 1)).toThrow('has at least its first');
    expect(() => judgeEpochs(none, named(1), proofs)).toThrow('has at least its first');
  });
});

describe('findings', () => {
  const begins = (day: string): EpochNote => note({ begins: { number: 2, day, key: key('b') } });
  it.each<[string, EpochRecord, (string | RegExp)[]]>([
    ['nothing', named(10), []],
    [
      'two a day',
      named(10, begins('2026-11-23')),
      [/^Two epochs a day: epoch 2 \(record 10\) is of 2026-11-23, as the one before it$/],
    ],
    [
      'a day before',
      named(10, begins('2026-11-22')),
      [/^The clock was set back: epoch 2 \(record 10\) is of 2026-11-22, after one of 2026-11-23$/],
    ],
    [
      'recorded too early',
      named(10, note(), '2026-11-23T23:59:59.999Z'),
      [/^The clock was set back: epoch 2 .* was recorded on a day before it$/],
    ],
  ])('%s', (_what, record, findings) => {
    expect(chainOf(record).findings).toEqual(findings.map((one) => expect.stringMatching(one)));
  });
});

describe('the sentences', () => {
  it('are read back as they were written', () => {
    for (const reason of ['the day changed', 'days passed in which the gateway did not run', 'the clock was set back'] as const) {
      expect(readEpochNote(writeEpochNote(note({ reason })))).toEqual(note({ reason }));
    }
    const closing = { number: 3, size: 44, root, signature: signatureOf('q') };
    expect(readEpochClosing(writeEpochClosing(closing))).toEqual(closing);
    expect([readEpochNote('x'), readEpochClosing('x')]).toEqual([null, null]);
    expect(writeEpochNote(note({ reason: 'days passed in which the gateway did not run' })).length).toBeLessThan(512);
  });
});
