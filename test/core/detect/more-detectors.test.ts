import { describe, expect, it } from 'vitest';
import { heartbeatNote } from '../../../src/core/audit/heartbeat-note.ts';
import type { Heartbeat } from '../../../src/core/audit/heartbeat-note.ts';
import { writeRulesNote } from '../../../src/core/audit/rules-note.ts';
import type { RulesNote } from '../../../src/core/audit/rules-note.ts';
import { usualDetectors } from '../../../src/core/detect/detector-settings.ts';
import { emergencySamePatient } from '../../../src/core/detect/emergency-often.ts';
import { exportBurst, printStorm } from '../../../src/core/detect/export-burst.ts';
import { factorFatigue } from '../../../src/core/detect/factor-fatigue.ts';
import { impossibleTravel } from '../../../src/core/detect/impossible-travel.ts';
import { newDevice } from '../../../src/core/detect/new-device.ts';
import { patientsInOrder } from '../../../src/core/detect/patients-in-order.ts';
import { kilometresBetween, placeOf } from '../../../src/core/detect/place.ts';
import { clockJump, recordGap, recordUnanchored } from '../../../src/core/detect/record-gap.ts';
import { rulesThenAccess } from '../../../src/core/detect/rules-then-access.ts';
import { searchPeek } from '../../../src/core/detect/search-peek.ts';
import type { Seen } from '../../../src/core/detect/seen.ts';
import { sharedDesk } from '../../../src/core/detect/shared-desk.ts';
import { unusualCategory } from '../../../src/core/detect/unusual-category.ts';
import { patientOrder, readOrderNote, writeOrderNote } from '../../../src/core/patients/order-note.ts';
import { days, findings, hours, minutes, opened, person, seen } from '../../support/seen.ts';

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));
const words = (all: readonly { readonly words: string }[]) => all.map((one) => one.words);

describe('patients in the order of their numbers', () => {
  it.each([
    ['7', '8', 'up'],
    ['MRN-0017', 'MRN-0037', 'up'],
    ['MRN-0017', 'MRN-0038', null],
    ['9', '8', 'down'],
    ['8', '8', null],
    ['8', 'a9', null],
    ['x', '9', null],
    ['9', 'x', null],
  ])('%s, then %s: %s', (before, now, expected) => {
    const order = patientOrder(before, now);
    expect(order).toBe(expected);
    expect(readOrderNote(writeOrderNote(order))).toBe(expected);
  });

  const walk = (count: number, every: number, way: 'up' | 'down' = 'up', from = 0): Seen[] =>
    times(count, (i) => ({ ...opened(from + i * every, `p${from}-${i}`), detail: i === 0 ? null : writeOrderNote(way) }));
  const detect = (all: readonly Seen[]) => words(findings(patientsInOrder(usualDetectors['patients-in-order']), all));

  it('are told at the eighth within five minutes', () => {
    expect(detect(walk(9, 30_000))).toEqual(["8 patients' charts opened in the order of their numbers within 5 minutes"]);
    expect(detect(walk(8, 30_000, 'down'))).toHaveLength(1);
    const besides = walk(8, 1000).flatMap((one) => [one, opened(0, 'p9')].map((each, i) => ({ ...each, session: `s${i}` })));
    expect(detect(besides)).toHaveLength(1);
    expect(detect(walk(8, 1000).map((one) => ({ ...one, session: null })))).toHaveLength(1);
  });

  it.each([
    ['seven', walk(7, 1000)],
    ['slowly', walk(20, minutes)],
    ['up and down', times(20, (i) => ({ ...opened(i, `p${i}`), detail: writeOrderNote(i % 2 === 0 ? 'up' : 'down') }))],
    ['in no order', times(20, (i) => opened(i, `p${i}`))],
    ['of nobody', walk(20, 1).map((one) => ({ ...one, person: null }))],
    ['without an opening', walk(20, 1).map((one) => ({ ...one, event: 'attempt' }))],
  ])('are not: %s', (_what, all) => {
    expect(detect(all)).toEqual([]);
  });
});

