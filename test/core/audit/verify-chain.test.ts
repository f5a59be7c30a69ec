import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditEntry } from '../../../src/core/audit/entry.ts';
import { mostAbandonedRecords } from '../../../src/core/audit/verify-chain.ts';
import { chainedLines, headOf, judgeFiles, nextLine, outageLine } from '../../support/chained-log.ts';

const ten = chainedLines(10);
const file = { name: 'a', lines: ten };
const head = headOf(file);

function judge(lines: readonly (string | Buffer)[]) {
  return judgeFiles([{ name: 'a', lines }], [head]).flaw;
}

describe('a single file', () => {
  it('is sound as it was written', () => {
    expect(judgeFiles([file], [head])).toMatchObject({ flaw: null, chain: { sequence: 10, records: 10, repeated: 0 } });
  });

  it('counts records behind the head as sound', () => {
    expect(judgeFiles([file], [headOf(file, 4)]).flaw).toBeNull();
  });

  it.each([
    ['an edit', ten.with(4, ten[4]!.replace('pid=4', 'pid=5')), { line: 5, sequence: 5, what: /was changed/ }],
    ['a deletion', ten.toSpliced(4, 1), { line: 5, sequence: 6, what: /record 5 is missing/ }],
    ['a deletion of three', ten.toSpliced(4, 3), { line: 5, sequence: 8, what: /records 5 to 7 are missing/ }],
    ['a swap', ten.with(4, ten[5]!).with(5, ten[4]!), { line: 5, sequence: 6, what: /record 5 is missing/ }],
    ['a repeat', ten.toSpliced(4, 0, ten[3]!), { line: 5, sequence: 4, what: /repeated or out of order, number 5/ }],
    ['an inserted line', ten.toSpliced(4, 0, 'hello'), { line: 5, sequence: null, what: /not a record/ }],
    [
      'a forged record',
      ten.with(4, nextLine(ten.slice(0, 4), auditEntry('start', 1))),
      { line: 6, sequence: 6, what: /does not follow/ },
    ],
    ['a missing last record', ten.slice(0, 9), { line: null, sequence: 10, what: /record 10 is missing: the log ends/ }],
    ['a missing tail', ten.slice(0, 7), { line: null, sequence: 8, what: /records 8 to 10 are missing/ }],
    [
      'a rewritten tail',
      [...ten.slice(0, 9), nextLine(ten.slice(0, 9), auditEntry('stop', 1))],
      { line: 10, sequence: 10, what: /signed head names/ },
    ],
    ['nothing left', [], { line: null, sequence: 1, what: /records 1 to 10 are missing/ }],
  ])('names the first bad record of %s', (_name, lines, flaw) => {
    const { what, ...place } = flaw;
    expect(judge(lines)).toMatchObject({ file: 'a', ...place });
    expect(judge(lines)?.what).toMatch(what);
  });

  it('finds a file under another name', () => {
    expect(judgeFiles([{ name: 'b', lines: ten }], [head]).flaw?.what).toMatch(/signed head names/);
  });

  it('finds a byte that decodes to the same text', () => {
    const lines = [nextLine([], auditEntry('start', 1, { detail: 'x\ufffdx' }))];
    const bytes = Buffer.from(lines[0]!);
    const at = bytes.indexOf(Buffer.from('\ufffd'));
    const damaged = Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff]), bytes.subarray(at + 3)]);
    expect(judgeFiles([{ name: 'a', lines: [damaged] }], [headOf({ name: 'a', lines })]).flaw?.what).toMatch(/was changed/);
  });
});

describe('any single damage to any log is found', () => {
  const anyLog = fc
    .integer({ min: 2, max: 12 })
    .chain((count) => fc.tuple(fc.constant(count), fc.nat(count - 1), fc.nat(count - 1)));

  function found(damage: (lines: string[], at: number, other: number) => readonly (string | Buffer)[] | null): void {
    fc.assert(
      fc.property(anyLog, ([count, at, other]) => {
        const lines = chainedLines(count);
        const damaged = damage([...lines], at, other);
        fc.pre(damaged !== null);
        expect(judgeFiles([{ name: 'a', lines: damaged }], [headOf({ name: 'a', lines })]).flaw).not.toBeNull();
      }),
    );
  }

  it('a deletion', () => found((lines, at) => lines.toSpliced(at, 1)));
  it('a truncation', () => found((lines, at) => lines.slice(0, at)));
  it('a repeat anywhere before the end', () => found((lines, at, other) => lines.toSpliced(other, 0, lines[at]!)));
  it('a swap', () => found((lines, at, other) => (at === other ? null : lines.with(at, lines[other]!).with(other, lines[at]!))));

  it('an edit of one byte', () => {
    fc.assert(
      fc.property(anyLog, fc.nat(), fc.integer({ min: 1, max: 255 }), ([count, at], where, flip) => {
        const lines = chainedLines(count);
        const bytes = Buffer.from(lines[at]!);
        const index = where % bytes.length;
        bytes[index] = bytes[index]! ^ flip;
        const damaged = [...lines.slice(0, at), bytes, ...lines.slice(at + 1)];
        expect(judgeFiles([{ name: 'a', lines: damaged }], [headOf({ name: 'a', lines })]).flaw).not.toBeNull();
      }),
    );
  });
});

