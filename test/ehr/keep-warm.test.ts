// Keeping the EHR's session open beneath a lock: whose, when, by which request, and that it is on record as the gateway's own.

import { expect, test } from 'vitest';
import type { ApplicationSettings } from '../../src/config/settings.ts';
import type { Session } from '../../src/core/session/session.ts';
import { keepWarm } from '../../src/ehr/keep-warm.ts';
import type { EhrClient, EhrRequest, EhrStanding } from '../../src/ehr-ports.ts';
import { FakeAuditLog, FakeClock } from '../support/fake-ports.ts';
import { sessionOf } from '../support/session-of.ts';

const minute = 60_000;
const standing: EhrStanding = {
  generation: 1,
  standing: 'signed-on',
  jar: [{ name: 'SID', value: 'a', path: '/', expiresAt: null }],
  signedOnAt: 0,
};

function setUp(
  over: {
    standing?: Partial<EhrStanding> | null;
    keepWarm?: ApplicationSettings['keepWarm'];
    leadership?: { leads: boolean };
  } = {},
) {
  const clock = new FakeClock();
  const audit = new FakeAuditLog();
  const sent: EhrRequest[] = [];
  const failed: unknown[] = [];
  let held: EhrStanding | null = over.standing === null ? null : { ...standing, ...over.standing };
  let answer: EhrClient['send'] = async (_name, request) =>
    Promise.resolve({ target: request.target, status: 200, headers: ['Set-Cookie', 'SID=b; Path=/'], body: '' });
  const locked: Session[] = [sessionOf('a', { lockedAt: clock.now() })];
  const rule = over.keepWarm === undefined ? { target: '/beat?x=1', everySeconds: 300 } : over.keepWarm;
  const look = keepWarm({
    applications: new Map([['ehr', { name: 'ehr', keepWarm: rule } as unknown as ApplicationSettings]]),
    sessions: { locked: () => locked },
    standings: {
      get: () => held,
      current: () => held,
      put: (_session, _name, next) => void (held = next),
      take: () => new Map(),
    },
    client: {
      send: async (name, request) => {
        sent.push(request);
        return answer(name, request);
      },
    },
    audit,
    clock,
    leadership: over.leadership ?? { leads: true },
    onFailed: (cause) => failed.push(cause),
  });
  return {
    clock,
    audit,
    sent,
    failed,
    locked,
    look,
    held: () => held,
    hold: (next: EhrStanding | null) => void (held = next),
    answerWith: (next: EhrClient['send']) => void (answer = next),
  };
}

test('asks once in its time while the session is locked, and the record names the gateway', async () => {
  const { clock, audit, sent, look, held } = setUp();
  await look();
  expect(sent).toEqual([]);
  clock.advance(5 * minute);
  await Promise.all([look(), look()]);
  await look();
  expect(sent).toMatchObject([{ method: 'GET', target: '/beat?x=1', headers: ['cookie', 'SID=a'], body: null }]);
  expect(audit.entries).toMatchObject([
    { event: 'ehr-kept-warm', subject: { sub: 'gateway' }, session: 'ref-a', application: 'ehr', target: '/beat' },
  ]);
  expect(held()?.jar).toMatchObject([{ name: 'SID', value: 'b' }]);
  clock.advance(5 * minute);
  await look();
  expect(sent).toHaveLength(2);
});

test('a session that is not locked any more is left alone, and begins anew when it locks again', async () => {
  const { clock, sent, locked, look } = setUp();
  clock.advance(5 * minute);
  await look();
  const [session] = locked.splice(0);
  clock.advance(5 * minute);
  await look();
  expect(sent).toHaveLength(1);
  locked.push({ ...(session as Session), lockedAt: clock.now() });
  await look();
  expect(sent).toHaveLength(1);
});

test.each([
  ['the preset knows no request', { keepWarm: null }],
  ['nobody is signed on there', { standing: null }],
  ['its session has ended there', { standing: { standing: 'ended' as const } }],
  ['it wants a new password', { standing: { standing: 'changing-password' as const } }],
  ['there is no cookie for that path', { standing: { jar: [] } }],
])('nothing is asked where %s', async (_why, over) => {
  const { clock, sent, audit, look } = setUp(over);
  clock.advance(10 * minute);
  await look();
  expect([sent, audit.entries]).toEqual([[], []]);
});

test('what cannot be recorded is not asked', async () => {
  const { clock, audit, sent, failed, look } = setUp();
  audit.failAppend = true;
  clock.advance(5 * minute);
  await look();
  expect([sent.length, failed.length]).toEqual([0, 1]);
});

test('an EHR that does not answer is asked again in its time, and one that signed on anew keeps its new jar', async () => {
  const { clock, sent, failed, look, answerWith, hold, held } = setUp();
  answerWith(async () => Promise.reject(new Error('No route')));
  clock.advance(5 * minute);
  await look();
  expect(failed).toHaveLength(1);
  answerWith(async (_name, request) => {
    hold({ ...standing, generation: 2 });
    return Promise.resolve({ target: request.target, status: 200, headers: ['set-cookie', 'SID=late'], body: '' });
  });
  clock.advance(5 * minute);
  await look();
  expect([sent.length, held()?.jar[0]?.value]).toEqual([2, 'a']);
});

test('of several gateways the one that leads asks, and the next one when it leads', async () => {
  const leadership = { leads: false };
  const { clock, sent, look } = setUp({ leadership });
  clock.advance(5 * minute);
  await look();
  expect(sent).toEqual([]);
  leadership.leads = true;
  await look();
  expect(sent).toHaveLength(1);
});
