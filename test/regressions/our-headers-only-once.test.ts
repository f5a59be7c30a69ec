// A header that the configuration let pass and that was also one of ours went to the EHR twice, the client's word first;
// and one that was written there with capitals, as people do, never passed at all.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { wireStory } from '../support/wire-story.ts';
import type { WireStory } from '../support/wire-story.ts';

let wire: WireStory;
beforeAll(async () => {
  wire = await wireStory({
    gatewayLines: ['limits: { drain: 1s }'],
    wireLines: [
      'signOn: { header: X-Remote-User }',
      'identityHeaders: { roles: X-Roles }',
      'passHeaders: [X-Remote-User, x-roles, X-Site]',
    ],
  });
});
afterAll(async () => wire.close());

test('the EHR sees our word alone, and what may pass', async () => {
  expect((await wire.ask('GET /a', ['X-Remote-User: admin', 'X-Roles: it', 'X-Site: north'])).status).toBe(200);
  const named = (name: string): string[] =>
    wire.ehr.requests.flatMap(({ headers }) => headers.filter(([one]) => one === name).map(([, value]) => value));
  expect([named('x-remote-user'), named('x-roles'), named('x-site')]).toEqual([['nurse'], ['nurse'], ['north']]);
});