describe('search, peek, leave', () => {
  const search = (at: number): Seen =>
    seen('attempt', at, { category: 'demographics', action: 'execute', activity: 'navigation' });
  const page = (at: number, patient: string, action = 'read'): Seen =>
    seen('attempt', at, { patient, action, activity: 'navigation' });
  const peek = (at: number, patient: string, look = 5000): Seen[] => [
    search(at),
    page(at + 3000, patient),
    opened(at + 3001, patient),
    seen('attempt', at + 3001 + look, { activity: 'navigation' }),
  ];
  const detect = (all: readonly Seen[]) => words(findings(searchPeek(usualDetectors['search-peek']), all));

  it('is told at the sixth within an hour', () => {
    expect(detect(times(7, (i) => peek(i * minutes, `p${i}`)).flat())).toEqual([
      '6 charts looked up by name, opened for the first time and left within 10 seconds, within 1 hour',
    ]);
    const signedOut = times(6, (i) => [...peek(i * minutes, `p${i}`).slice(0, 3), seen('sign-out', i * minutes + 4000)]);
    expect(detect(signedOut.flat())).toHaveLength(1);
  });

  it.each([
    ['once', peek(0, 'p1')],
    ['over a day', times(10, (i) => peek(i * 20 * minutes, `p${i}`)).flat()],
    ['a longer look', times(10, (i) => peek(i * minutes, `p${i}`, 20_000)).flat()],
    ['the same patient', times(10, (i) => peek(i * minutes, 'p1')).flat()],
    ['without a search', times(10, (i) => peek(i * minutes, `p${i}`).slice(1)).flat()],
    ['long behind a search', [search(0), ...times(10, (i) => peek(10 * minutes + i * minutes, `p${i}`).slice(1)).flat()]],
    ['no patient', times(10, (i) => [search(i), seen('chart-opened', i)]).flat()],
    ['nobody', times(10, (i) => peek(i * minutes, `p${i}`).map((one) => ({ ...one, person: null }))).flat()],
    ['of other categories', times(10, (i) => peek(i * minutes, `p${i}`).map((one) => ({ ...one, category: 'notes' }))).flat()],
    ['of other actions', times(10, (i) => peek(i * minutes, `p${i}`).map((one) => ({ ...one, action: 'read' }))).flat()],
    ...['create', 'update', 'delete'].map((action): [string, Seen[]] => [
      action,
      times(10, (i) => {
        const all = peek(i * minutes, `p${i}`);
        return [...all.slice(0, 3), page(i * minutes + 4000, `p${i}`, action), ...all.slice(3)];
      }).flat(),
    ]),
    [
      'more of the same chart',
      times(10, (i) => [...peek(i * minutes, `p${i}`).slice(0, 3), page(i * minutes + 4000, `p${i}`)]).flat(),
    ],
    ['what shows no hands', times(10, (i) => peek(i * minutes, `p${i}`).map((one) => ({ ...one, activity: null }))).flat()],
  ])('is not: %s', (_what, all) => {
    expect(detect(all)).toEqual([]);
  });
});

describe('one desk, two people', () => {
  const work = (at: number, who: string, device: string | null = 'front-1', activity: string | null = 'navigation'): Seen =>
    seen('attempt', at, { person: person(who), device, activity });
  const detect = (all: readonly Seen[]) => words(findings(sharedDesk(usualDetectors['shared-desk']), all));

  it('is told at the second turn without a switch', () => {
    expect(detect([work(0, 'nora'), work(4000, 'omar'), work(8000, 'nora'), work(9000, 'nora')])).toEqual([
      'Several people at work on front-1 within 5 seconds of each other, without a switch',
    ]);
  });

  it.each([
    ['one turn', [work(0, 'nora'), work(4000, 'omar')]],
    ['slow turns', times(10, (i) => work(i * 6000, i % 2 === 0 ? 'nora' : 'omar'))],
    ['one person', times(10, (i) => work(i * 1000, 'nora'))],
    ['no device', times(10, (i) => work(i * 1000, `p${i}`, null))],
    ['no hands', times(10, (i) => work(i * 1000, `p${i}`, 'd', null))],
    ['nobody', times(10, (i) => ({ ...work(i * 1000, `p${i}`), person: null }))],
    ['switches', times(10, (i) => [seen('switched-to', i * 1000, { device: 'front-1' }), work(i * 1000, `p${i}`)]).flat()],
  ])('is not: %s', (_what, all) => {
    expect(detect(all)).toEqual([]);
  });
});

