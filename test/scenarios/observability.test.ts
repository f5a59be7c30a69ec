// What is watched is there: each query of the dashboard and each metric of the docs names one that a running gateway gives,
// labels are bounded, and each line of the operations log about a request carries the id that the record has.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gateway } from '../../src/main.ts';
import { clinic, openGateway } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { eventually, records, signIn } from '../support/demo-story.ts';
import { rememberingLog } from '../support/silent-log.ts';

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
const log = rememberingLog();
/** Given where the gateway has a certificate. */
const onlyWithTls = 'wardgate_certificate_days_left';
/** Each of their values is of a closed set. */
const bounded = ['detector', 'ended_by', 'event', 'kind', 'le', 'reason', 'result', 'status', 'store', 'telling'];
let place: Clinic;
let gateway: Gateway;
let text = '';
/** Names of all metrics that it gives, with those of a histogram's parts. */
let names: ReadonlySet<string>;

beforeAll(async () => {
  place = await clinic();
  gateway = await openGateway(place, log);
  const nurse = await signIn(place, 'nurse');
  await nurse.page(`${place.origin}/chart?pid=7`);
  await place.ehr.close();
  expect((await nurse.page(`${place.origin}/chart?pid=8`)).status).toBe(502);
  text = await (await fetch(`http://127.0.0.1:${place.healthPort}/metrics`)).text();
  const given = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', kind]) => ({ name, kind }));
  const parts = given.flatMap(({ name, kind }) => (kind === 'histogram' ? [`${name}_bucket`, `${name}_count`, name] : [name]));
  names = new Set([...parts, onlyWithTls]);
});
afterAll(async () => {
  await gateway.close();
  await place.close();
});

const metricsIn = (said: string): string[] => [...new Set(said.match(/\b(?:wardgate|nodejs|process)_[a-z0-9_]+\b/g))];

interface Dashboard {
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
  readonly templating: { readonly list: readonly { readonly definition?: string }[] };
}

test('each query of the dashboard asks for metrics that are given', () => {
  const { panels, templating } = JSON.parse(read('grafana/wardgate.json')) as Dashboard;
  const asked = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  const queries = [...asked, ...templating.list.flatMap(({ definition = [] }) => definition)];
  expect(queries.filter((query) => metricsIn(query).length === 0)).toEqual([]);
  expect(queries.flatMap(metricsIn).filter((name) => !names.has(name))).toEqual([]);
  expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  // What Prometheus gives to each, and places of the configuration: anchors, feeds, receivers.
  const labels = ['instance', 'stage', ...bounded];
  const selected = asked.flatMap((query) => query.match(/\w+(?==~?")/g) ?? []);
  const summed = asked.flatMap((query) => [...query.matchAll(/ by \(([^)]+)\)/g)].flatMap(([, by = '']) => by.split(', ')));
  expect([...selected, ...summed].filter((label) => !labels.includes(label))).toEqual([]);
});

test('each metric that the docs name is given, and each of ours is named', () => {
  const said = metricsIn(read('docs/operations.md'));
  expect(said.filter((name) => !names.has(name))).toEqual([]);
  const ours = [...names].filter((name) => name.startsWith('wardgate_') && !/_(?:bucket|count)$/.test(name));
  expect(ours.filter((name) => !said.includes(name))).toEqual([]);
});

test('labels are words of closed sets alone: no person, patient or path', () => {
  const labels = new Set(
    [...text.matchAll(/^wardgate_\w+\{([^}]*)\}/gm)].flatMap(([, all = '']) => all.match(/\w+(?==")/g) ?? []),
  );
  expect([...labels].filter((label) => !bounded.includes(label))).toEqual([]);
  expect(labels).toContain('ended_by');
  for (const said of ['nurse', '/chart', 'pid', 'Examplar']) expect(text).not.toContain(said);
});

test('what happened is told with its reason: a page, a fault of the EHR, the disk of the record', () => {
  expect(text).toContain('wardgate_reasons_total{kind="fault",reason="upstream-unreachable"} 1');
  expect(text).toMatch(/^wardgate_audit_sync_seconds_count [1-9]/m);
  // At zero before its first alert, so that Prometheus sees it rise.
  expect(text).toContain('wardgate_alerts_total{detector="many-patients",telling="strong"} 0');
});

test('a line of the log about a request carries the id of its record', async () => {
  const failed = log.lines.filter((line) => line.includes('A request failed'));
  expect(failed).toHaveLength(1);
  const [record] = await eventually(() => {
    const outcomes = records(place).filter(({ event, status }) => event === 'outcome' && status === 502);
    return outcomes.length > 0 ? outcomes : null;
  }, 'the record');
  expect(failed[0]).toContain(`"request":"${String(record?.['request'])}"`);
});
