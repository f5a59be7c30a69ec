// The main job, end to end: people reach their EHR through the gateway, and only what their role allows.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { eventually, records, seenByEhr, signIn, story } from '../support/demo-story.ts';

let demo: Demo;

beforeAll(async () => {
  demo = await story();
});
afterAll(async () => demo.close());

describe('nobody is signed in', () => {
  test.each`
    shape              | headers                                                                                | status
    ${'a page'}        | ${{ accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' }} | ${303}
    ${'an old page'}   | ${{ accept: 'text/html,application/xhtml+xml' }}                                       | ${303}
    ${'a frame'}       | ${{ accept: 'text/html', 'sec-fetch-dest': 'iframe', 'sec-fetch-mode': 'navigate' }}   | ${303}
    ${'a script'}      | ${{ accept: '*/*', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }}              | ${401}
    ${'an old script'} | ${{ accept: '*/*', 'x-requested-with': 'XMLHttpRequest' }}                             | ${401}
    ${'an image'}      | ${{ accept: 'image/*', 'sec-fetch-dest': 'image', 'sec-fetch-mode': 'no-cors' }}       | ${401}
  `(
    '$shape is answered $status and the EHR sees nothing',
    async ({ headers, status }: { headers: Record<string, string>; status: number }) => {
      const before = demo.ehr.requests().length;
      const reply = await new CookieClient().ask(`${demo.origin}/chart?pid=7`, { headers });
      expect(reply.status).toBe(status);
      expect(demo.ehr.requests()).toHaveLength(before);
      if (status === 401) {
        const problem = JSON.parse(reply.text) as Record<string, unknown>;
        expect(problem).toMatchObject({
          status: 401,
          reason: 'sign-in-required',
          signIn: '/.wardgate/sign-in?return=%2Fchart%3Fpid%3D7',
        });
      }
    },
  );
});

describe('each persona', () => {
  test.each`
    persona         | method    | path                  | status
    ${'physician'}  | ${'GET'}  | ${'/chart?pid=7'}     | ${200}
    ${'physician'}  | ${'GET'}  | ${'/admin/users'}     | ${403}
    ${'nurse'}      | ${'GET'}  | ${'/chart?pid=7'}     | ${200}
    ${'nurse'}      | ${'GET'}  | ${'/billing/claims'}  | ${403}
    ${'front-desk'} | ${'GET'}  | ${'/schedule'}        | ${200}
    ${'front-desk'} | ${'GET'}  | ${'/documents?pid=7'} | ${403}
    ${'billing'}    | ${'GET'}  | ${'/billing/claims'}  | ${200}
    ${'billing'}    | ${'GET'}  | ${'/chart?pid=7'}     | ${403}
    ${'records'}    | ${'GET'}  | ${'/chart?pid=7'}     | ${200}
    ${'security'}   | ${'GET'}  | ${'/chart?pid=7'}     | ${403}
    ${'nurse'}      | ${'GET'}  | ${'/not/in/any/rule'} | ${403}
    ${'nurse'}      | ${'HEAD'} | ${'/chart?pid=7'}     | ${200}
    ${'nurse'}      | ${'PUT'}  | ${'/chart?pid=7'}     | ${403}
  `(
    '$persona: $method $path gives $status',
    async ({ persona, method, path, status }: Record<string, string> & { status: number }) => {
      const client = await browserOf(persona ?? '');
      const before = seenByEhr(demo, path ?? '');
      const reply = await client.ask(`${demo.origin}${path}`, {
        method: method ?? 'GET',
        headers: { accept: '*/*', 'sec-fetch-mode': 'cors' },
      });
      expect(reply.status).toBe(status);
      expect(seenByEhr(demo, path ?? '') - before).toBe(status === 403 ? 0 : 1);
    },
  );
});

test('an attempt, then its outcome, stand in the audit with the patient and without query values', async () => {
  const client = await browserOf('physician');
  await client.ask(`${demo.origin}/chart?pid=9&secret=hunter2`, {
    headers: { accept: 'text/html', 'sec-fetch-dest': 'document' },
  });
  const outcome = await eventually(
    () => records(demo).find((one) => one['event'] === 'outcome' && one['patient'] === '9'),
    'the outcome',
  );
  const attempt = records(demo).find((one) => one['event'] === 'attempt' && one['request'] === outcome['request']);
  expect(attempt).toMatchObject({ decision: 'allowed', method: 'GET', patientSource: 'query', application: 'ehr' });
  expect(outcome).toMatchObject({ status: 200, endedBy: 'forward', rule: attempt?.['rule'] });
  expect(Number(attempt?.['seq'])).toBeLessThan(Number(outcome['seq']));
  expect(JSON.stringify(records(demo))).not.toContain('hunter2');
});

test('the EHR is told who it is, and nothing the client says of itself', async () => {
  const client = await browserOf('nurse');
  const reply = await client.ask(`${demo.origin}/echo-headers`, {
    headers: {
      accept: 'text/html',
      'X-Remote-User': 'admin',
      X_Remote_User: 'admin',
      'X-Forwarded-For': '8.8.8.8',
      Authorization: 'Bearer x',
      Connection: 'close, X-Remote-User',
    },
  });
  if (reply.status === 403) return expect.fail('The demo rules should let a nurse see the request headers');
  const seen = reply.text.toLowerCase();
  expect(seen).toContain('x-remote-user: nurse');
  expect(seen).not.toContain('admin');
  expect(seen).not.toContain('8.8.8.8');
  expect(seen).not.toContain('authorization');
  expect(seen).not.toContain('wardgate=');
  return undefined;
});

const browsers = new Map<string, Promise<CookieClient>>();

/** One browser per persona for the whole file: a code works once. */
function browserOf(persona: string): Promise<CookieClient> {
  const known = browsers.get(persona) ?? signIn(demo, persona);
  browsers.set(persona, known);
  return known;
}
