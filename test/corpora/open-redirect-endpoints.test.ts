// Every hostile way back, through the gateway itself: after a whole sign-in the browser stands on our origin, at the path
// that was asked for or at `/`, and on no page on the way does a link lead elsewhere. WARDGATE_CORPORA names a directory with
// open-redirect.json.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { codeAt } from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

interface Item {
  readonly id: string;
  readonly input: string;
  readonly expect: string;
}

const table: readonly Item[] = [
  ...[
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'https:evil.example',
    '/\t/evil.example',
    '/%09/evil.example',
    '/%2f%2fevil.example',
    '/%5cevil.example',
    'javascript:alert(1)',
    '/a\r\nLocation: https://evil.example',
    '/%0d%0aSet-Cookie:%20wardgate=x',
    '/..//evil.example',
    '/.wardgate/sign-in?return=//evil.example',
    '\u2028//evil.example',
    '/\u3031evil.example',
    '@evil.example',
    '.evil.example',
    ':80',
    '',
  ].map((input, n) => ({ id: `own-reject-${n}`, input, expect: 'reject' })),
  ...['/', '/chart?pid=7', '/a/b.php?next=//evil.example', '/.wardgate/me'].map((input, n) => ({
    id: `own-accept-${n}`,
    input,
    expect: 'accept',
  })),
];

/** Sign-in addresses of another prefix: here they are pages of the EHR like any other. */
const othersAddresses: ReadonlySet<string> = new Set(['OR-0678', 'OR-0679']);
const corpora = process.env['WARDGATE_CORPORA'];
const items = (
  corpora === undefined
    ? table
    : [...table, ...(JSON.parse(readFileSync(`${corpora}/open-redirect.json`, 'utf8')) as { items: Item[] }).items]
).filter(({ input }) => input.isWellFormed());

const page = { accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' };
let demo: Demo;
const clock = new ShiftingClock();
let client: CookieClient;

beforeAll(async () => {
  demo = await story({ clock });
  client = new CookieClient();
  await signInAndBack(`${demo.origin}/.wardgate/sign-in?login_hint=nurse&return=%2Fwelcome`);
});
afterAll(async () => demo.close());

/** A whole sign-in, code included; the Location it ends with. */
async function signInAndBack(address: string): Promise<string> {
  const challenge = await client.page(address);
  // Each code works once, and half a minute later there is another.
  clock.forward({ seconds: 30 });
  const headers = { ...page, 'content-type': 'application/x-www-form-urlencoded', origin: demo.origin };
  const reply = await client.ask(challenge.url, { method: 'POST', body: `code=${codeAt(demo, 'nurse', clock)}`, headers });
  if (reply.status !== 303) throw new Error(`No way on from ${challenge.url}: ${reply.status} ${reply.text}`);
  return reply.headers.location ?? '';
}

function expectOurs(location: string, { input, expect: wanted, id }: Item): void {
  expect(new URL(location, demo.origin).origin, location).toBe(demo.origin);
  // The path form only, so that no parser can read a host into it.
  expect(location).toMatch(/^\/(?![/\\])[\x21-\x7e]*$/);
  if (othersAddresses.has(id)) return;
  if (wanted === 'reject') expect(location).toBe('/');
  if (wanted === 'accept') expect(location).toBe(input);
}

describe('the way back', () => {
  test.each(items)('$id $input after a sign-in', async (item) => {
    const before = demo.ehr.requests().length;
    const location = await signInAndBack(`${demo.origin}/.wardgate/sign-in?return=${encodeURIComponent(item.input)}`);
    expectOurs(location, item);
    expect(demo.ehr.requests()).toHaveLength(before);
  });

  test.each(items)('$id $input of a tab that is late', async (item) => {
    const reply = await client.ask(`${demo.origin}/.wardgate/second-factor?return=${encodeURIComponent(item.input)}`, {
      headers: page,
    });
    expectOurs(reply.headers.location ?? 'none', item);
  });

  test.each(items)('$id $input out of a frame', async (item) => {
    const reply = await client.ask(`${demo.origin}/.wardgate/leave-frame?to=${encodeURIComponent(item.input)}`, {
      headers: page,
    });
    const links = [...reply.text.matchAll(/<a[^>]* href="([^"]*)"/g)].map((match) => (match[1] ?? '').replaceAll('&amp;', '&'));
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) {
      expect(link).toMatch(/^\/\.wardgate\//);
      expect(new URL(link, demo.origin).origin).toBe(demo.origin);
    }
  });
});
