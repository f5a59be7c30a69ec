// The page of health: each line is asked of the part it speaks of, and says so where that part gives no answer.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { storeLine } from '../../src/compose/health-store-line.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { signIn, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const path = '/.wardgate/console/health';
const anchor = mkdtempSync(join(tmpdir(), 'wardgate-anchor-'));
const clock = new ShiftingClock();
let demo: Demo;
let officer: CookieClient;

beforeAll(async () => {
  const rewriteGateway = (yaml: string): string =>
    yaml.replace('audit: { keep: 6y }', `audit: { keep: 6y, anchors: [{ path: "${anchor}" }] }`);
  demo = await story({ clock, rewriteGateway });
  officer = await signIn(demo, 'security', path);
});
afterAll(async () => {
  await demo.close();
  rmSync(anchor, { recursive: true });
});

/** State and words of one line, as they stand in the page. */
async function line(what: string): Promise<readonly [string, string]> {
  const { text } = await officer.page(demo.origin + path);
  const row = new RegExp(
    `<td[^>]*>${what}[^<]*</td>\\s*<td[^>]*><span class="state (\\w+)">[^<]*</span></td>\\s*<td[^>]*>([^<]*)</td>`,
  ).exec(text);
  return [row?.[1] ?? 'no such line', row?.[2] ?? ''];
}

test('the store is asked, and the last record and anchors say when they were', async () => {
  expect(await line('Sessions and settings')).toEqual(['good', 'the store answers; 1 sessions in it']);
  await expect
    .poll(() => line('Last record on the disk'))
    .toEqual(['good', expect.stringMatching(/^record \d+ of 20.*Z, 0 minutes ago$/)]);
  expect(await line('Gaps in the last 7 days')).toEqual(['good', 'none, but for stops in order']);
  await expect
    .poll(() => line('Anchor '))
    .toEqual([expect.any(String), expect.stringMatching(/\d+ records, reached .*Z, 0 minutes ago$/)]);
  expect(await line('Receivers of alerts')).toEqual(['off', 'none is configured']);
});

test('a record that goes no further is told, and the gap it leaves', async () => {
  clock.forward({ minutes: 12 });
  expect((await line('Last record on the disk'))[0]).toMatch(/^(?:bad|good)$/);
  await expect
    .poll(() => line('Gaps in the last 7 days'), { timeout: 20_000 })
    .toEqual(['bad', expect.stringMatching(/^1, 1[123] minutes without a watch in all; the newest from 20.*Z to 20.*Z$/)]);
});

test.each([
  ['answers', () => Promise.resolve([]), 'good', 'the store answers; 4 sessions in it'],
  [
    'fails',
    () => Promise.reject(new Error('disk I/O error')),
    'bad',
    'the store does not answer; the log of the gateway says why',
  ],
  ['hangs', () => new Promise<never>(() => undefined), 'bad', 'the store has not answered within 1 seconds'],
])('a store that %s', async (_how, open, state, says) => {
  expect(await storeLine({ sessions: { size: 4 }, endings: { open } }, 20)).toEqual({
    what: 'Sessions and settings',
    state,
    says,
  });
});
