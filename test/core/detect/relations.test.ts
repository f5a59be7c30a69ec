// Detectors that are told of schedule and roster.

import { describe, expect, it } from 'vitest';
import { afterHours } from '../../../src/core/detect/after-hours.ts';
import type { Detector } from '../../../src/core/detect/detector.ts';
import { leaver } from '../../../src/core/detect/leaver.ts';
import { manyPatients } from '../../../src/core/detect/many-patients.ts';
import { noRelationship } from '../../../src/core/detect/no-relationship.ts';
import { patientSurge } from '../../../src/core/detect/patient-surge.ts';
import { suspicion } from '../../../src/core/detect/suspicion.ts';
import type { Seen } from '../../../src/core/detect/seen.ts';
import type { Explanation } from '../../../src/core/relations/explanation.ts';
import { noRelationRows } from '../../../src/core/relations/relation-rows.ts';
import type { StaffMember } from '../../../src/core/relations/relation-rows.ts';
import { relationsOf } from '../../../src/core/relations/gather-relations.ts';
import type { Relations } from '../../../src/core/relations/relations.ts';
import { hours, minutes, opened, seen } from '../../support/seen.ts';

const own: Explanation = { state: 'explained', because: 'own-appointment', own: true, near: true, words: 'w' };
const department: Explanation = { state: 'explained', because: 'department-encounter', own: false, near: true, words: 'w' };
const nobodys: Explanation = { state: 'suspicious', because: 'no-relationship', words: 'w' };

function told(detector: Detector, all: readonly (readonly [Seen, Explanation | null])[], relations: Relations | null = null) {
  return all.flatMap(([one, explanation]) => detector(one, { relations, explanation }) ?? []);
}

const charts = (count: number, explanation: Explanation | null, from = 9 * hours): [Seen, Explanation | null][] =>
  Array.from({ length: count }, (_, index) => [opened(from + index * 1000, `${from}-${index}`), explanation]);

describe('one opening', () => {
  it.each(['own-chart', 'colleague', 'household', 'confidential-patient'] as const)(
    'that is suspicious as %s is told by that detector alone',
    (because) => {
      const explanation: Explanation = { state: 'suspicious', because, words: 'Why' };
      expect(told(suspicion(because), [[opened(0, 'p'), explanation]])).toMatchObject([
        { detector: because, patient: 'p', words: 'Why' },
      ]);
      expect(told(suspicion(because), [[opened(0, 'p'), nobodys], [opened(0, 'p'), own], [opened(0, 'p'), null]])).toEqual([]); // prettier-ignore
      expect(suspicion(because)(opened(0, 'p'))).toBeNull();
    },
  );
});

describe('charts without a relationship', () => {
  const make = () => noRelationship({ patients: 3, withinSeconds: 86_400 });

  it('are told from the third on, and then begin anew', () => {
    expect(told(make(), charts(5, nobodys)).map(({ words }) => words)).toEqual([
      "3 patients' charts opened within 1 day, of whom none has an appointment or encounter that explains it; in as much work they usually have 0",
    ]);
  });

  it('are not told of people most of whose openings the schedule does not show, nor where nothing is known', () => {
    const mostly = [...charts(20, department, -48 * hours), ...charts(21, { state: 'unexplained', words: 'w' }, -47 * hours)];
    expect(told(make(), [...mostly, ...charts(5, nobodys, 11 * hours)])).toEqual([]);
    expect(told(make(), [...charts(40, department), ...charts(3, nobodys, 11 * hours)])).toHaveLength(1);
    expect(told(make(), charts(5, null))).toEqual([]);
    expect(told(make(), [[seen('chart-opened', 0, { person: null, patient: 'p' }), nobodys], [seen('chart-opened', 0), nobodys]])).toEqual([]); // prettier-ignore
  });
});

describe('charts without a relationship, against what is usual', () => {
  const make = () => noRelationship({ patients: 3, withinSeconds: 86_400 });
  /** Ten days of 20 charts, of whom two are nobody's. */
  const days = (who: string) =>
    Array.from({ length: 10 }, (_, day) =>
      [...charts(18, department), ...charts(2, nobodys)].map(([, explanation], index): [Seen, Explanation | null] => [
        { ...opened(day * 24 * hours + index * minutes, `${day}-${index}`, who), roles: 'desk' },
        explanation,
      ]),
    ).flat();
  const later = (count: number, who = 'nora', roles = 'desk') =>
    charts(count, nobodys, 11 * 24 * hours).map(([one, explanation]): [Seen, Explanation | null] => [
      { ...one, roles, person: opened(0, 'p', who).person },
      explanation,
    ]);

  it('are told where they are more than their own, or their role, has in as much work', () => {
    expect(told(make(), [...days('nora'), ...later(2)])).toEqual([]);
    expect(told(make(), [...days('nora'), ...later(4)])).toHaveLength(1);
    // Whoever is new is judged by their role; in a role that nobody knows, by the number alone.
    expect(told(make(), [...days('nora'), ...later(3, 'omar', 'other')])).toHaveLength(1);
    expect(told(make(), [...days('nora'), ...later(3, 'omar')]).map(({ person }) => person?.name)).toEqual(['omar']);
  });

  it('do not count as more where most of a role are like that', () => {
    const mostly = charts(60, nobodys).map(([one, explanation], index): [Seen, Explanation | null] => [
      { ...one, roles: 'desk', person: opened(0, 'p', `w${index}`).person },
      explanation,
    ]);
    expect(told(make(), [...mostly, ...later(6)])).toEqual([]);
  });
});

