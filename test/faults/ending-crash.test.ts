// A gateway that is killed while it ends somebody's access: either the order had not begun, and whoever gave it hears that it
// failed, or all of it is done at the next start.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { askGateway } from '../../src/cli/control/ask-gateway.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { clinic, openGateway } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { endCommands, gatewayProcess } from '../support/command.ts';
import { eventually, records } from '../support/demo-story.ts';
import { sessionOf } from '../support/session-of.ts';

let place: Clinic;

beforeAll(async () => {
  place = await clinic({ personas: [] });
});
afterEach(endCommands);
afterAll(async () => place.close());

type Moment = (place: Clinic, name: string) => Promise<unknown>;

/** Once this is on record about them. */
const onceOnRecord =
  (event: string): Moment =>
  (at, name) =>
    eventually(() => recordsAbout(at, name).some((one) => one['event'] === event), `${event} of ${name}`);

/** How far it had come goes by the record and not by the time, which says nothing on a machine that is busy. */
const moments: readonly (readonly [string, Moment])[] = [
  ['as the order is sent', () => Promise.resolve()],
  ['once the order is on record', onceOnRecord('order')],
  ['once their session has ended', onceOnRecord('session-ended')],
  ['once their password is gone', onceOnRecord('credential-removed')],
  ['once all is on record', onceOnRecord('offboarded')],
];
const credential = { username: 'u', password: 'long-secret', more: {} };

/** Somebody with a session and a stored password, as a gateway leaves them that was stopped. */
async function work(name: string): Promise<void> {
  const gateway = await openGateway(place);
  const { state, clock } = gateway.composed;
  const subject = { issuer: place.provider.issuer, sub: name, name, displayName: name };
  await state.people.seen(subject, clock.now());
  await state.sessions.create(
    sessionOf(`key-${name}`, { subject, createdAt: clock.now(), lastActiveAt: clock.now(), rolesCheckedAt: clock.now() }),
  );
  await state.vault.put(subject, 'ehr', credential);
  await gateway.close();
}

/** What is left of them once a gateway has started again. */
async function left(name: string) {
  const gateway = await openGateway(place);
  const { state } = gateway.composed;
  const { issuer } = place.provider;
  const found = {
    blocked: await state.leavers.isBlocked({ issuer, sub: name, name }),
    sessions: (await state.sessions.ofSubject(issuer, name)).length,
    passwords: await state.vault.removeAll({ issuer, sub: name, name }),
    open: (await state.endings.open()).length,
  };
  await gateway.close();
  return found;
}

function recordsAbout(at: Clinic, sub: string) {
  return records(at).filter((one) => (one['subject'] as { sub?: string } | undefined)?.sub === sub);
}

test.each(moments)('killed %s', { timeout: 240_000 }, async (moment, until) => {
  const name = moment.replaceAll(' ', '-');
  await work(name);
  const loaded = await loadConfiguration(place.file);
  if (!loaded.ok) throw new Error('The configuration is sound');
  const running = await gatewayProcess(place.file);
  const order = { order: 'user end', because: 'left', fields: { person: name } };
  const answered = askGateway(loaded.configuration.settings, order).then(
    () => true,
    () => false,
  );
  await until(place, name);
  await running.end('SIGKILL');
  const done = await answered;
  const found = await left(name);
  const ended = recordsAbout(place, name).filter((one) => one['event'] === 'offboarded');
  // Nothing in between: all of it, or none and whoever asked knows.
  if (found.blocked) expect([found, ended.length > 0]).toEqual([{ blocked: true, sessions: 0, passwords: 0, open: 0 }, true]);
  else expect([found, done, ended]).toEqual([{ blocked: false, sessions: 1, passwords: 1, open: 0 }, false, []]);
  // From its first deed on there is no way back.
  if (recordsAbout(place, name).some(({ event }) => event === 'session-ended')) expect(found.blocked).toBe(true);
});

test('one that was begun and broken off is done before anybody is served', { timeout: 120_000 }, async () => {
  await work('begun');
  const { issuer } = place.provider;
  const gateway = await openGateway(place);
  const { state, clock } = gateway.composed;
  const noticedAt = clock.now() - 600_000;
  await state.endings.begin({ issuer, sub: 'begun', name: 'begun', noticedAt }, clock.now());
  await gateway.close();
  expect(await left('begun')).toEqual({ blocked: true, sessions: 0, passwords: 0, open: 0 });
  const [ended] = recordsAbout(place, 'begun').filter((one) => one['event'] === 'offboarded');
  expect(ended?.['detail']).toMatch(/sessions ended: 1.*; done 1\d minutes after the notice at /);
});
