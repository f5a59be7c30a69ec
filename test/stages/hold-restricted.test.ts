// Who is held, by the stage alone: whom nothing restricts passes at once, observation only notes it, our own pages are not slowed,
// and whoever is blocked while they wait goes no further.

import { expect, test } from 'vitest';
import { End } from '../../src/core/answer.ts';
import type { Restriction } from '../../src/core/respond/restriction.ts';
import { holdRestricted } from '../../src/stages/hold-restricted.ts';
import type { HoldRestrictedNeeds } from '../../src/stages/hold-restricted.ts';
import { signedIn } from '../support/session-gateway.ts';

const { session } = signedIn('nurse');
const since = session.createdAt + 1000;
const of = (kind: Restriction['kind'], until: number | null = null): Restriction => ({
  alert: 7,
  kind,
  person: session.subject,
  detector: 'two-places',
  since,
  until,
});

interface Told {
  readonly inForce: readonly Restriction[];
  /** In force once the wait is over. */
  readonly later?: readonly Restriction[];
  readonly waited?: boolean;
  /** The emergency access that another gateway opened a moment ago. */
  readonly opened?: object | null;
  readonly facts?: object;
}

/** What comes of one request: `passes`, what it adds, or the refusal's reason with what it says. */
async function run({ inForce, later = inForce, waited = true, opened = null, facts = {} }: Told): Promise<unknown> {
  let looks = 0;
  const stage = holdRestricted({
    restrictions: { of: () => (looks++ === 0 ? inForce : later), latest: () => Promise.resolve() },
    grants: { current: () => opened, latest: () => Promise.resolve() },
    slowLane: {
      wait: (_person: string, onGone: (gone: () => void) => void) => {
        onGone(() => undefined);
        return Promise.resolve(waited);
      },
    },
  } as unknown as HoldRestrictedNeeds);
  const result = await stage({
    session,
    arrivedAt: since + 1000,
    grant: null,
    held: null,
    method: 'GET',
    shape: 'script',
    target: { path: '/chart', query: null },
    policy: { mode: 'enforce', rules: [{ emergencyRoles: [] }] },
    rule: { name: 'charts' },
    permit: { observed: null },
    exchange: { onAbort: () => undefined },
    ...facts,
  } as never);
  if (!(result instanceof End)) return result ?? 'passes';
  const { answer } = result;
  return answer.kind === 'refusal'
    ? [answer.reason, answer.recorded ?? answer.detail, answer.retryAfterSeconds, answer.remedy]
    : answer;
}

const emergency = { policy: { mode: 'enforce', rules: [{ emergencyRoles: ['nurse'] }] } };
const blocked = 'Blocked after the alert at record 7';
const unusual = 'Your account was used in an unusual way, so please show once that it is you';

test.each<readonly [what: string, told: Told, comes: unknown]>([
  ['nobody is restricted', { inForce: [] }, 'passes'],
  ['a machine is no person', { inForce: [of('block')], facts: { session: { machine: 'lab' } } }, 'passes'],
  ['blocked until it is lifted', { inForce: [of('block')] }, ['restricted', blocked, undefined, undefined]],
  ['blocked for a time', { inForce: [of('block', since + 61_000)] }, ['restricted', blocked, 60, undefined]],
  [
    'blocked, and emergency access is offered',
    { inForce: [of('block')], facts: emergency },
    ['restricted', blocked, undefined, '/.wardgate/emergency?return=%2Fchart'],
  ],
  ['blocked, and an emergency access is open', { inForce: [of('block')], facts: { grant: {} } }, 'passes'],
  ['blocked, and lifted at another gateway a moment ago', { inForce: [of('block')], later: [] }, 'passes'],
  [
    'blocked, and an emergency access was opened at another gateway a moment ago',
    { inForce: [of('block')], opened: { id: 'g' } },
    { grant: { id: 'g' } },
  ],
  [
    'blocked while the rules are observed',
    { inForce: [of('block')], facts: { policy: { mode: 'observe' } } },
    { permit: { observed: 'restricted' } },
  ],
  [
    'an older proof',
    { inForce: [of('step-up')] },
    ['second-factor-required', unusual, undefined, '/.wardgate/step-up?return=%2Fchart'],
  ],
  [
    "the provider's factor, proved by a new sign-in",
    { inForce: [of('step-up')], facts: { session: { ...session, factor: { method: 'provider', at: 0 }, createdAt: since + 1 } } },
    'passes',
  ],
  [
    'a factor that was only remembered',
    {
      inForce: [of('step-up')],
      facts: { session: { ...session, factor: { method: 'remembered', at: 0 }, createdAt: since + 1 } },
    },
    ['second-factor-required', unusual, undefined, '/.wardgate/step-up?return=%2Fchart'],
  ],
  ['slowed', { inForce: [of('slow')] }, 'passes'],
  [
    'slowed, on a page of ours',
    { inForce: [of('slow')], waited: false, facts: { target: { path: '/.wardgate/console' } } },
    'passes',
  ],
  [
    'slowed, and too many wait',
    { inForce: [of('slow')], waited: false },
    ['too-many-attempts', 'Your requests are slowed, and too many of them are waiting', 30, undefined],
  ],
  ['freed while they wait', { inForce: [of('slow')], later: [] }, 'passes'],
  ['blocked while they wait', { inForce: [of('slow')], later: [of('block')] }, ['restricted', blocked, undefined, undefined]],
])('%s', async (_what, told, comes) => {
  expect(await run(told)).toEqual(comes);
});
