// A request for another host was recorded with the time 1970-01-01 and no id, and its page said `Request -`: it was refused
// by the very stage that gave out ids and times. Every request now has both before anything can refuse it.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { eventually, records, story } from '../support/demo-story.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await story();
});
afterAll(() => demo.close());

test.each([
  ['another host', 'evil.example', 421, 'host-unknown'],
  ['a host that is none', 'a@b', 400, 'host-ambiguous'],
])('%s is recorded with its id and its time', async (_case, host, status, reason) => {
  const started = Date.now();
  const reply = await new CookieClient().ask(`${demo.origin}/`, { headers: { host, accept: 'application/json' } });
  expect(reply.status).toBe(status);
  const { requestId } = JSON.parse(reply.text) as { requestId: string };
  expect(requestId).toMatch(/^\w+-\w+$/);
  const record = await eventually(() => records(demo).find((each) => each['request'] === requestId), 'the record');
  expect(record).toMatchObject({ event: 'refusal', reason, status });
  expect(Date.parse(String(record['time']))).toBeGreaterThanOrEqual(started);
});
