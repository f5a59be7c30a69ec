// A morning at the clinic, and then what the reports say of it: the numbers in them are those of what was done, on the machine
// of a gateway that goes on running.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { report } from '../../src/cli/report.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { eventually, linesOf, records, signIn, story } from '../support/demo-story.ts';

let demo: Demo;
let nurse: CookieClient;

const page = { headers: { accept: 'text/html' } };

beforeAll(async () => {
  // A day on which the clinic is closed, whichever day it is.
  const openDay = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][(new Date().getDay() + 3) % 7];
  demo = await story({ rewriteGateway: (yaml) => yaml.replace(/hours: [^,}\n]+/, `hours: ${openDay} 10:00-12:00`) });
  nurse = await signIn(demo, 'nurse');
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

/** What the last record of a kind says, as it stands in the log. */
function detailOf(event: string): string {
  const all = linesOf(demo).map((line) => JSON.parse(line) as { readonly event: string; readonly detail?: string });
  return all.findLast((one) => one.event === event)?.detail ?? '';
}

/** Rows of one table. */
function rowsIn({ sections }: Told, key: string): readonly Readonly<Record<string, unknown>>[] {
  return sections.find((section) => section.key === key)?.rows ?? [];
}

function figuresIn({ figures }: Told): Readonly<Record<string, unknown>> {
  return Object.fromEntries(figures.map(({ key, value }) => [key, value]));
}

describe('a report on the machine of a running gateway', () => {
  test('names who opened the chart, what it rests on, and stands on record itself', async () => {
    // What is on the disk is found a moment later.
    await expect
      .poll(async () => rowsIn(await told('patient', '--patient', '7'), 'requests').length, { timeout: 20_000 })
      .toBe(1);
    const made = await told('patient', '--patient', '7');
    expect(rowsIn(made, 'visits')).toMatchObject([{ person: 'nurse', roles: 'nurse', outcome: 'opened', requests: 1 }]);
    expect(made.coverage).toMatchObject({ gapCount: 1, records: { first: 1 } });
    expect(made.evidence.checkpoint.root).toMatch(/^[0-9a-f]{64}$/);
    expect(detailOf('order')).toMatch(/^"report" \(patient, since=1d, patient=~[a-z2-7]{26}\) by /);
  });

  test('counts for the month what was done in it', async () => {
    const made = await told('monthly');
    expect(figuresIn(made)).toMatchObject({
      people: 1,
      added: 1,
      refusals: 1,
      failures: 0,
      downloads: 0,
      emergencies: 0,
      offHours: 3,
      sample: 2,
    });
    expect(new Set(rowsIn(made, 'sample').map(({ patient }) => patient))).toEqual(new Set(['11', '7']));
    expect(rowsIn(made, 'roles')).toEqual([{ roles: 'nurse', accesses: 2, sampled: 2 }]);
  });

  test('tells what a person did, and whether it was the first time', async () => {
    const made = await told('person', '--person', 'nurse');
    expect(figuresIn(made)).toMatchObject({ sessions: 1, refusals: 1, writes: 0 });
    expect(
      new Set(
        rowsIn(made, 'charts').map(
          ({ patient, firstEver, requests }) => `${String(patient)} ${String(firstEver)} ${String(requests)}`,
        ),
      ),
    ).toEqual(new Set(['11 true 1', '7 true 1']));
    expect(rowsIn(made, 'refusals')).toMatchObject([{ target: '/billing/claims', reason: 'role-not-permitted' }]);
  });

  test('tells whether the record is whole, and runs the verifier where it is told to', async () => {
    const made = await told('integrity', '--verify');
    expect(figuresIn(made)).toMatchObject({ verified: 'sound', gaps: 1, size: expect.any(Number) as number });
    expect(rowsIn(made, 'gaps')).toMatchObject([{ what: 'the record does not reach back that far' }]);
  });

  test('hands the patient a list in plain words, without addresses and requests', async () => {
    const { out } = await run('patient', '--patient', '7', '--since', '1d', '--for-patient', '--html');
    const text = out.join('\n');
    expect(text).toContain('Who opened your chart');
    expect(text).toContain('looked at');
    expect(text).not.toMatch(/127\.0\.0\.1|::1|\/chart|wardgate/);
  });

  test('goes into a directory in three forms with its records and the page that checks them', async () => {
    const out = join(demo.directory, 'filed');
    const { code, err } = await run('patient', '--patient', '11', '--since', '1d', '--out', out);
    expect([code, err]).toEqual([0, []]);
    const [html, csv] = ['patient.html', 'patient.csv'].map((name) => readFileSync(join(out, name), 'utf8'));
    expect(html).toContain('Who opened this chart');
    expect(csv).toContain('record,from,until,person');
    const bundle = JSON.parse(readFileSync(join(out, 'bundle.json'), 'utf8')) as {
      readonly records: { readonly line: string }[];
    };
    const events = bundle.records.map(({ line }) => (JSON.parse(line) as { readonly event: string }).event);
    expect(events).toEqual(['attempt', 'outcome']);
    expect(statSync(join(out, 'patient.json')).mode & 0o077).toBe(0);
    const again = await run('patient', '--patient', '11', '--since', '1d', '--out', out);
    expect([again.code, again.err[0]]).toEqual([2, expect.stringContaining('is there already')]);
  });
});

