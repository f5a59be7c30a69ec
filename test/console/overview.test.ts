// Who may see what of the console: ways as far as the rules go, figures that go on for a look on record and for nobody else,
// and one person's week, which is on record with the person's name.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { recordsOf, script } from '../support/clinic-story.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { signIn, story } from '../support/demo-story.ts';

let demo: Demo;
let officer: CookieClient;
let it: CookieClient;
let nurse: CookieClient;

beforeAll(async () => {
  demo = await story();
  officer = await signIn(demo, 'security', '/.wardgate/console/overview');
  it = await signIn(demo, 'it', '/.wardgate/console/recertification');
  nurse = await signIn(demo, 'nurse');
  await nurse.ask(`${demo.origin}/chart?pid=7`, { headers: { accept: 'text/html' } });
});
afterAll(async () => demo.close());

const open = (client: CookieClient, path: string) => client.page(`${demo.origin}/.wardgate/console${path}`);
const ways = (text: string) => [...text.matchAll(/<li>\s*<a href="\/\.wardgate\/console([^"]*)"/g)].map(([, path]) => path);
const lookIn = (text: string) => /overview\/live\?look=([\w-]+)/.exec(text)?.[1] ?? '';

test('ways are shown as far as the rules go, and the page one is on is marked', async () => {
  const page = await open(officer, '/people');
  expect(ways(page.text)).toEqual([
    '/overview',
    '/review',
    '/review/responses',
    '',
    '/people',
    '/sessions',
    '/disclosures',
    '/what-if',
    '/review/certified',
    '/recertification',
    '/reports',
    '/health',
  ]);
  expect(page.text).toContain('href="/.wardgate/console/people" aria-current="page"');
  expect(ways((await open(it, '/recertification')).text)).toEqual(['/recertification']);
});

test.each(['/overview', '/people', '/people/person?name=nurse', '/what-if', '/health'])(
  'a nurse may not open %s',
  async (path) => {
    const page = await nurse.ask(`${demo.origin}/.wardgate/console${path}`, { headers: { accept: 'text/html' } });
    expect(page.status).toBe(403);
  },
);

test('figures go on for the look of this very session, and for no other', async () => {
  const look = lookIn((await open(officer, '/overview')).text);
  const live = (client: CookieClient, number: string) =>
    script(client, `${demo.origin}/.wardgate/console/overview/live?look=${number}`);
  const before = recordsOf(demo, 'attempt').length;
  const good = await live(officer, look);
  expect(good.status).toBe(200);
  // Everybody hears the same figures for a moment.
  const heard = async () => JSON.parse((await live(officer, look)).text) as unknown;
  await expect.poll(heard, { timeout: 20_000 }).toMatchObject({ text: { active: '3' }, alerts: [] });
  expect((await live(officer, 'guessed')).status).toBe(403);
  expect((await live(nurse, look)).status).toBe(403);
  expect((await live(it, look)).status).toBe(403);
  expect(recordsOf(demo, 'attempt')).toHaveLength(before);
});

test('one person’s week names their patients and is on record before it is shown', async () => {
  const seen = async () => (await open(officer, '/people/person?name=nurse')).text;
  await expect.poll(seen, { timeout: 20_000 }).toContain('>7</td>');
  expect(recordsOf(demo, 'report-made')[0]).toMatchObject({
    subject: { name: 'security' },
    detail: expect.stringMatching(/^report "week" of \S+ to \S+, person "nurse"$/),
  });
  expect((await open(officer, '/people/person?name=nobody')).status).toBe(404);
});

test.each([
  ['role=nurse&method=GET&path=/billing/claims', 200, 'Refused by rule &quot;claims&quot;'],
  ['role=billing&method=GET&path=/billing/claims', 200, 'Allowed by rule &quot;claims&quot;'],
  ['role=nobody&method=GET&path=/chart', 400, 'Role &quot;nobody&quot; is not defined'],
  ['role=nurse&method=BREW&path=/chart', 400, 'Method &quot;BREW&quot;'],
  ['role=nurse&path=chart', 400, 'must begin with'],
  ['role=nurse&path=/chart&application=other', 400, 'Application &quot;other&quot;'],
])('what if %s', async (query, status, words) => {
  const page = await open(officer, `/what-if?${query}`);
  expect([page.status, page.text.includes(words)]).toEqual([status, true]);
});
