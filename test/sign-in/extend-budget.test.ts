// A stated reason for more downloads: recorded first, once a day.

import { beforeEach, expect, test } from 'vitest';
import { emptyBudget } from '../../src/core/downloads/budget-state.ts';
import { extendBudget } from '../../src/core/downloads/extend-budget.ts';
import { downloadExtender, maximumReasonLength } from '../../src/sign-in/extend-budget.ts';
import { oneGateway } from '../../src/adapters/one-gateway.ts';
import { budgetOf, FakeDownloadNeeds, noon, session } from '../support/download-fakes.ts';
import { fakeToken } from '../support/fake-patients.ts';

let needs: FakeDownloadNeeds;
let then: 'ask' | 'refuse' | null;
beforeEach(() => {
  needs = new FakeDownloadNeeds();
  then = 'ask';
});

function extender() {
  const policy = () => ({
    version: 'abcdef0123456789abcdef',
    budgets: new Map(then === null ? [] : [['everyone', budgetOf({}, then)]]),
  });
  return downloadExtender({
    audit: needs.audit,
    budgets: needs.budgets,
    turns: oneGateway.turns,
    clock: needs.clock,
    localDay: needs.localDay,
    policy,
    recordedToken: fakeToken,
  });
}

const ask = (reason: string) => extender()(session.subject, session.roles, reason);
const state = async () => (await needs.budgets.account('https://login.example u1')).state;

test('a reason doubles the budget for today, and is recorded with who gave it', async () => {
  const more = { session: 'session-reference', address: '10.0.0.7', agent: 'browser' };
  expect(await extender()(session.subject, session.roles, '  Recall of lot 7 ', more)).toBe(true);
  expect((await state()).extendedOn).toBe(needs.localDay(noon));
  expect(needs.audit.entries).toMatchObject([
    { event: 'budget-extended', time: noon, subject: { sub: 'u1' }, roles: ['nurse'], detail: 'Recall of lot 7', ...more },
  ]);
});

test('a second one on the same day is not taken; tomorrow it is', async () => {
  expect(await ask('Recall')).toBe(true);
  expect(await ask('Another')).toBe(false);
  needs.time += 86_400_000;
  expect(await ask('Another')).toBe(true);
  expect(needs.audit.entries).toHaveLength(2);
});

test('two tabs at once are one reason', async () => {
  const extend = extender();
  const both = await Promise.all(['a', 'b'].map((reason) => extend(session.subject, session.roles, reason)));
  expect(both).toEqual([true, false]);
  expect(needs.audit.entries).toHaveLength(1);
});

test.each([
  ['', false],
  ['   ', false],
  ['x'.repeat(maximumReasonLength), true],
  ['x'.repeat(maximumReasonLength + 1), false],
])('a reason of %j: %s', async (reason, taken) => {
  expect(await ask(reason)).toBe(taken);
  expect(needs.audit.entries).toHaveLength(taken ? 1 : 0);
});

test.each(['refuse', null] as const)('where the rules say %j, none is taken', async (consequence) => {
  then = consequence;
  expect(await ask('Recall')).toBe(false);
});

test('no record, no extension; and the next try is free', async () => {
  const extend = extender();
  needs.audit.failure = new Error('disk full');
  await expect(extend(session.subject, session.roles, 'Recall')).rejects.toThrow('disk full');
  expect((await state()).extendedOn).toBeNull();
  needs.audit.failure = null;
  expect(await extend(session.subject, session.roles, 'Recall')).toBe(true);
});

test('the warnings begin again under the wider budget', () => {
  const warned = { files: noon, patients: noon, bytes: 'today' };
  expect(extendBudget({ ...emptyBudget, warned }, 'today').warned).toEqual({ files: null, patients: null, bytes: null });
});
