// An alert becomes a case, and the case is looked into, asked about, disposed of, closed, handed out and opened again: through the
// real demo, each step on record, each refusal in words.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apply } from '../../src/cli/apply.ts';
import { caseCommand } from '../../src/cli/case.ts';
import { report } from '../../src/cli/report.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import { told } from '../support/backup-clinic.ts';
import { arrive, recordsOf, roleLines, rulesChanges } from '../support/clinic-story.ts';
import type { CookieClient, Reply } from '../support/cookie-client.ts';
import { eventually, records, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
rules:
  - { name: screens, paths: [/, /main, '/static/**'], allow: everyone }
  - { name: charts, area: ehr.chart, allow: [physician, nurse] }
  - { name: review, area: wardgate.review, allow: [privacy, nurse] }
  - { name: console, area: wardgate.console, allow: privacy }
`;
const alerts = `detectors: { after-hours: off, many-patients: { moreThan: 2 } }
review: { deputy: dora }
`;

const clock = new ShiftingClock();
let demo: Demo;
let officer: CookieClient;
let nurse: CookieClient;
let physician: CookieClient;
let id = '';

const where = '/.wardgate/console/review';
const alertOf = (name: string) =>
  records(demo).find((one) => one['event'] === 'alert' && (one['subject'] as { name: string }).name === name);
const steps = () => recordsOf(demo, 'case-step');
const lastStep = () => steps().at(-1) ?? {};
const page = (path: string, client = officer): Promise<Reply> => client.page(`${demo.origin}${where}${path}`);

beforeAll(async () => {
  demo = await story({ rules, alerts, clock });
  nurse = await arrive(demo, 'nurse', clock);
  physician = await arrive(demo, 'physician', clock);
  for (const client of [nurse, physician]) for (const pid of [1, 2, 3]) await client.page(`${demo.origin}/chart?pid=${pid}`);
  for (const name of ['nurse', 'physician']) await eventually(() => alertOf(name), `the alert of ${name}`);
  officer = await arrive(demo, 'security', clock);
  await eventually(async () => (await page('')).text.includes('physician'), 'the alerts in the search');
}, 60_000);
afterAll(async () => demo.close());

function send(client: CookieClient, path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  const own = {
    origin: demo.origin,
    'sec-fetch-site': 'same-origin',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
  };
  const type = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };
  const body = new URLSearchParams(fields).toString();
  return client.ask(`${demo.origin}${where}${path}`, { method: 'POST', body, headers: { ...own, ...type, ...headers } });
}
const take = (kind: string, text = '', more: Record<string, string> = {}, client = officer) =>
  send(client, `/case?id=${id}`, { kind, text, ...more });

test('alerts without a case are listed, and a case is opened from them', async () => {
  const list = (await page('')).text;
  expect(list).toContain('2 of 2 groups are in no case yet');
  const reply = await send(officer, '', { alerts: String(alertOf('physician')?.['seq']) });
  expect(reply.status).toBe(200);
  expect(reply.text).toContain('The case is open, and on record');
  expect(reply.text).toContain('charts opened within one hour');
  id = /case\?id=([\w-]+)"/.exec(reply.text)?.[1] ?? '';
  expect(lastStep()).toMatchObject({ reason: 'opened', decision: 'allowed', subject: { name: 'security' } });
  expect((await page('')).text).toContain('1 of 2 groups are in no case yet');
  expect((await send(officer, '', { alerts: String(alertOf('physician')?.['seq']) })).status).toBe(409);
});

test('nobody sees, opens or judges what concerns themselves, and is told whom to ask', async () => {
  const own = await send(officer, '', { alerts: String(alertOf('nurse')?.['seq']) });
  const case2 = /case\?id=([\w-]+)"/.exec(own.text)?.[1] ?? '';
  const hers = (await page('', nurse)).text;
  // The same sentence stands there for whoever was not noticed at all.
  expect(hers).toMatch(/Nobody finds here what is about\s+themselves: the deputy \(dora\) would look into it/);
  expect(hers).toContain('0 of 1 groups are in no case yet');
  expect(hers).not.toContain('>nurse<');
  clock.forward({ minutes: 1 });
  const second = await arrive(demo, 'nurse', clock);
  for (const client of [nurse, second]) {
    const shown = await page(`/case?id=${case2}`, client);
    expect(shown.status).toBe(403);
    expect(shown.text).toContain('nobody reviews anything about themselves. Ask the deputy, dora.');
    expect(shown.text).not.toContain('charts opened within');
    const refused = await send(client, `/case?id=${case2}`, { kind: 'finding', text: 'It was nothing' });
    expect(refused.status).toBe(403);
    expect(lastStep()).toMatchObject({ reason: 'finding', decision: 'refused', subject: { name: 'nurse' } });
  }
  expect((await page(`/export?id=${case2}&as=json`, nurse)).status).toBe(403);
  expect((await page('', await arrive(demo, 'physician', clock))).status).toBe(403);
});

test('a later alert is put to the open case, from the list and from the case; one of somebody else is not', async () => {
  const later = (detector: string) => records(demo).find((one) => one['reason'] === detector)?.['seq'];
  for (let pid = 4; pid <= 12; pid += 1) await physician.page(`${demo.origin}/chart?pid=${pid}`);
  await eventually(() => later('patients-in-order'), 'the later alert');
  const offered = `name="alert" value="${String(later('patients-in-order'))}"`;
  await eventually(async () => (await page(`/case?id=${id}`)).text.includes(offered), 'the alert on the page of the case');
  expect((await page('?person=physician')).text).toContain(`Add to case ${id.slice(0, 6)}: physician`);
  expect((await page('?person=physician&detector=two-places')).text).toContain('0 of 0 groups');
  const wrong = await send(officer, '', { alerts: String(alertOf('nurse')?.['seq']), to: id });
  expect([wrong.status, lastStep()['reason'], lastStep()['decision']]).toEqual([409, 'alert-added', 'refused']);
  const added = await take('alert-added', '', { alert: String(later('patients-in-order')) });
  expect([added.status, added.text]).toEqual([200, expect.stringContaining('That is done, and on record')]);
  expect(added.text).not.toContain(offered);
  expect(lastStep()).toMatchObject({ reason: 'alert-added', decision: 'allowed', subject: { name: 'security' } });
});

test('a form from elsewhere changes nothing', async () => {
  const count = steps().length;
  expect((await send(officer, `/case?id=${id}`, { kind: 'finding', text: 'x' }, { 'sec-fetch-site': 'cross-site' })).status).toBe(
    403,
  );
  expect((await send(officer, `/case?id=${id}`, { kind: 'finding', text: 'x' }, { 'sec-fetch-mode': 'cors' })).status).toBe(403);
  expect(steps().length).toBe(count);
});

test.each<[string, string, string, number, string]>([
  ['disposition', 'x', 'violation', 409, 'Write down first what you found'],
  ['closed', 'x', '', 409, 'choose a disposition'],
  ['sanction', 'x', '', 409, 'choose a disposition'],
  ['finding', ' ', '', 400, 'Write something'],
  ['finding', 'x'.repeat(2001), '', 400, 'at most 2000 characters'],
  ['question-withheld', '', '', 409, 'No question is open'],
  ['reopened', '', '', 409, 'is not closed'],
  ['answer', 'I was there', '', 403, 'not yours'],
])('a step out of turn is refused in words and on record: %s', async (kind, text, disposition, status, says) => {
  const reply = await take(kind, text, { disposition });
  expect(reply.status).toBe(status);
  expect(reply.text).toContain(says);
  if (kind !== 'answer') expect(lastStep()).toMatchObject({ reason: kind, decision: 'refused' });
});

test('question, finding, disposition, sanction, closing: each on record, no word of it in the record', async () => {
  expect((await take('question', '', { suggested: '0' })).text).toContain('in a way that our record does not explain');
  expect((await take('question', 'And?')).status).toBe(409);
  expect((await take('question-withheld')).status).toBe(200);
  expect((await take('message', 'Please call me')).status).toBe(200);
  expect((await take('finding', 'Opened John Doe <b>out of</b> curiosity')).text).toContain(
    'John Doe &lt;b&gt;out of&lt;/b&gt; curiosity',
  );
  expect((await take('disposition', 'No reason', { disposition: '' })).text).toContain('Choose what it was');
  expect((await take('disposition', 'No reason', { disposition: 'violation' })).status).toBe(200);
  expect((await take('closed', 'Done')).text).toContain('Write down the sanction first');
  expect((await take('sanction', 'A talk')).status).toBe(200);
  expect((await page(`/export?id=${id}&as=json`)).text).toContain('This case is not closed');
  expect((await take('closed', 'Done')).status).toBe(200);
  expect((await take('finding', 'more')).text).toContain('Reopen it first');
  const kept = steps()
    .filter((one) => one['decision'] === 'allowed')
    .map((one) => one['reason']);
  expect(kept.slice(-7)).toEqual(['question', 'question-withheld', 'message', 'finding', 'disposition', 'sanction', 'closed']);
  expect(JSON.stringify(records(demo))).not.toMatch(/John Doe|Please call me/);
  expect((await page('?cases=closed')).text).toContain('violation, question withheld');
});

test('a closed case is handed out with the numbers of its records, on record', async () => {
  const json = await page(`/export?id=${id}&as=json`);
  expect(json.headers['content-disposition']).toBe(`attachment; filename="case-${id}.json"`);
  const out = JSON.parse(json.text) as { format: string; record: number; case: { steps: { kind: string; record: number }[] } };
  expect(out.format).toBe('wardgate-case/1');
  expect(lastStep()).toMatchObject({ reason: 'exported', seq: out.record });
  for (const { kind, record } of out.case.steps)
    expect(steps().find((one) => one['seq'] === record)).toMatchObject({ reason: kind, decision: 'allowed' });
  expect((await page(`/export?id=${id}`)).text).toContain('A talk');
});

test('dispositions tell how often a detector is right, in the console and in the monthly report', async () => {
  expect((await page('/precision')).text).toMatch(/many patients[^]*100 %/);
  const month = new Date().toISOString().slice(0, 7);
  const config = ['--config', join(demo.directory, 'gateway.yaml')];
  const made = await told(report, 'monthly', '--month', month, '--json', ...config);
  expect(`${made.out}${made.err}`).toContain('How often detectors were right');
});

test('a terminal is told how far cases are, on record first, and no word that was written in one', async () => {
  const wardgate = (...args: string[]) => told(caseCommand, ...args, '--config', join(demo.directory, 'gateway.yaml'));
  const closed = await wardgate('list', '--state', 'closed', '--person', 'PHYSICIAN');
  expect([closed.code, closed.out]).toEqual([
    0,
    expect.stringMatching(new RegExp(`^${id}  .*closed, 2 alerts, violation, sanction, question withheld`)),
  ]);
  expect(recordsOf(demo, 'order').at(-1)?.['detail']).toMatch(/"case list" .*closed, person "PHYSICIAN"/);
  const shown = await wardgate('show', id);
  expect(shown.out).toMatch(/Step +record \d+ .* finding by security, text sealed as [0-9a-f]{64}/);
  const json = JSON.parse((await wardgate('show', id, '--json')).out) as { standing: string; steps: { kind: string }[] };
  expect([json.standing, json.steps[0]?.kind]).toEqual(['closed', 'opened']);
  expect(`${shown.out}${JSON.stringify(json)}`).not.toMatch(/John Doe|curiosity|A talk/);
  expect((JSON.parse((await wardgate('list', '--state', 'all', '--json')).out) as { cases: unknown[] }).cases).toHaveLength(2);
  expect(await wardgate('list', '--person', 'nobody')).toMatchObject({ code: 1 });
  expect(await wardgate('list', '--state', 'half')).toMatchObject({
    code: 1,
    err: expect.stringContaining('"half" is no standing'),
  });
  expect(await wardgate('show', 'nowhere')).toMatchObject({
    code: 1,
    err: expect.stringContaining('There is no case "nowhere"'),
  });
  for (const wrong of [['show'], ['show', 'a', 'b'], ['open'], []]) expect((await wardgate(...wrong)).code).toBe(2);
});

test('who changed the rules reopens and disposes of nothing, and is told whom to ask', async () => {
  expect((await take('reopened')).status).toBe(200);
  expect((await take('finding', 'Looked again')).status).toBe(200);
  const file = join(demo.directory, 'next.yaml');
  writeFileSync(file, rules.replace('[physician, nurse]', '[physician, nurse, billing]'));
  const given = [
    '--rules',
    file,
    '--reason',
    'billing reads charts',
    '--person',
    'security',
    '--config',
    join(demo.directory, 'gateway.yaml'),
  ];
  expect(await told((args, print) => apply(args, print, null), ...given)).toMatchObject({ code: 0 });
  await eventually(() => rulesChanges(demo).length > 0, 'the new rules');
  const refused = await take('disposition', 'fine', { disposition: 'justified' });
  expect(refused.status).toBe(403);
  expect(refused.text).toContain('You changed the rules or settings within the last quarter');
  expect(refused.text).toContain('Ask the deputy, dora.');
  expect(lastStep()).toMatchObject({ reason: 'disposition', decision: 'refused' });
});
