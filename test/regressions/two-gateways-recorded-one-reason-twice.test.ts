// A person who gave a reason for more downloads in two tabs, each at another gateway, stood on record with two reasons for the day,
// while the budget was doubled once.

import { expect, test } from 'vitest';
import { downloadExtender } from '../../src/sign-in/extend-budget.ts';
import { budgetOf, FakeDownloadNeeds, session } from '../support/download-fakes.ts';
import { fakeToken } from '../support/fake-patients.ts';
import { GatewaysTogether } from '../support/gateways-together.ts';

test('one of them is taken, and that one is on record', async () => {
  const together = new GatewaysTogether();
  const { audit, budgets, clock, localDay } = new FakeDownloadNeeds();
  const policy = () => ({ version: 'abcdef0123456789', budgets: new Map([['everyone', budgetOf({}, 'ask')]]) });
  const both = [together.gateway(), together.gateway()].map(({ turns }) =>
    downloadExtender({ audit, budgets, clock, localDay, policy, turns, recordedToken: fakeToken }),
  );
  const taken = await Promise.all(both.map((extend, at) => extend(session.subject, session.roles, `reason ${at}`)));
  expect(taken.filter((is) => is)).toHaveLength(1);
  expect(audit.entries.map(({ detail }) => detail)).toEqual([`reason ${taken.indexOf(true)}`]);
});
