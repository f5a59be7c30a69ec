// `pid=007` opened chart 7 and was on record as patient 007, so that a search for patient 7 missed it. An EHR that reads
// ids as numbers says so, and every other spelling is refused. A patient whom the record shows twice is worse than one
// who has to be asked for again.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { expectRefused, recordsOf, script } from '../support/clinic-story.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { signIn, story } from '../support/demo-story.ts';

let demo: Demo;
let client: CookieClient;
beforeAll(async () => {
  demo = await story();
  client = await signIn(demo, 'physician');
});
afterAll(async () => demo.close());

test.each([
  '/chart?pid=007',
  '/chart?set_pid=07',
  '/chart?set_pid=00',
  '/chart?pid=21abc',
  '/chart?pid=%207',
  '/chart?pid=7%20',
  '/chart?pid=%2B7',
  '/chart?pid=-7',
  '/chart?pid=7.0',
  '/chart?pid=7e0',
  '/chart?pid=0x7',
  '/chart?pid=%D9%A7',
  '/chart?pid=1000000000000000007',
  '/chart/vitals?pid=007',
  '/images/007/1.png',
])('%s is refused', async (path) => {
  await expectRefused(demo, () => script(client, demo.origin + path), 400, 'patient-ambiguous');
});

test.each(['7', '21'])('%s is a patient', async (pid) => {
  await script(client, `${demo.origin}/chart?pid=${pid}`);
  expect(recordsOf(demo, 'attempt').at(-1)).toMatchObject({ patient: pid, patientSource: 'query' });
});

test('0 is nobody: where patients have numbers, none has that one', async () => {
  await script(client, `${demo.origin}/chart?pid=0`);
  const record = recordsOf(demo, 'attempt').at(-1);
  expect(record).toMatchObject({ patientSource: 'unresolved' });
  expect(record).not.toHaveProperty('patient');
});
