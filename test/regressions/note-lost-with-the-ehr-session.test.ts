// The EHR had ended its own session, by a restart, while a note was being typed. The form was sent, the EHR took nothing of it,
// and the gateway said so on a page that stood where the note had been: there was nothing left to copy. The browser now sends
// the form once more by itself, and it is kept for its person.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { Clinician, offersOf } from '../support/lost-work/clinician.ts';
import { demoHouse } from '../support/lost-work/house.ts';
import type { House } from '../support/lost-work/house.ts';
import { ModelBrowser } from '../support/lost-work/model-browser.ts';

let house: House;
beforeAll(async () => {
  house = await demoHouse();
});
afterAll(async () => house.close());

const pid = 9;
const sending = { cut: null, reloaded: false };
const times = (text: string): number => house.notes(pid).filter((one) => one.text === text).length;

async function nurse(): Promise<Clinician> {
  house.clock.forward({ minutes: 31 });
  const one = new Clinician(house, 'nurse', new ModelBrowser(house.origin));
  await one.signIn();
  return one;
}

test.each(['form', 'frame', 'file'] as const)(
  'sent by a %s it is kept, and saved once on the word of its person',
  async (way) => {
    const text = `Wound dry, by ${way}`;
    const { browser, ...person } = await nurse();
    house.forgetEhrSessions();
    const reply = await browser.send(house.notePath(pid), { ...sending, way, fields: { note: text } });
    expect([reply?.status, reply?.text.includes('<code>post-held</code>'), times(text)]).toEqual([401, true, 0]);
    // Another one, while the gateway knows that the EHR's session is over.
    const more = await browser.send(house.notePath(pid), { ...sending, way, fields: { note: `${text}, later` } });
    expect(more?.text).toContain('<code>post-held</code>');
    await browser.page(house.origin + person.house.front);
    const offers = offersOf(await browser.page(`${house.origin}/.wardgate/held`));
    expect(offers).toHaveLength(2);
    for (const { action, id } of [...offers, ...offers]) await browser.form(house.origin + action, { 'wardgate-held': id });
    expect([times(text), times(`${text}, later`)]).toEqual([1, 1]);
  },
);

test('a script hears that it could not save, and its page still has it', async () => {
  const { browser } = await nurse();
  house.forgetEhrSessions();
  const reply = await browser.send(house.notePath(pid), { ...sending, way: 'fetch', fields: { note: 'By fetch' } });
  expect([reply?.status, reply?.text.includes('ehr-session-ended')]).toEqual([401, true]);
  expect(offersOf(await browser.page(`${house.origin}/.wardgate/held`))).toEqual([]);
});

test('a form larger than what may be kept is told where its text is', async () => {
  const { browser } = await nurse();
  house.forgetEhrSessions();
  await browser.send(house.notePath(pid), { ...sending, way: 'form', fields: { note: 'short' } });
  const reply = await browser.send(house.notePath(pid), { ...sending, way: 'form', fields: { note: 'long '.repeat(500_000) } });
  expect(reply?.text).toContain('What you sent was not kept; press Back and copy it. It is larger than the 2000000 bytes');
});
