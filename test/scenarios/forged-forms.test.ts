// Another site makes a signed-in person's browser send something: the EHR must not see it, and what its own pages send must
// go on as before. The first line is SameSite=Lax; these are the requests in which the cookie came along all the same.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { roleLines, script, withoutTheEhr } from '../support/clinic-story.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { eventually, records, seenByEhr, signIn, story } from '../support/demo-story.ts';

const rules = `${roleLines}
rules:
  - { name: all, paths: ["/**"], methods: [GET, POST, PUT, PATCH, DELETE, OPTIONS], allow: everyone }
`;
const form = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };

let demo: Demo;
let client: CookieClient;

beforeAll(async () => {
  demo = await story({ rules });
  client = await signIn(demo, 'nurse');
  await script(client, `${demo.origin}/chart?set_pid=7`);
});
afterAll(async () => demo.close());

type Sent = Readonly<Record<string, string>>;

function send(method: string, headers: Sent) {
  return client.ask(`${demo.origin}/chart/notes?pid=7`, { method, headers: { ...form, ...headers }, body: 'note=forged' });
}

describe('is refused, recorded, and never seen by the EHR', () => {
  test.each<[string, string, Sent]>([
    [
      'a form of another site',
      'POST',
      {
        origin: 'https://evil.example',
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
      },
    ],
    ['a form of a sibling', 'POST', { origin: 'https://www.clinic.example', 'sec-fetch-site': 'same-site' }],
    ['another port of this host', 'POST', { origin: 'http://localhost:1', 'sec-fetch-site': 'same-site' }],
    ['a frame that hides its origin', 'POST', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['an old browser', 'POST', { origin: 'https://evil.example' }],
    ['an old browser in a sandbox', 'POST', { origin: 'null' }],
    [
      'a script of another site',
      'POST',
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    ],
    ['PUT', 'PUT', { 'sec-fetch-site': 'cross-site' }],
    ['PATCH', 'PATCH', { 'sec-fetch-site': 'cross-site' }],
    ['DELETE', 'DELETE', { 'sec-fetch-site': 'cross-site' }],
  ])('%s', async (_case, method, headers) => {
    const before = records(demo).length;
    const reply = await withoutTheEhr(demo, () => send(method, headers));
    expect(reply.status).toBe(403);
    expect(reply.text).toContain('origin-not-permitted');
    const refusal = await eventually(
      () =>
        records(demo)
          .slice(before)
          .find((record) => record['reason'] === 'origin-not-permitted'),
      'the record',
    );
    expect(refusal).toMatchObject({ event: 'refusal', decision: 'refused', endedBy: 'bound-request', method });
  });
});

describe('goes on', () => {
  test.each<[string, string, () => Sent]>([
    ['a form of the EHR', 'POST', () => ({ origin: demo.origin, 'sec-fetch-site': 'same-origin' })],
    ['a form of a sandboxed frame of the EHR', 'POST', () => ({ origin: 'null', 'sec-fetch-site': 'same-origin' })],
    ['a sent form loaded again', 'POST', () => ({ 'sec-fetch-site': 'none' })],
    ['an old browser’s form', 'POST', () => ({ origin: demo.origin })],
    ['a program without a browser', 'POST', () => ({})],
  ])('%s', async (_case, method, headers) => {
    const before = seenByEhr(demo, '/chart/notes');
    const reply = await send(method, headers());
    expect(reply.text).not.toContain('origin-not-permitted');
    expect(seenByEhr(demo, '/chart/notes')).toBe(before + 1);
  });

  test('a link from another site', async () => {
    const headers = {
      accept: 'text/html',
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    expect((await client.ask(`${demo.origin}/chart?pid=7`, { headers })).status).toBe(200);
  });
});
