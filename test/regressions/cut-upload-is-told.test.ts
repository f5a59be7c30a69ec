// An upload that was cut because it was too large or too slow was answered "502, the EHR cannot be reached": the cut body
// broke the request to the EHR, and that was what the person was told. So was a client that left, in the record.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/demo-story.ts';
import { wireStory } from '../support/wire-story.ts';
import type { WireStory } from '../support/wire-story.ts';

let wire: WireStory;
beforeAll(async () => {
  wire = await wireStory({ gatewayLines: ['limits: { body: 64KiB, stall: 1s, drain: 1s }'] });
  wire.ehr.answer = () => undefined;
});
afterAll(async () => wire.close());

test.each([
  ['too large', '/large', 'x'.repeat(70_000), 413, 'body-too-large'],
  ['too slow', '/slow', 'x', 408, 'body-too-slow'],
])('a chunked upload that is %s is told so, and so is the record', async (_what, path, chunk, status, reason) => {
  const connection = await wire.open();
  connection.send(`${wire.head(`POST ${path}`, 'Transfer-Encoding: chunked')}${chunk.length.toString(16)}\r\n${chunk}\r\n`);
  const answer = await connection.answered();
  expect(answer.status).toBe(status);
  expect(answer.body).toContain(reason);
  await connection.ended();
  const outcome = await eventually(
    () => wire.records().find((one) => one['event'] === 'outcome' && one['target'] === path),
    'the outcome',
  );
  expect(outcome).toMatchObject({ status, reason, decision: 'refused' });
  await eventually(() => wire.ehr.requests.every(({ socket, whole }) => socket.destroyed && !whole), 'the EHR to be let go');
});
