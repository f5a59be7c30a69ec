// How often detectors were right, who has changed the rules, and how alerts are put together.

import { expect, test } from 'vitest';
import type { CaseAlert } from '../../../src/core/cases/case.ts';
import { editsRules } from '../../../src/core/people/edits-rules.ts';
import { groupAlerts } from '../../../src/core/cases/group-alerts.ts';
import { detectorPrecision } from '../../../src/core/cases/precision.ts';
import type { Disposed } from '../../../src/core/cases/precision.ts';
import { readDisposed } from '../../../src/core/cases/step-note.ts';

const many = (count: number, one: Disposed): Disposed[] => Array.from({ length: count }, () => one);

test('precision is violations among violations and false alarms, with its interval', () => {
  const rows = detectorPrecision([
    ...many(8, { disposition: 'violation', detectors: ['many-patients', 'many-patients'] }),
    ...many(2, { disposition: 'false-alarm', detectors: ['many-patients'] }),
    ...many(3, { disposition: 'justified', detectors: ['many-patients', 'after-hours'] }),
    { disposition: 'unclear', detectors: ['after-hours'] },
  ]);
  expect(rows.map(({ detector, counts }) => [detector, counts])).toEqual([
    ['after-hours', { violation: 0, justified: 3, 'false-alarm': 0, unclear: 1 }],
    ['many-patients', { violation: 8, justified: 3, 'false-alarm': 2, unclear: 0 }],
  ]);
  expect(rows[0]?.precision).toBeNull();
  // Wilson's interval of 8 in 10, as tables of it have it.
  expect(rows[1]?.precision?.share).toBeCloseTo(0.8);
  expect(rows[1]?.precision?.low).toBeCloseTo(0.4902, 3);
  expect(rows[1]?.precision?.high).toBeCloseTo(0.9433, 3);
  const [sure] = detectorPrecision(many(3, { disposition: 'violation', detectors: ['two-places'] }));
  expect(sure?.precision?.high).toBeCloseTo(1);
  expect(detectorPrecision([{ disposition: 'violation', detectors: ['new-network'] }, { disposition: 'unclear', detectors: ['two-places'] }]).length).toBe(2); // prettier-ignore
  expect(detectorPrecision([])).toEqual([]);
});

test('a record of a disposition tells its case and detectors', () => {
  const detail = 'case c1, step s1: disposition false-alarm of after-hours many-patients, about "jane"; text 77';
  expect(readDisposed(detail)).toEqual({ of: 'c1', disposition: 'false-alarm', detectors: ['after-hours', 'many-patients'] });
  expect(readDisposed(detail.replace('after-hours many-patients', ''))?.detectors).toEqual([]);
  // What a review alone brought up says of no detector whether it is right.
  expect(readDisposed(detail.replace(' of after-hours many-patients', ''))).toEqual({
    of: 'c1',
    disposition: 'false-alarm',
    detectors: [],
  });
  expect(readDisposed(detail.replace('false-alarm', 'whatever'))).toBeNull();
  expect(readDisposed('case c1, step s1: finding, about "jane"')).toBeNull();
});

test('who changed the rules within a quarter, by name', () => {
  const now = Date.parse('2026-11-30T00:00:00Z');
  const by = (person: string, time: string) => ({ time, author: { person } });
  expect(editsRules([by(' Ada', '2026-11-01T00:00:00Z')], 'ada', now)).toBe(true);
  for (const name of ['ada', 'al', 'root'])
    expect(editsRules([by('Ada (al) (root)', '2026-11-01T00:00:00Z')], name, now)).toBe(true);
  for (const name of ['ada', 'root', 'Ada (root)'])
    expect(editsRules([by('Ada (root)', '2026-11-01T00:00:00Z')], name, now)).toBe(true);
  expect(editsRules([by('ada', '2026-08-01T00:00:00Z')], 'ada', now)).toBe(false);
  expect(editsRules([by('bob', '2026-11-01T00:00:00Z'), { time: '2026-11-01T00:00:00Z', author: null }], 'ada', now)).toBe(false);
});

test('alerts of one person, patient and day stand together, those without a case first, and of a day the most telling', () => {
  const jane = { issuer: 'i', sub: 'j', name: 'jane', key: 'i j' };
  const alert = (
    sequence: number,
    time: number,
    person: CaseAlert['person'] = jane,
    patient: string | null = null,
    detector: CaseAlert['detector'] = 'after-hours',
  ): CaseAlert => ({
    sequence,
    time,
    detector,
    person,
    patient,
    words: '',
  });
  const alerts = [alert(9, 1), alert(8, 1), alert(7, 1, null), alert(6, 0), alert(5, 1, jane, '~p', 'own-chart'), alert(4, 1)];
  const groups = groupAlerts(alerts, new Map([[9, 'c'], [8, 'c']]), (time) => `day ${time}`); // prettier-ignore
  expect(groups.map(({ day, patient, of, alerts: those }) => [day, patient, of, those.map(({ sequence }) => sequence)])).toEqual([
    ['day 1', '~p', null, [5]],
    ['day 1', null, null, [7]],
    ['day 1', null, null, [4]],
    ['day 0', null, null, [6]],
    ['day 1', null, 'c', [9, 8]],
  ]);
  expect(groups.map(({ telling }) => telling)).toEqual(['strong', 'fair', 'fair', 'fair', 'fair']);
});
