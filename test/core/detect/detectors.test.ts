import { describe, expect, it } from 'vitest';
import { afterHours } from '../../../src/core/detect/after-hours.ts';
import { afterTermination, dormantAccount } from '../../../src/core/detect/dormant-account.ts';
import { emergencyOften } from '../../../src/core/detect/emergency-often.ts';
import { failedSignIns, signInSpray } from '../../../src/core/detect/failed-sign-ins.ts';
import { largeTransfer } from '../../../src/core/detect/large-transfer.ts';
import { manyPatients } from '../../../src/core/detect/many-patients.ts';
import { newNetwork } from '../../../src/core/detect/new-network.ts';
import { patientSurge } from '../../../src/core/detect/patient-surge.ts';
import { recordInDoubt } from '../../../src/core/detect/record-in-doubt.ts';
import { twoPlaces } from '../../../src/core/detect/two-places.ts';
import { usualDetectors } from '../../../src/core/detect/detector-settings.ts';
import type { Seen } from '../../../src/core/detect/seen.ts';
import { days, findings, hours, minutes, opened, person, seen } from '../../support/seen.ts';

/** Each as it is where IT says nothing. */
const usual = {
  failedSignIns: () => failedSignIns(usualDetectors['failed-sign-ins']),
  signInSpray: () => signInSpray(usualDetectors['sign-in-spray']),
  manyPatients: () => manyPatients(usualDetectors['many-patients']),
  afterHours: () => afterHours(usualDetectors['after-hours']),
  largeTransfer: () => largeTransfer(usualDetectors['large-transfer']),
  twoPlaces: () => twoPlaces(usualDetectors['two-places']),
  patientSurge: () => patientSurge(usualDetectors['patient-surge']),
  dormantAccount: () => dormantAccount(usualDetectors['dormant-account']),
  newNetwork: () => newNetwork(usualDetectors['new-network']),
  emergencyOften: () => emergencyOften(usualDetectors['emergency-access-often']),
};

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));

describe('failed attempts of one person', () => {
  const failed = (at: number, who = 'nora'): Seen => seen('second-factor-failed', at, { person: person(who) });

  it('are told at the fifth within a quarter of an hour, and begin anew', () => {
    const found = findings(
      usual.failedSignIns(),
      times(10, (i) => failed(i * minutes)),
    );
    expect(found.map(({ words }) => words)).toEqual(Array(2).fill('5 attempts to sign in or unlock failed within 15 minutes'));
    expect(found[0]?.person?.name).toBe('nora');
  });

  it.each([
    ['four', times(4, (i) => failed(i * minutes))],
    ['five in an hour', times(5, (i) => failed(i * 15 * minutes))],
    ['five of five people', times(5, (i) => failed(i, `p${i}`))],
    ['five that nobody is known of', times(5, (i) => seen('second-factor-failed', i, { person: null }))],
    ['five that went well', times(5, (i) => seen('second-factor', i))],
  ])('are not: %s', (_what, all) => {
    expect(findings(usual.failedSignIns(), all)).toEqual([]);
  });
});

describe('one address that tries many people', () => {
  const failed = (at: number, who: string, address: string | null = '198.51.100.9'): Seen =>
    seen('sign-in-failed', at, { person: person(who), address });

  it('is told at the tenth', () => {
    const found = findings(
      usual.signInSpray(),
      times(11, (i) => failed(i * minutes, `p${i}`)),
    );
    expect(found).toMatchObject([{ person: null, words: 'Attempts of 10 people failed from 198.51.100.9 within 15 minutes' }]);
  });

  it.each([
    ['one person ten times', times(10, (i) => failed(i, 'nora'))],
    ['ten people over two hours', times(10, (i) => failed(i * 12 * minutes, `p${i}`))],
    ['no address', times(10, (i) => failed(i, `p${i}`, null))],
    ['nobody', times(10, (i) => ({ ...failed(i, `p${i}`), person: null }))],
    ['what went well', times(10, (i) => ({ ...failed(i, `p${i}`), event: 'sign-in' }))],
  ])('is not: %s', (_what, all) => {
    expect(findings(usual.signInSpray(), all)).toEqual([]);
  });
});

