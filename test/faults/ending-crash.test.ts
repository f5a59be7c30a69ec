// A gateway that is killed while it ends somebody's access: either the order had not begun, and whoever gave it hears that it
// failed, or all of it is done at the next start. The moments are drawn from a seed.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { askGateway } from '../../src/cli/control/ask-gateway.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { clinic, openGateway } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { endCommands, gatewayProcess } from '../support/command.ts';
import { records } from '../support/demo-story.ts';
import { seeded } from '../support/seeded.ts';
import { sessionOf } from '../support/session-of.ts';

let place: Clinic;

beforeAll(async () => {
  place = await clinic({ personas: [] });
});
afterAll(async () => {
  await endCommands();
  await place.close();
});

const chance = seeded(44);
const moments = Array.from(
  { length: 5 },
  (_, index) => [`person-${index}`, index === 0 ? 0 : Math.floor(chance() * 25)] as const,
);
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

test.each(moments)('%s, killed %i milliseconds after the order', { timeout: 120_000 }, async (name, milliseconds) => {
  await work(name);
  const loaded = await loadConfiguration(place.file);
  if (!loaded.ok) throw new Error('The configuration is sound');
  const running = await gatewayProcess(place.file);
  const order = { order: 'user end', because: 'left', fields: { person: name } };
  const answered = askGateway(loaded.configuration.settings, order).then(
    () => true,
    () => false,
  );
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  await running.end('SIGKILL');
  const done = await answered;
  const found = await left(name);
  const ended = records(place).filter(
    (one) => one['event'] === 'offboarded' && (one['subject'] as { sub?: string } | undefined)?.sub === name,
  );
  // Nothing in between: all of it, or none and whoever asked knows.
  if (found.blocked) expect([found, ended.length > 0]).toEqual([{ blocked: true, sessions: 0, passwords: 0, open: 0 }, true]);
  else expect([found, done, ended]).toEqual([{ blocked: false, sessions: 1, passwords: 1, open: 0 }, false, []]);
});

test('one that was begun and broken off is done before anybody is served', { timeout: 60_000 }, async () => {
  await work('begun');
  const { issuer } = place.provider;
  const gateway = await openGateway(place);
  const { state, clock } = gateway.composed;
  const noticedAt = clock.now() - 600_000;
  await state.endings.begin({ issuer, sub: 'begun', name: 'begun', noticedAt }, clock.now());
  await gateway.close();
  expect(await left('begun')).toEqual({ blocked: true, sessions: 0, passwords: 0, open: 0 });
  const [ended] = records(place).filter(
    (one) => one['event'] === 'offboarded' && (one['subject'] as { sub?: string } | undefined)?.sub === 'begun',
  );
  expect(ended?.['detail']).toMatch(/sessions ended: 1.*; done 1\d minutes after the notice at /);
});
