// A rule let only physicians send a letter, told by a field of the form. A nurse sent the same form labelled as JSON: the
// gateway saw no form at all, the rule for drafts fitted, and the EHR, which reads any body as a form, sent the letter.

import { expect, test } from 'vitest';
import { expectRefused, script } from '../support/clinic-story.ts';
import { signIn, story } from '../support/demo-story.ts';

test('where a rule asks for a field, a body of any other type is refused and never taken for "no form"', async () => {
  const demo = await story();
  try {
    const nurse = await signIn(demo, 'nurse');
    const letter = `${demo.origin}/letters/7/1`;
    for (const type of ['application/json', 'text/plain', 'application/octet-stream']) {
      const ask = { method: 'POST', body: 'send=1', headers: { 'content-type': type } };
      await expectRefused(demo, () => script(nurse, letter, ask), 400, 'form-unreadable');
    }
    await expectRefused(demo, () => script(nurse, letter, { method: 'POST', body: 'send=1' }), 400, 'form-unreadable');
    const draft = { method: 'POST', body: 'draft=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    expect((await script(nurse, letter, draft)).text).toContain('The draft is kept');
  } finally {
    await demo.close();
  }
});