describe('many patients within an hour', () => {
  const round = (hour: number, count: number): Seen[] => times(count, (i) => opened(hour * hours + i * minutes, `p${hour}-${i}`));

  it('is told once, at the twenty-first, while a person is not known', () => {
    expect(findings(usual.manyPatients(), round(9, 30))).toMatchObject([
      { words: "21 patients' charts opened within one hour; too little is known of their usual hours" },
    ]);
  });

  it('is measured by their own hours once those are known, and told anew in another hour', () => {
    const before = times(12, (i) => round(i, 25 + (i % 3))).flat();
    const detector = usual.manyPatients();
    findings(detector, before);
    expect(findings(detector, round(20, 30))).toEqual([]);
    const found = findings(detector, [...round(21, 40), ...round(22, 40)]);
    expect(found.map(({ words }) => words)).toEqual(
      Array(2).fill("33 patients' charts opened within one hour; their usual hour has at most 32"),
    );
  });

  it('counts each patient once, and nothing but opened charts', () => {
    const same = times(50, (i) => opened(i * minutes, 'p1'));
    const others = times(50, (i) => seen('attempt', i, { patient: `p${i}` }));
    const nobody = times(50, (i) => seen('chart-opened', i, { patient: `p${i}`, person: null }));
    const none = times(50, (i) => seen('chart-opened', i));
    expect(findings(usual.manyPatients(), [...same, ...others, ...nobody, ...none])).toEqual([]);
  });

  it('forgets hours of years ago', () => {
    const long = times(502, (i) => round(i, 1)).flat();
    expect(findings(usual.manyPatients(), long)).toEqual([]);
  });
});

describe('after hours', () => {
  const at = (day: number, hour: number): Seen => opened(day * days + hour * hours, `p${day}`);

  it('is told once a night, over midnight too', () => {
    expect(findings(usual.afterHours(), [at(0, 20), at(1, 1), at(1, 7.9), at(1, 20)])).toHaveLength(2);
  });

  it('is judged by the hours of the clinic while a person is new, once a day', () => {
    expect(findings(usual.afterHours(), [at(0, 10), at(0, 22), at(0, 23), at(1, 22)]).map(({ words }) => words)).toEqual(
      Array(2).fill('Charts opened outside the hours of the clinic; their own hours are not known yet'),
    );
  });

  it('is told of somebody who works by day', () => {
    const detector = usual.afterHours();
    expect(
      findings(
        detector,
        times(25, (i) => at(i, 10)).filter(({ local }) => local.open),
      ),
    ).toEqual([]);
    const weeks = times(40, (i) => at(i + 25, 10)).filter(({ local }) => local.open);
    findings(detector, weeks);
    expect(findings(detector, [at(70, 3)])).toMatchObject([
      { words: 'Charts opened outside the hours of the clinic, at an hour at which they hardly ever work' },
    ]);
  });

  it('is not told of who always has the night', () => {
    const detector = usual.afterHours();
    findings(
      detector,
      times(60, (i) => at(i, 3)),
    );
    expect(findings(detector, [at(63, 3)])).toEqual([]);
  });

  it('is not told of what opens no chart, and of nobody', () => {
    expect(findings(usual.afterHours(), [seen('attempt', 3 * hours), seen('chart-opened', 3 * hours, { person: null })])).toEqual(
      [],
    );
  });
});

