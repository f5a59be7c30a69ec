// Accounting for disclosures: what left by download, by paper and by a machine, corrections, what an agency asks to hold back, and
// the two reports that tell of it, beside a running gateway.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { disclosureCommand } from '../../src/cli/disclosure.ts';
import { report } from '../../src/cli/report.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import { roleLines } from '../support/clinic-story.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { eventually, records, signIn, story } from '../support/demo-story.ts';
import { changeRows } from '../support/story-store.ts';

const rules = `${roleLines}
rules:
  - { name: documents, paths: [/documents/file], allow: records, patient: query.pid, category: document, download: always, disclosure: records }
  - { name: console, area: wardgate.console, allow: privacy }
  - { name: find, paths: [/finder, /main, /welcome], allow: everyone }
`;
const navigation = {
  'sec-fetch-dest': 'document',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-site': 'same-origin',
  accept: 'text/html',
};
const formType = 'application/x-www-form-urlencoded';
const consolePath = '/.wardgate/console/disclosures';
const what = ['--what', 'Discharge letter', '--purpose', 'Request of 1 November, folder 12'] as const;

let demo: Demo;
let officer: CookieClient;

beforeAll(async () => {
  demo = await story({ rules });
  officer = await signIn(demo, 'security');
});
afterAll(async () => demo.close());

async function command(run: typeof report, ...args: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const print = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
  const code = await run([...args, '--config', join(demo.directory, 'gateway.yaml')], print);
  return { code, out, err };
}

async function ordered(...args: readonly string[]): Promise<Record<string, string>> {
  const { code, out, err } = await command(disclosureCommand, ...args, '--json');
  expect([code, err]).toEqual([0, []]);
  return JSON.parse(out.join('\n')) as Record<string, string>;
}

type Rows = readonly Readonly<Record<string, unknown>>[];

async function rowsOf(...args: readonly string[]): Promise<Rows> {
  // What was just written is found once its checkpointed head is read.
  const { code, out, err } = await command(report, ...args, '--json');
  expect([code, err]).toEqual([0, []]);
  const { sections } = JSON.parse(out.join('\n')) as { readonly sections: readonly { readonly rows: Rows }[] };
  return sections[0]?.rows ?? [];
}

const accounting = (patient: string): Promise<Rows> => rowsOf('disclosures', '--patient', patient);
const count = (event: string): number => records(demo).filter((one) => one['event'] === event).length;
/** Until the index has read what was written last. */
const soon = async (look: () => Promise<Rows>, rows: number): Promise<Rows> => {
  await expect.poll(async () => (await look()).length, { timeout: 20_000 }).toBe(rows);
  return look();
};

test('a download, a letter and a phone call to one recipient for one purpose are one line; others stand for themselves', async () => {
  const client = await signIn(demo, 'records');
  const url = `${demo.origin}/documents/file?pid=7&doc=1`;
  const where = (await client.ask(url, { headers: navigation })).headers.location ?? '';
  const body = new URLSearchParams({
    leaves: 'yes',
    recipient: 'County court',
    description: 'Discharge letter',
    purpose: 'Subpoena 4711',
    basis: 'court',
  });
  const headers = { ...navigation, 'content-type': formType, origin: demo.origin };
  await client.ask(demo.origin + where, { method: 'POST', body: body.toString(), headers });
  expect((await client.ask(url, { headers: navigation })).status).toBe(200);
  const same = ['--to', 'County court', '--what', 'Discharge letter', '--purpose', 'Subpoena 4711', '--basis', 'court'];
  await ordered('add', ...same, '--patient', '7', '--made-on', '2026-01-05');
  await ordered('add', '--to', 'Lab', ...what, '--basis', 'public-health', '--patient', '7', '--patient', '8');
  await ordered('add', '--to', 'The patient', ...what, '--basis', 'to-the-patient', '--patient', '7');
  const rows = await soon(() => accounting('7'), 2);
  expect(rows[0]).toMatchObject({ recipient: 'County court', times: 2, purpose: 'Subpoena 4711' });
  expect(String(rows[0]?.['first'])).toMatch(/^2026-01-05T/);
  expect(rows[1]).toMatchObject({ recipient: 'Lab', times: 1, address: null });
  expect(await accounting('8')).toHaveLength(1);
  expect(await accounting('9')).toHaveLength(0);
  expect(JSON.stringify(records(demo))).not.toContain('Subpoena');
});

