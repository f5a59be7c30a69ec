// When one more alert of a single chart waits for the summary of the day, and in which order a reviewer reads.

import { describe, expect, it } from 'vitest';
import type { DetectorName, Finding } from '../../../src/core/detect/detector.ts';
import { FrequentAlerts, isFrequent } from '../../../src/core/detect/frequent-alerts.ts';
import { howTelling, tellingOf } from '../../../src/core/detect/how-telling.ts';
import { Watch } from '../../../src/core/detect/watch.ts';
import { usualDetectors } from '../../../src/core/detect/detector-settings.ts';
import { days, opened, person, seen } from '../../support/seen.ts';

const finding = (who: string | null, detector: DetectorName = 'colleague'): Finding => {
  return { detector, person: who === null ? null : person(who), patient: 'p', words: 'Why' };
};

describe('alerts of single charts', () => {
  type Step = readonly [day: number, who: string | null, detector?: DetectorName];
  const week = (...from: readonly number[]): Step[] => from.map((day) => [day, `w${day}`]);

  it.each<[string, readonly Step[], boolean]>([
    ['are told by themselves up to one a week', week(0, 1, 2, 3), false],
    ['are frequent from the fifth in four weeks on', week(0, 1, 2, 3, 4), true],
    ['are frequent no more when those before are four weeks old', week(0, 1, 2, 3, 28), false],
    ['count by detector', [...week(0, 1, 2, 3), [4, 'w4', 'household']], false],
    ['are told by themselves as the second of one person’s day', [...week(0, 1, 2, 3, 4), [4, 'w4']], false],
    ['are so whichever detector told the first', [...week(0, 1, 2, 3), [4, 'w4', 'household'], [4, 'w4']], false],
    ['are frequent again on their next day', [...week(0, 1, 2, 3, 4), [5, 'w4']], true],
    ['are judged so, and no others', [0, 1, 2, 3, 4].map((day): Step => [day, `w${day}`, 'many-patients']), false],
    ['are judged so where they are somebody’s', [0, 1, 2, 3, 4].map((day): Step => [day, null]), false],
  ])('%s', (_what, steps, frequent) => {
    const alerts = new FrequentAlerts();
    const told = steps.map(([day, who, detector]) => alerts.take(finding(who, detector), seen('chart-opened', day * days)));
    expect(isFrequent(told.at(-1)?.words ?? null)).toBe(frequent);
  });

  it('are all told by themselves where the clinic says so of their detector, and of no other', () => {
    const alerts = new FrequentAlerts(['confidential-patient']);
    const last = (detector: DetectorName) =>
      [0, 1, 2, 3, 4].map((day) => alerts.take(finding(`w${day}`, detector), seen('chart-opened', day * days))).at(-1);
    expect(isFrequent(last('confidential-patient')?.words ?? null)).toBe(false);
    expect(isFrequent(last('colleague')?.words ?? null)).toBe(true);
  });

  it('say how many there were, which holds in the record as well', () => {
    const alerts = new FrequentAlerts();
    const [, , , , last] = [0, 1, 2, 3, 4].map((day) => alerts.take(finding(`w${day}`), seen('chart-opened', day * days)));
    expect(last?.words).toBe('Why; one of 5 such alerts within four weeks');
    for (const behind of ['', '; seen at record 7', '; to follow: ask, step-up; seen at record 2/7'])
      expect(isFrequent(`${last?.words}${behind}`)).toBe(true);
    for (const other of [null, 'Why', 'Why; one of 5 such alerts within four weeks, as they say'])
      expect(isFrequent(other)).toBe(false);
  });

  it('count those on record once, whoever found them', () => {
    const watch = new Watch(usualDetectors);
    const explanation = { state: 'suspicious', because: 'colleague', words: 'Why' } as const;
    const found = [0, 1, 2, 3].flatMap((day) => {
      const alert = { person: person(`w${day}`), patient: 'p', reason: 'colleague' };
      watch.see(seen('alert', day * days, alert));
      return watch.see(seen('alert', day * days, alert));
    });
    const at = (day: number) =>
      watch.see({ ...opened(day * days + 36_000_000, 'p', `w${day}`) }, { relations: null, explanation });
    found.push(...at(3), ...at(4));
    expect(found.map(({ detector, words }) => [detector, words])).toEqual([
      ['colleague', 'Why; one of 5 such alerts within four weeks'],
    ]);
  });
});

describe('how telling alerts are', () => {
  const of = (detector: string | null, words = 'Why') => ({ detector, words });

  it.each([
    ['one of many patients', [of('many-patients')], 'strong'],
    ['what a reviewer came upon', [of(null)], 'fair'],
    ['one by night', [of('after-hours')], 'fair'],
    ['one single chart', [of('colleague')], 'slight'],
    ['several single charts', [of('colleague'), of('colleague'), of('household')], 'fair'],
    ['several that are frequent', Array(3).fill(of('household', 'Why; one of 9 such alerts within four weeks')), 'slight'],
    ['one by a detector of another version', [of('not-known')], 'fair'],
    ['none', [], 'slight'],
  ])('%s', (_what, alerts, level) => {
    expect(tellingOf(howTelling(alerts))).toBe(level);
  });
});
