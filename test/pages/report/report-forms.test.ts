// One report in its forms: what it says about itself, what a spreadsheet and a script get, and that nothing in it is markup
// that somebody typed.

import { describe, expect, test } from 'vitest';
import type { Gap } from '../../../src/core/report/coverage.ts';
import type { EvidenceAnchor } from '../../../src/core/report/evidence.ts';
import type { Report } from '../../../src/core/report/report.ts';
import { frameWords } from '../../../src/pages/report/frame-words.ts';
import { reportCsv, sectionCsv } from '../../../src/pages/report/report-csv.ts';
import { reportDocument } from '../../../src/pages/report/report-document.ts';
import { reportJson } from '../../../src/pages/report/report-json.ts';
import { statementsOf } from '../../../src/pages/report/statements.ts';

const at = (text: string): number => Date.parse(`2026-10-05T${text}:00.000Z`);
const root = 'ab'.repeat(32);

const whole: Report = {
  kind: 'patient',
  title: 'Who opened this chart',
  citations: ['45 CFR 164.312(b)'],
  clinic: { name: 'North & Side', timezone: 'UTC' },
  language: 'en',
  isForPatient: false,
  period: { since: at('00:00'), until: at('12:00'), month: null },
  made: at('13:00'),
  about: [{ title: 'Patient', type: 'patient', value: '7' }],
  figures: [{ key: 'n', title: 'Requests', type: 'number', value: 1200, note: 'As they ended.' }],
  sections: [
    {
      key: 'rows',
      title: 'Rows',
      notes: ['One note.'],
      columns: [
        { key: 'record', title: 'Record', type: 'record' },
        { key: 'time', title: 'Time', type: 'time' },
        { key: 'person', title: 'Person', type: 'person' },
        { key: 'off', title: 'Off-hours', type: 'yes-no' },
      ],
      rows: [
        { record: 5, time: at('09:00'), person: '=<b>ada</b>', off: true },
        { record: 6, time: at('10:00'), person: null },
      ],
      total: 40,
    },
  ],
  limits: ['What this kind cannot tell.'],
  blanks: [{ title: 'Signature', lines: 2 }],
  coverage: {
    records: { first: 1, last: 90, count: 90, firstTime: at('00:01'), lastTime: at('11:59') },
    indexed: 95,
    gaps: [],
    gapCount: 0,
    unwatchedMilliseconds: 0,
    unresolvedRequests: 0,
    unknownPatients: 0,
  },
  evidence: {
    checkpoint: { origin: 'wardgate-audit/1f', size: 90, root, time: at('12:59'), keyId: '0a0b', note: 'note' },
    anchors: [],
    verification: null,
  },
};

const anchor: EvidenceAnchor = { where: 'https://a.example', size: 88, at: at('12:00'), failure: null, isNear: false };
const gap: Gap = { kind: 'crashed', after: 4, before: 5, from: at('03:00'), until: at('04:00') };

function saying(change: Partial<Report>): string {
  const { coverage, limits, evidence } = statementsOf({ ...whole, ...change });
  return [...coverage, ...limits, ...evidence].join('\n');
}

