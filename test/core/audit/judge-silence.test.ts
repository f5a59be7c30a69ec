// Times in which a log says nothing, as a table of records.

import { describe, expect, it } from 'vitest';
import { beginSilence, judgeSilence } from '../../../src/core/audit/judge-silence.ts';
import type { SilenceFold, SilenceRecord } from '../../../src/core/audit/judge-silence.ts';

type Row = readonly [event: string, seconds: number, boot?: string, time?: string];

function folded(...rows: Row[]): SilenceFold {
  return rows.reduce((fold, [event, seconds, boot = 'a', time], at) => {
    const wall = time ?? new Date(Date.UTC(2026, 10, 23) + at * 1000).toISOString();
    const record: SilenceRecord = { sequence: at + 1, event, boot, monotonic: seconds * 1000, time: wall };
    return judgeSilence(fold, record);
  }, beginSilence);
}

describe('silence', () => {
  it.each<[string, Row[], [number, number, string][]]>([
    [
      'none while it beats',
      [
        ['start', 0],
        ['heartbeat', 60],
        ['attempt', 100],
        ['heartbeat', 120],
        ['stop', 150],
      ],
      [],
    ],
    [
      'none at its limit',
      [
        ['start', 0],
        ['heartbeat', 90],
        ['stop', 180],
      ],
      [],
    ],
    [
      'before the first beat',
      [
        ['start', 0],
        ['heartbeat', 91],
      ],
      [[1, 2, 'no heartbeat for 91 s']],
    ],
    [
      'between two, whatever else was recorded',
      [
        ['start', 0],
        ['heartbeat', 60],
        ['attempt', 100],
        ['heartbeat', 300],
      ],
      [[2, 4, 'no heartbeat for 240 s']],
    ],
    [
      'before the stop',
      [
        ['start', 0],
        ['stop', 500],
      ],
      [[1, 2, 'no heartbeat for 500 s']],
    ],
    [
      'an end without a stop',
      [
        ['start', 0],
        ['attempt', 1],
        ['start', 9, 'b'],
      ],
      [[2, 3, 'the gateway ended without a record of its stop']],
    ],
    [
      'none over a stop',
      [
        ['start', 0],
        ['stop', 1],
        ['start', 9000, 'b'],
        ['heartbeat', 9060, 'b'],
      ],
      [],
    ],
    [
      'none over an export',
      [
        ['stop', 0],
        ['audit-exported', 0, 'export'],
        ['start', 1, 'b'],
      ],
      [],
    ],
    [
      'none over a restoration',
      [
        ['restored', 0, 'restore'],
        ['start', 1, 'b'],
      ],
      [],
    ],
    [
      'a clock set back, once',
      [
        ['start', 0, 'a', '2026-11-23T12:00:00.000Z'],
        ['attempt', 1, 'a', '2026-11-23T11:00:00.000Z'],
        ['attempt', 2, 'a', '2026-11-23T11:00:01.000Z'],
      ],
      [[1, 2, 'the clock was set back by 3600 s']],
    ],
    [
      'none where it was set right by a little',
      [
        ['start', 0, 'a', '2026-11-23T12:00:30.000Z'],
        ['attempt', 1, 'a', '2026-11-23T12:00:00.000Z'],
      ],
      [],
    ],
    [
      'none where a time cannot be read',
      [
        ['start', 0, 'a', 'never'],
        ['attempt', 1],
      ],
      [],
    ],
  ])('%s', (_what, rows, silences) => {
    expect(folded(...rows).silences.map(({ after, until, what }) => [after, until, what])).toEqual(silences);
  });

  it('is counted to the end and kept up to a hundred', () => {
    const rows = Array.from({ length: 120 }, (_none, at): Row => ['heartbeat', at * 100]);
    const { silences, count } = folded(...rows);
    expect([silences.length, count]).toEqual([100, 119]);
  });
});
