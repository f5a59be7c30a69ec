// A session that nobody uses locks: what it answers then and to whom, how it is unlocked and by whom not, what keeps it from
// locking, and what its EHR hears meanwhile. Nothing of a locked session reaches the EHR but what the gateway itself sends.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import {
  arrive,
  codeAt,
  expectRefused,
  handshake,
  problemOf,
  recordsOf,
  roleLines,
  script,
  sessionCookie,
  withoutTheEhr,
} from '../support/clinic-story.ts';
import type { CookieClient, Reply } from '../support/cookie-client.ts';
import { story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
rules:
  - { name: reminders, paths: [/poll/reminders], allow: everyone, passive: true }
  - { name: notes, paths: [/chart/notes], methods: [GET, POST], patient: [query.pid], allow: nurse }
  - { name: find, paths: [/finder, /main, /welcome], allow: everyone }
  - { name: messages, paths: [/ws/messages], allow: everyone, webSocket: true }
`;
const activity = '/.wardgate/activity';
const unlock = '/.wardgate/unlock';
const formType = { 'content-type': 'application/x-www-form-urlencoded' };

let demo: Demo;
const clock = new ShiftingClock();

beforeAll(async () => {
  demo = await story({ rules, clock });
});
afterAll(async () => demo.close());

const url = (path: string): string => demo.origin + path;

/** Somebody whose session has been locked for a minute. */
async function locked(name = 'nurse'): Promise<CookieClient> {
  clock.forward({ minutes: 2 });
  const client = await arrive(demo, name, clock);
  clock.forward({ minutes: 16 });
  return client;
}

function ping(client: CookieClient, idleSeconds: unknown = 0, headers: Record<string, string> = {}): Promise<Reply> {
  const more = { 'content-type': 'application/json', origin: demo.origin, ...headers };
  return script(client, url(activity), { method: 'POST', body: JSON.stringify({ idleSeconds }), headers: more });
}

function type(client: CookieClient, code: string, headers: Record<string, string> = {}): Promise<Reply> {
  const more = { ...formType, accept: 'application/json', origin: demo.origin, ...headers };
  return script(client, url(unlock), { method: 'POST', body: `code=${code}`, headers: more });
}

const state = async (client: CookieClient): Promise<unknown> => problemOf(await script(client, url(activity)))['state'];

describe('what keeps a session from locking', () => {
  test('is what the script in its pages tells of, and the records say so', async () => {
    clock.forward({ minutes: 2 });
    const client = await arrive(demo, 'nurse', clock);
    for (let times = 0; times < 4; times += 1) {
      clock.forward({ minutes: 14 });
      const reply = await ping(client);
      expect([reply.status, problemOf(reply)]).toMatchObject([200, { state: 'active', warnSeconds: 60, pingSeconds: 30 }]);
      expect(problemOf(reply)['locksInSeconds']).toBeGreaterThan(895);
    }
    clock.forward({ minutes: 15 });
    expect(await state(client)).toBe('locked');
    expect(recordsOf(demo, 'locked').at(-1)?.['detail']).toMatch(/by script; 4 by script, 1 by navigation; locked since \S+$/);
    const opened = recordsOf(demo, 'attempt').filter((one) => one['activity'] === 'navigation');
    expect(opened.at(-1)).toMatchObject({ target: '/main', subject: { sub: 'nurse' } });
  });

  test.each([
    ['a moment ago', 12, 12],
    ['longer ago than a page may say', 3600, 30],
    ['in the future', -60, 0],
    ['no number', 'soon', 0],
    ['not a number', Number.NaN, 0],
  ])('the person was seen %s', async (_when, idleSeconds, counted) => {
    clock.forward({ minutes: 2 });
    const client = await arrive(demo, 'nurse', clock);
    clock.forward({ minutes: 5 });
    const { locksInSeconds } = problemOf(await ping(client, idleSeconds)) as { locksInSeconds: number };
    expect(Math.round(900 - locksInSeconds)).toBeLessThanOrEqual(counted + 2);
    expect(900 - locksInSeconds).toBeGreaterThanOrEqual(counted);
  });

  test.each([
    ['looking how it stands', (client: CookieClient) => script(client, url(activity))],
    ['a ping of another site', (client: CookieClient) => ping(client, 0, { origin: 'https://evil.example' })],
    ['a ping of a sandboxed page', (client: CookieClient) => ping(client, 0, { origin: 'null' })],
    ['a frame that reloads by itself', (client: CookieClient) => client.ask(url('/welcome'), { headers: frameReload })],
    ['a poller that says a person sent it', (client: CookieClient) => client.page(url('/poll/reminders'))],
    ['a right code while it is not locked', (client: CookieClient) => type(client, codeAt(demo, 'nurse', clock))],
  ])('is not %s', async (_what, act) => {
    clock.forward({ minutes: 2 });
    const client = await arrive(demo, 'nurse', clock);
    clock.forward({ minutes: 14 });
    await act(client);
    clock.forward({ minutes: 1 });
    expect(await state(client)).toBe('locked');
  });

  test('and a session that is locked is not unlocked by it', async () => {
    const client = await locked();
    for (const act of [() => ping(client), () => client.page(url('/main'))]) await act();
    expect(await state(client)).toBe('locked');
    await expectRefused(demo, () => script(client, url('/finder')), 423, 'session-locked');
  });
});

const frameReload = {
  accept: 'text/html',
  'sec-fetch-dest': 'iframe',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-site': 'same-origin',
};

describe('a locked session', () => {
  let client: CookieClient;
  beforeAll(async () => void (client = await locked()));

  test.each(['/finder', '/chart/notes?pid=7', '/not/in/any/rule', '/.wardgate/me', '/.wardgate/console'])(
    'answers a script at %s with 423 and where to unlock',
    async (path) => {
      const reply = await expectRefused(demo, () => script(client, url(path)), 423, 'session-locked');
      expect(reply.headers['wardgate-session']).toBe('locked');
      expect(problemOf(reply)['remedy']).toBe(`/.wardgate/unlock?return=${encodeURIComponent(path)}`);
      expect(reply.text).not.toContain('Noah');
    },
  );

  test('takes nothing that is sent, by a script or by a form', async () => {
    const note = { method: 'POST', body: 'note=x', headers: { ...formType, origin: demo.origin } };
    await expectRefused(demo, () => script(client, url('/chart/notes?pid=7'), note), 423, 'session-locked');
    const sent = await withoutTheEhr(demo, () => client.form(url('/chart/notes?pid=7'), { note: 'x' }));
    expect([sent.status, sent.url]).toEqual([423, url('/.wardgate/unlock?return=%2F.wardgate%2Fheld')]);
  });

  test('leads a page to the one that unlocks, and back', async () => {
    const page = await withoutTheEhr(demo, () => client.page(url('/finder?q=ex')));
    expect([page.status, page.url]).toEqual([423, url(`${unlock}?return=%2Ffinder%3Fq%3Dex`)]);
    expect(page.text).toMatch(/<input[^>]*name="code"/);
    expect(page.headers['cache-control']).toBe('no-store');
  });

  test('leaves a frame and a window that move by themselves where they are', async () => {
    const frame = await withoutTheEhr(demo, () => client.ask(url('/welcome'), { headers: frameReload }));
    const window = { ...frameReload, 'sec-fetch-dest': 'document' };
    const page = await withoutTheEhr(demo, () => client.ask(url('/welcome'), { headers: window }));
    expect([frame.status, frame.text, page.status]).toEqual([204, '', 204]);
  });

  test("tells the EHR's poller what its page can bear, never that the session is over", async () => {
    const reply = await withoutTheEhr(demo, () => script(client, url('/poll/reminders')));
    expect([reply.status, reply.text]).toEqual([204, '']);
  });

  test('opens no live connection', async () => {
    expect(await withoutTheEhr(demo, () => handshake(client, url('/ws/messages')))).toBe(423);
  });

  test('ends half an hour later, and what kept it is on record', async () => {
    const mine = await locked('physician');
    clock.forward({ minutes: 30 });
    await expectRefused(demo, () => script(mine, url('/finder')), 401, 'session-expired');
    expect(recordsOf(demo, 'session-ended').at(-1)).toMatchObject({ reason: 'idle', subject: { sub: 'physician' } });
    const reply = await script(mine, url(activity));
    expect([reply.status, reply.headers['wardgate-session']]).toEqual([401, 'ended']);
    expect((await type(mine, codeAt(demo, 'physician', clock))).status).toBe(401);
  });
});

describe('unlocking', () => {
  test('takes the code of its person, and the session goes on under the same cookie', async () => {
    const client = await locked();
    const cookie = sessionCookie(client, demo);
    const reply = await type(client, codeAt(demo, 'nurse', clock));
    expect([reply.status, problemOf(reply)['state']]).toEqual([200, 'active']);
    expect(sessionCookie(client, demo)).toBe(cookie);
    expect((await script(client, url('/finder'))).status).toBe(200);
    expect(recordsOf(demo, 'unlocked').at(-1)).toMatchObject({ factor: 'totp', decision: 'allowed', subject: { sub: 'nurse' } });
    expect(recordsOf(demo, 'unlocked').at(-1)?.['detail']).toMatch(/^by totp, locked since .*; last seen /);
  });

  test('works as a form without a script, and leads back to what was asked for', async () => {
    const client = await locked();
    const page = await client.page(url('/finder?q=ex'));
    const wrong = await client.form(page.url, { code: '000000' });
    expect([wrong.status, wrong.text.includes('That code is not right')]).toEqual([403, true]);
    const back = await client.form(page.url, { code: codeAt(demo, 'nurse', clock) });
    expect([back.status, back.url]).toEqual([200, url('/finder?q=ex')]);
  });

  test('takes no code twice, none of somebody else, and none from another site', async () => {
    const client = await locked();
    const code = codeAt(demo, 'nurse', clock);
    expect((await type(client, codeAt(demo, 'physician', clock))).status).toBe(403);
    expect((await type(client, code, { origin: 'https://evil.example' })).status).toBe(403);
    expect(await state(client)).toBe('locked');
    expect((await type(client, code)).status).toBe(200);
    clock.forward({ minutes: 15 });
    expect((await type(client, code)).status).toBe(403);
    expect(await state(client)).toBe('locked');
    const failed = recordsOf(demo, 'unlock-failed');
    expect(failed.at(-1)).toMatchObject({ reason: 'second-factor-wrong', decision: 'refused', subject: { sub: 'nurse' } });
  });

  test('is shut after five wrong codes, for a right one as well', async () => {
    const client = await locked('records');
    const statuses: number[] = [];
    for (let tries = 0; tries < 6; tries += 1) statuses.push((await type(client, '000000')).status);
    expect(statuses).toEqual([403, 403, 403, 403, 429, 429]);
    const right = await type(client, codeAt(demo, 'records', clock));
    expect([right.status, right.headers['retry-after'], await state(client)]).toEqual([429, '900', 'locked']);
  });
});

describe('unlocking at the sign-in service', () => {
  const start = `/.wardgate/sign-in?unlock=1&return=${encodeURIComponent('/.wardgate/unlocked')}`;

  test('asks the person anew, and comes back to the window that opened it', async () => {
    const client = await locked();
    const asked = await client.ask(url(start), { headers: { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' } });
    const to = new URL(asked.headers.location ?? '');
    expect([to.searchParams.get('prompt'), to.searchParams.get('login_hint')]).toEqual(['login', 'nurse']);
    const page = await client.page(url(start));
    expect([page.status, page.url]).toEqual([200, url('/.wardgate/unlocked')]);
    expect((await script(client, url('/finder'))).status).toBe(200);
    expect(recordsOf(demo, 'unlocked').at(-1)?.['detail']).toMatch(/^by provider, locked since /);
  });

  test('refuses another person, whose sign-in it does not become', async () => {
    const client = await locked();
    const asked = await client.ask(url(start), { headers: { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' } });
    const to = new URL(asked.headers.location ?? '');
    to.searchParams.set('login_hint', 'physician');
    const page = await client.page(to.href);
    expect([page.status, page.text.includes('This session is locked by somebody else')]).toEqual([403, true]);
    expect(await state(client)).toBe('locked');
    expect(recordsOf(demo, 'unlock-failed').at(-1)).toMatchObject({ reason: 'unlock-not-yours', subject: { sub: 'nurse' } });
    expect(recordsOf(demo, 'unlock-failed').at(-1)?.['detail']).toBe('"physician" came back instead');
  });

  test('is not got round by a sign-in that the service still remembers', async () => {
    const client = await locked();
    const asked = await client.ask(url('/.wardgate/sign-in'), {
      headers: { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    });
    const to = new URL(asked.headers.location ?? '');
    expect([to.searchParams.get('prompt'), to.searchParams.get('max_age')]).toEqual(['login', '60']);
  });

  test('is an ordinary sign-in where the session has ended meanwhile', async () => {
    const client = await locked();
    clock.forward({ minutes: 31 });
    const page = await client.page(url('/.wardgate/sign-in?unlock=1&return=%2Fmain'));
    expect(page.url).toContain('/.wardgate/second-factor');
  });
});
