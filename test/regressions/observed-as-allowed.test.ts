// A clinic ran its rules in mode `observe` to see what enforcing would refuse. Requests that no rule fits stood in the audit
// as allowed, and a role that may pass only in an emergency was refused for real.

import { expect, test } from 'vitest';
import { recordsOf, roleLines, script } from '../support/clinic-story.ts';
import { signIn, story } from '../support/demo-story.ts';

const rules = `mode: observe
${roleLines}
rules:
  - { name: charts, paths: [/chart], patient: query.pid, allow: nurse, emergency: front-desk }
`;

test('what enforcing would refuse passes, and its attempt says observed and why', async () => {
  const demo = await story({ rules });
  try {
    const desk = await signIn(demo, 'front-desk');
    expect((await script(desk, `${demo.origin}/finder`)).status).toBe(200);
    expect(recordsOf(demo, 'attempt').at(-1)).toMatchObject({ decision: 'observed', reason: 'no-rule' });
    expect((await script(desk, `${demo.origin}/chart?pid=7`)).status).toBe(200);
    expect(recordsOf(demo, 'attempt').at(-1)).toMatchObject({
      decision: 'observed',
      reason: 'break-glass-required',
      rule: 'charts',
    });
  } finally {
    await demo.close();
  }
});
