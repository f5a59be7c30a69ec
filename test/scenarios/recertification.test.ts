// Once a quarter somebody looks at who has which role, decides, and signs with a second factor: started at a terminal, decided in
// the console by two reviewers of whom neither decides about themselves, followed until the identity provider has done it, and
// held against the record for good.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recertify as recertifyCommand } from '../../src/cli/recertify.ts';
import { report } from '../../src/cli/report.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import type { Campaign } from '../../src/core/recertification/campaign.ts';
import { readDecided, readSigned } from '../../src/core/recertification/recertification-note.ts';
import { told } from '../support/backup-clinic.ts';
import { arrive, codeAt, recordsOf, roleLines, script } from '../support/clinic-story.ts';
import type { CookieClient, Reply } from '../support/cookie-client.ts';
import { eventually, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';
import { changeRows } from '../support/story-store.ts';

const rules = `${roleLines}
rules:
  - { name: screens, paths: [/, /main, '/static/**'], allow: everyone }
  - { name: charts, area: ehr.chart, allow: [physician, nurse] }
  - { name: prescriptions, paths: ['/letters/**'], methods: [GET, POST], allow: physician }
  - { name: claims, paths: ['/billing/**'], allow: billing }
  - { name: recertify, area: wardgate.recertification, allow: [privacy, it] }
  - { name: console, area: wardgate.console, allow: privacy }
`;

const clock = new ShiftingClock();
let demo: Demo;
let officer: CookieClient;
let admin: CookieClient;
let nurse: CookieClient;

beforeAll(async () => {
  demo = await story({ rules, clock });
  nurse = await arrive(demo, 'nurse', clock);
  demo.provider.setGroups('physician', ['Clinic-Physicians', 'Clinic-Nurses']);
  const physician = await arrive(demo, 'physician', clock);
  officer = await arrive(demo, 'security', clock);
  admin = await arrive(demo, 'it', clock);
  for (const client of [nurse, physician]) expect((await script(client, `${demo.origin}/chart?pid=7`)).status).toBe(200);
  await eventually(() => recordsOf(demo, 'outcome').filter((one) => one['rule'] === 'charts').length >= 2, 'the charts');
}, 60_000);
afterAll(async () => demo.close());

const config = () => ['--config', join(demo.directory, 'gateway.yaml')];
const recertify = async (...args: string[]) => told(recertifyCommand, ...args, ...config());
const url = (path = '') => `${demo.origin}/.wardgate/console/recertification${path}`;
const page = async (client = officer) => (await client.page(url())).text;

async function campaign(): Promise<Campaign & { readonly unaltered: boolean | null; readonly open: readonly number[] }> {
  const { out } = await recertify('status', '--json');
  const {
    campaign: found,
    unaltered,
    open,
  } = JSON.parse(out) as { campaign: Campaign; unaltered: boolean | null; open: number[] };
  return { ...found, unaltered, open };
}

function send(
  client: CookieClient,
  fields: readonly (readonly [string, string])[],
  headers: Record<string, string> = {},
  path = '',
): Promise<Reply> {
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
const decide = (client: CookieClient, rows: readonly number[], decision: string, note = '', more: [string, string][] = []) =>
  send(client, [...rows.map((row) => ['row', String(row)] as const), ['decision', decision], ['note', note], ...more]);
const listShown = async () => /name="list" value="([0-9a-f]{64})"/.exec((await officer.page(url('/sign'))).text)?.[1] ?? '';
const sign = (list: string, headers: Record<string, string> = {}) => send(officer, [['list', list]], headers, '/sign');

async function confirm(client: CookieClient, name: string): Promise<string> {
  clock.forward({ minutes: 1 });
  const arrived = await client.form(
    `${demo.origin}/.wardgate/step-up?return=${encodeURIComponent('/.wardgate/console/recertification/sign')}`,
    {
      code: codeAt(demo, name, clock),
    },
  );
  return arrived.text;
}

test('before it is started nothing can be decided, and the page says how it is started', async () => {
  expect(await page()).toContain('wardgate recertify start');
  expect((await decide(officer, [1], 'keep')).status).toBe(409);
  expect((await sign('0')).status).toBe(409);
  expect((await recertify('start', '--quarter', 'now')).err).toContain('"now" is not a quarter');
});

test('it is started at a terminal, for everybody who has signed in with a role', async () => {
  await expect.poll(async () => (await recertify('start', '--quarter', '2026-Q4')).code, { timeout: 20_000 }).toBe(0);
  expect((await recertify('start', '--quarter', '2026-Q4')).err).toContain('is open already');
  const { rows, quarter, roles } = await campaign();
  expect(quarter).toBe('2026-Q4');
  expect(rows.map((row) => `${row.person.name} ${row.role}`)).toEqual([
    'it it',
    'nurse nurse',
    'physician nurse',
    'physician physician',
    'security privacy',
  ]);
  // Both roles of the physician open charts, so no request under that rule tells one from the other.
  expect(rows.map(({ use }) => [use.by, use.rule])).toEqual([
    ['none', null],
    ['request', 'charts'],
    ['sign-in', null],
    ['none', null],
    ['request', 'recertify'],
  ]);
  expect(rows[3]?.unused).toEqual(['prescriptions']);
  expect(roles.find(({ role }) => role === 'physician')?.rights).toContain('ehr /letters/**: GET, POST');
  expect(recordsOf(demo, 'recertification-started')[0]?.['detail']).toMatch(
    /^Recertification 2026-Q4 started: 5 rows of 4 people/,
  );
  expect(recordsOf(demo, 'order').some((one) => String(one['detail']).startsWith('"recertify start"'))).toBe(true);
});

test('whoever the rule does not name sees nothing of it', async () => {
  const asked = await nurse.ask(url(), { headers: { accept: 'text/html' } });
  expect(asked.status).toBe(403);
  expect((await decide(nurse, [1], 'keep')).status).toBe(403);
  expect(await page(admin)).toContain('People and roles');
  expect((await admin.ask(`${demo.origin}/.wardgate/console`, { headers: { accept: 'text/html' } })).status).toBe(403);
});

test.each<readonly [string, () => Promise<Reply>, number, string]>([
  ['no row', () => decide(officer, [], 'keep'), 400, 'Tick the rows'],
  ['several rows without saying so', () => decide(officer, [1, 2], 'keep'), 400, 'You ticked several rows'],
  ['no decision', () => decide(officer, [1], 'perhaps'), 400, 'Choose what is decided'],
  ['a removal without a word', () => decide(officer, [2], 'remove', ' '), 400, 'Say why'],
  ['a row that is none', () => decide(officer, [99], 'keep'), 400, 'no such row'],
  ['a note that is too long', () => decide(officer, [1], 'keep', 'x'.repeat(121)), 400, 'at most 120 characters'],
  ['their own row', () => decide(officer, [5], 'keep'), 403, 'Nobody decides about themselves'],
  [
    'their own row among others',
    () => decide(officer, [1, 5], 'keep', '', [['several', 'yes']]),
    403,
    'Nobody decides about themselves',
  ],
  [
    'another site',
    () =>
      send(
        officer,
        [
          ['row', '1'],
          ['decision', 'keep'],
        ],
        { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      ),
    403,
    'must be sent from',
  ],
  [
    'a script of the EHR',
    () =>
      send(
        officer,
        [
          ['row', '1'],
          ['decision', 'keep'],
        ],
        { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
      ),
    403,
    'must be sent from',
  ],
  ['signing too early', () => sign(''), 409, 'still to be decided'],
])('nothing is decided by %s', async (_what, act, status, says) => {
  const reply = await act();
  expect([reply.status, reply.text]).toEqual([status, expect.stringContaining(says)]);
  expect(recordsOf(demo, 'recertification-decided')).toEqual([]);
  expect((await campaign()).rows.every(({ decided }) => decided === null)).toBe(true);
});

test('each row is decided with a note, by whoever may, and is on record', async () => {
  expect(await page()).toContain('5 (you)');
  expect(await page()).not.toContain('checked');
  expect((await decide(officer, [1, 2], 'keep', '', [['several', 'yes']])).text).toContain('That is decided');
  expect((await decide(officer, [3], 'remove', 'physicians need no nurse "role"')).status).toBe(200);
  expect((await decide(officer, [4], 'change', 'resident')).status).toBe(200);
  expect((await sign('')).text).toContain('still to be decided');
  expect((await decide(admin, [5], 'keep', 'still our officer')).status).toBe(200);
  const decided = recordsOf(demo, 'recertification-decided');
  expect(decided.map((one) => [(one['subject'] as { name: string }).name, readDecided(String(one['detail']))])).toMatchObject([
    ['security', { row: 1, decision: 'keep', role: 'it', person: 'it' }],
    ['security', { row: 2, decision: 'keep', use: expect.stringMatching(/^\d{4}-\d\d-\d\d under rule charts$/) }],
    ['security', { row: 3, decision: 'remove', person: 'physician', note: "physicians need no nurse 'role'" }],
    ['security', { row: 4, decision: 'change', note: 'resident' }],
    ['it', { row: 5, decision: 'keep', person: 'security' }],
  ]);
});

test('it is signed with a second factor that was shown after the last decision, and only once', async () => {
  // The sign-in is fresh, and yet it was not for this.
  expect(await listShown()).toBe('');
  const shown = await confirm(officer, 'security');
  expect(shown).toContain('By signing I state');
  const list = await listShown();
  expect((await sign(list, { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' })).status).toBe(403);
  expect((await sign('f'.repeat(64))).text).toContain('The list has changed since it was shown');
  // A decision after the confirmation wants another one.
  clock.forward({ seconds: 10 });
  expect((await decide(admin, [5], 'keep', 'and stays it')).status).toBe(200);
  expect((await sign(list)).text).toContain('The list has changed');
  expect(
    (await sign(/<code>([0-9a-f]{64})<\/code><\/dd>\s*<\/dl>/.exec((await officer.page(url('/sign'))).text)?.[1] ?? '')).status,
  ).toBe(403);
  await confirm(officer, 'security');
  const again = await listShown();
  clock.forward({ minutes: 6 });
  expect((await sign(again)).text).toContain('confirm once more');
  await confirm(officer, 'security');
  expect((await sign(await listShown())).text).toContain('The recertification is signed');
  expect((await sign(again)).status).toBe(409);
  expect((await decide(officer, [1], 'remove', 'too late')).status).toBe(409);
  const [signed, ...more] = recordsOf(demo, 'recertification-signed');
  expect(more).toEqual([]);
  expect(signed).toMatchObject({
    subject: { name: 'security' },
    factor: 'totp',
    policy: recordsOf(demo, 'start')[0]?.['policy'],
  });
  expect(readSigned(String(signed?.['detail']))).toMatchObject({ rows: 5, keep: 3, remove: 1, change: 1 });
});

test('what was signed can be handed out, and its hash is the one on record', async () => {
  await expect.poll(async () => (await campaign()).unaltered, { timeout: 20_000 }).toBe(true);
  const out = join(demo.directory, 'signed.json');
  expect(await recertify('export', '--out', out)).toMatchObject({ code: 0, err: '' });
  const text = readFileSync(out, 'utf8');
  const [signed] = recordsOf(demo, 'recertification-signed');
  expect(readSigned(String(signed?.['detail']))?.hash).toBe(createHash('sha256').update(text).digest('hex'));
  expect(JSON.parse(text)).toMatchObject({
    format: 'wardgate-recertification/1',
    reviewer: { name: 'security', issuer: demo.provider.issuer, sub: 'security' },
    checkpoint: { root: expect.stringMatching(/^[0-9a-f]{64}$/) },
    list: { quarter: '2026-Q4', rows: { length: 5 } },
  });
});

test('what was decided against is told until the identity provider has done it', async () => {
  const shown = await page();
  expect(shown).toContain('take physician out of Clinic-Nurses (role nurse)');
  expect(shown).toContain('change role physician of physician: resident');
  expect((await campaign()).open).toEqual([3, 4]);
  expect((await recertify('status')).code).toBe(1);
  demo.provider.setGroups('physician', ['Clinic-Physicians']);
  clock.forward({ minutes: 2 });
  await arrive(demo, 'physician', clock);
  await demo.gateway.composed.sweep();
  await expect.poll(async () => (await campaign()).open, { timeout: 20_000 }).toEqual([4]);
  expect(recordsOf(demo, 'recertification-closed')[0]).toMatchObject({
    detail: expect.stringContaining('row 3: role "nurse" of "physician" is closed: they came without it'),
  });
  expect((await recertify('done', '7', '--because', 'x y z')).err).toContain('Nothing is open under row 7');
  expect(await recertify('done', '4', '--because', 'is a resident now')).toMatchObject({ code: 0 });
  expect((await recertify('status')).code).toBe(0);
  expect(await page()).toContain('done, says operating-system user');
});

test('the report tells it from the record alone, with the signature and its checkpoint', async () => {
  const made = await told(report, 'recertification', '--since', '1d', '--until', '2100-01-01', '--json', ...config());
  expect(made).toMatchObject({ code: 0, err: '' });
  const { sections, figures } = JSON.parse(made.out) as {
    sections: { key: string; rows: Record<string, unknown>[] }[];
    figures: { key: string; value: number }[];
  };
  const rows = (key: string) => sections.find((one) => one.key === key)?.rows ?? [];
  expect(rows('roles')).toHaveLength(5);
  expect(rows('roles')[2]).toMatchObject({ row: 3, whose: 'physician', role: 'nurse', decision: 'remove', reviewer: 'security' });
  expect(rows('signatures')).toMatchObject([
    { reviewer: 'security', factor: 'totp', rows: 5, root: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ]);
  expect(rows('closed').map((row) => row['row'])).toEqual([3, 4]);
  expect(Object.fromEntries(figures.map(({ key, value }) => [key, value]))).toEqual({
    started: 1,
    signed: 1,
    decided: 5,
    against: 2,
    open: 0,
  });
  expect(made.out).toContain('people who signed in through the gateway');
});

test('decisions that are altered after signing are found out', async () => {
  const statement = `UPDATE recertification_rows SET decided = replace(decided, '"remove"', '"keep"') WHERE number = 3`;
  changeRows(join(demo.directory, 'data'), statement);
  expect((await campaign()).unaltered).toBe(false);
  expect(await page()).toContain('This is not what was signed');
  const out = join(demo.directory, 'altered.json');
  expect(await recertify('export', '--out', out)).toMatchObject({ code: 1, err: expect.stringContaining('not what was signed') });
  expect(await recertify('status')).toMatchObject({ code: 1 });
});