describe('what a report says about itself', () => {
  const covered = (change: Partial<Report['coverage']>) => ({ coverage: { ...whole.coverage, ...change } });
  const held = (change: Partial<Report['evidence']>) => ({ evidence: { ...whole.evidence, ...change } });

  test.each<[string, Partial<Report>, string]>([
    ['its records', {}, 'Records 1 to 90 of the access record (90 records'],
    ['no gap', {}, 'The gateway was on watch all the time'],
    ['no record', covered({ records: null }), 'There is no record of this period.'],
    ['a gap', covered({ gaps: [gap], gapCount: 1, unwatchedMilliseconds: 3_600_000 }), 'nothing was on watch: 1, 1 h together'],
    ['where', covered({ gaps: [gap], gapCount: 1 }), 'ended without a word (between record 4 and record 5)'],
    ['a gap at the beginning', covered({ gaps: [{ ...gap, after: null }], gapCount: 1 }), '(before record 5)'],
    ['a gap at the end', covered({ gaps: [{ ...gap, before: null }], gapCount: 1 }), '(after record 4)'],
    ['a gap without records', covered({ gaps: [{ ...gap, after: null, before: null }], gapCount: 1 }), '(no record around it)'],
    ['more gaps than it lists', covered({ gaps: [gap], gapCount: 7 }), 'The first 1 are listed.'],
    ['unread patients', covered({ unresolvedRequests: 3 }), 'could not be read of whom: 3;'],
    ['unknown patients', covered({ unknownPatients: 2 }), 'whom nobody knows any more: 2;'],
    ['its time zone', {}, 'a clock in UTC'],
    ['what its kind cannot see', {}, 'What this kind cannot tell.'],
    ['what no report can see', {}, 'without going through the gateway'],
    ['its checkpoint', {}, `90 records, root ${root}, signed 2026-10-05 12:59:00 by key 0a0b`],
    ['no checkpoint', held({ checkpoint: null }), 'There is no checkpoint yet'],
    [
      'records behind it',
      covered({ records: { first: 1, last: 91, count: 91, firstTime: 0, lastTime: 1 } }),
      'Records behind number 90',
    ],
    ['no anchor', {}, 'No checkpoint is kept off this machine'],
    ['an anchor', held({ anchors: [anchor] }), 'https://a.example, 88 records, 1 h before this report'],
    ['an anchor never reached', held({ anchors: [{ ...anchor, at: null }] }), 'Not yet kept at https://a.example'],
    ['an anchor in trouble', held({ anchors: [{ ...anchor, failure: 'ENOSPC' }] }), 'lately: ENOSPC'],
    ['an anchor that is none', held({ anchors: [{ ...anchor, isNear: true }] }), 'on the disk of the log itself'],
    ['no verifier', {}, 'The verifier was not run'],
    [
      'a sound record',
      held({ verification: { sound: true, records: 90, lastSequence: 90, checkpoints: 2, findings: [] } }),
      '90 records are sound, held against 2 checkpoints',
    ],
    [
      'one that is not',
      held({ verification: { sound: false, records: 9, lastSequence: 9, checkpoints: 0, findings: ['Record 9: wrong.'] } }),
      'the record is not sound.\nRecord 9: wrong.',
    ],
  ])('%s', (_what, change, says) => {
    expect(saying(change)).toContain(says);
  });

  test.each(['en', 'es'] as const)('to a patient in plain words, in %s', (language) => {
    const { copy } = frameWords[language];
    const said = saying({ isForPatient: true, language });
    expect(said).toContain(copy.how);
    expect(said).toContain(copy.noGap);
    expect(said).not.toMatch(/--|gateway|\{/);
    expect(saying({ ...covered({ gapCount: 1, gaps: [gap] }), isForPatient: true, language })).toContain(copy.gaps.slice(0, 12));
    expect(saying({ ...covered({ records: null }), ...held({ checkpoint: null }), isForPatient: true, language })).toContain(
      frameWords[language].noRecords,
    );
  });
});

describe('a report', () => {
  test('is one table for a program', () => {
    const [section] = whole.sections;
    expect(section && sectionCsv(section)).toEqual([
      'record,time,person,off',
      "5,2026-10-05T09:00:00.000Z,'=<b>ada</b>,true",
      '6,2026-10-05T10:00:00.000Z,,',
    ]);
  });

  test('is all of it for a spreadsheet, and says that it was cut', () => {
    const lines = reportCsv(whole);
    expect(lines).toContain('"Cut: 2 of 40 rows are shown. Ask for a shorter time, or for one person or patient."');
    expect(lines).toEqual(expect.arrayContaining(['Requests,1200,As they ended.', 'What this report rests on']));
    const [section] = whole.sections;
    const uncounted = { ...whole, sections: section === undefined ? [] : [{ ...section, total: null }] };
    expect(reportCsv(uncounted).join('\n')).toContain('the first 2 rows are shown, and there are more');
  });

  test('is every value for a script', () => {
    const read = JSON.parse(reportJson(whole)) as Record<string, unknown>;
    expect(read).toMatchObject({
      format: 'wardgate-report/1',
      period: { since: '2026-10-05T00:00:00.000Z', timezone: 'UTC' },
      figures: [{ key: 'n', value: 1200 }],
      sections: [
        {
          key: 'rows',
          total: 40,
          rows: [
            { record: 5, off: true },
            { record: 6, person: null, off: null },
          ],
        },
      ],
      evidence: { checkpoint: { root, time: '2026-10-05T12:59:00.000Z' }, anchors: [] },
    });
  });

  test('is a page in which a name stays a name', () => {
    const page = reportDocument(whole);
    expect(page).toContain('=&lt;b&gt;ada&lt;/b&gt;');
    expect(page).toContain('North &amp; Side');
    expect(page).toContain('Signature');
    expect(page.match(/class="line-to-fill"/g)).toHaveLength(2);
    expect(page).toMatch(/script-src &#39;sha256-[^;]+&#39;; style-src &#39;sha256-/);
  });
});
