// Somebody was taken out of all groups at a provider without refresh tokens. The silent way round told the browser "no
// role", but left the session with its old roles, so that scripts of an open page went on for more than an hour.

import { expect, test } from 'vitest';
import { arrive, expectRefused, recordsOf, script } from '../support/clinic-story.ts';
import { story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

test('whoever comes back from the silent way round without a role has no session any more', async () => {
  const clock = new ShiftingClock();
  const demo = await story({ clock, refreshTokens: false });
  try {
    const client = await arrive(demo, 'nurse', clock);
    demo.provider.setGroups('nurse', ['Volunteers']);
    clock.forward({ minutes: 10 });
    expect((await client.page(`${demo.origin}/chart?pid=7`)).status).toBe(200);
    clock.forward({ minutes: 5 });
    expect((await client.page(`${demo.origin}/chart?pid=7`)).status).toBe(403);
    await expectRefused(demo, () => script(client, `${demo.origin}/chart?pid=7`), 401, 'sign-in-required');
    expect(recordsOf(demo, 'session-ended')).toMatchObject([{ subject: { sub: 'nurse' }, reason: 'provider-refused' }]);
  } finally {
    await demo.close();
  }
});
