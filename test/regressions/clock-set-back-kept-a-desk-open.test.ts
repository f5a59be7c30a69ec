// The clock was an hour fast when somebody signed in, and was then put right. When they were last seen now lay in the future,
// which counted as "just now" for a whole hour: a desk that its person had left stood open all that time, instead of locking
// after a quarter of one.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { arrive, expectRefused, script } from '../support/clinic-story.ts';
import { story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

let demo: Demo;
const clock = new ShiftingClock();

beforeAll(async () => {
  demo = await story({ clock, idle: '15m' });
});
afterAll(async () => demo.close());

test('a desk locks a quarter of an hour after the clock was put right, however far ahead it had been', async () => {
  const nurse = await arrive(demo, 'nurse', clock);
  clock.forward({ hours: -1 });
  await demo.gateway.composed.state.sessions.sweep();
  clock.forward({ minutes: 14 });
  expect((await script(nurse, `${demo.origin}/chart?pid=7`)).status).toBe(200);
  clock.forward({ minutes: 2 });
  await expectRefused(demo, () => script(nurse, `${demo.origin}/chart?pid=7`), 423, 'session-locked');
});
