// The gauges of the stores that gateways share: each says what stands when somebody asks, and one alone has all of them too.

import { expect, test } from 'vitest';
import { PrometheusMetrics } from '../../src/adapters/metrics-prometheus.ts';
import { oneGateway } from '../../src/adapters/one-gateway.ts';
import { storeStanding } from '../../src/adapters/store-standing.ts';
import type { StoreStanding } from '../../src/adapters/store-standing.ts';
import { measureStore } from '../../src/compose/measure-store.ts';

async function gauges(metrics: PrometheusMetrics): Promise<Record<string, string>> {
  const { text } = await metrics.text();
  return Object.fromEntries(
    [...text.matchAll(/^wardgate_store_(\w+) (\S+)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

test('a gateway alone is current, leads, and hears nobody', async () => {
  const metrics = new PrometheusMetrics();
  measureStore(metrics, storeStanding({ shared: oneGateway, redis: null, postgres: null }));
  expect(await gauges(metrics)).toEqual({
    current: '1',
    leads: '1',
    postgres_up: '1',
    heartbeat_age_seconds: 'Nan',
    unconfirmed: '0',
    reconnects: '0',
  });
});

test('one of several is told as it stands at that moment', async () => {
  const metrics = new PrometheusMetrics();
  const standing = {
    kind: 'shared',
    current: true,
    leads: false,
    postgresAnswers: true,
    heartbeatAgeSeconds: 0.25,
    unconfirmed: 0,
    reconnects: 1,
    notices: () => [],
  } satisfies StoreStanding;
  const now: { -readonly [Key in keyof StoreStanding]: StoreStanding[Key] } = { ...standing };
  measureStore(metrics, now);
  expect(await gauges(metrics)).toMatchObject({ current: '1', leads: '0', postgres_up: '1', heartbeat_age_seconds: '0.25' });
  Object.assign(now, {
    current: false,
    leads: true,
    postgresAnswers: false,
    heartbeatAgeSeconds: 7,
    unconfirmed: 3,
    reconnects: 2,
  });
  expect(await gauges(metrics)).toEqual({
    current: '0',
    leads: '1',
    postgres_up: '0',
    heartbeat_age_seconds: '7',
    unconfirmed: '3',
    reconnects: '2',
  });
});
