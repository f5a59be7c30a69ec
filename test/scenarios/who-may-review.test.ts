// Who may judge what, through the real demo: what a reviewer did is the deputy's alone, and whoever changed the rules disposes of no
// item, closes no case and signs nothing, whatever name they gave for it.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apply } from '../../src/cli/apply.ts';
import { review as reviewCommand } from '../../src/cli/review.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import type { Review } from '../../src/core/review/review.ts';
import { told } from '../support/backup-clinic.ts';
import { arrive, recordsOf, roleLines, rulesChanges } from '../support/clinic-story.ts';
import type { CookieClient, Reply } from '../support/cookie-client.ts';
import { eventually, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
rules:
  - { name: screens, paths: [/, /main, '/static/**'], allow: everyone }
  - { name: charts, area: ehr.chart, allow: [physician, records] }
  - { name: review, area: wardgate.review, allow: [privacy, it, records] }
  - { name: console, area: wardgate.console, allow: privacy }
`;
const alerts = `detectors: { after-hours: off, new-network: off, dormant-account: off, many-patients: { moreThan: 2 } }
review: { deputy: it }
`;

const clock = new ShiftingClock();
let demo: Demo;
let officer: CookieClient;
let deputy: CookieClient;
let changes = 0;

const where = '/.wardgate/console/review';
const alertOf = (name: string) =>
  recordsOf(demo, 'alert').find((one) => (one['subject'] as { name: string } | undefined)?.name === name);
const config = () => ['--config', join(demo.directory, 'gateway.yaml')];

beforeAll(async () => {
  demo = await story({ rules, alerts, clock });
  for (const name of ['physician', 'records']) {
    const client = await arrive(demo, name, clock);
    for (const pid of [1, 2, 3]) await client.page(`${demo.origin}/chart?pid=${pid}`);
    await eventually(() => alertOf(name), `the alert of ${name}`);
  }
  while (new Date(clock.now()).getTime() < Date.parse(String(alertOf('records')?.['time'])) + 8 * 86_400_000)
    clock.forward({ hours: 12 });
  officer = await arrive(demo, 'security', clock);
  deputy = await arrive(demo, 'it', clock);
  await eventually(async () => (await officer.page(`${demo.origin}${where}?days=30`)).text.includes('records'), 'the alerts');
}, 60_000);
afterAll(async () => demo.close());

function send(client: CookieClient, path: string, fields: readonly (readonly [string, string])[]): Promise<Reply> {
  const own = {
    origin: demo.origin,
    'sec-fetch-site': 'same-origin',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
  };
  const type = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };
  const body = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString();
  return client.ask(`${demo.origin}${where}${path}`, { method: 'POST', body, headers: { ...own, ...type } });
}

async function openCase(name: string): Promise<string> {
  const reply = await send(officer, '', [['alerts', String(alertOf(name)?.['seq'])]]);
  return /case\?id=([\w-]+)"/.exec(reply.text)?.[1] ?? '';
}

const step = (client: CookieClient, id: string, kind: string, disposition = '') =>
  send(client, `/case?id=${id}`, [
    ['kind', kind],
    ['text', 'Looked at'],
    ['disposition', disposition],
  ]);

const dispose = (client: CookieClient, id: string, item: number) =>
  send(client, `/certified/${id}`, [
    ['item', String(item)],
    ['disposition', 'fine'],
  ]);

async function triage(): Promise<Review> {
  const all = async (): Promise<readonly Review[]> =>
    (JSON.parse((await told(reviewCommand, 'list', '--json', ...config())).out) as { reviews: Review[] }).reviews;
  await expect.poll(async () => (await all()).some(({ kind }) => kind === 'triage'), { timeout: 20_000 }).toBe(true);
  return (await all()).find(({ kind }) => kind === 'triage') as Review;
}

async function changeRules(person: string): Promise<void> {
  changes += 1;
  const file = join(demo.directory, `next-${changes}.yaml`);
  writeFileSync(file, rules.replace('[physician, records]', ['[physician, records, nurse]', '[physician, records, billing]'][changes - 1] ?? '')); // prettier-ignore
  const given = ['--rules', file, '--reason', 'a test', '--person', person, ...config()];
  const before = rulesChanges(demo).length;
  expect(await told((args, print) => apply(args, print, null), ...given)).toMatchObject({ code: 0 });
  await eventually(() => rulesChanges(demo).length > before, 'the new rules');
}

let ofReviewer = '';
let ofPhysician = '';

test('a case about a reviewer: a colleague may look, and the deputy alone says what it was', async () => {
  ofReviewer = await openCase('records');
  expect((await step(officer, ofReviewer, 'finding')).status).toBe(200);
  const refused = await step(officer, ofReviewer, 'disposition', 'justified');
  expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('Ask the deputy, it; if they cannot')]);
  expect(recordsOf(demo, 'case-step').at(-1)).toMatchObject({ decision: 'refused', subject: { name: 'security' } });
  expect((await step(deputy, ofReviewer, 'disposition', 'justified')).status).toBe(200);
  expect((await step(officer, ofReviewer, 'closed')).status).toBe(403);
  expect((await step(deputy, ofReviewer, 'closed')).status).toBe(200);
  expect((await step(officer, ofReviewer, 'reopened')).status).toBe(403);
});

test('an item about a reviewer is disposed of by the deputy alone, every other by any reviewer', async () => {
  const { id, items } = await triage();
  const of = (name: string): number => items.find(({ person }) => person?.name === name)?.number ?? 0;
  const refused = await dispose(officer, id, of('records'));
  expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('the deputy alone disposes of it')]);
  expect(recordsOf(demo, 'review-refused').at(-1)).toMatchObject({ detail: `Review ${id}: disposition refused: deputys` });
  expect((await dispose(deputy, id, of('records'))).status).toBe(200);
  expect((await dispose(officer, id, of('physician'))).status).toBe(200);
});

test('the author of a change disposes of no item, closes no case and signs nothing, under either name they gave', async () => {
  ofPhysician = await openCase('physician');
  expect((await step(officer, ofPhysician, 'finding')).status).toBe(200);
  expect((await step(officer, ofPhysician, 'disposition', 'justified')).status).toBe(200);
  await changeRules('SECURITY');
  const { id, items } = await triage();
  const closing = await step(officer, ofPhysician, 'closed');
  expect([closing.status, closing.text]).toEqual([403, expect.stringContaining('You changed the rules or settings')]);
  const disposing = await dispose(officer, id, items[0]?.number ?? 0);
  expect([disposing.status, disposing.text]).toEqual([403, expect.stringContaining('Whoever changes the rules')]);
  const signing = await send(officer, `/certified/${id}/sign`, [['list', 'x']]);
  expect([signing.status, signing.text]).toEqual([403, expect.stringContaining('Whoever changes the rules does not sign')]);
  expect((await step(deputy, ofPhysician, 'closed')).status).toBe(200);
});

test('a deputy who changed the rules judges nobody, and another reviewer does what was theirs', async () => {
  const colleague = await arrive(demo, 'records', clock);
  await changeRules('Ida Tee (it)');
  expect((await step(deputy, ofPhysician, 'reopened')).status).toBe(403);
  expect((await step(colleague, ofPhysician, 'reopened')).status).toBe(200);
  expect((await step(colleague, ofReviewer, 'reopened')).status).toBe(403);
});
