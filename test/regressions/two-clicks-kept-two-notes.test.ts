// Two clicks on the button of a form whose session had ended were two held posts, and both were offered to be sent: the note
// stood in the chart twice. So did a form that was loaded again because its answer had not come. A multipart form has another
// boundary each time, and is the same form all the same.

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

test.each(['form', 'file'] as const)('sent twice by a %s it is kept once; another text is another note', async (way) => {
  house.clock.forward({ minutes: 31 });
  const nurse = new Clinician(house, 'nurse', new ModelBrowser(house.origin));
  await nurse.signIn();
  house.clock.forward({ minutes: 16 });
  const send = (note: string, cut: 'after' | null = null) =>
    nurse.browser.send(house.notePath(9), { way, fields: { note }, cut, reloaded: false });
  await Promise.all([send('Once'), send('Once')]);
  await send('Once', 'after');
  await send('Once');
  await send('Anew');
  house.clock.forward({ minutes: 1 });
  await nurse.browser.form(`${house.origin}/.wardgate/unlock`, { code: house.code('nurse') });
  const texts = offersOf(await nurse.open('/.wardgate/held')).map(({ text }) => /Once|Anew/.exec(text)?.[0]);
  expect(texts).toEqual(['Once', 'Anew']);
});
