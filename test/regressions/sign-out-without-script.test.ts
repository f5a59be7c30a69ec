// The story: with JavaScript switched off, signing out of the demo ended at an error page of its provider. The button on
// the page said "logout" a second time beside the hidden field, and a parameter that stands twice is refused there.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { signIn, story } from '../support/demo-story.ts';

let demo: Demo;

beforeAll(async () => {
  demo = await story();
});
afterAll(async () => demo.close());

test('the page of the provider sends each field once', async () => {
  const nurse = await signIn(demo, 'nurse');
  const page = await nurse.form(`${demo.origin}/.wardgate/sign-out`, {});
  expect(page.url).toContain('/session/end');
  expect(page.text.match(/name="logout"/g)).toHaveLength(1);
  const fields = [...page.text.matchAll(/<input type="hidden" name="([a-z]+)" value="([^"]*)"/g)].map(
    ([, name = '', value = '']) => [name, value],
  );
  const action = /action="([^"]+)"/.exec(page.text)?.[1] ?? '';
  expect((await nurse.form(action, Object.fromEntries(fields) as Record<string, string>)).url).toBe(
    `${demo.origin}/.wardgate/signed-out`,
  );
});
