// Whoever tries to get, keep, swap or revive a session that is not theirs, through the whole gateway. Every refusal is also
// seen from the other side: nothing of it reached the EHR.

import { hash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import type { SessionStore } from '../../src/ports.ts';
import {
  arrive,
  browserWith,
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
import { CookieClient } from '../support/cookie-client.ts';
import type { Reply } from '../support/cookie-client.ts';
import { eventually, seenByEhr, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';
import { filesBelow } from '../support/files-below.ts';

const rules = `${roleLines}
rules:
  - { name: find, paths: [/finder, /main, /welcome, /slow], allow: everyone }
  - { name: chart, paths: [/chart, /chart/notes], methods: [GET, POST], patient: [query.pid, session], allow: [physician, nurse] }
  - { name: users, paths: [/admin/users], allow: it, freshFactor: 5m }
  - { name: bulk, paths: [/files/large], allow: everyone }
  - { name: messages, paths: [/ws/messages], allow: everyone, webSocket: true }
`;

const page = { accept: 'text/html,application/xhtml+xml', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' };
const formType = { 'content-type': 'application/x-www-form-urlencoded' };

let demo: Demo;
const clock = new ShiftingClock();

beforeAll(async () => {
  demo = await story({
    rules,
    clock,
    rewriteGateway: (yaml) => yaml.replace('clientId: wardgate', 'clientId: wardgate, recheckEvery: 5m'),
  });
});
afterAll(async () => demo.close());

function url(path: string): string {
  return demo.origin + path;
}

/** A browser of its own; a minute passes first, because a code works once. */
async function newSession(name: string): Promise<CookieClient> {
  clock.forward({ minutes: 1 });
  return arrive(demo, name, clock);
}

/** A browser that the provider has answered and that has not shown its second factor. */
async function atTheCode(name: string, client = new CookieClient()): Promise<{ client: CookieClient; reply: Reply }> {
  return { client, reply: await client.page(url(`/.wardgate/sign-in?login_hint=${name}&return=%2Fchart%3Fpid%3D7`)) };
}

/** The address the provider sends this browser back to, not yet opened. */
async function callbackFor(name: string, client: CookieClient): Promise<string> {
  let reply = await client.ask(url(`/.wardgate/sign-in?login_hint=${name}`), { headers: page });
  for (let hops = 0; hops < 8; hops += 1) {
    const next = new URL(reply.headers.location ?? '', reply.url).href;
    if (next.startsWith(url('/.wardgate/callback'))) return next;
    reply = await client.ask(next, { headers: page });
  }
  throw new Error(`No callback came: ${reply.status} ${reply.text}`);
}

function gatewayCookie(client: CookieClient, name: string): string | undefined {
  return client.jar.get(new URL(demo.origin).host)?.get(name);
}

/** How many sessions the store holds. */
function sessionCount(): number {
  return demo.gateway.composed.state.sessions.size;
}

/** Every text in every row of the sessions' file as it lies on the disk. */
function storedTexts(): string[] {
  const file = new DatabaseSync(join(demo.directory, 'data', 'sessions.db'), { readOnly: true });
  const tables = file
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
    .all()
    .map((row) => String(row['name']));
  const texts = tables
    .flatMap((table) => file.prepare(`SELECT * FROM "${table}"`).all())
    .flatMap((row) => Object.values(row).map(String));
  file.close();
  return texts;
}

async function countOf(event: string): Promise<number> {
  const { text } = await demo.gateway.composed.metrics.text();
  return Number(new RegExp(`wardgate_events_total\\{event="${event}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
}

describe('fixation', () => {
  test('nothing that a browser holds before the sign-in opens anything after it', async () => {
    const client = browserWith(demo, { wardgate: 'p'.repeat(43), 'wardgate-signin': `s%3A${'q'.repeat(43)}.${'r'.repeat(43)}` });
    const { reply } = await atTheCode('nurse', client);
    const interaction = gatewayCookie(client, 'wardgate-signin') ?? '';
    expect(interaction).not.toContain('q'.repeat(43));
    clock.forward({ minutes: 1 });
    await client.form(reply.url, { code: codeAt(demo, 'nurse', clock) });
    const id = sessionCookie(client, demo) ?? '';
    expect(id).toMatch(/^[\w-]{43}$/);
    expect(id).not.toBe('p'.repeat(43));
    expect(gatewayCookie(client, 'wardgate-signin')).toBeUndefined();
    // Whoever planted or read the cookies of before stands outside.
    const attacker = browserWith(demo, { wardgate: 'p'.repeat(43), 'wardgate-signin': interaction });
    await expectRefused(demo, () => script(attacker, url('/chart?pid=7')), 401, 'sign-in-required');
    const late = await withoutTheEhr(demo, () => attacker.ask(url('/.wardgate/second-factor'), { headers: page }));
    expect(late.headers.location).toBe('/.wardgate/sign-in');
  });

  test('an interaction of one browser is no use after the provider has answered again', async () => {
    const { client } = await atTheCode('nurse');
    const first = gatewayCookie(client, 'wardgate-signin') ?? '';
    await atTheCode('nurse', client);
    expect(gatewayCookie(client, 'wardgate-signin')).not.toBe(first);
    const old = await browserWith(demo, { 'wardgate-signin': first }).ask(url('/.wardgate/second-factor'), { headers: page });
    expect(old.headers.location).toBe('/.wardgate/sign-in');
  });
});

describe('resurrection', () => {
  test('a slow request that ends after the sign-out does not bring the session back', async () => {
    const client = await newSession('nurse');
    const id = sessionCookie(client, demo) ?? '';
    const before = seenByEhr(demo, '/slow');
    const slow = Promise.all(
      [1, 2, 3].map(() =>
        script(browserWith(demo, { wardgate: id }), url('/slow?seconds=1')).then(
          ({ status }) => status,
          () => 0,
        ),
      ),
    );
    await eventually(() => seenByEhr(demo, '/slow') >= before + 3, 'the slow requests to be under way');
    await client.form(url('/.wardgate/sign-out'), {});
    await slow;
    await expectRefused(demo, () => script(browserWith(demo, { wardgate: id }), url('/finder')), 401, 'sign-in-required');
    await demo.gateway.composed.state.sessions.flush();
    expect(storedTexts()).not.toContain(keyOf(id));
  });

  test('a sign-out and a step-up at the same moment leave nobody signed in', async () => {
    const client = await newSession('it');
    const id = sessionCookie(client, demo) ?? '';
    clock.forward({ minutes: 1 });
    const body = `code=${codeAt(demo, 'it', clock)}`;
    const before = sessionCount();
    const [stepped] = await Promise.all([
      browserWith(demo, { wardgate: id }).ask(url('/.wardgate/step-up'), {
        method: 'POST',
        body,
        headers: { ...formType, origin: demo.origin },
      }),
      browserWith(demo, { wardgate: id }).ask(url('/.wardgate/sign-out'), {
        method: 'POST',
        body: '',
        headers: { origin: demo.origin },
      }),
    ]);
    expect(sessionCount()).toBe(before - 1);
    const next = /wardgate=([\w-]{43})/.exec(String(stepped.headers['set-cookie']))?.[1];
    for (const one of [id, next ?? id])
      await expectRefused(demo, () => script(browserWith(demo, { wardgate: one }), url('/finder')), 401, 'sign-in-required');
  });
});

describe('lost updates', () => {
  test('touches, a selection and new roles at the same moment all count', async () => {
    const client = await newSession('nurse');
    const id = sessionCookie(client, demo) ?? '';
    demo.provider.setGroups('nurse', ['Clinic-Nurses', 'Clinic-IT']);
    const refreshed = recordsOf(demo, 'roles-refreshed').length;
    clock.forward({ minutes: 6 });
    const statuses = await Promise.all(
      Array.from({ length: 40 }, async (_, n) =>
        n % 2 === 0 ? (await client.page(url('/finder'))).status : (await script(client, url('/chart?pid=7'))).status,
      ),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(recordsOf(demo, 'roles-refreshed').length - refreshed).toBe(1);
    const found = await demo.gateway.composed.state.sessions.find(keyOf(id));
    expect(found).toMatchObject({ found: 'yes', value: { roles: ['nurse', 'it'] } });
    if (found.found === 'yes') {
      expect(clock.now() - found.value.lastActiveAt).toBeLessThan(60_000);
      expect(clock.now() - found.value.rolesCheckedAt).toBeLessThan(60_000);
    }
    demo.provider.setGroups('nurse', ['Clinic-Nurses']);
  });

  test('a role that is taken away at the provider is gone at the next reading, in every session', async () => {
    const desk = await newSession('physician');
    const ward = await newSession('physician');
    expect((await script(ward, url('/chart?pid=7'))).status).toBe(200);
    demo.provider.setGroups('physician', ['Clinic-FrontDesk']);
    clock.forward({ minutes: 5 });
    for (const one of [desk, ward]) await expectRefused(demo, () => script(one, url('/chart?pid=7')), 403, 'role-not-permitted');
    demo.provider.setGroups('physician', ['Clinic-Physicians']);
  });

  test('somebody who is thrown out at the provider is out here at the next reading', async () => {
    const client = await newSession('records');
    demo.provider.revoke('records');
    clock.forward({ minutes: 5 });
    await expectRefused(demo, () => script(client, url('/finder')), 401, 'session-expired');
    expect(recordsOf(demo, 'session-ended').at(-1)).toMatchObject({ reason: 'provider-refused', subject: { sub: 'records' } });
  });
});

describe('cookies that somebody else put there', () => {
  let client: CookieClient;
  let id: string;
  const theirs = 'E'.repeat(43);
  beforeAll(async () => {
    client = await newSession('nurse');
    id = sessionCookie(client, demo) ?? '';
  });

  test.each<[string, () => string]>([
    ['theirs first', () => `wardgate=${theirs}; wardgate=${id}`],
    ['ours first', () => `wardgate=${id}; wardgate=${theirs}`],
    ['the same twice', () => `wardgate=${id}; wardgate=${id}`],
    ['without a space', () => `wardgate=${theirs};wardgate=${id}`],
    ['with tabs', () => `wardgate=${theirs};\twardgate\t=${id}`],
    ['with $Version', () => `$Version=1; wardgate=${theirs}; $Path=/; wardgate=${id}`],
    ['with $Version and quotes', () => `$Version="1"; wardgate="${id}"`],
    ['split by a comma', () => `wardgate=${theirs}, wardgate=${id}`],
    ['ours before a comma', () => `wardgate=${id}, wardgate=${theirs}`],
    ['ours behind a comma', () => `a=b, wardgate=${id}`],
    ['in quotes', () => `wardgate="${id}"`],
    ['in quotes that hide another', () => `a="x; wardgate=${theirs}; y"; wardgate=${id}`],
    ['an empty one before', () => `wardgate=; wardgate=${id}`],
    ['an empty one after', () => `wardgate=${id}; wardgate=`],
    ['empty', () => 'wardgate='],
    ['without a value', () => 'wardgate'],
    ['without a name', () => `=${id}`],
    ['without a name but with a pair', () => `=wardgate=${id}`],
    ['a name of spaces', () => `wardgate =${theirs}; wardgate=${id}`],
    ['other capitals', () => `WARDGATE=${id}`],
    ['the name of https', () => `__Host-wardgate=${id}`],
    ['an escape in its name', () => `ward%67ate=${id}`],
  ])('%s: nobody', async (_case, header) => {
    await expectRefused(
      demo,
      () => script(new CookieClient(), url('/chart?pid=7'), { headers: { cookie: header() } }),
      401,
      'sign-in-required',
    );
    expect((await script(client, url('/finder'))).status).toBe(200);
  });

  test('two are counted, and the way to sign in clears them, so that the next session is not spoilt', async () => {
    const before = await countOf('session-cookie-repeated');
    const cookie = `wardgate=${theirs}; wardgate=${id}`;
    const refused = await withoutTheEhr(demo, () => new CookieClient().ask(url('/main'), { headers: { ...page, cookie } }));
    expect(refused).toMatchObject({ status: 303, headers: { location: '/.wardgate/sign-in?return=%2Fmain' } });
    expect(await countOf('session-cookie-repeated')).toBe(before + 1);
    const start = await new CookieClient().ask(url(String(refused.headers.location)), { headers: { ...page, cookie } });
    const cleared = (start.headers['set-cookie'] ?? []).filter((line) => line.startsWith('wardgate=;'));
    expect(cleared).toHaveLength(2);
    for (const line of cleared) expect(line).toMatch(/Max-Age=0/);
    expect(cleared.some((line) => line.includes('Domain=localhost'))).toBe(true);
    const single = await new CookieClient().ask(url('/.wardgate/sign-in'), { headers: { ...page, cookie: `wardgate=${id}` } });
    expect((single.headers['set-cookie'] ?? []).filter((line) => line.startsWith('wardgate=;'))).toEqual([]);
  });
});

describe('what lies on the disk', () => {
  test('holds no id of a session, and nothing in it opens one', async () => {
    const client = await newSession('nurse');
    const { client: onTheWay } = await atTheCode('it');
    const ids = [
      sessionCookie(client, demo) ?? '',
      gatewayCookie(onTheWay, 'wardgate-browser') ?? '',
      /^s(?::|%3A)([\w-]{43})/.exec(gatewayCookie(onTheWay, 'wardgate-signin') ?? '')?.[1] ?? '',
    ];
    expect(ids.every((one) => /^[\w-]{43}$/.test(one))).toBe(true);
    for (const [file, bytes] of filesBelow(demo.directory)) for (const one of ids) expect(bytes.includes(one), file).toBe(false);
    const texts = storedTexts();
    expect(texts).toContain(keyOf(ids[0] ?? ''));
    const tried = new Set(
      texts
        .flatMap((text) => [text, ...(text.match(/[\w-]{43}/g) ?? []), Buffer.from(text).toString('base64url')])
        .filter((text) => /^[\x21-\x3a\x3c-\x7e]{1,300}$/.test(text)),
    );
    expect(tried.size).toBeGreaterThan(10);
    for (const value of tried) {
      const reply = await withoutTheEhr(demo, () =>
        script(new CookieClient(), url('/chart?pid=7'), { headers: { cookie: `wardgate=${value}` } }),
      );
      expect(reply.status, value).toBe(401);
      const reply2 = await withoutTheEhr(demo, () =>
        new CookieClient().ask(url('/.wardgate/second-factor'), { headers: { ...page, cookie: `wardgate-signin=${value}` } }),
      );
      expect(reply2.headers.location, value).toBe('/.wardgate/sign-in');
    }
    expect((await script(client, url('/chart?pid=7'))).status).toBe(200);
  });
});

describe('skipping a step', () => {
  test('whoever has shown a password alone gets no page of the EHR', async () => {
    const { client } = await atTheCode('nurse');
    for (const path of ['/chart?pid=7', '/main', '/finder', '/not/in/any/rule']) {
      await expectRefused(demo, () => script(client, url(path)), 401, 'sign-in-required');
      expect((await withoutTheEhr(demo, () => client.ask(url(path), { headers: page }))).status).toBe(303);
    }
    expect(await withoutTheEhr(demo, () => handshake(client, url('/ws/messages')))).toBe(401);
    for (const one of ['me', 'step-up', 'emergency', 'credential', 'more-downloads']) {
      expect((await withoutTheEhr(demo, () => script(client, url(`/.wardgate/${one}`)))).status).toBe(401);
    }
  });

  test('the cookie of the way in is no session, in any part of it', async () => {
    const { client } = await atTheCode('nurse');
    const signed = decodeURIComponent(gatewayCookie(client, 'wardgate-signin') ?? '');
    const inner = /^s:([\w-]+)\.(.+)$/.exec(signed);
    for (const value of [
      signed,
      encodeURIComponent(signed),
      inner?.[1] ?? '',
      inner?.[2] ?? '',
      gatewayCookie(client, 'wardgate-browser') ?? '',
    ]) {
      await expectRefused(
        demo,
        () => script(browserWith(demo, { wardgate: value }), url('/chart?pid=7')),
        401,
        'sign-in-required',
      );
    }
  });

  test.each([
    ['GET', '/.wardgate/step-up'],
    ['POST', '/.wardgate/step-up'],
    ['GET', '/.wardgate/second-factor'],
    ['POST', '/.wardgate/second-factor'],
    ['GET', '/.wardgate/enrol'],
    ['POST', '/.wardgate/enrol'],
    ['POST', '/.wardgate/emergency'],
  ])('%s %s by nobody leads to the sign-in, whatever code is typed', async (method, path) => {
    clock.forward({ minutes: 1 });
    const before = sessionCount();
    const reply = await withoutTheEhr(demo, () =>
      new CookieClient().ask(url(path), {
        method,
        headers: { ...page, ...formType, origin: demo.origin },
        ...(method === 'POST' ? { body: `code=${codeAt(demo, 'nurse', clock)}&reason=a+good+enough+reason` } : {}),
      }),
    );
    expect(reply.headers.location).toMatch(/^\/\.wardgate\/sign-in/);
    expect(sessionCount()).toBe(before);
  });

  test('somebody who has a factor cannot set up another instead of showing it', async () => {
    const { client } = await atTheCode('nurse');
    const shown = await client.ask(url('/.wardgate/enrol'), { headers: page });
    expect(shown.headers.location).toBe('/.wardgate/second-factor');
    const posted = await client.ask(url('/.wardgate/enrol'), {
      method: 'POST',
      body: 'code=000000',
      headers: { ...page, ...formType, origin: demo.origin },
    });
    expect(posted.headers.location).toBe('/.wardgate/second-factor');
    expect(recordsOf(demo, 'enrolment')).toEqual([]);
  });
});

describe('somebody else’s answer of the provider', () => {
  test('opened in another browser signs nobody in, with and without a session there', async () => {
    const attacker = new CookieClient();
    const victim = await newSession('nurse');
    const before = sessionCount();
    const stranger = await withoutTheEhr(demo, async () =>
      new CookieClient().ask(await callbackFor('physician', attacker), { headers: page }),
    );
    expect(stranger.headers.location).toBe('/.wardgate/sign-in');
    const swapped = await withoutTheEhr(demo, async () =>
      victim.ask(await callbackFor('physician', attacker), { headers: page }),
    );
    expect(swapped.headers.location).toBe('/');
    expect(problemOf(await script(victim, url('/.wardgate/me')))['name']).toBe('nurse');
    expect(sessionCount()).toBe(before);
    expect(gatewayCookie(victim, 'wardgate-signin')).toBeUndefined();
  });

  test('opened again signs nobody in again', async () => {
    const client = new CookieClient();
    const callback = await callbackFor('nurse', client);
    const first = await client.ask(callback, { headers: page });
    expect(first.headers.location).toBe('/.wardgate/second-factor');
    const again = await client.ask(callback, { headers: page });
    expect(again.headers.location).toBe('/.wardgate/sign-in');
    clock.forward({ minutes: 1 });
    await client.form(url('/.wardgate/second-factor?return=%2Fmain'), { code: codeAt(demo, 'nurse', clock) });
    const id = sessionCookie(client, demo);
    const after = await client.ask(callback, { headers: page });
    expect(after.headers.location).toBe('/');
    expect(sessionCookie(client, demo)).toBe(id);
  });

  test.each<[string, (callback: URL) => string]>([
    ['the state twice', (one) => `${one.href}&state=${one.searchParams.get('state') ?? ''}`],
    ['another state before', (one) => one.href.replace('?', '?state=x&')],
    ['the code twice', (one) => `${one.href}&code=${one.searchParams.get('code') ?? ''}`],
    ['another code after', (one) => `${one.href}&code=x`],
    ['the issuer twice', (one) => `${one.href}&iss=${encodeURIComponent(demo.provider.issuer)}`],
    ['an error as well', (one) => `${one.href}&error=access_denied&error=x`],
    ['a token', (one) => `${one.href}&id_token=x.y.z`],
  ])('with %s opens nothing', async (_case, spoil) => {
    const client = new CookieClient();
    const callback = spoil(new URL(await callbackFor('nurse', client)));
    const before = sessionCount();
    const reply = await withoutTheEhr(demo, () => client.ask(callback, { headers: page }));
    expect(reply.headers.location ?? '').not.toContain('second-factor');
    expect([303, 403]).toContain(reply.status);
    expect((await client.ask(url('/.wardgate/second-factor'), { headers: page })).headers.location).toBe('/.wardgate/sign-in');
    expect(sessionCount()).toBe(before);
  });
});

describe('a store that cannot be asked', () => {
  test('is a 503 for everything, forwards nothing, clears no cookie and signs nobody out', async () => {
    const client = await newSession('nurse');
    const { sessions } = demo.gateway.composed.state;
    const find = sessions.find.bind(sessions);
    const away: SessionStore['find'] = () => ({ found: 'unavailable', cause: new Error('gone') });
    Object.assign(sessions, { find: away });
    try {
      const asked = [
        () => script(client, url('/chart?pid=7')),
        () => script(client, url('/not/in/any/rule')),
        () => client.ask(url('/main'), { headers: page }),
        () => script(client, url('/.wardgate/me')),
        () => client.ask(url('/.wardgate/step-up'), { headers: page }),
        () => client.ask(url('/.wardgate/sign-out'), { method: 'POST', body: '', headers: { origin: demo.origin } }),
        () => client.ask(url('/chart/notes'), { method: 'POST', body: 'note=x', headers: { ...formType, origin: demo.origin } }),
        () => client.ask(url('/.wardgate/callback?state=x&code=y'), { headers: page }),
      ];
      for (const ask of asked) {
        const reply = await withoutTheEhr(demo, ask);
        expect(reply).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
        expect(reply.headers['set-cookie']).toBeUndefined();
        expect(reply.text).toContain('session-store-unavailable');
      }
      expect(await withoutTheEhr(demo, () => handshake(client, url('/ws/messages')))).toBe(503);
    } finally {
      Object.assign(sessions, { find });
    }
    expect((await script(client, url('/chart?pid=7'))).status).toBe(200);
  });
});

/** As the store names a session: the hash of its id. */
function keyOf(id: string): string {
  return hash('sha256', id, 'base64url');
}
