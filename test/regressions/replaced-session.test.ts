// A person signed in a second time in the same browser. Their first session ended, as it should, and the audit never said
// so: a session that begins and has no end on record looks like one that is still open.

import { expect, test } from 'vitest';
import { arrive, recordsOf } from '../support/clinic-story.ts';
import { story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

test('a session that gives way to another one has its end on record', async () => {
  const clock = new ShiftingClock();
  const demo = await story({ clock });
  try {
    const client = await arrive(demo, 'nurse', clock);
    clock.forward({ minutes: 1 });
    await arrive(demo, 'nurse', clock, client);
    const [first, second] = recordsOf(demo, 'sign-in');
    expect(recordsOf(demo, 'session-ended')).toMatchObject([
      { session: first?.['session'], reason: 'signed-out', subject: { sub: 'nurse' } },
    ]);
    expect(second?.['session']).not.toBe(first?.['session']);
  } finally {
    await demo.close();
  }
});