describe('a large transfer', () => {
  const took = (at: number, megabytes: number | null): Seen =>
    seen('outcome', at, { bytesOut: megabytes === null ? null : megabytes * 1e6 });

  it('is told once an hour, from a hundred megabytes on', () => {
    const found = findings(usual.largeTransfer(), [took(0, 60), took(1, 60), took(2, 60), took(hours, 100)]);
    expect(found).toMatchObject([{ words: '120 MB taken within one hour; their usual hour has 0 MB' }]);
  });

  it('is measured by their own hours', () => {
    const detector = usual.largeTransfer();
    expect(
      findings(
        detector,
        times(600, (i) => took(i * hours, 50)),
      ),
    ).toEqual([]);
    expect(findings(detector, [took(600 * hours, 400)])).toEqual([]);
    expect(findings(detector, [took(601 * hours, 500)])).toMatchObject([
      { words: '500 MB taken within one hour; their usual hour has 50 MB' },
    ]);
  });

  it('asks for a person and bytes', () => {
    expect(findings(usual.largeTransfer(), [took(0, null), { ...took(0, 900), person: null }])).toEqual([]);
  });
});

describe('two places at once', () => {
  const worked = (at: number, session: string, address: string): Seen =>
    seen('attempt', at, { session, address, activity: 'navigation' });
  const here = (at: number): Seen => worked(at, 's1', '10.20.5.7');
  const there = (at: number): Seen => worked(at, 's2', '10.20.9.9');

  it('is told where both are worked with in turns', () => {
    expect(findings(usual.twoPlaces(), [here(0), there(20_000), here(40_000)])).toMatchObject([
      { words: 'Two sessions of theirs were worked with in turns within 1 minute, from 10.20.5.7 and 10.20.9.9' },
    ]);
  });

  it.each([
    ['somebody who moved', [here(0), there(20_000), there(30_000)]],
    ['slow turns', [here(0), there(50_000), here(100_000)]],
    ['one session that roams', [here(0), worked(1, 's1', '10.20.9.9'), here(2)]],
    ['what shows no hands', [here(0), { ...there(1), activity: null }, here(2)]],
    ['nobody', [here(0), { ...there(1), person: null }, here(2)]],
    ['no session', [here(0), { ...there(1), session: null }, here(2)]],
    ['no address', [here(0), { ...there(1), address: null }, here(2)]],
  ])('is not: %s', (_what, all) => {
    expect(findings(usual.twoPlaces(), all)).toEqual([]);
  });
});

describe('a surge on one patient', () => {
  it('is told at the eighth person within a day', () => {
    const found = findings(
      usual.patientSurge(),
      times(9, (i) => opened(i * hours, 'p1', `w${i}`)),
    );
    expect(found).toMatchObject([{ person: null, patient: 'p1', words: "8 people opened one patient's chart within 1 day" }]);
  });

  it.each([
    ['one person often', times(20, (i) => opened(i * minutes, 'p1'))],
    ['over a week', times(20, (i) => opened(i * 4 * hours, 'p1', `w${i}`))],
    ['other patients', times(20, (i) => opened(i * minutes, `p${i}`, `w${i}`))],
    ['no chart opened', times(20, (i) => ({ ...opened(i, 'p1', `w${i}`), event: 'attempt' }))],
    ['nobody', times(20, (i) => ({ ...opened(i, 'p1'), person: null }))],
    ['no patient', times(20, (i) => seen('chart-opened', i, { person: person(`w${i}`) }))],
  ])('is not: %s', (_what, all) => {
    expect(findings(usual.patientSurge(), all)).toEqual([]);
  });
});

