// The clinic's texts before the EHR opens: who must read, who goes before, what is put off, and what is on record; on the real
// demo, where the EHR tells what reached it.

import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { codeAt } from '../support/clinic-story.ts';
import { records, seenByEhr, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const clock = new ShiftingClock();
const policy = '# Sanctions\n\nWhoever opens a chart <b>without need</b>\n\n- is asked\n- answers\n';
const directory = mkdtempSync(join(tmpdir(), 'wardgate-texts-'));
const hash = createHash('sha256').update(policy).digest('hex');
let demo: Demo;

beforeAll(async () => {
  writeFileSync(join(directory, 'sanctions.md'), policy);
  writeFileSync(join(directory, 'training.txt'), 'Lock your screen.');
  demo = await story({
    clock,
    gatewayLines: [
      'acknowledge:',
      `  - { id: sanctions, title: Sanction policy, file: ${join(directory, 'sanctions.md')}, version: "2", roles: [nurse, front-desk], again: 30d, postpone: { times: 2 } }`,
      `  - { id: training, title: Training, file: ${join(directory, 'training.txt')}, version: "1", roles: [nurse] }`,
    ],
  });
});
afterAll(async () => demo.close());

/** As a person comes: the sign-in leads on to the page, and that to the text. */
async function enter(name: string, path = '/main') {
  clock.forward({ minutes: 1 });
  const client = new CookieClient();
  const start = `${demo.origin}/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent(path)}`;
  const asked = await client.page(start);
  const page = await client.form(asked.url, { code: codeAt(demo, name, clock) });
  return { client, page };
}

const said = (event: string) => records(demo).filter((one) => one['event'] === event);
const formOf = (page: { text: string }): Record<string, string> =>
  Object.fromEntries(
    [...page.text.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );

test('the text stands before the EHR, and no byte of the request reaches it', async () => {
  const before = seenByEhr(demo, '/main?first');
  const { client, page } = await enter('nurse', '/main?first=1');
  expect([page.status, new URL(page.url).pathname, seenByEhr(demo, '/main?first')]).toEqual([
    200,
    '/.wardgate/acknowledge',
    before,
  ]);
  expect(page.text).toContain('<h2>Sanctions</h2>');
  expect(page.text).toContain('&lt;b&gt;without need&lt;/b&gt;');
  // Scripts, frames and forms are not led there: they would be lost.
  const script = await client.ask(`${demo.origin}/main`, { headers: { accept: '*/*', 'sec-fetch-mode': 'cors' } });
  const frame = await client.ask(`${demo.origin}/main`, { headers: { accept: 'text/html', 'sec-fetch-dest': 'iframe' } });
  expect([script.status, frame.status]).toEqual([200, 200]);
  const form = await client.form(`${demo.origin}/chart/note`, { pid: '7', note: 'words' });
  expect(new URL(form.url).pathname).not.toBe('/.wardgate/acknowledge');
});

test('without the box it asks again; a text that changed meanwhile is shown as it is now', async () => {
  const { client, page } = await enter('nurse');
  const untouched = said('acknowledged').length;
  const bare = await client.form(page.url, { ...formOf(page), does: 'acknowledge' });
  expect([bare.status, bare.text.includes('Tick the box')]).toEqual([400, true]);
  const stale = await client.form(page.url, { ...formOf(page), hash: 'a'.repeat(64), read: 'yes', does: 'acknowledge' });
  expect([stale.status, stale.text.includes('has changed while you were reading')]).toEqual([400, true]);
  const foreign = await client.form(page.url, { ...formOf(page), read: 'yes' }, { origin: 'https://evil.example' });
  expect([foreign.status, said('acknowledged').length]).toEqual([403, untouched]);
});

test('one after the other, each on record with version and hash, and then on to the page', async () => {
  const { client, page } = await enter('nurse', '/main?then=1');
  const second = await client.form(page.url, { ...formOf(page), read: 'yes', does: 'acknowledge' });
  expect([new URL(second.url).pathname, second.text.includes('Lock your screen.')]).toEqual(['/.wardgate/acknowledge', true]);
  // The second one cannot be put off.
  expect(second.text).not.toContain('value="later"');
  const refused = await client.form(second.url, { ...formOf(second), does: 'later' });
  expect(refused.status).toBe(400);
  const ehr = await client.form(second.url, { ...formOf(second), read: 'yes', does: 'acknowledge' });
  expect(ehr.url).toBe(`${demo.origin}/main?then=1`);
  expect(said('acknowledged')).toMatchObject([
    { subject: { name: 'nurse' }, detail: `"sanctions" version "2", SHA-256 ${hash}` },
    { subject: { name: 'nurse' }, detail: expect.stringMatching(/^"training" version "1", SHA-256 [0-9a-f]{64}$/) as string },
  ]);
  // Sent once more from another tab it is only led on, and nobody is asked at the next sign-in.
  expect((await client.form(page.url, { ...formOf(page), read: 'yes' })).url).toBe(`${demo.origin}/main?then=1`);
  expect((await enter('nurse')).page.url).toBe(`${demo.origin}/main`);
  expect(said('acknowledged')).toHaveLength(2);
});

test('later today, twice; then it must be read', async () => {
  for (const left of ['2 times left', 'once more']) {
    const { client, page } = await enter('front-desk');
    expect(page.text).toContain(left);
    const ehr = await client.form(page.url, { ...formOf(page), does: 'later' });
    expect(ehr.url).toBe(`${demo.origin}/main`);
    expect((await client.page(`${demo.origin}/main`)).url).toBe(`${demo.origin}/main`);
    clock.forward({ hours: 5 });
  }
  const { page } = await enter('front-desk');
  expect(page.text).not.toContain('value="later"');
  expect(said('acknowledgement-postponed')).toHaveLength(2);
});

test('an emergency access goes before', async () => {
  const { client, page } = await enter('front-desk', '/chart?pid=7');
  // Whoever may not open the chart hears of the emergency first, and the text never stands between.
  expect(page.text + page.url).not.toContain('Sanction policy');
  const emergency = `${demo.origin}/.wardgate/emergency?return=${encodeURIComponent('/chart?pid=7')}`;
  const opened = await client.form(emergency, { reason: 'Patient collapsed in the waiting room' });
  expect([opened.url, opened.status]).toEqual([`${demo.origin}/chart?pid=7`, 200]);
});

test('asked again once it has lapsed', async () => {
  const { page } = await enter('nurse', '/chart?pid=7');
  expect(page.url).toBe(`${demo.origin}/chart?pid=7`);
  clock.forward({ hours: 31 * 24 });
  const { client: again, page: asked } = await enter('nurse', '/chart?pid=7');
  expect(new URL(asked.url).pathname).toBe('/.wardgate/acknowledge');
  await again.form(asked.url, { ...formOf(asked), does: 'later' });
  expect((await again.page(`${demo.origin}/chart?pid=7`)).url).toBe(`${demo.origin}/chart?pid=7`);
});

test('whoever has no such text, and the console, are not asked', async () => {
  expect((await enter('physician')).page.url).toBe(`${demo.origin}/main`);
  expect((await enter('security', '/.wardgate/console')).page.url).toBe(`${demo.origin}/.wardgate/console`);
  const none = await enter('physician');
  expect((await none.client.page(`${demo.origin}/.wardgate/acknowledge?return=%2Fmain`)).url).toBe(`${demo.origin}/main`);
});
