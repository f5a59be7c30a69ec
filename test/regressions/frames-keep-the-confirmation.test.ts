// The story: the front desk clicked a chart in the EHR's work frame. The rule lets that role pass in an emergency, so the
// gateway asked for the reason; but what was asked inside a frame always led the whole window to the sign-in, second factor
// included, under the words "Your session has ended", which it had not. Our pages may stand in a frame of the EHR, so the
// question is asked there and the chart opens there. Only the sign-in, and what would end at the EHR's start page, leave it.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { seenByEhr, signIn, story } from '../support/demo-story.ts';

const frame = { accept: 'text/html', 'sec-fetch-dest': 'frame', 'sec-fetch-mode': 'navigate' };

describe('in a frame', () => {
  let demo: Demo;
  let desk: CookieClient;

  beforeAll(async () => {
    demo = await story();
    desk = await signIn(demo, 'front-desk');
  });
  afterAll(async () => demo.close());

  test('an emergency is asked for in the frame, and comes back to the chart', async () => {
    const before = seenByEhr(demo, '/chart');
    const reply = await desk.ask(`${demo.origin}/chart?pid=7`, { headers: frame });
    expect([reply.status, reply.headers.location]).toEqual([303, '/.wardgate/emergency?return=%2Fchart%3Fpid%3D7']);
    expect(seenByEhr(demo, '/chart')).toBe(before);
  });

  test('nobody’s frame leaves for the sign-in', async () => {
    const reply = await new CookieClient().ask(`${demo.origin}/chart?pid=7`, { headers: frame });
    expect(reply.headers.location).toMatch(/^\/\.wardgate\/leave-frame\?to=%2F\.wardgate%2Fsign-in/);
    expect(seenByEhr(demo, '/chart')).toBe(0);
  });

  test('what would end at the start page leaves for the question itself, not for the sign-in', async () => {
    const page = await desk.page(
      `${demo.origin}/.wardgate/leave-frame?to=${encodeURIComponent('/.wardgate/emergency?return=/')}`,
    );
    expect(page.text).toContain('href="/.wardgate/emergency?return=/" target="_top"');
    expect(page.text).not.toContain('has ended');
  });
});
