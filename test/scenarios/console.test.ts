// The privacy officer asks who opened a chart; nobody else may ask, and asking is itself on record.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { eventually, records, signIn, story } from '../support/demo-story.ts';

let demo: Demo;
let officer: CookieClient;
let nurse: CookieClient;

beforeAll(async () => {
  demo = await story();
  officer = await signIn(demo, 'security', '/.wardgate/console');
  nurse = await signIn(demo, 'nurse');
  await nurse.ask(`${demo.origin}/chart?pid=11`, { headers: { accept: 'text/html' } });
  await nurse.ask(`${demo.origin}/billing/claims`, {
    headers: { accept: 'text/html', 'user-agent': '<script>alert(1)</script>' },
  });
  await eventually(() => records(demo).some((one) => one['event'] === 'outcome' && one['patient'] === '11'), 'the chart');
});
afterAll(async () => demo.close());

/** What was done a moment ago is found once it is on the disk. */
async function console(query: string): Promise<string> {
  const page = await officer.page(`${demo.origin}/.wardgate/console?${query}`);
  expect(page.status).toBe(200);
  return page.text;
}

test('a chart that was opened is found by its patient, with who opened it', async () => {
  await expect.poll(() => console('patient=11'), { timeout: 20_000 }).toContain('<tr class="');
  const page = await console('patient=11');
  expect(page).toContain('>nurse</td>');
  // The request, and the opening of the chart that it was a part of.
  expect(page.match(/<tr class="/g)).toHaveLength(2);
});

test.each`
  filter                         | rows
  ${'person=nobody'}             | ${0}
  ${'person=nurse&show=refused'} | ${1}
  ${'show=review'}               | ${0}
  ${'text=BILLING&days=30'}      | ${1}
  ${'text=billing&patient=11'}   | ${0}
  ${'request=none'}              | ${0}
`('$filter shows $rows rows', async ({ filter, rows }: { filter: string; rows: number }) => {
  const found = async () => (await console(filter)).match(/<tr class="/g) ?? [];
  await expect.poll(found, { timeout: 20_000 }).toHaveLength(rows);
});

test('what a person asked for stands in the page as text', async () => {
  const page = await officer.page(`${demo.origin}/.wardgate/console?person=%3Cscript%3Ealert(1)%3C/script%3E`);
  expect(page.text).not.toContain('<script>alert');
  expect(page.text).toContain('&lt;script&gt;alert');
});

test('a nurse may not open it, and both openings are on record', async () => {
  const refused = await nurse.ask(`${demo.origin}/.wardgate/console`, { headers: { accept: 'text/html' } });
  expect(refused.status).toBe(403);
  const mine = await eventually(() => {
    const found = records(demo).filter((one) => one['rule'] === 'console');
    return found.some((one) => one['event'] === 'refusal') && found;
  }, 'the refusal');
  expect(mine.some((one) => one['event'] === 'attempt' && one['decision'] === 'allowed')).toBe(true);
});
