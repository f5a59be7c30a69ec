// People closed their browsers in the middle of a download, and the audit said that the EHR had broken off: a client that
// leaves stops the EHR, and that was noticed first. And the record of a stop was not the last one of its run, so that an
// orderly end looked like a crash.

import { request } from 'node:http';
import { expect, test } from 'vitest';
import { recordsOf, script } from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { eventually, records, signIn, story } from '../support/demo-story.ts';

test('a client that leaves is recorded as one, and the stop is the last record', async () => {
  const demo = await story({ gatewayLines: ['limits: { anonymousRecordsPerMinute: 1 }'] });
  const client = await signIn(demo, 'physician');
  const { hostname, port } = new URL(demo.origin);
  const headers = { cookie: client.cookieHeader(demo.origin) };
  await new Promise<void>((resolve) => {
    const outgoing = request({ host: hostname, port, path: '/files/large?megabytes=64', headers, agent: false }, (reply) => {
      reply.on('error', () => undefined);
      reply.once('data', () => {
        outgoing.destroy();
        resolve();
      });
    });
    outgoing.on('error', () => undefined).end();
  });
  const outcome = await eventually(
    () => recordsOf(demo, 'outcome').find((one) => one['target'] === '/files/large?megabytes=-'),
    'the outcome',
  );
  expect(outcome).toMatchObject({ status: 200, reason: 'client-abort' });
  for (let asks = 0; asks < 5; asks += 1) await script(new CookieClient(), `${demo.origin}/chart`);
  await demo.close();
  expect(recordsOf(demo, 'refusals-summed')).toHaveLength(1);
  expect(records(demo).at(-1)).toMatchObject({ event: 'stop' });
});
