import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditEntry } from '../../../src/core/audit/entry.ts';
import { readRecord } from '../../../src/core/audit/read-record.ts';
import { readRestoreNote, writeRestoreNote } from '../../../src/core/audit/restore-note.ts';
import { chainedLines, headOf, judgeFiles, nextLine } from '../../support/chained-log.ts';

const made = '2026-11-23T10:00:00.000Z';
const name = '2026-11-23.jsonl';

describe('the note of a restoration', () => {
  it('is read back as it was written', () => {
    const note = { backup: made, by: 'Ada Lovelace (root)', host: 'gate-2', sequence: 41, hash: 'a'.repeat(64) };
    expect(readRestoreNote(writeRestoreNote(note))).toEqual(note);
  });

  it('holds whatever name somebody has, shortened, and fits into a record', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 300 }), (by, host) => {
        const note = { backup: made, by, host, sequence: Number.MAX_SAFE_INTEGER, hash: '0'.repeat(64) };
        const text = writeRestoreNote(note);
        expect(text.length).toBeLessThanOrEqual(512);
        const read = readRestoreNote(text);
        expect([read?.backup, read?.sequence, read?.hash]).toEqual([made, note.sequence, note.hash]);
        const line = nextLine([], auditEntry('restored', 1, { detail: text }));
        expect(readRestoreNote(readRecord(line)?.detail ?? '')).not.toBeNull();
      }),
    );
  });

  it('is no other sentence', () => {
    expect(readRestoreNote('Restored')).toBeNull();
    expect(readRestoreNote('')).toBeNull();
  });
});

/** `restored` behind the lines; `says` is what its note claims of where the backup ended. */
function restoredLine(behind: readonly string[], says: { sequence?: number; hash?: string } = {}): string {
  const last = readRecord(behind.at(-1) ?? '');
  const place = { sequence: last?.sequence ?? 0, hash: last?.hash ?? '0'.repeat(64), ...says };
  const detail = writeRestoreNote({ backup: made, by: 'root', host: 'gate', ...place });
  return nextLine(behind, auditEntry('restored', 1_700_000_002_000, { detail }));
}

function judge(lines: readonly string[]) {
  return judgeFiles([{ name, lines }], [headOf({ name, lines })]);
}

describe('a restored log', () => {
  it('is sound, and tells where it was restored and from which backup', () => {
    const lines = chainedLines(3);
    lines.push(restoredLine(lines));
    lines.push(...chainedLines(2, lines));
    const { flaw, chain } = judge(lines);
    expect(flaw).toBeNull();
    expect(chain?.restorations).toEqual([{ sequence: 4, time: '2023-11-14T22:13:22.000Z', backup: made, by: 'root' }]);
    expect(chain?.records).toBe(6);
  });

  it('may be one that held no record yet', () => {
    expect(judge([restoredLine([])]).chain?.restorations).toHaveLength(1);
  });

  it('tells of each restoration, and keeps the last hundred', () => {
    const lines: string[] = [];
    for (let count = 0; count < 103; count += 1) lines.push(restoredLine(lines));
    const { flaw, chain } = judge(lines);
    expect(flaw).toBeNull();
    expect([chain?.restorations.length, chain?.restorations[0]?.sequence]).toEqual([100, 4]);
  });

  it('that never was restored tells of none', () => {
    expect(judge(chainedLines(3)).chain?.restorations).toEqual([]);
  });

  it.each([
    ['another record', { sequence: 2 }],
    ['another hash', { hash: 'f'.repeat(64) }],
  ])('is not sound where the note names %s than the one before it', (_what, says) => {
    const lines = chainedLines(3);
    lines.push(restoredLine(lines, says));
    expect(judge(lines).flaw).toMatchObject({
      line: 4,
      sequence: 4,
      what: expect.stringContaining('not from the record before'),
    });
  });

  it.each([[null], ['Restored, never mind from where']])('is not sound where the record says %j', (detail) => {
    const lines = chainedLines(1);
    lines.push(nextLine(lines, auditEntry('restored', 1, { detail })));
    expect(judge(lines).flaw).toMatchObject({ line: 2, sequence: 2 });
  });
});
