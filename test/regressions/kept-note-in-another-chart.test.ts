// A form of OpenEMR names no patient: its session carries whoever was opened last. A note that was kept while the session was
// over, and sent after its person had opened somebody else in the new one, was filed in that other chart. Such a form now goes
// only while the patient is open for whom it was written, and where nobody knows who that was it is text to be copied.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { Clinician, offersOf } from '../support/lost-work/clinician.ts';
import { openEmrHouse } from '../support/lost-work/house.ts';
import type { House } from '../support/lost-work/house.ts';
import { ModelBrowser } from '../support/lost-work/model-browser.ts';
import type { Reply } from '../support/cookie-client.ts';

let house: House;
beforeAll(async () => {
  house = await openEmrHouse();
});
afterAll(async () => house.close());

const everywhere = (text: string): number[] =>
  Array.from({ length: 61 }, (_, pid) => pid).filter((pid) => house.notes(pid).some((one) => one.text === text));

/** A note for patient 5, kept because its session had ended; its person is back. */
async function kept(text: string): Promise<Clinician> {
  house.clock.forward({ minutes: 31 });
  const nurse = new Clinician(house, 'nurse', new ModelBrowser(house.origin));
  await nurse.signIn();
  await nurse.openForm(5);
  house.clock.forward({ minutes: 46 });
  await nurse.browser.send(house.notePath(5), { way: 'frame', fields: { note: text }, cut: null, reloaded: false });
  return nurse;
}

async function sendKept(nurse: Clinician): Promise<Reply> {
  const [offer] = offersOf(await nurse.open('/.wardgate/held'));
  return nurse.browser.form(house.origin + (offer?.action ?? ''), { 'wardgate-held': offer?.id ?? '' });
}

test('it waits until its own patient is open', async () => {
  const nurse = await kept('Of five');
  await nurse.signIn();
  expect((await sendKept(nurse)).text).toContain('<code>held-post-other-patient</code>');
  await nurse.openForm(7);
  expect((await sendKept(nurse)).status).toBe(409);
  expect(everywhere('Of five')).toEqual([]);
  await nurse.openForm(5);
  expect((await sendKept(nurse)).status).toBe(200);
  expect(everywhere('Of five')).toEqual([5]);
});

test('after a restart, when nobody knows whose it was, it is text', async () => {
  const nurse = await kept('Of nobody knows whom');
  await house.restart();
  await nurse.signIn();
  await nurse.browser.page(`${house.origin}/.wardgate/held`);
  await nurse.openForm(5);
  // What was kept before the restart says whose it was; what comes after it does not.
  expect((await sendKept(nurse)).status).toBe(200);
  house.clock.forward({ minutes: 46 });
  await nurse.browser.ask(house.origin + house.poller.path, { method: 'POST', headers: { origin: house.origin } });
  await house.restart();
  await nurse.browser.send(house.notePath(5), { way: 'form', fields: { note: 'Later' }, cut: null, reloaded: false });
  await nurse.signIn();
  await nurse.openForm(5);
  const page = await nurse.open('/.wardgate/held');
  expect([(await sendKept(nurse)).status, page.text.includes('Later'), everywhere('Later')]).toEqual([409, true, []]);
});
