// One order: planned, recorded, carried out, in this order and never otherwise.

import { expect, test } from 'vitest';
import { takeOrder } from '../../src/control/take-order.ts';
import type { Order } from '../../src/control-ports.ts';
import { Fault } from '../../src/core/faults.ts';
import { FakeAuditLog, FakeClock, FakeLog } from '../support/fake-ports.ts';
import { fakeToken } from '../support/fake-patients.ts';

const maria = { issuer: 'i', sub: 's', name: 'maria' };

function desk() {
  const steps: string[] = [];
  const audit = new FakeAuditLog();
  const log = new FakeLog();
  const order = (name: string, more: Partial<Order> = {}): Order => ({
    name,
    fields: ['person'],
    mayHave: ['noticed-at'],
    needsReason: false,
    plan: async () => {
      steps.push('planned');
      const carryOut = async () => {
        steps.push(`done behind ${audit.entries.length}`);
        return Promise.resolve({ done: true, told: { gone: 2 } } as const);
      };
      return Promise.resolve({ planned: true, subject: maria, carryOut });
    },
    ...more,
  });
  const orders = [
    order('user drop'),
    order('user reset', { needsReason: true }),
    order('user none', { plan: async () => Promise.resolve({ planned: false, why: 'There is nobody called "x"' }) }),
    order('user break', { plan: async () => Promise.reject(new Fault('session-store-unavailable')) }),
    order('user odd', { plan: async () => Promise.reject(new Error('odd')) }),
    order('user fail', {
      plan: async () =>
        Promise.resolve({ planned: true, subject: null, carryOut: async () => Promise.resolve({ done: false, why: 'Not now' }) }),
    }),
  ];
  const take = takeOrder({ audit, clock: new FakeClock(), log, orders, recordedToken: fakeToken });
  const give = (name: string, more: object = {}) =>
    take({ version: 1, order: name, by: 'alice', fields: { person: 'maria' }, ...more });
  return { steps, audit, log, give, take };
}

test('is planned, recorded and then carried out', async () => {
  const { steps, audit, give } = desk();
  expect(await give('user drop', { because: 'she left' })).toEqual({ status: 200, body: { told: { gone: 2 } } });
  expect(steps).toEqual(['planned', 'done behind 1']);
  expect(audit.entries[0]).toMatchObject({
    event: 'order',
    subject: maria,
    decision: 'allowed',
    detail: '"user drop" by operating-system user "alice", because: she left',
  });
});

test.each<readonly [what: string, name: string, more: object, status: number, why: RegExp]>([
  ['an order of no form', 'x y z', {}, 400, /^The order has no name$/],
  ['one that nobody knows', 'user vanish', {}, 404, /^This gateway knows no order "user vanish"$/],
  ['a field missing', 'user drop', { fields: {} }, 400, /lacks its field "person"$/],
  ['a field too many', 'user drop', { fields: { person: 'a', because: 'b' } }, 400, /has no field "because"$/],
  ['no reason', 'user reset', {}, 400, /needs a reason$/],
  ['a store that does not answer', 'user break', {}, 503, /\(session-store-unavailable\); its log says why$/],
  ['something odd', 'user odd', {}, 503, /\(internal\); its log says why$/],
])('%s is refused, and nothing is done', async (_what, name, more, status, why) => {
  const { steps, audit, give } = desk();
  expect(await give(name, more)).toMatchObject({ status, body: { why: expect.stringMatching(why) as string } });
  expect([steps, audit.entries]).toEqual([[], []]);
});

test('one that cannot be done is on record as refused', async () => {
  const { audit, give } = desk();
  expect(await give('user none')).toEqual({ status: 409, body: { why: 'There is nobody called "x"' } });
  expect(audit.entries[0]).toMatchObject({ decision: 'refused', detail: expect.stringMatching(/; not done: There is nobody called "x"$/) as string }); // prettier-ignore
  expect(await give('user fail')).toEqual({ status: 409, body: { why: 'Not now' } });
});

test.each(['failAppend', 'failDurable'] as const)('without a record (%s) nothing is done', async (broken) => {
  const { steps, audit, give } = desk();
  audit[broken] = true;
  expect(await give('user drop')).toEqual({
    status: 503,
    body: { why: 'The access record cannot be written, so no order is carried out' },
  });
  expect(steps).toEqual(['planned']);
  audit[broken] = false;
  expect((await give('user drop')).status).toBe(200);
});

test('two orders at once are carried out one after the other', async () => {
  const { steps, give } = desk();
  await Promise.all([give('user drop'), give('user drop')]);
  expect(steps).toEqual(['planned', 'done behind 1', 'planned', 'done behind 2']);
});
