// The story, in two parts. Somebody whose budget was used up, and who may state a reason for more, was sent straight to the
// page that asks for the reason: it never said when the budget opens again, and the answer was no 429. And exporting the
// same list by its button ten times in ten minutes was one file, because the address of the form was taken for the file;
// what the form asked for stands in its fields, so that ten different lists were one file as well.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { records, seenByEhr, signIn, story } from '../support/demo-story.ts';
import type { CookieClient } from '../support/cookie-client.ts';

let demo: Demo;
let clerk: CookieClient;

beforeAll(async () => {
  demo = await story();
  clerk = await signIn(demo, 'records');
});
afterAll(async () => demo.close());

test('every export by a button is a file; over the budget the page is a 429 that says when, and leads to the reason', async () => {
  const url = `${demo.origin}/reports/patients`;
  for (let file = 1; file <= 10; file += 1) {
    expect((await clerk.form(url, { form_csvexport: 'true', from: `2026-01-${file}` })).headers['content-type']).toContain(
      'download',
    );
  }
  const page = await clerk.form(url, { form_csvexport: 'true' });
  expect([page.status, page.url]).toEqual([429, url]);
  expect(page.text).toMatch(/Your budget of 10 downloaded files an hour is used up; it opens again at \d\d:\d\d\./);
  expect(page.text).toContain('href="/.wardgate/more-downloads"');
  expect(Number(page.headers['retry-after'])).toBeGreaterThan(3000);

  const script = await clerk.ask(url, {
    method: 'POST',
    body: 'form_csvexport=true',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-mode': 'cors', origin: demo.origin },
  });
  expect(script.status).toBe(429);
  const told = JSON.parse(script.text) as Record<string, unknown>;
  expect(told).toMatchObject({ reason: 'budget-exhausted', remedy: '/.wardgate/more-downloads', rule: 'reports' });
  // Nobody has to sign in again, and so no script is told to.
  expect(told).not.toHaveProperty('signIn');

  // What is judged by the reply was asked of the EHR; its answer went no further than the gateway.
  expect(seenByEhr(demo, '/reports/patients')).toBe(12);
  expect(records(demo).filter((one) => one['event'] === 'outcome' && one['reason'] === 'budget-exhausted')).toHaveLength(2);
  expect(page.text).not.toContain('MB-10');
});

test('what is fetched by its address is one file for ten minutes, however often', async () => {
  const nurse = await signIn(demo, 'physician');
  for (let again = 0; again < 12; again += 1) {
    expect((await nurse.ask(`${demo.origin}/documents/file?pid=7&doc=1`, { headers: { accept: '*/*' } })).status).toBe(200);
  }
});
