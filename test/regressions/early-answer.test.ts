// An EHR that answered before it had read the request left the client's connection wedged: the answer said keep-alive, the
// rest of the upload was read by nobody, and the next request on the connection was never seen.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { header } from '../support/raw-connection.ts';
import { wireStory } from '../support/wire-story.ts';
import type { WireStory } from '../support/wire-story.ts';

let wire: WireStory;
beforeAll(async () => {
  wire = await wireStory({ gatewayLines: ['limits: { drain: 1s }'] });
});
afterAll(async () => wire.close());

test('the answer arrives, says that the connection ends, and it does', async () => {
  const connection = await wire.open();
  connection.send(`${wire.head('POST /early', 'Content-Length: 500000')}${'x'.repeat(1000)}`);
  const answer = await connection.answered();
  expect(answer).toMatchObject({ status: 200, body: 'ok', complete: true });
  expect(header(answer, 'connection')).toBe('close');
  connection.send('x'.repeat(499_000) + wire.head('GET /after'));
  await connection.ended();
  expect(wire.ehr.requests.map(({ line }) => line)).toEqual(['POST /early HTTP/1.1']);
});