describe('several files', () => {
  const [first, second] = [ten.slice(0, 6), ten.slice(6)];

  it('are one chain', () => {
    const files = [
      { name: 'a', lines: first },
      { name: 'b', lines: second },
    ];
    expect(judgeFiles(files, [headOf(files[1]!)])).toMatchObject({ flaw: null, chain: { records: 10 } });
  });

  it.each([
    ['the first', [{ name: 'b', lines: second }], /records 1 to 6 are missing/],
    ['the last', [{ name: 'a', lines: first }], /records 7 to 10 are missing/],
  ])('%s one missing is found', (_name, files, what) => {
    expect(judgeFiles(files, [headOf({ name: 'b', lines: second })]).flaw?.what).toMatch(what);
  });
});

// After a failed sync the records behind the last confirmed one stand again in a new file, and a record accounts for it.
describe('a file abandoned after trouble', () => {
  const outage = outageLine(ten, 7, 3);
  const repeatedLines = [...ten.slice(7), outage];
  const more = chainedLines(2, [...ten, outage]);
  const next = { name: 'b', lines: [...repeatedLines, ...more] };
  const last = headOf(next);

  it.each([
    ['whole', ten, 3, 0],
    ['shorter than what was repeated', ten.slice(0, 9), 2, 0],
    ['without any of it', ten.slice(0, 7), 0, 0],
    ['with garbage in it', [...ten.slice(0, 8), '\u0000\u0000', ten[9]!], 2, 1],
    ['with an edit in it', ten.with(8, ten[8]!.replace('pid=8', 'pid=9')), 2, 1],
  ])('counts once when it is %s', (_name, lines, repeated, unreadable) => {
    const judged = judgeFiles([{ name: 'a', lines }, next], [last]);
    expect(judged).toMatchObject({ flaw: null, chain: { sequence: 13, records: 13, repeated, unreadable } });
  });

  it('may be followed by further attempts that failed', () => {
    const attempt = { name: 'a2', lines: repeatedLines.slice(0, 2) };
    expect(judgeFiles([file, attempt, next], [last]).flaw).toBeNull();
  });

  const forged = nextLine(ten.slice(0, 8), auditEntry('stop', 1));
  const silent = chainedLines(3, ten);

  it.each([
    ['a gap before the repeats', [{ name: 'a', lines: ten.slice(0, 5) }, next], 8, /records 6 to 7 are missing/],
    [
      'a repeat that differs',
      [{ name: 'a', lines: [...ten.slice(0, 8), forged] }, next],
      9,
      /differs from the same record in the abandoned file/,
    ],
    [
      'two versions in the abandoned file',
      [{ name: 'a', lines: [...ten.slice(0, 9), forged] }, next],
      9,
      /differs from the same record before it/,
    ],
    ['an older record in the abandoned file', [{ name: 'a', lines: [...ten, ten[2]!] }, next], 3, /repeated or out of order/],
    ['no outage record', [file, { name: 'b', lines: [...ten.slice(7), ...silent] }], 8, /no audit-outage record/],
    [
      'no outage record, and a file more',
      [file, { name: 'b', lines: ten.slice(7) }, { name: 'c', lines: silent }],
      8,
      /no audit-outage record/,
    ],
    [
      'a record that was not repeated',
      [
        { name: 'a', lines: [...ten, chainedLines(12)[11]!] },
        { name: 'b', lines: repeatedLines },
      ],
      8,
      /no audit-outage/,
    ],
    ['a copy of the whole file', [file, { name: 'b', lines: ten }], 1, /no audit-outage record/],
  ])('does not hide %s', (_name, files, sequence, what) => {
    const { flaw } = judgeFiles(files, [headOf(files.at(-1)!)]);
    expect(flaw).toMatchObject({ sequence });
    expect(flaw?.what).toMatch(what);
  });

  it.each([
    ['names another record', outageLine(ten, 6, 4)],
    ['counts wrongly', outageLine(ten, 7, 2)],
    ['has no such note', nextLine(ten, auditEntry('audit-outage', 1, { detail: 'x' }))],
    ['has no detail', nextLine(ten, auditEntry('audit-outage', 1))],
  ])('is not accounted for by an outage record that %s', (_name, line) => {
    const files = [file, { name: 'b', lines: [...ten.slice(7), line] }];
    expect(judgeFiles(files, [headOf(files[1]!)]).flaw?.what).toMatch(/no audit-outage record/);
  });

  it('may be in the middle of being repeated, behind the head', () => {
    const judged = judgeFiles([file, { name: 'b', lines: ten.slice(7, 9) }], [headOf(file, 7)]);
    expect(judged).toMatchObject({ flaw: null, chain: { unexplainedAfter: 7 } });
  });

  it('is not longer than a log ever leaves unconfirmed', () => {
    const many = chainedLines(mostAbandonedRecords + 2);
    const copy = { name: 'b', lines: many.slice(0, 1) };
    expect(judgeFiles([{ name: 'a', lines: many.slice(0, -1) }, copy], []).flaw?.what).toMatch(/more than 16384 records/);
    expect(judgeFiles([{ name: 'a', lines: many.slice(0, -2) }, copy], []).flaw).toBeNull();
  });
});
