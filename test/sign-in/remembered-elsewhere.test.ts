// What is remembered counts in its zone alone: the same browser with the same cookies is asked again from anywhere else, and a
// desk is registered and given back from its own zone alone.

import { expect, test } from 'vitest';
import { personKey } from '../../src/sign-in/person-key.ts';
import { sessionKey } from '../../src/sign-in/session-key.ts';
import { startBadProvider } from '../support/bad-provider.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { startOwnPages } from '../support/own-pages-server.ts';

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const [deviceId, shiftId] = ['d'.repeat(43), 's'.repeat(43)];

/** A browser at a known desk, where Ada is remembered. */
async function remembered(shownAgo = 0) {
  const op = await startBadProvider();
  const remember = { from: 'clinic', lastsSeconds: 3600 };
  const world = await startOwnPages({ provider: async () => Promise.resolve(op), secondFactor: { remember } });
  const { needs, clock, origin } = world;
  const ada = { issuer: op.issuer, sub: 'ada' };
  op.claims = { groups: ['Clinic-Nurses'] };
  await needs.factors.enrolTotp(op.issuer, 'ada', needs.sealer.seal('totp', personKey(ada), secret), -1, 1, []);
  const at = clock.now() - shownAgo;
  const desk = { id: 'desk', kind: 'shared', name: 'WS-OR2', application: 'ehr', owner: null } as const;
  await needs.devices.register(sessionKey(deviceId), { ...desk, registeredAt: at, seenAt: at });
  const where = { device: 'desk', ...ada };
  await needs.remembered.keep(where, sessionKey(shiftId), { method: 'totp', at, until: at + 3_600_000 });
  const cookies = { 'wardgate-device': deviceId, 'wardgate-shift': shiftId };
  const browser = new CookieClient();
  browser.jar.set(new URL(origin).host, new Map(Object.entries(cookies)));
  const land = async (): Promise<string> =>
    (await browser.page(`${origin}/.wardgate/sign-in?return=/chart`)).url.slice(origin.length);
  return { ...world, op, browser, land };
}

test.each([
  ['in its zone', ['clinic'], 0, '/chart'],
  ['in its zone and in others', ['desks', 'clinic'], 0, '/chart'],
  ['from another zone', ['desks'], 0, '/.wardgate/second-factor?return=%2Fchart'],
  ['from anywhere', [], 0, '/.wardgate/second-factor?return=%2Fchart'],
  ['when its time is over', ['clinic'], 3_600_000, '/.wardgate/second-factor?return=%2Fchart'],
])('%s', async (_where, zones, shownAgo, landsOn) => {
  const world = await remembered(shownAgo);
  world.zones.current = zones;
  expect(await world.land()).toBe(landsOn);
  const [session] = await world.needs.sessions.ofSubject(world.op.issuer, 'ada');
  expect(session?.factor.method).toBe(landsOn === '/chart' ? 'remembered' : undefined);
});

test('another person at the same desk is asked, and so is Ada once the provider has signed her out everywhere', async () => {
  const world = await remembered();
  world.op.claims = { sub: 'bob', preferred_username: 'bob', groups: ['Clinic-Nurses'] };
  expect(await world.land()).toMatch(/^\/\.wardgate\/(?:second-factor|enrol)/);
  world.op.claims = { groups: ['Clinic-Nurses'] };
  await world.needs.remembered.forgetPerson(world.op.issuer, 'ada');
  expect(await world.land()).toBe('/.wardgate/second-factor?return=%2Fchart');
});

test('a desk is not registered from outside the zone, whatever the role', async () => {
  const world = await remembered();
  expect(await world.land()).toBe('/chart');
  const { browser, origin, clock } = world;
  await world.needs.devices.remove('desk');
  const [session] = await world.needs.sessions.ofSubject(world.op.issuer, 'ada');
  await world.needs.sessions.update(session?.key ?? '', { factor: { method: 'totp', at: clock.now() } });
  world.zones.current = ['home'];
  expect((await browser.form(`${origin}/.wardgate/device`, { kind: 'shared', name: 'WS-OR3' })).status).toBe(403);
  world.zones.current = ['clinic'];
  expect((await browser.form(`${origin}/.wardgate/device`, { kind: 'shared', name: 'WS-OR3' })).status).toBe(200);
});