describe('many people at one chart, where that is usual', () => {
  /** A chart a day with so many people. */
  const before = (counts: readonly number[]) =>
    counts.flatMap((count, day) => times(count, (i) => opened(day * days + i * minutes, `p${day}`, `w${i}`)));
  const surge = (count: number) => times(count, (i) => opened(70 * days + i * minutes, 'now', `w${i}`));

  it.each<[string, readonly number[], number, number]>([
    ['while few days are known', times(9, () => 7), 8, 1],
    ['up to what nine in ten days have', [...times(18, () => 9), 12, 12], 9, 0],
    ['over it', times(20, () => 9), 10, 1],
    ['one wild day counts for little', [...times(19, () => 2), 40], 8, 1],
    ['of the last sixty days alone', [...times(9, () => 30), ...times(60, () => 2)], 8, 1],
  ])('is told %s', (_what, counts, count, told) => {
    const detector = usual.patientSurge();
    findings(detector, before(counts));
    expect(findings(detector, surge(count))).toHaveLength(told);
  });
});

describe('an account', () => {
  it('that sleeps for a month and wakes is told', () => {
    const found = findings(usual.dormantAccount(), [seen('sign-in', 0), seen('sign-in', 29 * days), seen('sign-in', 70 * days)]);
    expect(found.map(({ words }) => words)).toEqual(['Signed in for the first time in 41 days']);
    expect(findings(usual.dormantAccount(), [seen('attempt', 0), seen('sign-in', 1, { person: null })])).toEqual([]);
  });

  it('of somebody who was let go is told when it is tried, until they are back', () => {
    const all = [
      seen('sign-in', 0),
      seen('offboarded', 1),
      seen('session-ended', 2),
      seen('sign-in-failed', 3),
      seen('refusal', 4, { person: null }),
      seen('sign-in', 5, { person: person('other') }),
      seen('readmitted', 6),
      seen('sign-in', 7),
    ];
    expect(findings(afterTermination(), all)).toMatchObject([{ words: 'Somebody who was let go tries to come in' }]);
    for (const event of ['sign-in', 'refusal', 'second-factor-failed'])
      expect(findings(afterTermination(), [seen('offboarded', 0), seen(event, 1)])).toHaveLength(1);
  });
});

describe('a new network', () => {
  const from = (at: number, address: string | null): Seen => seen('sign-in', at, { address });

  it('is told once it is known where somebody comes from', () => {
    const before = times(5, (i) => from(i, `10.20.5.${i}`));
    expect(findings(usual.newNetwork(), [...before, from(6, '203.0.113.4'), from(7, '203.0.113.5')])).toMatchObject([
      { words: 'Signed in from 203.0.113.4, a network they never came from' },
    ]);
    const six = times(5, () => from(0, '2001:db8:5:1::7'));
    expect(findings(usual.newNetwork(), [...six, from(6, '2001:db8:5:2::9')])).toEqual([]);
    expect(findings(usual.newNetwork(), [...six, from(6, '2001:db8:9::9')])).toHaveLength(1);
  });

  it('is not told of newcomers, of nobody, of no address, of anything but a sign-in', () => {
    const all = [from(0, '10.20.5.7'), from(1, '203.0.113.4'), from(2, null), { ...from(3, '198.51.100.1'), person: null }];
    expect(findings(usual.newNetwork(), [...all, seen('attempt', 4)])).toEqual([]);
  });
});

it('tells of emergency access at the third time within a week', () => {
  const broke = (at: number): Seen => seen('break-glass', at);
  expect(
    findings(
      usual.emergencyOften(),
      times(4, (i) => broke(i * days)),
    ),
  ).toMatchObject([{ words: 'Emergency access opened 3 times within 7 days' }]);
  expect(findings(usual.emergencyOften(), [broke(0), broke(4 * days), broke(8 * days), seen('sign-in', 9 * days)])).toEqual([]);
  expect(
    findings(
      usual.emergencyOften(),
      times(3, (i) => ({ ...broke(i), person: null })),
    ),
  ).toEqual([]);
});

it('tells of a record in doubt at once', () => {
  expect(findings(recordInDoubt(), [seen('audit-outage', 0), seen('restored', 1), seen('start', 2)])).toMatchObject([
    { words: 'The access record could not be written for a while; requests were refused meanwhile' },
    { words: 'The access record was put back from a backup' },
  ]);
});
