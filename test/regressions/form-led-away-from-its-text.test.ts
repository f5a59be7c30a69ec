// A form whose session had ended was sent where nobody could be told any more: the cookie was gone because the person had signed
// out in another tab, or the pollers of the page had brought the end more than half an hour ago. The browser was led to the
// sign-in, and the note stood nowhere any more. The same befell whoever loaded a page again after the network had broken:
// browsers then say `Sec-Fetch-Site: none`, and the form counted as a stranger's. Now the first is told where the text still
// is, and the second is kept.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { Clinician } from '../support/lost-work/clinician.ts';
import { demoHouse } from '../support/lost-work/house.ts';
import type { House } from '../support/lost-work/house.ts';
import { ModelBrowser } from '../support/lost-work/model-browser.ts';

let house: House;
beforeAll(async () => {
  house = await demoHouse();
});
afterAll(async () => house.close());

const form = { way: 'form', fields: { note: 'Half a page' }, cut: null, reloaded: false } as const;

async function nurse(): Promise<Clinician> {
  house.clock.forward({ minutes: 31 });
  const one = new Clinician(house, 'nurse', new ModelBrowser(house.origin));
  await one.signIn();
  return one;
}

test.each<readonly [what: string, act: (browser: ModelBrowser) => Promise<unknown>]>([
  ['signed out in another tab', (browser) => browser.form(`${house.origin}/.wardgate/sign-out`, {})],
  [
    'came back long after the end',
    async (browser) => {
      house.clock.forward({ minutes: 46 });
      await browser.ask(house.origin + house.poller.path, { headers: { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' } });
      house.clock.forward({ minutes: 31 });
    },
  ],
])('whoever %s is told, and stays one step from their text', async (_what, act) => {
  const { browser } = await nurse();
  await act(browser);
  const reply = await browser.send(house.notePath(9), form);
  expect([reply?.status, reply?.url]).toEqual([401, house.origin + house.notePath(9)]);
  expect(reply?.text).toContain('<code>post-not-held</code>');
  expect(reply?.text).toContain('press Back');
});

test('a form that is loaded again after the network broke is kept like any other', async () => {
  const { browser } = await nurse();
  house.clock.forward({ minutes: 46 });
  await browser.send(house.notePath(9), { ...form, cut: 'before' });
  await browser.send(house.notePath(9), { ...form, reloaded: true });
  const again = new Clinician(house, 'nurse', browser);
  expect((await again.signIn('/.wardgate/held')).text).toContain('Half a page');
});