describe('factor fatigue', () => {
  const failed = (at: number): Seen => seen('second-factor-failed', at);
  const detect = (all: readonly Seen[]) => words(findings(factorFatigue(usualDetectors['factor-fatigue']), all));

  it('is told where one goes well in the end', () => {
    expect(detect([...times(5, failed), seen('second-factor', 9), seen('sign-in', 10)])).toEqual([
      'Came in after 4 failed attempts within 10 minutes',
    ]);
  });

  it.each([
    ['three', [...times(3, failed), seen('sign-in', 9)]],
    ['none that went well', times(20, failed)],
    ['long before', [...times(4, failed), seen('sign-in', 11 * minutes)]],
    ['nobody', [...times(4, (i) => ({ ...failed(i), person: null })), seen('sign-in', 9)]],
    ['something else', [...times(4, failed), seen('attempt', 9)]],
  ])('is not: %s', (_what, all) => {
    expect(detect(all)).toEqual([]);
  });
});

describe('impossible travel', () => {
  const places = [
    { name: 'Main street', networks: ['10.20.0.0/16', '2001:db8:1::/48'], latitude: 47.37, longitude: 8.54 },
    { name: 'Hill clinic', networks: ['10.30.0.7'], latitude: 46.95, longitude: 7.45 },
  ];
  const at = (time: number, address: string | null, activity: string | null = 'navigation'): Seen =>
    seen('attempt', time, { address, activity });
  const detect = (all: readonly Seen[], named = places) =>
    words(findings(impossibleTravel({ kilometresPerHour: 150, places: named }), all));

  it('is told where nobody travels so fast', () => {
    const [main, hill] = places;
    expect(main && hill && Math.round(kilometresBetween(main, hill))).toBe(95);
    expect(detect([at(0, '10.20.5.7'), at(30 * minutes, '10.30.0.7')])).toEqual([
      'At work at Main street and, 30 minutes later, at Hill clinic, 95 km away',
    ]);
    expect(detect([at(0, '2001:db8:1:5::7'), at(1, '::ffff:10.30.0.7')])).toHaveLength(1);
    expect(detect([at(0, '10.20.5.7'), { ...at(1, '10.30.0.7', null), event: 'sign-in' }])).toHaveLength(1);
  });

  it.each([
    ['by car', [at(0, '10.20.5.7'), at(40 * minutes, '10.30.0.7')]],
    ['within one place', [at(0, '10.20.5.7'), at(1, '10.20.9.9')]],
    ['from nowhere that is named', [at(0, '10.20.5.7'), at(1, '203.0.113.4'), at(2, '2001:db8:2::1')]],
    ['no address', [at(0, '10.20.5.7'), at(1, null)]],
    ['no hands', [at(0, '10.20.5.7'), at(1, '10.30.0.7', null)]],
    ['nobody', [at(0, '10.20.5.7'), { ...at(1, '10.30.0.7'), person: null }]],
  ])('is not: %s', (_what, all) => {
    expect(detect(all)).toEqual([]);
  });

  it('asks for two places', () => {
    expect(detect([at(0, '10.20.5.7'), at(1, '10.30.0.7')], places.slice(1))).toEqual([]);
    expect(placeOf('::1', [{ name: 'here', networks: ['::1/128'], latitude: 0, longitude: 0 }])?.name).toBe('here');
  });
});

it('tells of a new kind of browser once it is known what somebody uses, on no registered device', () => {
  const from = (agent: string | null, more: Partial<Seen> = {}): Seen => seen('sign-in', 0, { agent, ...more });
  const known = times(10, (i) => from(`Firefox/${i}.0`));
  const detect = (all: readonly Seen[]) => words(findings(newDevice(usualDetectors['new-device']), [...known, ...all]));
  expect(detect([from('curl/8.1'), from('curl/8.2')])).toEqual([
    'Signed in with a kind of browser they never used, on no registered device',
  ]);
  expect(detect([from('Firefox/99'), from(null), from('x', { device: 'front-1' }), from('y', { person: null })])).toEqual([]);
  expect(detect([{ ...from('z'), event: 'attempt' }])).toEqual([]);
});

