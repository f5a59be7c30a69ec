// A month with its reviews: alerts of a week, a sample of the month drawn by lot, an emergency access; each looked at by somebody
// whom it is not about, signed with a second factor, late where nobody did, and held against the record for good.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clinicTime } from '../../src/adapters/clinic-time.ts';
import { review as reviewCommand } from '../../src/cli/review.ts';
import { FileSealer } from '../../src/adapters/sealer-file.ts';
import { reviewStatementOwner, reviewStatementPurpose } from '../../src/adapters/sealed-owners.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import { readReviewSigned } from '../../src/core/review/review-note.ts';
import type { Review } from '../../src/core/review/review.ts';
import { told } from '../support/backup-clinic.ts';
import { arrive, codeAt, recordsOf, roleLines, script } from '../support/clinic-story.ts';
import type { CookieClient, Reply } from '../support/cookie-client.ts';
import { eventually, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';
import { changeRows, readRows } from '../support/story-store.ts';

const rules = `${roleLines}
rules:
  - { name: screens, paths: [/, /main, '/static/**'], allow: everyone }
  - { name: charts, area: ehr.chart, allow: [physician, nurse], emergency: front-desk }
  - { name: review, area: wardgate.review, allow: [privacy, it] }
  - { name: console, area: wardgate.console, allow: privacy }
`;
const alerts = `detectors: { after-hours: off, new-network: off, dormant-account: off, many-patients: { moreThan: 3 } }
review: { deputy: it, sample: 4 }
`;

const clock = new ShiftingClock();
const chicago = clinicTime('America/Chicago');
let demo: Demo;
let officer: CookieClient;
let deputy: CookieClient;

beforeAll(async () => {
  // On a Wednesday late in a month: then the week's review falls due, the month ends and no second week does, whatever day it is here.
  const lateInMonth = () => /-2[2-8]$/.test(chicago.localDay(clock.now())) && chicago.localTime(clock.now()).weekday === 3;
  while (!lateInMonth()) clock.forward({ hours: 24 });
  demo = await story({ rules, clock, alerts });
  const nurse = await arrive(demo, 'nurse', clock);
  for (let pid = 1; pid <= 5; pid += 1) await script(nurse, `${demo.origin}/chart?pid=${pid}`);
  const desk = await arrive(demo, 'front-desk', clock);
  await desk.form(`${demo.origin}/.wardgate/emergency?return=%2Fmain`, { reason: 'Collapsed in the hall' });
  await script(desk, `${demo.origin}/chart?pid=7`);
  officer = await arrive(demo, 'security', clock);
  expect((await script(officer, `${demo.origin}/chart?pid=7`)).status).toBe(403);
  await eventually(() => recordsOf(demo, 'alert').length > 0, 'the alert');
}, 60_000);
afterAll(async () => demo.close());

const url = (path = '') => `${demo.origin}/.wardgate/console/review/certified${path}`;
const wardgate = async (...args: string[]) => told(reviewCommand, ...args, '--config', join(demo.directory, 'gateway.yaml'));

async function listed(): Promise<readonly Review[]> {
  const { out } = await wardgate('list', '--json');
  return (JSON.parse(out) as { reviews: Review[] }).reviews;
}

/** Once the record of its time is under a checkpoint and in the index. */
async function prepared(kind: string): Promise<Review> {
  return expect
    .poll(async () => (await listed()).find((one) => one.kind === kind) ?? null, { timeout: 20_000 })
    .not.toBeNull()
    .then(async () => (await listed()).find((one) => one.kind === kind) as Review);
}

function send(client: CookieClient, path: string, fields: readonly (readonly [string, string])[], headers = {}): Promise<Reply> {
  const own = {
    origin: demo.origin,
    'sec-fetch-site': 'same-origin',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
  };
  const type = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };
  const body = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString();
  return client.ask(url(path), { method: 'POST', body, headers: { ...own, ...type, ...headers } });
}

function dispose(client: CookieClient, id: string, items: readonly number[], disposition = 'fine', note = ''): Promise<Reply> {
  const several = items.length > 1 ? [['several', 'yes'] as const] : [];
  const fields = [['disposition', disposition] as const, ['note', note] as const, ...several];
  return send(client, `/${id}`, [...items.map((item) => ['item', String(item)] as const), ...fields]);
}

async function confirm(client: CookieClient, name: string, id: string): Promise<string> {
  clock.forward({ minutes: 1 });
  const back = encodeURIComponent(`/.wardgate/console/review/certified/${id}/sign`);
  const arrived = await client.form(`${demo.origin}/.wardgate/step-up?return=${back}`, { code: codeAt(demo, name, clock) });
  return /name="list" value="([0-9a-f]{64})"/.exec(arrived.text)?.[1] ?? '';
}

