// A person opened a report in the last seconds of the idle limit and waited for it. The idle clock moved only once a reply
// was over, so the limit passed while the EHR was still working, and the next click met a sign-in page.

import { expect, test } from 'vitest';
import { arrive, script } from '../support/clinic-story.ts';
import { eventually, seenByEhr, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

test('a request that was permitted counts as activity from its beginning', async () => {
  const clock = new ShiftingClock();
  const demo = await story({ clock });
  try {
    const client = await arrive(demo, 'nurse', clock);
    clock.forward({ minutes: 14, seconds: 50 });
    const report = client.page(`${demo.origin}/slow?seconds=1`);
    await eventually(() => seenByEhr(demo, '/slow') > 0, 'the report to be under way');
    clock.forward({ seconds: 30 });
    expect((await script(client, `${demo.origin}/finder`)).status).toBe(200);
    expect((await report).status).toBe(200);
  } finally {
    await demo.close();
  }
});