it('tells of a category that nobody of the role opens', () => {
  const ask = (category: string | null, roles: string | null = 'guard', more: Partial<Seen> = {}): Seen =>
    seen('attempt', 0, { category, roles, ...more });
  const detect = (all: readonly Seen[]) =>
    words(findings(unusualCategory(usualDetectors['unusual-category']), [...times(1500, () => ask('schedule')), ...all]));
  expect(detect([ask('notes'), ask('notes'), ask('notes')])).toEqual(Array(2).fill('Opened notes, which guard hardly ever open'));
  expect(detect([ask('schedule'), ask(null), ask('notes', null), ask('notes', 'nurse'), ask('x', 'guard, nurse')])).toEqual([]);
  expect(detect([ask('notes', 'guard', { person: null }), { ...ask('notes'), event: 'refusal' }])).toEqual([]);
});

it('tells of emergency access to the same patient', () => {
  const broke = (at: number, patient: string | null, who = 'nora'): Seen =>
    seen('break-glass', at, { patient, person: person(who) });
  const detect = (all: readonly Seen[]) => findings(emergencySamePatient(usualDetectors['emergency-same-patient']), all);
  expect(detect([broke(0, 'p1'), broke(days, 'p2'), broke(2 * days, 'p1')])).toMatchObject([
    { patient: 'p1', words: 'Emergency access to the same patient opened 2 times within 7 days' },
  ]);
  expect(detect([broke(0, 'p1'), broke(1, 'p1', 'omar'), broke(2, null), broke(3, null), broke(8 * days, 'p1')])).toEqual([]);
  expect(detect([{ ...broke(0, 'p1'), person: null }, opened(1, 'p1')])).toEqual([]);
});

it('tells of download after download and of page after page printed', () => {
  const took = (at: number, download: string | null, bytesOut: number | null = 9): Seen =>
    seen('outcome', at, { download, bytesOut });
  const exports = (all: readonly Seen[]) => words(findings(exportBurst(usualDetectors['export-burst']), all));
  expect(exports(times(4, (i) => took(i * minutes, 'disposition')))).toEqual(['4 downloads within 10 minutes']);
  expect(exports(times(3, (i) => took(i, 'size')))).toEqual([]);
  expect(exports(times(9, (i) => took(i, 'turned-away')))).toEqual([]);
  expect(exports(times(9, (i) => took(i, null)))).toEqual([]);
  expect(exports(times(9, (i) => took(i, 'size', null)))).toEqual([]);
  expect(exports(times(9, (i) => ({ ...took(i, 'size'), person: null })))).toEqual([]);
  expect(exports(times(9, (i) => ({ ...took(i, 'size'), event: 'refusal' })))).toEqual([]);
  const prints = (count: number, category: string, event = 'attempt') =>
    words(
      findings(
        printStorm(usualDetectors['print-storm']),
        times(count, (i) => seen(event, i, { category })),
      ),
    );
  expect(prints(20, 'print')).toEqual(['20 pages or forms printed within 10 minutes']);
  expect([prints(19, 'print'), prints(50, 'notes'), prints(50, 'print', 'outcome')].flat()).toEqual([]);
});

