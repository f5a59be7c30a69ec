// Somebody stood before the page for their second factor when `wardgate user end` ended their access. Their factors were gone by
// then, so the gateway took them for a newcomer and led them on to set up another one; they got no session, but a leaver had a
// second factor again. Whoever is on the way in is asked at each step whether they have left.

import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { userCommand } from '../../src/cli/user.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { codeOf, eventually, records, signIn, story } from '../support/demo-story.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await story();
});
afterAll(async () => demo.close());

it('is refused with the right code, sets up nothing, and is told of', async () => {
  await signIn(demo, 'physician');
  const half = new CookieClient();
  const challenge = await half.page(`${demo.origin}/.wardgate/sign-in?login_hint=physician&return=%2Fmain`);
  expect([challenge.status, challenge.text]).toEqual([200, expect.stringContaining('name="code"') as string]);
  const print = { out: () => undefined, err: () => undefined };
  const config = join(demo.directory, 'gateway.yaml');
  expect(await userCommand(['end', 'physician', '--because', 'let go', '--config', config], print)).toBe(0);
  const before = demo.ehr.requests().length;
  const secret = demo.personas.find(({ name }) => name === 'physician')?.totpSecret ?? '';
  const sent = await half.form(challenge.url, { code: codeOf(secret) });
  expect([sent.status, sent.text.includes('name="code"')]).toEqual([403, false]);
  for (const path of ['/.wardgate/enrol', '/.wardgate/second-factor']) {
    const shown = await half.page(`${demo.origin}${path}?return=%2Fmain`);
    expect([path, shown.status, shown.text.includes('name="code"')]).toEqual([path, 403, false]);
  }
  expect(demo.ehr.requests().length).toBe(before);
  const { sessions, factors } = demo.gateway.composed.state;
  expect(await sessions.ofSubject(demo.provider.issuer, 'physician')).toEqual([]);
  expect(await factors.totp(demo.provider.issuer, 'physician')).toBeNull();
  const told = () => records(demo).find((one) => one['event'] === 'alert' && one['reason'] === 'after-termination');
  expect(await eventually(told, 'the alert')).toMatchObject({ subject: { name: 'physician' } });
});
