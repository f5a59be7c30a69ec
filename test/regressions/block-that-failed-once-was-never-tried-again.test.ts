// PostgreSQL broke off between an alert and the block that was to follow it. The gateway that led held the person in its own memory,
// and nobody tried again: the other gateways served them until that one was started anew. What failed is tried until it is done now,
// or left to the gateway that leads by then.

import { expect, test } from 'vitest';
import { AlertResponses } from '../../src/adapters/alert-responses.ts';
import { usualRestrictions } from '../../src/core/respond/restriction-settings.ts';
import { FakeLog } from '../support/fake-ports.ts';

const noon = Date.UTC(2026, 10, 23, 12);
const person = { issuer: 'https://op.example', sub: 'ada', name: 'ada', key: 'ada' };
const alert = { sequence: 17, time: noon, detector: 'many-patients', person } as const;

function place() {
  const [imposed, written, cut]: [string[], string[], string[]] = [[], [], []];
  const log = new FakeLog();
  const broken = { database: false, record: false };
  const responder = new AlertResponses({
    audit: {
      append: async ({ reason }) => {
        if (broken.record) throw new Error('The disk is full');
        return Promise.resolve({ sequence: written.push(reason ?? ''), durable: Promise.resolve() });
      },
    },
    clock: { now: () => noon },
    log,
    sessions: { ofSubject: () => Promise.resolve([]), end: () => Promise.resolve(false) },
    restrictions: {
      impose: async ({ kind }) => {
        if (broken.database) throw new Error('The database is gone');
        return Promise.resolve(void imposed.push(kind));
      },
    },
    figures: usualRestrictions,
  });
  responder.onBlocked(({ name }) => cut.push(name));
  return { responder, broken, log, imposed, written, cut };
}

test('a block that could not be written is tried until it is, told once, and on record once', async () => {
  const { responder, broken, log, imposed, written, cut } = place();
  broken.database = true;
  await responder.respond(alert, ['block']);
  await responder.again(true);
  expect([imposed, written, cut]).toEqual([[], [], []]);
  expect(responder.notices()).toHaveLength(1);
  expect(log.said.filter(({ level }) => level === 'error')).toHaveLength(1);
  broken.database = false;
  await Promise.all([responder.again(true), responder.again(true)]);
  await responder.again(true);
  expect([imposed, written, cut]).toEqual([['block'], ['block'], ['ada']]);
  expect(responder.notices()).toEqual([]);
});

test('one that could not be recorded is done again, and comes to the same', async () => {
  const { responder, broken, imposed, written } = place();
  broken.record = true;
  await responder.respond(alert, ['block']);
  broken.record = false;
  await responder.again(true);
  expect([imposed, written]).toEqual([['block', 'block'], ['block']]);
});

test('where another gateway leads it is left to that one, and done where the lead comes back', async () => {
  const { responder, broken, imposed } = place();
  broken.database = true;
  await responder.respond(alert, ['block']);
  broken.database = false;
  await responder.again(false);
  await responder.again(true);
  expect([imposed, responder.notices()]).toEqual([[], []]);
  // The records are read anew by whoever leads, and nothing followed this one.
  await responder.respond(alert, ['block']);
  expect(imposed).toEqual(['block']);
});
