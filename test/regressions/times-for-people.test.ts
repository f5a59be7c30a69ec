// The story: the page that tells a person about their session said "2026-11-23T14:54:12.731Z" and, in a clinic where a
// session ends after half a minute, "Ends when idle for 1 minutes". People read times in their clinic's zone.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { signIn, story } from '../support/demo-story.ts';

let demo: Demo;

beforeAll(async () => {
  demo = await story({ idle: '45s' });
});
afterAll(async () => demo.close());

test('the page speaks in days, hours and seconds; the JSON stays exact', async () => {
  const nurse = await signIn(demo, 'nurse');
  const page = await nurse.page(`${demo.origin}/.wardgate/me`);
  expect(page.text).toMatch(/<dt>Signed in since<\/dt>\s*<dd>\d{1,2} [A-Z][a-z]{2,3}, \d\d:\d\d<\/dd>/);
  expect(page.text).toMatch(/<dt>Locks when unused for<\/dt>\s*<dd>45 seconds<\/dd>/);
  expect(page.text).toMatch(/<dt>Ends at the latest after<\/dt>\s*<dd>12 hours<\/dd>/);
  expect(page.text).not.toMatch(/\d{4}-\d\d-\d\dT/);
  const json = await nurse.ask(`${demo.origin}/.wardgate/me`, { headers: { accept: 'application/json' } });
  expect(JSON.parse(json.text)).toMatchObject({
    idleSeconds: 45,
    signedInAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
  });
});
