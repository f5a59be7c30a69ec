// A link on another site, or a page that a browser fetched ahead of a click, switched the patient under an open chart: the
// EHR chooses by GET, and only POST was asked where it came from.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { roleLines, withoutTheEhr } from '../support/clinic-story.ts';
import type { CookieClient, Reply } from '../support/cookie-client.ts';
import { records, seenByEhr, signIn, story } from '../support/demo-story.ts';

const rules = `${roleLines}
rules:
  - { name: shell, area: ehr.shell, allow: everyone }
  - { name: charts, area: ehr.chart, allow: nurse }
  - { name: admin, paths: [/schedule], changes: true, allow: nurse }
  - { name: all, paths: ["/**"], methods: [GET, POST], allow: everyone }
`;

let demo: Demo;
let client: CookieClient;

beforeAll(async () => {
  demo = await story({ rules });
  client = await signIn(demo, 'nurse');
});
afterAll(async () => demo.close());

type Sent = Readonly<Record<string, string>>;
const page = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
const open = (path: string, headers: Sent): Promise<Reply> =>
  client.ask(demo.origin + path, { headers: { ...page, ...headers } });

// The demo's area for charts holds one page that selects and others that only show; the login page clears the selection.
const changing = ['/chart?set_pid=8', '/schedule', '/logout'];

describe.each(changing)('%s', (path) => {
  test.each<[string, Sent]>([
    ['a link on another site', { 'sec-fetch-site': 'cross-site' }],
    ['a link on a sibling', { 'sec-fetch-site': 'same-site' }],
    ['a script of another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
    ['an old browser that names the origin', { origin: 'https://evil.example' }],
  ])('%s is refused, and offered to be opened from here', async (_what, headers) => {
    const before = records(demo).length;
    const reply = await withoutTheEhr(demo, () => open(path, headers));
    expect(reply.status).toBe(403);
    expect(reply.text).toContain('origin-not-permitted');
    if (headers['sec-fetch-dest'] === undefined) expect(reply.text).toContain(`href="${path}"`);
    expect(
      records(demo)
        .slice(before)
        .find((one) => one['event'] === 'refusal'),
    ).toMatchObject({
      reason: 'origin-not-permitted',
      endedBy: 'match-rule',
    });
  });
});

describe.each([...changing, '/finder', '/chart/vitals?pid=8', '/static/style.css'])('%s', (path) => {
  test.each<[string, Sent]>([
    ['Sec-Purpose: prefetch', { 'sec-purpose': 'prefetch', 'sec-fetch-site': 'same-origin' }],
    ['Sec-Purpose: prefetch;prerender', { 'sec-purpose': 'prefetch;prerender', 'sec-fetch-site': 'none' }],
    ['Purpose: prefetch', { purpose: 'prefetch' }],
    ['X-Moz: prefetch', { 'x-moz': 'Prefetch' }],
  ])('%s is refused', async (_what, headers) => {
    const reply = await withoutTheEhr(demo, () => open(path, headers));
    expect(reply.status).toBe(403);
    expect(reply.text).toContain('origin-not-permitted');
  });
});

test.each<[string, string, Sent]>([
  ['the EHR’s own link', '/chart?set_pid=8', { 'sec-fetch-site': 'same-origin' }],
  ['a bookmark', '/chart?set_pid=8', { 'sec-fetch-site': 'none' }],
  ['a program that says nothing', '/chart?set_pid=8', {}],
  ['a link on another site to what changes nothing', '/finder', { 'sec-fetch-site': 'cross-site' }],
  ['another purpose', '/chart?set_pid=8', { purpose: 'reading' }],
])('%s goes on', async (_what, path, headers) => {
  const before = seenByEhr(demo, path);
  expect((await open(path, headers)).status).toBe(200);
  expect(seenByEhr(demo, path)).toBe(before + 1);
});
