// A clinic ran its rules in mode `observe`, which lets pass what the rules for the EHR would refuse. The console passed as
// well: a nurse, and anybody else who was signed in, read who had opened whose chart.

import { expect, test } from 'vitest';
import { recordsOf, roleLines, withoutTheEhr } from '../support/clinic-story.ts';
import { signIn, story } from '../support/demo-story.ts';

const page = { headers: { accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' } };

test.each([
  ['a rule for it', '  - { name: console, area: wardgate.console, allow: privacy }\n', 'role-not-permitted', 200],
  ['no rule for it', '', 'no-rule', 403],
])('the console is enforced: %s', async (_what, rule, reason, officerSees) => {
  const rules = `mode: observe\n${roleLines}\nrules:\n  - { name: charts, paths: [/chart], allow: nurse }\n${rule}`;
  const demo = await story({ rules });
  try {
    const nurse = await signIn(demo, 'nurse');
    for (const path of ['/.wardgate/console', '/.wardgate/console?person=nurse']) {
      const reply = await withoutTheEhr(demo, () => nurse.ask(demo.origin + path, page));
      expect(reply.status).toBe(403);
      expect(recordsOf(demo, 'refusal').at(-1)).toMatchObject({ decision: 'refused', reason });
    }
    // The EHR itself is still only observed.
    expect((await nurse.ask(`${demo.origin}/finder`, page)).status).toBe(200);
    const officer = await signIn(demo, 'security');
    expect((await officer.ask(`${demo.origin}/.wardgate/console`, page)).status).toBe(officerSees);
  } finally {
    await demo.close();
  }
});
