// Two applications shared one count of connections: an imaging server that hung took every place, and nobody reached the
// EHR beside it, which was idle.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/demo-story.ts';
import { startWireEhr } from '../support/wire-ehr.ts';
import type { WireEhr } from '../support/wire-ehr.ts';
import { UndiciUpstream } from '../../src/adapters/upstream-undici.ts';
import { exchangeOf } from '../support/edge-facts.ts';
import type { UpstreamRequest } from '../../src/ports.ts';

const limits = {
  upstreamConnections: 2,
  upstreamConnectionsPerPerson: 1,
  upstreamQueue: 4,
  upstreamConnectSeconds: 5,
  upstreamHeadersSeconds: 60,
  upstreamBodyStallSeconds: 60,
};

let slow: WireEhr;
let quick: WireEhr;
let upstream: UndiciUpstream;
beforeAll(async () => {
  [slow, quick] = [await startWireEhr(), await startWireEhr()];
  slow.answer = () => undefined;
  const origins = new Map([['pacs', { origin: slow.origin, ca: null }], ['ehr', { origin: quick.origin, ca: null }]]); // prettier-ignore
  upstream = new UndiciUpstream(origins, limits);
});
afterAll(async () => {
  await upstream.close();
  await slow.close();
  await quick.close();
});

const ask = (application: string, person: string) =>
  upstream.request({
    application,
    method: 'GET',
    target: { path: '/', query: null, segments: [''] } as unknown as UpstreamRequest['target'],
    headers: ['host', 'ehr'],
    exchange: exchangeOf(),
    headerTimeoutSeconds: null,
    person,
  });

test('an application that hangs keeps nobody from another', async () => {
  for (const person of ['a', 'b', 'c', 'd']) void ask('pacs', person).catch(() => undefined);
  await eventually(() => slow.requests.length === 2, 'the slow one to be full');
  const replies = await Promise.all([ask('ehr', 'a'), ask('ehr', 'b')]);
  expect(replies.map(({ status }) => status)).toEqual([200, 200]);
  expect(upstream.load).toEqual({ running: 4, waiting: 2 });
  for (const reply of replies) reply.abort(new Error('Enough'));
});
