// How long each stage takes is looked at in one request of 64, and told by the name of the stage, also of the one that fails.

import { expect, test } from 'vitest';
import { PrometheusMetrics } from '../../src/adapters/metrics-prometheus.ts';
import { refuse } from '../../src/core/answer.ts';
import { RequestPath } from '../../src/pipeline.ts';

const path = new RequestPath<{ readonly at: string }>()
  .stage('first', () => ({ found: 1 }))
  .stage('second', async ({ at }) => {
    if (at === 'broken') throw new Error('It broke');
    return Promise.resolve(at === 'refused' ? refuse('zone-not-permitted') : undefined);
  })
  .stage('third', () => undefined);

test.each([
  ['through', ['first', 'second', 'third']],
  ['refused', ['first', 'second']],
  ['broken', ['first', 'second']],
])('whoever watches a run that goes %s is told of each stage once', async (at, expected) => {
  const told: string[] = [];
  await path
    .run({ at }, (stage, milliseconds) => {
      expect(milliseconds).toBeGreaterThanOrEqual(0);
      told.push(stage);
    })
    .catch(() => undefined);
  expect(told).toEqual(expected);
});

test('one request in 64 is watched, and stands in the metrics', async () => {
  const metrics = new PrometheusMetrics();
  const watched: number[] = [];
  for (let request = 1; request <= 130; request += 1) {
    const watch = metrics.nextWatch();
    if (watch !== undefined) watched.push(request);
    await path.run({ at: 'through' }, watch);
  }
  expect(watched).toEqual([64, 128]);
  const { text } = await metrics.text();
  for (const stage of ['first', 'second', 'third']) expect(text).toContain(`wardgate_stage_seconds_count{stage="${stage}"} 2`);
});
