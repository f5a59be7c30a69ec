// A form of ours named our origin and said `Sec-Fetch-Site: cross-site` beside it, and was taken: the first word was
// believed and the second never read. Towards the EHR it was the other way round, and `Origin: https://evil.example` passed
// beside `Sec-Fetch-Site: same-origin`. No browser says both, so whoever does is refused.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { roleLines } from '../support/clinic-story.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { seenByEhr, signIn, story } from '../support/demo-story.ts';

const rules = `${roleLines}
rules:
  - { name: all, paths: ["/**"], methods: [GET, POST], allow: everyone }
`;

let demo: Demo;
let client: CookieClient;

beforeAll(async () => {
  demo = await story({ rules });
  client = await signIn(demo, 'nurse');
});
afterAll(async () => demo.close());

async function post(path: string, origin: string, site: string): Promise<number> {
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'text/html',
    origin,
    'sec-fetch-site': site,
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
  };
  return (await client.ask(demo.origin + path, { method: 'POST', headers, body: 'note=x' })).status;
}

test('our own forms', async () => {
  for (const site of ['cross-site', 'same-site'])
    expect([site, await post('/.wardgate/sign-out', demo.origin, site)]).toEqual([site, 403]);
  expect((await client.page(`${demo.origin}/main`)).status).toBe(200);
});

test('forms of the EHR', async () => {
  for (const site of ['same-origin', 'none'])
    expect([site, await post('/chart/notes?pid=7', 'https://evil.example', site)]).toEqual([site, 403]);
  expect(seenByEhr(demo, '/chart/notes')).toBe(0);
  await post('/chart/notes?pid=7', demo.origin, 'same-origin');
  expect(seenByEhr(demo, '/chart/notes')).toBe(1);
});