const sign = (client: CookieClient, id: string, list: string) => send(client, `/${id}/sign`, [['list', list]]);

async function bothArrive(): Promise<void> {
  // A code counts once.
  clock.forward({ minutes: 1 });
  officer = await arrive(demo, 'security', clock);
  deputy = await arrive(demo, 'it', clock);
}

test('an emergency access is one item, shown with what was done in it, and late after a business day', async () => {
  const { id, items, dueAt } = await prepared('emergency');
  expect(items).toMatchObject([{ person: { name: 'front-desk' }, kind: 'emergency', disposed: null }]);
  const page = await officer.page(url(`/${id}`));
  expect(page.text).toContain('What was done under it');
  expect(page.text).toMatch(/GET \/chart\?pid=/);
  expect(page.text).not.toContain('Collapsed');
  while (clock.now() <= dueAt) clock.forward({ hours: 6 });
  const late = await wardgate('list');
  expect(late).toMatchObject({ code: 1, err: expect.stringContaining('review of the emergency access') });
  expect((await wardgate('list')).code).toBe(1);
  expect(recordsOf(demo, 'review-overdue')).toHaveLength(1);
  await bothArrive();
  expect((await dispose(officer, id, [1], 'question', '')).text).toContain('Say what the question is');
  expect((await dispose(officer, id, [1])).text).toContain('That is on record');
  expect((await sign(officer, id, '')).text).toContain('there is nothing to sign');
  expect((await wardgate('list')).code).toBe(0);
});

test('the week’s alerts are looked at and signed for, with a second factor behind the last of them', async () => {
  const week = chicago.localDay(Date.parse(String(recordsOf(demo, 'alert')[0]?.['time'])));
  while (clock.now() < Date.parse(week) + 8 * 86_400_000) clock.forward({ hours: 12 });
  await bothArrive();
  const { id, items } = await prepared('triage');
  expect(items.map(({ kind, person }) => `${kind} ${person?.name}`)).toContain('many-patients nurse');
  expect((await officer.page(url(`/${id}`))).text).toContain('many patients');
  expect((await sign(officer, id, '')).text).toContain('still to be looked at');
  const asCase = await dispose(officer, id, [items.find(({ person }) => person?.name === 'nurse')?.number ?? 0], 'case', 'Walked through charts'); // prettier-ignore
  const [, link = '', opened = ''] = /href="([^"]+case\?id=([\w-]+))"/.exec(asCase.text) ?? [];
  expect(recordsOf(demo, 'review-disposed').at(-1)?.['detail']).toMatch(new RegExp(`case; record \\d+; case ${opened}$`));
  expect(recordsOf(demo, 'case-step').at(-1)).toMatchObject({ reason: 'opened', subject: { name: 'security' } });
  expect((await officer.page(demo.origin + link)).text).toMatch(new RegExp(`from item \\d+ of review <a href="[^"]+/${id}"`));
  expect((await dispose(officer, id, items.map(({ number }) => number))).status).toBe(200); // prettier-ignore
  const unsigned = await sign(officer, id, '');
  expect([unsigned.status, unsigned.text]).toEqual([409, expect.stringContaining('has changed since it was shown')]);
  const list = await confirm(officer, 'security', id);
  clock.forward({ minutes: 6 });
  const late = await sign(officer, id, list);
  expect([late.status, late.text]).toEqual([403, expect.stringContaining('Nothing was signed')]);
  expect(recordsOf(demo, 'review-signed')).toEqual([]);
  expect((await sign(officer, id, await confirm(officer, 'security', id))).text).toContain('The review is signed');
});

test('a month’s sample holds every role with every kind of access, and is drawn anew by the seed', async () => {
  const [alert] = recordsOf(demo, 'alert');
  const month = chicago.localDay(Date.parse(String(alert?.['time']))).slice(0, 7);
  while (chicago.localDay(clock.now()).slice(0, 7) === month) clock.forward({ hours: 12 });
  await bothArrive();
  const { id, sample, items, population } = await prepared('monthly');
  expect(id).toBe(`monthly-${month}`);
  const strata = sample?.strata.map(({ roles, kind }) => `${roles} ${kind}`) ?? [];
  expect(strata).toEqual(expect.arrayContaining(['front-desk emergency', 'privacy denied']));
  expect(strata.some((one) => /^nurse (?:chart|after-hours)$/.test(one))).toBe(true);
  expect(items.length).toBe(sample?.size);
  expect(population.chartsOpened).toBeGreaterThanOrEqual(5);
  expect(sample?.seed).toBe(
    createHash('sha256').update(`wardgate-review/1 ${id} ${sample?.checkpoint.size} ${sample?.checkpoint.root}`).digest('hex'),
  );
  const details = recordsOf(demo, 'review-prepared').map((one) => String(one['detail']));
  expect(details.some((detail) => detail.includes(`seed ${sample?.seed}`))).toBe(true);
  const { code, out } = await wardgate('sample', '--month', month, '--json');
  expect([code, JSON.parse(out)]).toEqual([
    0,
    expect.objectContaining({ same: true, records: items.map(({ record }) => record) }),
  ]);
  expect((await wardgate('sample', '--month', 'May')).err).toContain('"May" is not a month');
});

