// The story: a nurse sat down at a computer where the sign-in service still remembered the colleague before. The gateway
// asked for the colleague's code, and there was no way round it: signing out did nothing, because no session of ours existed
// yet, and so the provider was never told. Whoever is on the way in may leave now, here and at the provider.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { records, story } from '../support/demo-story.ts';

let demo: Demo;

beforeAll(async () => {
  demo = await story();
});
afterAll(async () => demo.close());

test('the code page leads out, the provider is told, the way in is over, and nothing reached the EHR', async () => {
  const browser = new CookieClient();
  const asked = await browser.page(`${demo.origin}/.wardgate/sign-in?login_hint=nurse`);
  expect(asked.text).toContain('<a href="/.wardgate/sign-out">Not you?');
  const out = await browser.ask(`${demo.origin}/.wardgate/sign-out`, { method: 'POST', headers: { origin: demo.origin } });
  expect(out.status).toBe(303);
  expect(out.headers.location).toContain(`${demo.provider.issuer}/session/end?id_token_hint=`);
  const back = await browser.ask(`${demo.origin}/.wardgate/second-factor`);
  expect(back.headers.location).toContain('/.wardgate/sign-in');
  expect(records(demo).find((one) => one['event'] === 'sign-out')).toMatchObject({
    subject: { name: 'nurse' },
    detail: 'on the way in',
  });
  expect(demo.ehr.requests()).toHaveLength(0);
});
