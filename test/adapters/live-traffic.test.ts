// Ten minutes of requests are counted in spans of ten seconds; what is older goes, and our own pages are no traffic.

import { expect, test } from 'vitest';
import { CountedTraffic } from '../../src/adapters/live-traffic.ts';

function counted() {
  const clock = { time: 1_000_000_000_000, now: () => clock.time };
  const passed: string[] = [];
  const metrics = {
    failed: (kind: string) => passed.push(kind),
    downloaded: (bytes: number) => passed.push(String(bytes)),
    finished: (endedBy: string) => passed.push(endedBy),
    count: (name: string) => passed.push(name),
  };
  const traffic = new CountedTraffic(metrics, clock);
  const totals = () => {
    const spans = traffic.spans();
    const sum = (key: 'requests' | 'refused') => spans.reduce((all, span) => all + span[key], 0);
    return [spans.length, sum('requests'), sum('refused')];
  };
  return { clock, traffic, totals, passed };
}

test('requests and refusals are told apart, and every count goes on to the metrics', () => {
  const { traffic, totals, passed } = counted();
  for (const [by, status] of [
    ['forward', 200],
    ['forward', 404],
    ['authorize', 403],
    ['forward', 502],
    ['record-attempt', 503],
    ['serve-console', 403],
    ['serve-session-routes', 200],
  ] as const)
    traffic.finished(by, status, 0.1);
  traffic.count('an-event');
  traffic.failed('fault', 'upstream-timeout');
  traffic.downloaded(900);
  expect(totals()).toEqual([60, 5, 1]);
  expect(passed).toHaveLength(10);
  expect(passed.slice(-3)).toEqual(['an-event', 'fault', '900']);
});

test.each([
  ['a span later', 10_000, 1],
  ['nine minutes later', 540_000, 1],
  ['ten minutes later', 600_000, 0],
  ['a day later', 86_400_000, 0],
  ['after the clock was set back', -3_600_000, 1],
])('%s', (_when, passes, expected) => {
  const { clock, traffic, totals } = counted();
  traffic.finished('forward', 200, 0.1);
  clock.time += passes;
  expect(totals()).toEqual([60, expected, 0]);
  const begun = traffic.spans().map(({ at }) => at);
  expect(begun).toEqual(begun.toSorted((first, second) => first - second));
});