describe('a change of the rules, then access', () => {
  const author = { deed: 'applied', person: 'nora', time: '2026-11-02T08:00:00Z', approver: null, reason: 'x' } as const;
  const change = (at: number, more: Partial<RulesNote> = {}): Seen =>
    seen('configuration', at, {
      person: null,
      detail: writeRulesNote({ of: 'rules', before: 'a', after: 'b', author, ...more }),
    });
  const detect = (all: readonly Seen[]) => words(findings(rulesThenAccess(usualDetectors['rules-then-access']), all));
  const told = ['Opened charts within 1 hour of a change of the rules of their own'];

  it('is told at the chart, or at the claim', () => {
    expect(detect([change(0), opened(hours, 'p1')])).toEqual(told);
    const byHand = change(0, { author: null });
    expect(detect([byHand, opened(1, 'p1'), change(5 * hours, { author: { ...author, deed: 'claimed' } })])).toEqual(told);
  });

  it.each([
    ['later', [change(0), opened(hours + 1, 'p1')]],
    ['before', [opened(0, 'p1'), change(1)]],
    ['by another', [change(0), opened(1, 'p1', 'omar')]],
    ['by hand', [change(0, { author: null }), opened(1, 'p1')]],
    ['of the settings', [change(0, { of: 'settings' }), opened(1, 'p1')]],
    ['of nobody', [change(0), { ...opened(1, 'p1'), person: null }]],
    ['without words', [seen('configuration', 0), { ...change(0), detail: 'The rules were loaded again' }, opened(1, 'p1')]],
    ['of another kind', [{ ...change(0), event: 'order' }, opened(1, 'p1')]],
  ])('is not: %s', (_what, all) => {
    expect(detect(all)).toEqual([]);
  });
});

describe('the heartbeat', () => {
  const usual: Heartbeat = {
    after: 1,
    missed: 0,
    requests: 0,
    refusals: 0,
    records: 0,
    sessions: 0,
    treeSize: 9,
    anchorAgeSeconds: null,
    driftMilliseconds: 0,
    step: null,
  };
  const beat = (at: number, more: Partial<Heartbeat> = {}): Seen =>
    seen('heartbeat', at, { person: null, detail: heartbeatNote({ ...usual, ...more }) });
  const other = [seen('heartbeat', 0), seen('sign-in', 0), seen('heartbeat', 0, { detail: 'x' })];

  it('shows a gap of a running gateway', () => {
    const detect = (all: readonly Seen[]) => words(findings(recordGap(usualDetectors['record-gap']), all));
    expect(detect([beat(0), beat(301_000), beat(302_000, { missed: 2 })])).toEqual([
      'The access record says nothing for 301 seconds of a running gateway; 0 heartbeats were missed',
      'The access record says nothing for 1 seconds of a running gateway; 2 heartbeats were missed',
    ]);
    expect(detect([...other, beat(0), beat(300_000), seen('stop', 1), beat(2 * hours), seen('start', 1), beat(days)])).toEqual(
      [],
    );
  });

  it('is that of each of several gateways by itself', () => {
    const second = (at: number, more: Partial<Heartbeat> = {}): Seen => ({ ...beat(at, more), sequence: 1_000_000_000_001 });
    const gaps = (all: readonly Seen[]) => words(findings(recordGap(usualDetectors['record-gap']), all));
    expect(gaps([beat(0), second(200_000), beat(290_000), second(490_000)])).toEqual([]);
    expect(gaps([second(0), beat(150_000), { ...seen('stop', 1), sequence: 9 }, second(301_000)])).toHaveLength(1);
    const set: Partial<Heartbeat> = { step: { milliseconds: 60_000, time: 'then' } };
    const jumps = words(findings(clockJump(usualDetectors['clock-jump']), [beat(1, set), second(2, set), beat(3, set)]));
    expect(jumps).toHaveLength(2);
  });

  it('shows a clock that was set, each time once', () => {
    const set = (milliseconds: number, time: string): Partial<Heartbeat> => ({ step: { milliseconds, time } });
    const detect = (all: readonly Seen[]) => words(findings(clockJump(usualDetectors['clock-jump']), all));
    expect(
      detect([...other, beat(0), beat(1, set(-60_000, 'a')), beat(2, set(-60_000, 'a')), beat(3, set(90_000, 'b'))]),
    ).toEqual(['The clock was set back by 60 seconds', 'The clock was set forward by 90 seconds']);
    expect(detect([beat(0, set(59_000, 'a'))])).toEqual([]);
  });

  it('shows that no anchor was reached for long', () => {
    const detect = (all: readonly Seen[]) => words(findings(recordUnanchored(usualDetectors['record-unanchored']), all));
    expect(detect([...other, beat(0), beat(1, { anchorAgeSeconds: 86_399 }), beat(2, { anchorAgeSeconds: 86_400 })])).toEqual([
      'No checkpoint of the access record has reached an anchor for 24 hours',
    ]);
  });
});
