// Roles as the identity provider tells them: read again every so often, believed for a bounded time while nobody answers,
// and named in words when they open nothing. Time is the story's own.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { parsePattern } from '../../src/core/policy/path-pattern.ts';
import type { Policy } from '../../src/core/policy/policy.ts';
import { rolesOf } from '../../src/sign-in/roles-of.ts';
import {
  arrive,
  codeAt,
  expectRefused,
  problemOf,
  recordsOf,
  roleLines,
  script,
  sessionCookie,
  withoutTheEhr,
} from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { seenByEhr, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
rules:
  - { name: find, paths: [/finder, /main, /welcome], allow: everyone }
  - { name: chart, paths: [/chart], patient: query.pid, allow: [physician, nurse] }
  - { name: users, paths: [/admin/users], allow: it }
  - { name: bulk, paths: [/files/large], allow: everyone }
`;

const page = { headers: { accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' } };

describe('with refresh tokens', () => {
  let demo: Demo;
  const clock = new ShiftingClock();
  const url = (path: string): string => demo.origin + path;
  const arrivesAs = async (name: string): Promise<CookieClient> => {
    clock.forward({ minutes: 1 });
    return arrive(demo, name, clock);
  };
  beforeAll(async () => {
    demo = await story({ rules, clock, idle: '12h' });
  });
  afterAll(async () => demo.close());

  test('a group that is taken away is felt at the first request after the recheck, not before', async () => {
    const client = await arrivesAs('nurse');
    demo.provider.setGroups('nurse', ['Clinic-FrontDesk']);
    clock.forward({ minutes: 14 });
    expect((await script(client, url('/chart?pid=7'))).status).toBe(200);
    clock.forward({ minutes: 1 });
    await expectRefused(demo, () => script(client, url('/chart?pid=7')), 403, 'role-not-permitted');
    expect((await script(client, url('/finder'))).status).toBe(200);
    expect(recordsOf(demo, 'roles-refreshed').at(-1)).toMatchObject({
      subject: { sub: 'nurse' },
      roles: ['front-desk'],
      detail: 'before: nurse',
    });
  });

  test('a group that is given is felt as well, in the same session', async () => {
    const client = await arrivesAs('front-desk');
    const cookie = sessionCookie(client, demo);
    await expectRefused(demo, () => script(client, url('/admin/users')), 403, 'role-not-permitted');
    demo.provider.setGroups('front-desk', ['Clinic-FrontDesk', 'Clinic-IT']);
    clock.forward({ minutes: 10 });
    await script(client, url('/finder'));
    clock.forward({ minutes: 5 });
    expect((await script(client, url('/admin/users'))).status).toBe(200);
    expect(sessionCookie(client, demo)).toBe(cookie);
  });

  test('many requests at once ask the provider once, and all of them feel the answer', async () => {
    const client = await arrivesAs('physician');
    clock.forward({ minutes: 14 });
    await script(client, url('/finder'));
    demo.provider.setGroups('physician', ['Clinic-Billing']);
    clock.forward({ minutes: 1 });
    const before = recordsOf(demo, 'roles-refreshed').length;
    const replies = await withoutTheEhr(demo, () =>
      Promise.all(Array.from({ length: 12 }, () => script(client, url('/chart?pid=3')))),
    );
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 403));
    expect(recordsOf(demo, 'roles-refreshed')).toHaveLength(before + 1);
  });

  test('whoever has no role left has no session left', async () => {
    const client = await arrivesAs('billing');
    demo.provider.setGroups('billing', ['Volunteers']);
    clock.forward({ minutes: 10 });
    await script(client, url('/finder'));
    clock.forward({ minutes: 5 });
    await expectRefused(demo, () => script(client, url('/finder')), 401, 'session-expired');
    expect(recordsOf(demo, 'session-ended').at(-1)).toMatchObject({ subject: { sub: 'billing' }, reason: 'provider-refused' });
    expect(String(recordsOf(demo, 'session-ended').at(-1)?.['detail'])).toContain('"Volunteers"');
  });

  test('what the provider revoked is refused at the next recheck', async () => {
    const client = await arrivesAs('records');
    demo.provider.revoke('records');
    expect((await script(client, url('/finder'))).status).toBe(200);
    clock.forward({ minutes: 14 });
    await script(client, url('/finder'));
    clock.forward({ minutes: 1 });
    await expectRefused(demo, () => script(client, url('/finder')), 401, 'session-expired');
    expect(recordsOf(demo, 'session-ended').at(-1)).toMatchObject({ subject: { sub: 'records' }, reason: 'provider-refused' });
    await expectRefused(demo, () => script(client, url('/finder')), 401, 'sign-in-required');
  });

  test('somebody whose groups are no role is told which claim was read and what it held', async () => {
    const client = new CookieClient();
    const told = await withoutTheEhr(demo, () => client.page(url('/.wardgate/sign-in?login_hint=visitor&return=%2Fmain')));
    expect(told.status).toBe(403);
    expect(told.text).toContain('groups');
    expect(told.text).toContain('Volunteers');
    expect(told.text).toContain('visitor');
    expect(told.text).toContain('no-role');
    expect(sessionCookie(client, demo)).toBeUndefined();
    expect(recordsOf(demo, 'sign-in-failed').at(-1)).toMatchObject({
      subject: { sub: 'visitor' },
      decision: 'refused',
      reason: 'no-role',
    });
    expect(String(recordsOf(demo, 'sign-in-failed').at(-1)?.['detail'])).toContain('"Volunteers"');
    await expectRefused(demo, () => script(client, url('/main')), 401, 'sign-in-required');
  });

  test('a stale answer of the provider goes on where there is a session, and starts over where there is none', async () => {
    const client = await arrivesAs('it');
    const stale = '/.wardgate/callback?code=used&state=long-gone';
    expect(await withoutTheEhr(demo, () => client.ask(url(stale), page))).toMatchObject({
      status: 303,
      headers: { location: '/' },
    });
    const stranger = new CookieClient();
    expect(await stranger.ask(url(stale), page)).toMatchObject({ status: 303, headers: { location: '/.wardgate/sign-in' } });
    expect(await stranger.ask(url(stale), page)).toMatchObject({ status: 403 });
  });

  test('several tabs sign in at once, and each goes where it wanted to', async () => {
    clock.forward({ minutes: 1 });
    const client = new CookieClient();
    const wanted = ['/finder?q=a', '/finder?q=b', '/main'];
    const tabs = [];
    for (const path of wanted) {
      const start = await client.ask(url(`/.wardgate/sign-in?login_hint=it&return=${encodeURIComponent(path)}`), page);
      tabs.push(start.headers.location ?? '');
    }
    const challenges = [];
    for (const location of tabs.toReversed()) challenges.push(await client.page(location));
    const [last, second, first] = challenges;
    expect((await client.form(last?.url ?? '', { code: codeAt(demo, 'it', clock) })).url).toBe(url('/main'));
    const cookie = sessionCookie(client, demo);
    expect((await client.page(second?.url ?? '')).url).toBe(url('/finder?q=b'));
    expect((await client.form(first?.url ?? '', { code: '000000' })).url).toBe(url('/finder?q=a'));
    expect(sessionCookie(client, demo)).toBe(cookie);
  });
});

describe('while the provider is down', () => {
  let demo: Demo;
  const clock = new ShiftingClock();
  const url = (path: string): string => demo.origin + path;
  beforeAll(async () => {
    demo = await story({
      rules,
      clock,
      idle: '12h',
      gatewayLines: [],
      rewriteGateway: (yaml) => yaml.replace('clientId: wardgate,', 'clientId: wardgate, recheckEvery: 10m, recheckGrace: 30m,'),
    });
  });
  afterAll(async () => demo.gateway.close().then(() => demo.ehr.close()));

  test('a session goes on for the grace time, and is locked then', async () => {
    const client = await arrive(demo, 'nurse', clock);
    await demo.provider.close();
    for (let minutes = 8; minutes < 40; minutes += 8) {
      clock.forward({ minutes: 8 });
      const reply = await script(client, url('/chart?pid=7'));
      if (reply.status !== 200) expect.fail(`The session ended after ${minutes} minutes: ${reply.text}`);
    }
    clock.forward({ minutes: 8 });
    await expectRefused(demo, () => script(client, url('/chart?pid=7')), 423, 'session-locked');
    expect(recordsOf(demo, 'locked').at(-1)).toMatchObject({ subject: { sub: 'nurse' }, reason: 'roles-stale' });
  });
});

describe('a provider that gives no refresh tokens', () => {
  let demo: Demo;
  let client: CookieClient;
  const clock = new ShiftingClock();
  const url = (path: string): string => demo.origin + path;
  beforeAll(async () => {
    demo = await story({ rules, clock, refreshTokens: false });
    client = await arrive(demo, 'nurse', clock);
  });
  afterAll(async () => demo.close());

  test('a page takes a silent way round, comes back to itself, and the new roles hold', async () => {
    const cookie = sessionCookie(client, demo);
    demo.provider.setGroups('nurse', ['Clinic-Nurses', 'Clinic-IT']);
    clock.forward({ minutes: 14 });
    await client.page(url('/finder'));
    clock.forward({ minutes: 2 });
    const redirect = await withoutTheEhr(demo, () => client.ask(url('/chart?pid=7'), page));
    expect(redirect).toMatchObject({
      status: 303,
      headers: { location: '/.wardgate/sign-in?silent=1&return=%2Fchart%3Fpid%3D7' },
    });
    const arrived = await client.page(url('/chart?pid=7'));
    expect(arrived).toMatchObject({ status: 200, url: url('/chart?pid=7') });
    expect(sessionCookie(client, demo)).toBe(cookie);
    expect((await script(client, url('/admin/users'))).status).toBe(200);
    expect(recordsOf(demo, 'roles-refreshed').at(-1)).toMatchObject({ subject: { sub: 'nurse' }, roles: ['nurse', 'it'] });
  });

  test('a script goes on meanwhile, because it cannot go round', async () => {
    clock.forward({ minutes: 14 });
    await client.page(url('/finder'));
    clock.forward({ minutes: 10 });
    expect((await script(client, url('/chart?pid=7'))).status).toBe(200);
  });

  test('the way round does not count as activity and does not lengthen the session', async () => {
    await client.page(url('/finder'));
    const { signedInAt } = problemOf(await script(client, url('/.wardgate/me')));
    clock.forward({ minutes: 14 });
    await client.page(url('/.wardgate/sign-in?silent=1&return=%2F.wardgate%2Fme'));
    expect(problemOf(await script(client, url('/.wardgate/me')))['signedInAt']).toBe(signedInAt);
    clock.forward({ minutes: 1 });
    await expectRefused(demo, () => script(client, url('/finder')), 423, 'session-locked');
  });

  test('a role that is gone is gone after the way round', async () => {
    clock.forward({ minutes: 1 });
    await arrive(demo, 'nurse', clock, client);
    demo.provider.setGroups('nurse', ['Clinic-Billing']);
    clock.forward({ minutes: 14 });
    await client.page(url('/finder'));
    clock.forward({ minutes: 2 });
    const before = seenByEhr(demo, '/chart');
    expect((await client.page(url('/chart?pid=7'))).status).toBe(403);
    expect(seenByEhr(demo, '/chart')).toBe(before);
  });

  test('whoever has no role left after the way round has no session left either', async () => {
    demo.provider.setGroups('nurse', ['Volunteers']);
    clock.forward({ minutes: 10 });
    expect((await client.page(url('/finder'))).status).toBe(200);
    clock.forward({ minutes: 5 });
    expect((await withoutTheEhr(demo, () => client.page(url('/finder')))).status).toBe(403);
    await expectRefused(demo, () => script(client, url('/finder')), 401, 'sign-in-required');
    expect(recordsOf(demo, 'session-ended').at(-1)).toMatchObject({ subject: { sub: 'nurse' }, reason: 'provider-refused' });
  });

  test('a provider that wants to ask the person asks, and the page is not lost', async () => {
    demo.provider.setGroups('physician', ['Clinic-Physicians']);
    const physician = await arrive(demo, 'physician', clock);
    demo.provider.revoke('physician');
    clock.forward({ minutes: 14 });
    await physician.page(url('/finder'));
    clock.forward({ minutes: 2 });
    const asked = await withoutTheEhr(demo, () => physician.page(url('/chart?pid=7')));
    expect(asked.status).toBe(200);
    expect(asked.url.startsWith(demo.provider.issuer)).toBe(true);
  });
});

describe('claims', () => {
  const pattern = parsePattern('/**');
  if ('problem' in pattern) throw new Error(pattern.problem);
  const policy: Policy = {
    mode: 'enforce',
    version: 'v',
    denyAlways: [],
    rules: [],
    roles: new Map([['nurse', ['Clinic-Nurses', '8f2c']]]),
    budgets: new Map(),
  };

  test.each`
    what                               | path                    | claims                                                                               | expected
    ${'a list'}                        | ${'groups'}             | ${{ groups: ['x', 'Clinic-Nurses'] }}                                                | ${{ roles: ['nurse'] }}
    ${'an object id'}                  | ${'groups'}             | ${{ groups: ['8f2c'] }}                                                              | ${{ roles: ['nurse'] }}
    ${'one word'}                      | ${'role'}               | ${{ role: 'Clinic-Nurses' }}                                                         | ${{ roles: ['nurse'] }}
    ${'a nested claim'}                | ${'realm_access.roles'} | ${{ realm_access: { roles: ['Clinic-Nurses'] } }}                                    | ${{ roles: ['nurse'] }}
    ${'other capitals'}                | ${'groups'}             | ${{ groups: ['clinic-nurses'] }}                                                     | ${{ roles: null, reason: 'no-role' }}
    ${'no claim'}                      | ${'groups'}             | ${{}}                                                                                | ${{ roles: null, reason: 'no-role' }}
    ${'Entra, too many groups'}        | ${'groups'}             | ${{ _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint: 'x' } } }} | ${{ roles: null, reason: 'groups-overage' }}
    ${'Entra, implicit overage'}       | ${'groups'}             | ${{ hasgroups: true }}                                                               | ${{ roles: null, reason: 'groups-overage' }}
    ${'Entra, app roles beside it'}    | ${'roles'}              | ${{ roles: ['Clinic-Nurses'], _claim_names: { groups: 'src1' } }}                    | ${{ roles: ['nurse'] }}
    ${'Entra, another claim withheld'} | ${'groups'}             | ${{ _claim_names: { wids: 'src1' } }}                                                | ${{ roles: null, reason: 'no-role' }}
  `('$what', ({ path, claims, expected }: { path: string; claims: Record<string, unknown>; expected: object }) => {
    const read = rolesOf(policy, claims, path);
    expect(read).toMatchObject(expected);
    if (read.roles === null) expect(read.detail).toContain(`"${path}"`);
  });
});
