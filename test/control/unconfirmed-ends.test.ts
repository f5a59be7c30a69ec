// An end that holds at this gateway and is not certain at the others is told as that, wherever one is ordered.

import { expect, test } from 'vitest';
import { endedSessions } from '../../src/cli/session/ended-sessions.ts';
import { sessionsPage } from '../../src/console/sessions-page.ts';
import { orderSessionEnd } from '../../src/control/order-session-end.ts';
import type { UnconfirmedEnds } from '../../src/session-ports.ts';
import { FakeAuditLog, FakeClock } from '../support/fake-ports.ts';
import { sessionOf } from '../support/session-of.ts';

test.each<readonly [UnconfirmedEnds | null, number]>([
  [null, 1],
  [{ count: 1, since: 5 }, 2],
])('with %j outstanding the command says so in %i lines', async (unconfirmedEnds, lines) => {
  const sessions = { all: () => [sessionOf('a')], end: async () => Promise.resolve(true), unconfirmedEnds };
  const order = orderSessionEnd({ sessions, running: () => 0, audit: new FakeAuditLog(), clock: new FakeClock() });
  const plan = await order.plan({ fields: new Map([['all', '']]), because: 'a test' } as never);
  const done = plan.planned ? await plan.carryOut() : null;
  const said = endedSessions(done?.done === true ? done.told : null);
  expect(said).toHaveLength(lines);
  expect(said.join(' ').includes('not yet confirmed for the other gateways')).toBe(unconfirmedEnds !== null);
});

test('the console says it where the session was ended', () => {
  const clinic = { name: 'Northside', help: 'ext. 1', timezone: 'UTC' };
  const page = sessionsPage({ clinic, sessions: [], told: 'unconfirmed' });
  expect(page).toContain('Ended here; not yet confirmed for the other gateways');
});
