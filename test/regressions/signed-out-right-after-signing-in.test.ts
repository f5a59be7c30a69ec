// When a session had been idle for too long, OpenEMR's own page was told so and went to its logout, as it does. The gateway
// led from there to the sign-in and, once somebody had signed in, back to that address: it logged them out again.

import { expect, test } from 'vitest';
import { openEmrClinic } from '../support/openemr-clinic.ts';

test('after a session that was locked for too long, whoever signs in comes to the EHR and not to its logout', async () => {
  const house = await openEmrClinic({ idle: '5m' });
  try {
    const { client } = await house.enter('nurse');
    house.clock.forward({ minutes: 35 });
    const page = { accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' };
    const reply = await client.ask(house.url('/interface/logout.php?timeout=1'), { headers: page });
    expect([reply.status, reply.headers.location]).toEqual([303, '/.wardgate/sign-in?return=%2F']);
    const elsewhere = await client.ask(house.url('/interface/main/main_info.php'), { headers: page });
    expect(elsewhere.headers.location).toBe('/.wardgate/sign-in?return=%2Fopenemr%2Finterface%2Fmain%2Fmain_info.php');
  } finally {
    await house.close();
  }
});
