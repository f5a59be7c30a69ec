// A page of the EHR ran `fetch('/.wardgate/emergency', { method: 'POST' })`. It came from the right origin with the person's
// cookie, so an emergency access was open and nobody had seen a page of it.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { withoutTheEhr } from '../support/clinic-story.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { records, signIn, story } from '../support/demo-story.ts';

let demo: Demo;
let client: CookieClient;

beforeAll(async () => {
  demo = await story();
  client = await signIn(demo, 'front-desk');
});
afterAll(async () => demo.close());

type Sent = Readonly<Record<string, string>>;

const post = (path: string, headers: Sent) =>
  client.ask(`${demo.origin}/.wardgate/${path}`, {
    method: 'POST',
    body: 'reason=the+patient+is+unconscious',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: demo.origin, ...headers },
  });

const opened = (): number => records(demo).filter((one) => one['event'] === 'break-glass').length;
const same = { 'sec-fetch-site': 'same-origin' };

describe.each(['emergency', 'step-up', 'credential', 'more-downloads', 'enrol', 'second-factor', 'sign-out'])('%s', (path) => {
  test.each<[string, Sent]>([
    ['fetch', { ...same, 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
    ['fetch without CORS', { ...same, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'empty' }],
    ['fetch as same-origin', { ...same, 'sec-fetch-mode': 'same-origin', 'sec-fetch-dest': 'empty' }],
    ['a beacon', { ...same, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'empty', 'content-type': 'text/plain' }],
    ['an object', { ...same, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'object' }],
    ['half of the metadata', { ...same, 'sec-fetch-mode': 'navigate' }],
    ['the other half', { ...same, 'sec-fetch-dest': 'document' }],
  ])('%s opens nothing', async (_what, headers) => {
    const before = opened();
    const reply = await withoutTheEhr(demo, () => post(path, headers));
    expect(reply.status).toBe(403);
    expect(reply.text).toContain('origin-not-permitted');
    expect(opened()).toBe(before);
  });
});

test.each(['enrol', 'second-factor'])('%s is never a frame’s', async (path) => {
  const reply = await post(path, { ...same, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' });
  expect([reply.status, reply.text.includes('origin-not-permitted')]).toEqual([403, true]);
});

test.each<[string, Sent]>([
  ['a page', { ...same, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }],
  ['a page in a frame', { ...same, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
  ['a page in a frameset', { ...same, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'frame' }],
  ['a browser that says nothing of it', {}],
])('%s opens it', async (_what, headers) => {
  const before = opened();
  expect((await post('emergency', headers)).status).toBe(303);
  expect(opened()).toBe(before + 1);
});