test('nobody looks at what they did themselves: the deputy does, and the certificate says so', async () => {
  const { id, items } = await prepared('monthly');
  const own = items.filter(({ person }) => person?.name === 'security').map(({ number }) => number);
  const others = items.map(({ number }) => number).filter((number) => !own.includes(number));
  expect(own.length).toBeGreaterThan(0);
  const shown = await officer.page(url(`/${id}`));
  expect(shown.text).toContain(`${own[0]} (you)`);
  expect(shown.text).not.toMatch(/<td[^>]*>security</);
  expect(shown.text).toMatch(/the deputy, it,\s+looks at that/);
  const refused = await dispose(officer, id, own);
  expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('Nobody reviews what they did themselves')]);
  expect(recordsOf(demo, 'review-refused').at(-1)).toMatchObject({
    decision: 'refused',
    subject: { name: 'security' },
    detail: `Review ${id}: disposition refused: yourself`,
  });
  expect((await dispose(officer, id, others)).status).toBe(200);
  expect((await dispose(deputy, id, own, 'question', 'Asked the officer why')).status).toBe(200);
  const list = await confirm(officer, 'security', id);
  expect((await send(officer, `/${id}/sign`, [['list', list]], { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' })).status).toBe(403); // prettier-ignore
  expect((await sign(officer, id, list)).status).toBe(200);
  expect((await dispose(officer, id, others)).status).toBe(409);
  await expect.poll(async () => (await officer.page(url(`/${id}/certificate`))).text, { timeout: 20_000 }).toContain('It is what was signed'); // prettier-ignore
  expect((await officer.page(url(`/${id}/certificate`))).text).toContain(`${own[0]}: about you, and not shown to you`);
  expect((await officer.page(url(`/${id}/certificate?as=json`))).status).toBe(403);
  const text = (await deputy.page(url(`/${id}/certificate?as=json`))).text;
  const signed = readReviewSigned(String(recordsOf(demo, 'review-signed').at(-1)?.['detail']));
  expect(signed).toMatchObject({ id, items: items.length, question: own.length });
  expect(signed?.hash).toBe(createHash('sha256').update(text).digest('hex'));
  expect(JSON.parse(text)).toMatchObject({
    reviewer: { name: 'security' },
    factor: { method: 'totp' },
    exceptions: own.map((number) => ({ number, by: 'it' })),
  });
});

test('whoever the rule does not name sees nothing of it, and an unknown review is none', async () => {
  const nurse = await arrive(demo, 'nurse', clock);
  expect((await nurse.ask(url(), { headers: { accept: 'text/html' } })).status).toBe(403);
  for (const path of ['/monthly-1', '/x', '/monthly-1/sign', '/monthly-1/certificate'])
    expect((await officer.page(url(path))).status).toBe(404);
  expect((await dispose(officer, 'monthly-1', [1])).status).toBe(404);
  expect((await sign(officer, 'monthly-1', '')).status).toBe(404);
  expect((await officer.page(url())).text).toContain('Nothing waits');
});

test('a certificate that was edited is told', async () => {
  const { id } = await prepared('monthly');
  const whole = join(demo.directory, 'whole.json');
  expect(await wardgate('certificate', id, '--out', whole)).toMatchObject({ code: 0, err: '' });
  expect(readFileSync(whole, 'utf8')).toContain('wardgate-review/1');
  // By somebody who has the master key as well.
  const sealer = new FileSealer(join(demo.directory, 'data', 'master.key'));
  const edited = sealer.seal(
    reviewStatementPurpose,
    reviewStatementOwner(id),
    readFileSync(whole, 'utf8').replace('"it"', '"eve"'),
  );
  const select = 'SELECT disposed, sealed FROM review_items UNION ALL SELECT facts, statement FROM reviews';
  const kept = readRows(join(demo.directory, 'data'), select);
  expect(kept.length).toBeGreaterThan(3);
  expect(JSON.stringify(kept)).not.toContain('Asked the officer why');
  changeRows(join(demo.directory, 'data'), 'UPDATE reviews SET statement = ? WHERE id = ?', edited, id);
  expect((await officer.page(url(`/${id}/certificate`))).text).toContain('This is not what was signed');
  const out = join(demo.directory, 'edited.json');
  expect(await wardgate('certificate', id, '--out', out)).toMatchObject({ code: 1, err: expect.stringContaining('not what was signed') }); // prettier-ignore
});
