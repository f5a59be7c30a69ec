// A page tells how long ago somebody was seen by the browser's clock, which has fractions of a millisecond. The store takes
// whole ones only: such a session could not be written any more, and whoever asked first after the lock was answered
// with 503 instead of being told of it.

import { expect, test } from 'vitest';
import { arrive, problemOf, script } from '../support/clinic-story.ts';
import { story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

test('a session that was seen 1.2345 milliseconds ago locks', async () => {
  const clock = new ShiftingClock();
  const demo = await story({ clock });
  try {
    const client = await arrive(demo, 'nurse', clock);
    const url = `${demo.origin}/.wardgate/activity`;
    clock.forward({ minutes: 1 });
    const headers = { 'content-type': 'application/json', origin: demo.origin };
    await script(client, url, { method: 'POST', body: JSON.stringify({ idleSeconds: 0.001_234_5 }), headers });
    clock.forward({ minutes: 16 });
    const locked = await script(client, url);
    expect([locked.status, problemOf(locked)['state']]).toEqual([423, 'locked']);
  } finally {
    await demo.close();
  }
});