function roster(fields: Partial<StaffMember>): Relations {
  const none = { email: null, phone: null, address: null, nameAndBirth: null, surname: null, role: null, department: null };
  const member = { login: 'nora', name: 'Nora', patient: null, shift: null, noticeDay: null, endDay: null, ...none, ...fields };
  return relationsOf({ ...noRelationRows, staff: [member] });
}

describe('somebody who leaves', () => {
  const make = () => leaver({ moreThan: 2, atLeastBytes: 10_000_000, beforeSeconds: 30 * 86_400 });

  it.each<[string, Partial<StaffMember>, string[]]>([
    [
      'three weeks before their notice',
      { noticeDay: '2026-11-23' },
      ["3 patients' charts without explanation opened today by somebody who is about to leave"],
    ],
    [
      'before their end, where no notice is known',
      { endDay: '2026-11-20' },
      ["3 patients' charts without explanation opened today by somebody who is about to leave"],
    ],
    ['long before their notice', { noticeDay: '2027-01-23' }, []],
    ['of whom nothing is known', {}, []],
    [
      'after their last day',
      { noticeDay: '2026-09-01', endDay: '2026-10-30' },
      ['A chart opened after their last day of employment, by the roster'],
    ],
  ])('is told of: %s', (_what, fields, words) => {
    const found = told(make(), charts(3, null), roster(fields));
    expect([...new Set(found.map((one) => one.words))]).toEqual(words);
  });

  it.each<[Explanation, number]>([
    [{ ...department, near: false }, 0],
    [{ ...department, because: 'on-duty' }, 0],
    [{ ...department, because: 'on-duty', near: false }, 1],
  ])('counts no chart that something leads to, and a shift somewhere is nothing: %j', (explanation, times) => {
    expect(told(make(), charts(3, explanation), roster({ noticeDay: '2026-11-23' }))).toHaveLength(times);
  });

  it('is told of by bytes, and each day counts by itself', () => {
    const taken = (at: number): [Seen, null] => [seen('outcome', at, { bytesOut: 6_000_000 }), null];
    const leaving = roster({ noticeDay: '2026-11-23' });
    expect(told(make(), [taken(0), taken(minutes)], leaving).map(({ words }) => words)).toEqual([
      '12 MB taken today by somebody who is about to leave',
    ]);
    expect(told(make(), [taken(0), taken(25 * hours)], leaving)).toEqual([]);
    expect(told(make(), [...charts(2, null), ...charts(3, department, 10 * hours)], leaving)).toEqual([]);
    expect(make()(opened(0, 'p'))).toBeNull();
    expect(told(make(), charts(3, null))).toEqual([]);
    expect(told(make(), [taken(0)], roster({ endDay: '2026-10-30' }))).toEqual([]);
    expect(told(make(), [[seen('chart-opened', 0), null]], leaving)).toEqual([]);
    expect(told(make(), [[seen('heartbeat', 0, { person: null }), null]], leaving)).toEqual([]);
  });
});

describe('what is explained', () => {
  it('does not count among many patients where it is their own appointment, and counts where it is their department', () => {
    expect(told(manyPatients({ moreThan: 20 }), charts(30, own))).toEqual([]);
    expect(told(manyPatients({ moreThan: 20 }), charts(30, department))).toHaveLength(1);
  });

  it('by a visit of these days does not count among the many people at one chart', () => {
    const people = (explanation: Explanation | null) =>
      Array.from({ length: 8 }, (_, index): [Seen, Explanation | null] => [
        opened(index * minutes, 'p', `w${index}`),
        explanation,
      ]);
    const surge = () => patientSurge({ people: 8, withinSeconds: 86_400 });
    expect(told(surge(), people(department))).toEqual([]);
    expect(told(surge(), people({ ...department, near: false }))).toHaveLength(1);
    expect(told(surge(), people(nobodys))).toHaveLength(1);
  });

  it('by an appointment of their own is not after hours', () => {
    expect(told(afterHours({ usualFromDays: 2 }), charts(1, own, 23 * hours))).toEqual([]);
    expect(told(afterHours({ usualFromDays: 2 }), charts(1, nobodys, 23 * hours))).toHaveLength(1);
  });

  const far = { ...department, near: false };
  it.each<[string, (Explanation | null)[], number]>([
    ['visits of these days lead to all', [department, department], 0],
    ['they lead to most, and the others come later', [department, nobodys, department, far, department, null], 0],
    ['they lead to half', [department, nobodys], 0],
    ['they lead to fewer than half', [department, far, nobodys], 1],
    ['the first is one to which nothing leads', [null, department, department], 1],
  ])('by visits of these days is not after hours: %s', (_what, explanations, times) => {
    const night = explanations.map((one, at): [Seen, Explanation | null] => [opened(23 * hours + at * minutes, `${at}`), one]);
    expect(told(afterHours({ usualFromDays: 2 }), night)).toHaveLength(times);
  });

  it('by visits of these days counts for one night, and not for what is opened by day', () => {
    const at = (hour: number, one: Explanation | null): [Seen, Explanation | null] => [opened(hour * hours, `${hour}`), one];
    const all = [at(9, department), at(10, department), at(23, department), at(33, department), at(47, nobodys)];
    expect(told(afterHours({ usualFromDays: 2 }), all)).toHaveLength(1);
  });

  it('by a shift is not after hours', () => {
    const night = roster({ shift: { from: '2026-11-02T19:00', to: '2026-11-03T07:00' } });
    expect(told(afterHours({ usualFromDays: 2 }), charts(1, null, 23 * hours), night)).toEqual([]);
    expect(told(afterHours({ usualFromDays: 2 }), charts(1, null, 3 * hours), night)).toHaveLength(1);
  });
});