test('the report of exports says what became of each question', async () => {
  const period = ['--since', '1d'];
  await expect
    .poll(async () => (await rowsOf('exports', ...period)).map(({ came, left }) => [came, left]), { timeout: 20_000 })
    .toContainEqual([expect.any(String), 'yes: Court or subpoena']);
});

test('the version for the patient speaks their language and names no part of ours', async () => {
  const { code, out } = await command(report, 'disclosures', '--patient', '8', '--for-patient');
  expect([code, out.join('\n').includes('Lab'), out.join('\n').includes('164.528')]).toEqual([0, true, false]);
  const wrong = await command(report, 'disclosure-register', '--for-patient');
  expect([wrong.code, wrong.err[0]]).toEqual([2, expect.stringContaining('--for-patient is for reports about one patient')]);
});

test('what is set right or withdrawn is left out of the accounting, and stands on record', async () => {
  const { disclosure: first = '' } = await ordered(
    'add',
    '--to',
    'Wrong name',
    ...what,
    '--basis',
    'research',
    '--patient',
    '20',
  );
  const fixed = ['--in-place-of', first, '--patient', '20'];
  const { disclosure: second = '' } = await ordered('add', '--to', 'Right name', ...what, '--basis', 'research', ...fixed);
  expect((await soon(() => accounting('20'), 1))[0]).toMatchObject({ recipient: 'Right name' });
  await ordered('withdraw', second, '--because', 'it was never sent');
  await soon(() => accounting('20'), 0);
  const details = records(demo).map(({ detail }) => String(detail));
  expect(details.some((detail) => detail.includes(`known in place of ${first}`))).toBe(true);
  expect(details.some((detail) => detail === `Inside treatment, payment and operations, known in place of ${second}`)).toBe(true);
});

describe('what an agency asks to hold back', () => {
  test('is left out for the patient, stands in the register, and comes back when it is lifted', async () => {
    const police = ['--to', 'State Police', ...what, '--basis', 'law-enforcement'];
    await ordered('add', ...police, '--patient', '30');
    await ordered('add', '--to', 'City Police', ...what, '--basis', 'law-enforcement', '--patient', '30');
    await soon(() => accounting('30'), 2);
    const why = ['--patient', '30', '--agency', 'state police.', '--because', 'investigation 99'];
    const { suspension = '', until } = await ordered('suspend', ...why, '--oral');
    expect(Date.parse(until ?? '') - Date.now()).toBeLessThanOrEqual(30 * 86_400_000);
    expect((await accounting('30')).map(({ recipient }) => recipient)).toEqual(['City Police']);
    const register = await rowsOf('disclosure-register', '--since', '1d');
    expect(register.filter(({ recipient }) => recipient === 'State Police')).toHaveLength(1);
    expect(JSON.stringify(records(demo))).not.toContain('investigation 99');
    const { out } = await command(disclosureCommand, 'held-back');
    expect(out.join('\n')).toContain('investigation 99');
    await ordered('lift', suspension);
    expect(await accounting('30')).toHaveLength(2);
    expect([count('disclosure-suspended'), count('disclosure-resumed')]).toEqual([1, 1]);
    const again = await command(disclosureCommand, 'lift', suspension);
    expect([again.code, again.err.join('')]).toEqual([1, expect.stringContaining('Nothing is held back under this number')]);
  });

  test.each([
    ['in writing without an end', [], 'names the time for which it is needed'],
    ['by word of mouth for longer', ['--oral', '--until', '2099-01-01'], 'holds 30 days at most'],
    ['until a day that is past', ['--until', '2020-01-01'], 'lies in the past'],
    ['until no day', ['--until', 'soon'], 'is no day'],
  ])('%s is refused', async (_what, args, says) => {
    const all = ['suspend', '--patient', '30', '--agency', 'FBI', '--because', 'letter', ...args];
    const { code, err } = await command(disclosureCommand, ...all);
    expect([code, err.join('\n')]).toEqual([1, expect.stringContaining(says)]);
  });
});