describe('a report in the console', () => {
  let officer: CookieClient;
  beforeAll(async () => {
    officer = await signIn(demo, 'security', '/.wardgate/console/reports');
  });
  const get = async (path: string) => officer.ask(`${demo.origin}/.wardgate/console/reports${path}`, page);

  test('is chosen from a list, asked for by a form, and shown as a page', async () => {
    const list = await get('');
    expect([list.status, list.text]).toEqual([200, expect.stringContaining('Who opened this chart') as string]);
    const form = await get('/patient');
    expect(form.text).toContain('name="patient"');
    const [today, shown] = [new Date().toISOString().slice(0, 7), await get('/patient?patient=7&month=nothing')];
    expect([shown.status, shown.text]).toEqual([400, expect.stringContaining('Name a month') as string]);
    const made = await get(`/patient?patient=7&month=${today}`);
    expect(made.status).toBe(200);
    expect(made.text).toContain('What this report rests on');
    expect(made.text).toContain('/.wardgate/assets/sort.js');
  });

  test('is on record with its kind, its period and the token of its patient, and by whom', async () => {
    await get('/patient?patient=7&from=2026-01-01&to=2100-01-01');
    const made = records(demo).filter(({ event }) => event === 'report-made');
    expect(made.at(-1)).toMatchObject({ subject: { name: 'security' }, decision: 'allowed' });
    expect(detailOf('report-made')).toMatch(/^report "patient" of 2026-\d\S+ to 2100-\d\S+, patient ~[a-z2-7]{26}$/);
  });

  test.each`
    form      | type
    ${'html'} | ${'text/html'}
    ${'csv'}  | ${'text/csv'}
    ${'json'} | ${'application/json'}
  `('is handed out as a $form file', async ({ form, type }: { form: string; type: string }) => {
    const file = await get(`/monthly?from=2026-01-01&to=2100-01-01&as=${form}`);
    expect(file.status).toBe(200);
    expect(file.headers['content-type']).toContain(type);
    expect(file.headers['content-disposition']).toBe(`attachment; filename="monthly-2026-01-01.${form}"`);
    expect(file.text).toContain('Review of information system activity');
  });

  test('of a kind that there is not is no page, and a nurse sees none', async () => {
    expect((await get('/weekly')).status).toBe(404);
    expect((await nurse.ask(`${demo.origin}/.wardgate/console/reports/patient?patient=7`, page)).status).toBe(403);
  });
});
