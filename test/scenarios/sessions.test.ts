// How long a session lasts, what keeps it and what ends it. Time is the story's own, so nobody waits.

import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import type { Gateway } from '../../src/main.ts';
import {
  arrive,
  browserWith,
  codeAt,
  expectRefused,
  handshake,
  problemOf,
  recordsOf,
  restart,
  roleLines,
  script,
  sessionCookie,
  withoutTheEhr,
} from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { eventually, seenByEhr, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
rules:
  - { name: reminders, paths: [/poll/reminders], allow: everyone, passive: true }
  - { name: background, paths: [/finder], when: { query: { skip_timeout_reset: present } }, allow: everyone, passive: true }
  - { name: find, paths: [/finder, /main, /welcome, /slow], allow: everyone }
  - { name: chart, paths: [/chart], patient: [query.set_pid, query.pid, session], selectsPatient: query.set_pid, allow: [physician, nurse] }
  - { name: vitals, paths: [/chart/vitals], patient: [query.pid, session], allow: [physician, nurse] }
  - { name: users, paths: [/admin/users], allow: it, freshFactor: 5m }
  - { name: bulk, paths: [/files/large], allow: everyone }
  - { name: messages, paths: [/ws/messages], allow: everyone, webSocket: true }
`;

const lock =
  'lock: { everywhere: { after: 15m, longest: 12h }, desks: { after: 5m }, clinic: { longest: 11h }, roles: { it: { after: 10m, longest: 4h }, billing: { after: 20m } } }';

let demo: Demo;
let gateway: Gateway;
const clock = new ShiftingClock();

beforeAll(async () => {
  demo = await story({
    rules,
    clock,
    rewriteGateway: (yaml) =>
      yaml.replace(/^lock: .*$/m, lock).replace('health: {', 'tlsEndedBy: [127.0.0.0/8, "::1/128"], health: {'),
  });
  ({ gateway } = demo);
});
afterAll(async () => {
  await gateway.close();
  await demo.close();
});

describe('the idle limit', () => {
  test('counts from the last page the person opened, locks the session to the second, and ends it half an hour later', async () => {
    const client = await newSession('nurse');
    for (let visits = 0; visits < 3; visits += 1) {
      clock.forward({ minutes: 14, seconds: 50 });
      expect((await client.page(url('/chart?pid=7'))).status).toBe(200);
    }
    clock.forward({ minutes: 15 });
    await expectRefused(demo, () => script(client, url('/chart?pid=7')), 423, 'session-locked');
    expect(recordsOf(demo, 'locked').at(-1)).toMatchObject({ reason: 'idle', subject: { sub: 'nurse' } });
    expect(recordsOf(demo, 'locked').at(-1)?.['detail']).toMatch(/by navigation; 0 by script, 4 by navigation; locked since \S+$/);
    clock.forward({ minutes: 30 });
    await expectRefused(demo, () => script(client, url('/chart?pid=7')), 401, 'session-expired');
    const ended = recordsOf(demo, 'session-ended').at(-1);
    expect(ended).toMatchObject({ reason: 'idle', subject: { sub: 'nurse' }, roles: ['nurse'] });
    expect(ended?.['session']).toEqual(expect.any(String));
  });

  test.each`
    what                                       | path
    ${'a request that says it is no activity'} | ${'/finder?q=ex&skip_timeout_reset=1'}
    ${'a refused request'}                     | ${'/admin/users'}
    ${'a request that no rule fits'}           | ${'/not/in/any/rule'}
    ${'a page of the gateway'}                 | ${'/.wardgate/me'}
    ${'a script of the page'}                  | ${'/finder'}
  `('$what never counts as activity', async ({ path }: { path: string }) => {
    const client = await newSession('nurse');
    for (let polls = 0; polls < 2; polls += 1) {
      clock.forward({ minutes: 7 });
      expect((await script(client, url(path))).status).not.toBe(401);
    }
    clock.forward({ minutes: 1 });
    await expectRefused(demo, () => script(client, url(path.startsWith('/.wardgate') ? '/finder' : path)), 423, 'session-locked');
  });

  test('what was asked before the limit counts, even while the EHR still works on it', async () => {
    const client = await newSession('nurse');
    clock.forward({ minutes: 14, seconds: 50 });
    const before = seenByEhr(demo, '/slow');
    const report = client.page(url('/slow?seconds=1'));
    await eventually(() => seenByEhr(demo, '/slow') > before, 'the report to be under way');
    clock.forward({ seconds: 30 });
    expect((await script(client, url('/finder'))).status).toBe(200);
    expect((await report).status).toBe(200);
  });

  test.each`
    who             | from           | minutes | status
    ${'front-desk'} | ${null}        | ${14}   | ${200}
    ${'front-desk'} | ${'10.20.5.7'} | ${4}    | ${200}
    ${'front-desk'} | ${'10.20.5.7'} | ${5}    | ${423}
    ${'it'}         | ${null}        | ${9}    | ${200}
    ${'it'}         | ${null}        | ${10}   | ${423}
    ${'it'}         | ${'10.20.5.7'} | ${5}    | ${423}
    ${'billing'}    | ${null}        | ${14}   | ${200}
    ${'billing'}    | ${null}        | ${15}   | ${423}
  `(
    '$who from $from after $minutes idle minutes: $status, the strictest limit counts',
    async ({ who, from, minutes, status }: Limits) => {
      const client = await newSession(who);
      const headers: Record<string, string> = from === null ? {} : { 'x-forwarded-for': from };
      expect((await script(client, url('/finder'), { headers })).status).toBe(200);
      clock.forward({ minutes });
      const before = demo.ehr.requests().length;
      expect((await script(client, url('/finder'), { headers })).status).toBe(status);
      expect(demo.ehr.requests().length - before).toBe(status === 200 ? 1 : 0);
    },
  );

  test('of several roles the strictest counts', async () => {
    demo.provider.setGroups('records', ['Clinic-Records', 'Clinic-IT']);
    const client = await newSession('records');
    clock.forward({ minutes: 10 });
    await expectRefused(demo, () => script(client, url('/finder')), 423, 'session-locked');
  });

  test('sessions over their limits lock and end although nobody comes back', async () => {
    const client = await newSession('nurse');
    const { session } = problemOf(await script(client, url('/.wardgate/me')));
    clock.forward({ minutes: 16 });
    await gateway.composed.state.sessions.sweep();
    await eventually(() => recordsOf(demo, 'locked').find((record) => record['session'] === session), 'the record of the lock');
    clock.forward({ minutes: 30 });
    await gateway.composed.state.sessions.sweep();
    await eventually(
      () => recordsOf(demo, 'session-ended').find((record) => record['session'] === session && record['reason'] === 'idle'),
      'the record',
    );
  });
});

describe('the absolute limit', () => {
  test.each`
    who            | hours
    ${'physician'} | ${11}
    ${'it'}        | ${4}
  `('ends the session of $who after $hours hours of work', async ({ who, hours }: { who: string; hours: number }) => {
    const client = await newSession(who);
    for (let minutes = 0; minutes < hours * 60 - 8; minutes += 8) {
      clock.forward({ minutes: 8 });
      const reply = await client.page(url('/finder'));
      if (reply.status !== 200) expect.fail(`The session ended after ${minutes + 8} minutes: ${reply.text}`);
    }
    clock.forward({ minutes: 8 });
    await expectRefused(demo, () => script(client, url('/finder')), 401, 'session-expired');
    expect(recordsOf(demo, 'session-ended').at(-1)).toMatchObject({ reason: 'absolute', subject: { sub: who } });
  });
});

describe('a session that was locked for too long answers nothing but sign-in', () => {
  let client: CookieClient;
  let stale: string;
  beforeAll(async () => {
    client = await newSession('nurse');
    stale = sessionCookie(client, demo) ?? '';
    expect((await script(client, url('/chart?set_pid=7'))).status).toBe(200);
    clock.forward({ minutes: 45 });
  });

  test.each(['/poll/reminders', '/poll/reminders?skip_timeout_reset=1'])(
    'a poller at %s hears nothing, so that its page stays; a stranger’s hears 401',
    async (path) => {
      const poll = () => withoutTheEhr(demo, () => script(browserWith(demo, { wardgate: stale }), url(path)));
      expect(await poll()).toMatchObject({ status: 204, text: '' });
      expect((await script(browserWith(demo, { wardgate: 'A'.repeat(43) }), url(path))).status).toBe(401);
    },
  );

  test.each(['/chart?pid=7', '/finder?skip_timeout_reset=1', '/files/large', '/not/in/any/rule', '/.wardgate/console'])(
    'a script at %s hears 401',
    async (path) => {
      const reply = await withoutTheEhr(demo, () => script(browserWith(demo, { wardgate: stale }), url(path)));
      expect(reply.status).toBe(401);
      expect(problemOf(reply)['signIn']).toBe(`/.wardgate/sign-in?return=${encodeURIComponent(path)}`);
    },
  );

  test('a page is sent to sign in, and comes back to itself', async () => {
    const reply = await withoutTheEhr(demo, () =>
      browserWith(demo, { wardgate: stale }).ask(url('/chart?pid=7'), {
        headers: { accept: 'text/html', 'sec-fetch-dest': 'document' },
      }),
    );
    expect(reply).toMatchObject({ status: 303, headers: { location: '/.wardgate/sign-in?return=%2Fchart%3Fpid%3D7' } });
  });

  test('a live connection is not opened', async () => {
    expect(await withoutTheEhr(demo, () => handshake(browserWith(demo, { wardgate: stale }), url('/ws/messages')))).toBe(401);
  });

  test.each(['me', 'step-up', 'emergency', 'credential', 'more-downloads'])(
    'the page "%s" of the session is not shown',
    async (page) => {
      const reply = await withoutTheEhr(demo, () => script(browserWith(demo, { wardgate: stale }), url(`/.wardgate/${page}`)));
      expect(reply.status).toBe(401);
      expect(reply.text).not.toContain('nurse');
    },
  );

  test('a right code does not bring it back', async () => {
    const browser = browserWith(demo, { wardgate: stale });
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: demo.origin, accept: 'text/html' };
    const reply = await browser.ask(url('/.wardgate/step-up'), {
      method: 'POST',
      body: `code=${codeAt(demo, 'nurse', clock)}`,
      headers,
    });
    expect(reply.headers['location']).toMatch(/^\/\.wardgate\/sign-in/);
    expect((await script(browserWith(demo, { wardgate: stale }), url('/finder'))).status).toBe(401);
  });

  test('signing in again opens a new session, and the old cookie stays dead', async () => {
    clock.forward({ minutes: 1 });
    await arrive(demo, 'nurse', clock, client);
    expect(sessionCookie(client, demo)).not.toBe(stale);
    expect((await script(client, url('/chart?pid=7'))).status).toBe(200);
    await expectRefused(demo, () => script(browserWith(demo, { wardgate: stale }), url('/chart?pid=7')), 401, 'sign-in-required');
  });
});

describe('signing out', () => {
  test('ends the session in every tab and cuts what is still running', async () => {
    const client = await newSession('physician');
    const download = await openAndHold(client, '/files/large?megabytes=64');
    const secondTab = browserWith(demo, { wardgate: sessionCookie(client, demo) ?? '' });
    await client.form(url('/.wardgate/sign-out'), {});
    expect(sessionCookie(client, demo)).toBeUndefined();
    await expectRefused(demo, () => script(secondTab, url('/finder')), 401, 'sign-in-required');
    const outcome = await eventually(
      () => recordsOf(demo, 'outcome').find((one) => one['reason'] === 'session-ended'),
      'the outcome of the download',
    );
    expect(outcome).toMatchObject({ rule: 'bulk', status: 200 });
    expect(recordsOf(demo, 'sign-out').at(-1)).toMatchObject({
      subject: { sub: 'physician' },
      session: outcome['session'],
      reason: 'signed-out',
    });
    await new Promise((resolve) => download.once('close', resolve).resume());
    expect(download.complete).toBe(false);
  });

  test("leaves the same person's other session alone", async () => {
    const desk = await newSession('physician');
    const ward = await newSession('physician');
    expect(sessionCookie(desk, demo)).not.toBe(sessionCookie(ward, demo));
    await desk.form(url('/.wardgate/sign-out'), {});
    expect((await script(desk, url('/finder'))).status).toBe(401);
    expect((await script(ward, url('/finder'))).status).toBe(200);
  });

  test('is not done by a link, and not by another site', async () => {
    const client = await newSession('physician');
    await client.page(url('/.wardgate/sign-out'));
    const forged = await client.ask(url('/.wardgate/sign-out'), {
      method: 'POST',
      body: '',
      headers: { origin: 'https://evil.example' },
    });
    expect(forged.status).toBe(403);
    expect((await script(client, url('/finder'))).status).toBe(200);
  });

  test('a second sign-in in the same browser ends the first session, and its end is on record', async () => {
    const client = await newSession('physician');
    const first = sessionCookie(client, demo) ?? '';
    const { session } = problemOf(await script(client, url('/.wardgate/me')));
    clock.forward({ minutes: 1 });
    await arrive(demo, 'physician', clock, client);
    await expectRefused(demo, () => script(browserWith(demo, { wardgate: first }), url('/finder')), 401, 'sign-in-required');
    const ended = recordsOf(demo, 'session-ended').filter((record) => record['session'] === session);
    expect(ended).toMatchObject([
      { reason: 'signed-out', subject: { sub: 'physician' }, request: expect.any(String) as unknown },
    ]);
  });
});

describe('the cookie', () => {
  test.each`
    what                      | header
    ${'twice'}                | ${(id: string) => `wardgate=${id}; wardgate=${id}`}
    ${'twice, one of it bad'} | ${(id: string) => `wardgate=${'A'.repeat(43)}; wardgate=${id}`}
    ${'cut short'}            | ${(id: string) => `wardgate=${id.slice(0, -1)}`}
    ${'one letter changed'}   | ${(id: string) => `wardgate=${id.startsWith('A') ? 'B' : 'A'}${id.slice(1)}`}
    ${'in quotes'}            | ${(id: string) => `wardgate="${id}"`}
    ${'in other capitals'}    | ${(id: string) => `Wardgate=${id}`}
    ${'under a prefix'}       | ${(id: string) => `__Host-wardgate=${id}`}
    ${'with padding'}         | ${(id: string) => `wardgate=${id}=`}
    ${'percent-encoded'}      | ${(id: string) => `wardgate=%${id.charCodeAt(0).toString(16)}${id.slice(1)}`}
  `("$what is nobody's", async ({ header }: { header: (id: string) => string }) => {
    const client = await sharedNurse();
    const id = sessionCookie(client, demo) ?? '';
    await expectRefused(
      demo,
      () => script(new CookieClient(), url('/finder'), { headers: { cookie: header(id) } }),
      401,
      'sign-in-required',
    );
    expect((await script(client, url('/finder'))).status).toBe(200);
  });

  test("in two headers is nobody's either", async () => {
    const id = sessionCookie(await sharedNurse(), demo) ?? '';
    const cookie = [`wardgate=${id}`, `wardgate=${id}`];
    await expectRefused(demo, () => script(new CookieClient(), url('/finder'), { headers: { cookie } }), 401, 'sign-in-required');
  });

  test('the id of a session, its key and its reference open nothing', async () => {
    const client = await sharedNurse();
    const { session } = problemOf(await script(client, url('/.wardgate/me')));
    await expectRefused(
      demo,
      () => script(browserWith(demo, { wardgate: String(session) }), url('/finder')),
      401,
      'sign-in-required',
    );
  });

  test('an id that somebody planted before is not the one of the session', async () => {
    const planted = 'p'.repeat(43);
    const client = browserWith(demo, { wardgate: planted });
    clock.forward({ minutes: 1 });
    await arrive(demo, 'nurse', clock, client);
    expect(sessionCookie(client, demo)).not.toBe(planted);
    await expectRefused(demo, () => script(browserWith(demo, { wardgate: planted }), url('/finder')), 401, 'sign-in-required');
  });

  test('a step-up gives a new id; the old one gains nothing by it, and is dead once nothing can be on its way any more', async () => {
    const client = await newSession('it');
    clock.forward({ minutes: 6 });
    await expectRefused(demo, () => script(client, url('/admin/users')), 401, 'second-factor-required');
    const before = sessionCookie(client, demo) ?? '';
    const arrived = await client.form(url('/.wardgate/step-up?return=%2Fadmin%2Fusers'), { code: codeAt(demo, 'it', clock) });
    expect(arrived).toMatchObject({ status: 200, url: url('/admin/users') });
    expect(sessionCookie(client, demo)).not.toBe(before);
    const old = browserWith(demo, { wardgate: before });
    expect((await script(old, url('/finder'))).status).toBe(200);
    await expectRefused(demo, () => script(old, url('/admin/users')), 401, 'second-factor-required');
    clock.forward({ minutes: 1 });
    await expectRefused(demo, () => script(browserWith(demo, { wardgate: before }), url('/finder')), 401, 'sign-in-required');
  });
});

test('a session and its patient survive a restart of the gateway; an ended one stays ended', async () => {
  const client = await newSession('physician');
  const gone = await newSession('nurse');
  const cookie = sessionCookie(gone, demo) ?? '';
  expect((await script(client, url('/chart?set_pid=9'))).status).toBe(200);
  await gone.form(url('/.wardgate/sign-out'), {});
  gateway = await restart(demo, gateway, clock);
  expect((await script(client, url('/chart/vitals'))).text).toContain('BP');
  expect(recordsOf(demo, 'attempt').at(-1)).toMatchObject({ rule: 'vitals', patient: '9', patientSource: 'session' });
  await expectRefused(demo, () => script(browserWith(demo, { wardgate: cookie }), url('/finder')), 401, 'sign-in-required');
  clock.forward({ minutes: 15 });
  await expectRefused(demo, () => script(client, url('/finder')), 423, 'session-locked');
  const locks = recordsOf(demo, 'locked').length;
  gateway = await restart(demo, gateway, clock);
  await expectRefused(demo, () => script(client, url('/finder')), 423, 'session-locked');
  expect(recordsOf(demo, 'locked')).toHaveLength(locks);
});

interface Limits {
  readonly who: string;
  readonly from: string | null;
  readonly minutes: number;
  readonly status: number;
}

function url(path: string): string {
  return demo.origin + path;
}

/** A browser of its own for this test; a minute passes first, because a code works once. */
async function newSession(name: string): Promise<CookieClient> {
  clock.forward({ minutes: 1 });
  return arrive(demo, name, clock);
}

let shared: Promise<CookieClient> | null = null;

function sharedNurse(): Promise<CookieClient> {
  shared ??= newSession('nurse');
  return shared;
}

/** Starts a download and leaves it unread, so that it is still running. */
function openAndHold(client: CookieClient, path: string): Promise<IncomingMessage> {
  const { hostname, port } = new URL(demo.origin);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: hostname, port, path, headers: { cookie: client.cookieHeader(demo.origin) }, agent: false },
      (reply) => {
        reply.on('error', () => undefined);
        reply.pause();
        resolve(reply);
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}
