// A morning at the clinic, and then what the reports say of it: the numbers in them are those of what was done, on the machine
// of a gateway that goes on running.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { report } from '../../src/cli/report.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { eventually, records, signIn, story } from '../support/demo-story.ts';

let demo: Demo;

const page = { headers: { accept: 'text/html' } };

beforeAll(async () => {
  demo = await story();
  const nurse: CookieClient = await signIn(demo, 'nurse');
  await nurse.ask(`${demo.origin}/chart?pid=11`, page);
  await nurse.ask(`${demo.origin}/chart?pid=7`, page);
  await nurse.ask(`${demo.origin}/billing/claims`, page);
  await eventually(() => records(demo).some((one) => one['event'] === 'outcome' && one['patient'] === '7'), 'the chart');
  // A checkpoint that reaches over all of that.
  await eventually(() => existsSync(join(demo.auditDirectory, 'tree', 'checkpoint')), 'the checkpoint');
});
afterAll(async () => demo.close());

interface Told {
  readonly title: string;
  readonly figures: readonly { readonly key: string; readonly value: unknown }[];
  readonly sections: readonly { readonly key: string; readonly rows: readonly Readonly<Record<string, unknown>>[] }[];
  readonly coverage: { readonly records: { readonly first: number; readonly last: number }; readonly gapCount: number };
  readonly evidence: { readonly checkpoint: { readonly size: number; readonly root: string } };
}

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const print = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
  const code = await report([...args, '--config', join(demo.directory, 'gateway.yaml')], print);
  return { code, out, err };
}

async function told(...args: string[]): Promise<Told> {
  const { code, out, err } = await run(...args, '--since', '1d', '--json');
  expect([code, err]).toEqual([0, []]);
  return JSON.parse(out.join('\n')) as Told;
}

describe('a report on the machine of a running gateway', () => {
  test('names who opened the chart, what it rests on, and stands on record itself', async () => {
    // What is on the disk is found a moment later.
    await expect
      .poll(async () => (await told('patient', '--patient', '7')).sections[0]?.rows.length, { timeout: 20_000 })
      .toBe(1);
    const { sections, coverage, evidence } = await told('patient', '--patient', '7');
    const [row] = sections[0]?.rows ?? [];
    expect(row).toMatchObject({ person: 'nurse', roles: 'nurse', decision: 'allowed' });
    expect(coverage).toMatchObject({ gapCount: 1, records: { first: 1 } });
    expect(evidence.checkpoint.root).toMatch(/^[0-9a-f]{64}$/);
    const orders = records(demo).filter(({ event }) => event === 'order');
    expect(String(orders.at(-1)?.['detail'])).toMatch(/^"report" \(patient, since=1d, patient=7\) by /);
  });

  test('goes into a directory in three forms with its records and the page that checks them', async () => {
    const out = join(demo.directory, 'filed');
    await expect.poll(() => existsSync(join(demo.auditDirectory, 'tree', 'checkpoint')), { timeout: 20_000 }).toBe(true);
    const { code, err } = await run('patient', '--patient', '11', '--since', '1d', '--out', out);
    expect([code, err]).toEqual([0, []]);
    const [html, csv] = ['patient.html', 'patient.csv'].map((name) => readFileSync(join(out, name), 'utf8'));
    expect(html).toContain('Who opened this chart');
    expect(csv).toContain('record,time,person');
    expect(JSON.parse(readFileSync(join(out, 'bundle.json'), 'utf8'))).toMatchObject({ format: 'wardgate-audit-export/1' });
    expect(statSync(join(out, 'patient.json')).mode & 0o077).toBe(0);
    const again = await run('patient', '--patient', '11', '--since', '1d', '--out', out);
    expect([again.code, again.err[0]]).toEqual([2, expect.stringContaining('is there already')]);
  });
});
