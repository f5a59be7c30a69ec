// The privacy officer sees who is signed in and ends a session with a reason; nobody else does, by any form or script.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { recordsOf, script } from '../support/clinic-story.ts';
import type { CookieClient, Reply } from '../support/cookie-client.ts';
import { signIn, story } from '../support/demo-story.ts';

let demo: Demo;
let officer: CookieClient;
let nurse: CookieClient;
let reference: string;

beforeAll(async () => {
  demo = await story();
  officer = await signIn(demo, 'security', '/.wardgate/console');
  nurse = await signIn(demo, 'nurse');
  reference = (JSON.parse((await script(nurse, `${demo.origin}/.wardgate/me`)).text) as { session: string }).session;
});
afterAll(async () => demo.close());

const sessions = () => `${demo.origin}/.wardgate/console/sessions`;
const alive = async () => (await script(nurse, `${demo.origin}/.wardgate/me`)).status === 200;

function end(client: CookieClient, because: string, headers: Record<string, string> = {}, whose = reference): Promise<Reply> {
  const own = {
    origin: demo.origin,
    'sec-fetch-site': 'same-origin',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
  };
  const body = new URLSearchParams({ reference: whose, because }).toString();
  const type = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };
  return client.ask(sessions(), { method: 'POST', body, headers: { ...own, ...type, ...headers } });
}

test('everybody who is signed in is shown, with what they have under way', async () => {
  const page = await officer.page(sessions());
  expect(page.status).toBe(200);
  for (const words of ['(nurse)', '(security)', `value="${reference}"`]) expect(page.text).toContain(words);
  expect(page.headers['cache-control']).toBe('no-store');
});

test.each<readonly [string, () => Promise<Reply>, number]>([
  ['somebody whose role may not', () => end(nurse, 'because I can'), 403],
  ['another site', () => end(officer, 'a good reason', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }), 403],
  ['a script of the EHR', () => end(officer, 'a good reason', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }), 403],
  ['a form without a reason', () => end(officer, ' x '), 400],
  ['a reference that nobody has', () => end(officer, 'a good reason', {}, 'none'), 409],
])('by %s nothing ends', async (_who, act, status) => {
  expect((await act()).status).toBe(status);
  expect(await alive()).toBe(true);
  expect(recordsOf(demo, 'order')).toEqual([]);
});

test('with a reason it ends, and who ended it and why is on record first', async () => {
  const page = await end(officer, 'gone home, desk open');
  expect([page.status, page.text.includes('The session has ended')]).toEqual([200, true]);
  expect(page.text).not.toContain(`value="${reference}"`);
  expect(await alive()).toBe(false);
  const [order] = recordsOf(demo, 'order');
  const [ended] = recordsOf(demo, 'session-ended');
  expect(order).toMatchObject({
    decision: 'allowed',
    subject: { name: 'nurse' },
    session: reference,
    detail: '"session end" in the console by "security", because: gone home, desk open',
  });
  expect(ended).toMatchObject({ session: reference, reason: 'revoked', detail: 'gone home, desk open' });
  expect(Number(order?.['seq'])).toBeLessThan(Number(ended?.['seq']));
});
