// Mode `observe` lets pass what the role rules refuse, and nothing else: whoever hopes that the week of watching is a week
// without sign-in, second factor, closed doors or a record is mistaken.

import { rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import {
  arrive,
  expectRefused,
  handshake,
  problemOf,
  recordsOf,
  roleLines,
  script,
  withoutTheEhr,
} from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { eventually, signIn, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const clock = new ShiftingClock();
let demo: Demo;
let nurse: CookieClient;

const rules = `mode: observe
${roleLines}
denyAlways: [/admin/backup]
rules:
  - { name: charts, paths: [/chart], patient: query.pid, allow: physician, emergency: front-desk }
  - { name: letters, paths: ['/letters/{patient}/**'], methods: [GET, POST], allow: physician, from: desks, patient: path.patient }
  - { name: reports, paths: ['/reports/**'], allow: everyone, export: records, download: always }
  - { name: users, paths: [/admin/users], allow: it, freshFactor: 5m }
  - { name: line, paths: [/ws/messages], allow: everyone }
  - { name: console, area: wardgate.console, allow: privacy }
`;

beforeAll(async () => {
  demo = await story({ rules, clock });
  nurse = await browserOf('nurse');
});
afterAll(async () => demo.close());

const browsers = new Map<string, Promise<CookieClient>>();

/** A code opens one sign-in, so everybody signs in once. */
function browserOf(name: string): Promise<CookieClient> {
  const browser = browsers.get(name) ?? arrive(demo, name, clock);
  browsers.set(name, browser);
  return browser;
}

const marked = (event: string): Record<string, unknown> | undefined =>
  recordsOf(demo, event).findLast((one) => one['wouldRefuse'] !== undefined);

test.each`
  who             | path                   | reason                    | rule
  ${'nurse'}      | ${'/chart?pid=7'}      | ${'role-not-permitted'}   | ${'charts'}
  ${'front-desk'} | ${'/chart?pid=8'}      | ${'break-glass-required'} | ${'charts'}
  ${'nurse'}      | ${'/letters/7/1'}      | ${'zone-not-permitted'}   | ${'letters'}
  ${'nurse'}      | ${'/finder?q=ex'}      | ${'no-rule'}              | ${'observed'}
  ${'nurse'}      | ${'/admin/users?a=77'} | ${'role-not-permitted'}   | ${'users'}
`(
  '$who $path passes, and attempt and outcome say wouldRefuse: $reason',
  async ({ who, path, reason, rule }: Record<'who' | 'path' | 'reason' | 'rule', string>) => {
    const client = await browserOf(who);
    expect((await script(client, `${demo.origin}${path}`)).status).toBe(200);
    const expected = { decision: 'observed', wouldRefuse: reason, rule, subject: { sub: who } };
    expect(marked('attempt')).toMatchObject(expected);
    const request = marked('attempt')?.['request'];
    const outcome = await eventually(() => recordsOf(demo, 'outcome').find((one) => one['request'] === request), 'the outcome');
    expect(outcome).toMatchObject(expected);
    expect(outcome).not.toHaveProperty('reason');
  },
);

test('a live connection that no rule permits opens, and is marked', async () => {
  expect(await handshake(nurse, `${demo.origin}/ws/messages`)).toBe(101);
  expect(marked('attempt')).toMatchObject({ wouldRefuse: 'upgrade-not-permitted', rule: 'line' });
});

test('what only the reply shows is marked in a record beside the request', async () => {
  expect((await script(nurse, `${demo.origin}/reports/patients`)).status).toBe(200);
  expect(marked('refusal')).toMatchObject({ decision: 'observed', wouldRefuse: 'export-not-permitted', rule: 'reports' });
});

test('what the rules permit is not marked', async () => {
  const physician = await browserOf('physician');
  expect((await script(physician, `${demo.origin}/chart?pid=7`)).status).toBe(200);
  const last = recordsOf(demo, 'attempt').at(-1);
  expect(last).toMatchObject({ decision: 'allowed' });
  expect(last).not.toHaveProperty('wouldRefuse');
});

test('nobody passes without a sign-in', async () => {
  await expectRefused(demo, () => script(new CookieClient(), `${demo.origin}/chart?pid=7`), 401, 'sign-in-required');
});

test('nobody passes who has not proved a second factor', async () => {
  const half = new CookieClient();
  // As far as the password goes; the code is never given.
  await half.page(`${demo.origin}/.wardgate/sign-in?login_hint=nurse&return=/chart`);
  await expectRefused(demo, () => script(half, `${demo.origin}/chart?pid=7`), 401, 'sign-in-required');
});

test('a factor that is too old is asked for by nobody, and marked', async () => {
  const it = await arrive(demo, 'it', clock);
  clock.forward({ minutes: 6 });
  expect((await script(it, `${demo.origin}/admin/users`)).status).toBe(200);
  expect(marked('attempt')).toMatchObject({ wouldRefuse: 'second-factor-required', rule: 'users', subject: { sub: 'it' } });
});

test.each(['/admin/backup', '/ADMIN/backup', '/admin/backup/', '/admin/backup?x=1'])(
  '%s stays shut: it is denied always',
  async (path) => {
    const reply = await withoutTheEhr(demo, () => script(nurse, demo.origin + path));
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(problemOf(reply)['reason']).toBe('denied-always');
  },
);

test('the console stays shut, in every way to write its address', async () => {
  for (const path of ['/.wardgate/console', '/.wardgate/console?show=observed', '/.WARDGATE/console', '/.wardgate/console/']) {
    const reply = await withoutTheEhr(demo, () => script(nurse, demo.origin + path));
    expect(reply.status).toBeGreaterThanOrEqual(400);
  }
});

test('an ambiguous address, a hidden method and a foreign form are refused as ever', async () => {
  for (const path of ['/chart%2f..%2fadmin', '/chart;a=b?pid=7']) {
    expect((await withoutTheEhr(demo, () => script(nurse, demo.origin + path))).status).toBe(400);
  }
  const form = { method: 'POST', body: 'note=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
  const foreign = { ...form, headers: { ...form.headers, origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' } };
  expect((await withoutTheEhr(demo, () => script(nurse, `${demo.origin}/letters/7/1`, foreign))).status).toBe(403);
});

test('the console shows what would be refused, and only that, when it is asked to', async () => {
  const officer = await arrive(demo, 'security', clock);
  const page = await officer.page(`${demo.origin}/.wardgate/console?show=observed`);
  expect(page.text).toContain('<option value="observed" selected>what would be refused</option>');
  const rows = page.text.match(/<tr class="[a-z]*"/g) ?? [];
  expect(rows.length).toBeGreaterThan(5);
  expect(new Set(rows)).toEqual(new Set(['<tr class="observed"']));
  expect(page.text).toContain('would be refused: break-glass-required');
  expect(page.text).not.toContain('>refused:');
});

test('no record, no access: a log that cannot be written stops the observed ones as well', async () => {
  const other = await story({ rules });
  try {
    const client = await signIn(other, 'nurse');
    expect((await script(client, `${other.origin}/finder?q=ex`)).status).toBe(200);
    // A file in the directory's place, so that no new segment can be opened there.
    rmSync(other.auditDirectory, { recursive: true });
    writeFileSync(other.auditDirectory, '');
    const asked = async (): Promise<number> => (await script(client, `${other.origin}/finder?q=ex`)).status;
    let status = await asked();
    for (let tries = 0; tries < 100 && status === 200; tries += 1) status = await asked();
    expect(status).toBe(503);
  } finally {
    await other.close();
  }
});