test.each([
  ['no recipient', ['add', '--what', 'x', '--purpose', 'y', '--basis', 'court', '--patient', '7'], 2, '--to is missing'],
  ['no such ground', ['add', '--to', 'R', '--what', 'x', '--purpose', 'y', '--basis', 'fun', '--patient', '7'], 1, 'basis'],
  ['no patient', ['add', '--to', 'R', '--what', 'x', '--purpose', 'y', '--basis', 'court'], 1, 'patients'],
  ['a day to come', ['add', '--to', 'R', ...what, '--basis', 'court', '--count', '3', '--made-on', '2099-01-01'], 1, 'future'],
  ['a number that is none', ['withdraw', 'x', '--because', 'y'], 1, 'There is no disclosure'],
  ['a command that is none', ['remove'], 2, 'There is no command'],
  ['nobody to suspend', ['suspend', '--oral'], 2, 'Say whose'],
  ['two to lift', ['lift', 'a', 'b'], 2, 'Name one SUSPENSION'],
  ['no reason', ['withdraw', 'a'], 2, 'Say why'],
])('a command with %s is refused', async (_what, args, exit, says) => {
  const before = count('disclosure');
  const { code, err } = await command(disclosureCommand, ...args);
  expect([code, err.join('\n')]).toEqual([exit, expect.stringContaining(says)]);
  expect(count('disclosure')).toBe(before);
});

describe('the console', () => {
  const send = (fields: Record<string, string>, more: Record<string, string> = {}) =>
    officer.ask(demo.origin + consolePath, {
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: { ...navigation, 'content-type': formType, origin: demo.origin, ...more },
    });
  const filled = {
    recipient: 'Coroner',
    description: 'Chart',
    purpose: 'Inquest',
    basis: 'deceased',
    patients: '40',
    'made-on': '',
  };

  test('makes the accounting of six years where no time is asked for', async () => {
    const page = await officer.page(`${demo.origin}/.wardgate/console/reports/disclosures?patient=7`);
    expect([page.status, page.text.includes('County court')]).toEqual([200, true]);
    const years = new Date().getUTCFullYear() - 6;
    expect(page.text).toContain(String(years));
    expect(records(demo).findLast(({ event }) => event === 'report-made')?.['detail']).toContain('report "disclosures"');
    const copy = await officer.page(`${demo.origin}/.wardgate/console/reports/disclosures?patient=7&copy=patient`);
    expect([copy.text.includes('County court'), copy.text.includes('164.528')]).toEqual([true, false]);
  });

  test('takes what left by paper, told by whoever is signed in', async () => {
    const shown = await officer.page(demo.origin + consolePath);
    expect([shown.status, shown.text.includes('No answer is owed')]).toEqual([200, true]);
    expect((await send(filled)).text).toContain('is on record');
    const record = records(demo).findLast(({ event }) => event === 'disclosure');
    expect(record?.['subject']).toMatchObject({ name: 'security' });
    expect((await soon(() => accounting('40'), 1))[0]).toMatchObject({ recipient: 'Coroner' });
  });

  test.each([
    ['a field that is missing', { ...filled, purpose: '' }, {}, 400],
    ['a day that is none', { ...filled, 'made-on': 'soon' }, {}, 400],
    ['the form of another site', filled, { origin: 'https://evil.example' }, 403],
    ['the form of a script', filled, { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }, 403],
  ])('does not take %s', async (_what, fields, headers, status) => {
    const before = count('disclosure');
    expect((await send(fields, headers)).status).toBe(status);
    expect(count('disclosure')).toBe(before);
  });

  test('is shut to everybody else', async () => {
    const nurse = await signIn(demo, 'nurse');
    expect((await nurse.page(demo.origin + consolePath)).status).toBe(403);
  });
});

test('words that were changed in the store are not shown as those of the record', async () => {
  const { disclosure: id = '' } = await ordered('add', '--to', 'Honest name', ...what, '--basis', 'other', '--patient', '50');
  await soon(() => accounting('50'), 1);
  const { disclosure: other = '' } = await ordered('add', '--to', 'Other name', ...what, '--basis', 'other', '--patient', '51');
  // Whoever holds the disk, though not the key, puts another row in its place.
  const statement = 'UPDATE disclosures SET sealed = (SELECT sealed FROM disclosures WHERE id = ?) WHERE id = ?';
  changeRows(join(demo.directory, 'data'), statement, other, id);
  const { out, err } = await command(report, 'disclosures', '--patient', '50');
  expect(out.join('\n')).toContain('1 disclosures are on record whose words cannot be shown');
  expect(err.join('\n')).toContain('could not be opened');
  await eventually(() => true);
});
