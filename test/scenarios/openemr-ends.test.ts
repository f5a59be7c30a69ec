// Whatever ends a session at the gateway ends it in OpenEMR: nobody comes back, somebody else sits down, the provider calls,
// and what OpenEMR cannot hear holds nobody up.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/demo-story.ts';
import { CHART, openEmrClinic } from '../support/openemr-clinic.ts';
import type { OpenEmrClinic } from '../support/openemr-clinic.ts';

let house: OpenEmrClinic;
beforeAll(async () => {
  house = await openEmrClinic({ idle: '5m' });
  for (const name of ['physician', 'nurse', 'records']) house.importPassword(name, `meadow-${name}`);
});
afterAll(async () => house.close());

const usersAtEhr = (): string[] => house.emr.sessions().map(({ user }) => user);

test('somebody else who signs in at the same browser finds nothing of the person before', async () => {
  const { client } = await house.arrive('physician');
  await client.page(house.url(`${CHART}?set_pid=5`), { 'sec-fetch-dest': 'iframe' });
  expect(usersAtEhr()).toEqual(['physician']);
  const { page } = await house.arrive('nurse', '/', client);
  expect(page.text).toContain('Noah Madeup');
  await eventually(() => !usersAtEhr().includes('physician'), 'the logout of the person before');
  expect(house.emr.sessions()).toMatchObject([{ user: 'nurse', patient: null }]);
  await client.form(`${house.place.origin}/.wardgate/sign-out`, {});
  await eventually(() => usersAtEhr().length === 0, 'the logout');
});

test('signing out at the provider is heard in OpenEMR', async () => {
  const { client } = await house.arrive('records');
  expect(usersAtEhr()).toEqual(['records']);
  const asked = await client.ask(`${house.place.provider.issuer}/session/end`);
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(asked.text)?.[1] ?? '';
  await client.form(`${house.place.provider.issuer}/session/end/confirm`, { xsrf, logout: 'yes' });
  await eventually(() => usersAtEhr().length === 0, 'the logout');
});

test('a session that nobody comes back to ends in OpenEMR, though no request comes', async () => {
  await house.arrive('nurse');
  expect(usersAtEhr()).toEqual(['nurse']);
  house.clock.forward({ minutes: 35 });
  await house.gateway().composed.state.sessions.sweep();
  await eventually(() => usersAtEhr().length === 0, 'the logout');
});

test('while OpenEMR is down people can sign out, and nobody’s password is taken for wrong', async () => {
  const { client } = await house.arrive('physician');
  await house.emr.close();
  const left = await client.form(`${house.place.origin}/.wardgate/sign-out`, {});
  expect(left.url).toContain('/session/end');
  await eventually(() => house.told.some((line) => line.startsWith('The EHR could not be told')), 'the warning');
  const { client: next, page } = await house.arrive('records');
  expect([502, 503, 504]).toContain(page.status);
  expect(page.text).not.toContain('ehr-credential');
  const credential = await next.page(`${house.place.origin}/.wardgate/credential?application=ehr`);
  expect(credential.text).toContain('A name and a password of yours are stored');
});
