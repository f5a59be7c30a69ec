// The whole way in and out, over HTTP with a real provider: sign-in, second factor, enrolment, tabs, signing out.

import { expect, test } from 'vitest';
import { startDemoProvider } from '../../src/demo/provider/start-demo-provider.ts';
import type { DemoPersona } from '../../src/demo/personas.ts';
import { personKey } from '../../src/sign-in/person-key.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { startOwnPages, totp } from '../support/own-pages-server.ts';
import type { OwnPagesOptions, OwnPagesServer } from '../support/own-pages-server.ts';
import { onTestFinished } from 'vitest';

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const step = 30_000;

function persona(name: string, groups: readonly string[], totpSecret: string | null): DemoPersona {
  return { name, displayName: `${name} of Northside`, groups, roles: [], mayDo: '', totpSecret };
}

async function setUp(options: Partial<OwnPagesOptions> = {}) {
  const personas = [
    persona('ada', ['Clinic-Nurses'], secret),
    persona('newt', ['Clinic-Nurses'], null),
    persona('vic', ['Volunteers'], null),
  ];
  const made: { demo?: Awaited<ReturnType<typeof startDemoProvider>> } = {};
  const server = await startOwnPages({
    provider: async (origin) => {
      const client = {
        clientId: 'wardgate',
        clientSecret: 'a secret/with+special:characters%',
        redirectUris: [`${origin}/.wardgate/callback`],
        postLogoutRedirectUris: [`${origin}/.wardgate/signed-out`],
      };
      made.demo = await startDemoProvider({ clients: [client], personas });
      return made.demo;
    },
    ...options,
  });
  const { demo } = made;
  if (demo === undefined) throw new Error('no provider');
  onTestFinished(async () => demo.close());
  await enrol(server, 'ada');
  return { ...server, demo, browser: new CookieClient() };
}

async function enrol({ needs, issuer }: OwnPagesServer, sub: string): Promise<void> {
  const sealed = needs.sealer.seal('totp', personKey({ issuer, sub }), secret);
  await needs.factors.enrolTotp(issuer, sub, sealed, -1, needs.clock.now(), []);
}

type World = Awaited<ReturnType<typeof setUp>>;

/** To the second factor, as the named person. */
async function arrive({ origin, browser }: Pick<World, 'origin' | 'browser'>, name: string, back = '/chart?pid=7') {
  return browser.page(`${origin}/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent(back)}`);
}

async function signIn(world: World, name = 'ada', back = '/chart?pid=7') {
  const page = await arrive(world, name, back);
  return world.browser.form(page.url, { code: totp(secret, world.clock.now()) });
}

test('signing in leads through provider and code to the page that was asked for, and out again', async () => {
  const world = await setUp();
  const { origin, browser, audit, sessions } = world;
  const asked = await arrive(world, 'ada');
  expect(asked.url).toBe(`${origin}/.wardgate/second-factor?return=%2Fchart%3Fpid%3D7`);
  expect(asked.text).toMatch(/<input[^>]*name="code"/);
  expect(asked.text).toContain('<label for="code">');
  expect(browser.jar.get(new URL(origin).host)?.has('wardgate')).toBe(false);

  const landed = await browser.form(asked.url, { code: totp(secret, world.clock.now()) });
  expect(landed.text).toBe('EHR /chart?pid=7');
  expect(audit.events()).toEqual(['second-factor', 'sign-in']);
  expect(audit.entries[1]).toMatchObject({
    subject: { sub: 'ada', name: 'ada' },
    roles: ['nurse'],
    factor: 'totp',
    decision: 'allowed',
    application: 'ehr',
  });

  const me = await browser.ask(`${origin}/.wardgate/me`, { headers: { accept: 'application/json' } });
  expect(JSON.parse(me.text)).toMatchObject({
    name: 'ada',
    roles: ['nurse'],
    secondFactor: { method: 'totp' },
    idleSeconds: 900,
  });
  const page = await browser.page(`${origin}/.wardgate/me`);
  expect(page.text).toContain('ada of Northside');

  const cookie = browser.cookieHeader(origin);
  expect((await browser.page(`${origin}/.wardgate/sign-out`)).text).toContain('Sign out');
  const out = await browser.form(`${origin}/.wardgate/sign-out`, {});
  expect(out.url).toContain(world.issuer);
  expect(audit.events().at(-1)).toBe('sign-out');
  expect(sessions.size).toBe(0);
  const again = await browser.ask(`${origin}/.wardgate/me`, { headers: { cookie } });
  expect(again.status).toBe(303);
  expect(again.headers.location).toContain('/.wardgate/sign-in');
});

test('the session id is new after the second factor, and rows hold no id', async () => {
  const world = await setUp();
  await signIn(world);
  const jar = world.browser.jar.get(new URL(world.origin).host);
  const id = jar?.get('wardgate') ?? '';
  expect(id).toMatch(/^[\w-]{43}$/);
  expect(jar?.has('wardgate-signin')).toBe(false);
  for (const table of ['sessions', 'sign_ins', 'interactions']) {
    const [rows] = await world.db.run('sessions', [{ sql: `SELECT * FROM ${table}`, params: [] }]);
    expect(JSON.stringify(rows?.rows)).not.toContain(id);
  }
});

test('signing in again ends the session the browser held', async () => {
  const world = await setUp();
  await signIn(world);
  const first = world.browser.cookieHeader(world.origin);
  world.clock.advance(step);
  await signIn(world);
  expect(world.sessions.size).toBe(1);
  expect((await world.browser.ask(`${world.origin}/.wardgate/me`, { headers: { cookie: first } })).status).toBe(303);
});

test('two tabs at once: both reach their own page', async () => {
  const world = await setUp();
  const first = await arrive(world, 'ada', '/one');
  const second = await arrive(world, 'ada', '/two');
  expect((await world.browser.form(first.url, { code: totp(secret, world.clock.now()) })).text).toBe('EHR /one');
  // The other tab sends whatever was typed: it is signed in already and goes on.
  expect((await world.browser.form(second.url, { code: '' })).text).toBe('EHR /two');
  expect((await world.browser.page(second.url)).text).toBe('EHR /two');
  expect(world.sessions.size).toBe(1);
});

test('two tabs that start at the same time both finish', async () => {
  const world = await setUp();
  const { browser, origin } = world;
  const starts = await Promise.all(
    ['/one', '/two'].map(async (back) => browser.ask(`${origin}/.wardgate/sign-in?login_hint=ada&return=${back}`)),
  );
  const arrived = [];
  for (const start of starts) arrived.push(await browser.page(start.headers.location ?? ''));
  for (const page of arrived) expect(page.url).toContain('/.wardgate/second-factor');
});

test('a callback opened twice, or by somebody with a session, just goes on', async () => {
  const world = await setUp();
  const { browser, origin } = world;
  const start = await browser.ask(`${origin}/.wardgate/sign-in?login_hint=ada`);
  const seen: string[] = [];
  let next = start.headers.location;
  while (next !== undefined && !next.includes('/second-factor')) {
    seen.push(next);
    const reply = await browser.ask(next);
    next = reply.headers.location === undefined ? undefined : new URL(reply.headers.location, next).href;
  }
  const callback = seen.find((url) => url.includes('/.wardgate/callback')) ?? '';
  await browser.form(`${origin}/.wardgate/second-factor`, { code: totp(secret, world.clock.now()) });
  expect(world.sessions.size).toBe(1);
  const replayed = await browser.ask(callback);
  expect([replayed.status, replayed.headers.location]).toEqual([303, '/']);
  expect(world.sessions.size).toBe(1);
  // Without a session it starts over once, and explains the second time.
  const stranger = new CookieClient();
  const once = await stranger.ask(callback);
  expect(once.headers.location).toBe('/.wardgate/sign-in');
  const twice = await stranger.ask(callback);
  expect(twice.status).toBe(403);
  expect(twice.text).toContain('began in another browser');
});

test('an answer of the provider opened in another browser signs nobody in, and uses up the sign-in', async () => {
  const world = await setUp();
  const attacker = new CookieClient();
  const start = await attacker.ask(`${world.origin}/.wardgate/sign-in?login_hint=ada`);
  let next = start.headers.location ?? '';
  while (!next.includes('/.wardgate/callback')) next = new URL((await attacker.ask(next)).headers.location ?? '', next).href;
  await world.browser.ask(`${world.origin}/.wardgate/sign-in`);
  const reply = await world.browser.ask(next);
  expect(reply.headers.location).toBe('/.wardgate/sign-in');
  expect((await world.browser.ask(`${world.origin}/.wardgate/second-factor`)).headers.location).toContain('/.wardgate/sign-in');
  expect((await attacker.ask(next)).headers.location).toBe('/.wardgate/sign-in');
  expect(world.sessions.size).toBe(0);
});

test('a person without a second factor sets one up, sees the recovery codes once, and is in', async () => {
  const world = await setUp();
  const { browser, audit, origin, needs } = world;
  const page = await arrive(world, 'newt');
  expect(page.url).toContain('/.wardgate/enrol');
  expect(page.text).toContain('<svg');
  const shown = /class="secret">([A-Z2-7 ]+)</.exec(page.text)?.[1]?.replaceAll(' ', '') ?? '';
  expect(shown).toHaveLength(32);
  expect((await browser.page(page.url)).text).toContain(shown.slice(0, 4));
  const wrong = await browser.form(page.url, { code: '000000' });
  expect(wrong.status).toBe(403);
  expect(world.sessions.size).toBe(0);
  const code = totp(shown, world.clock.now());
  const codesPage = await browser.form(page.url, { code });
  const codes = [...codesPage.text.matchAll(/<li>([0-9A-Z-]{31})<\/li>/g)].map((match) => match[1] ?? '');
  expect(codes).toHaveLength(10);
  expect(new Set(codes).size).toBe(10);
  expect(codesPage.text).toContain('href="/chart?pid=7"');
  expect(codesPage.headers['cache-control']).toBe('no-store');
  expect(audit.events()).toEqual(['second-factor-failed', 'enrolment', 'sign-in']);
  expect(JSON.stringify(audit.entries)).not.toContain(shown);
  // Never again: neither the secret nor the codes, and the confirming code is used up.
  expect((await browser.page(page.url)).text).toBe('EHR /chart?pid=7');
  const other = new CookieClient();
  const factor = await arrive({ origin, browser: other }, 'newt');
  expect(factor.url).toContain('/second-factor');
  expect((await other.form(factor.url, { code })).status).toBe(403);
  // A recovery code in the same field lets in, once, in any spelling.
  const [first = ''] = codes;
  expect((await other.form(factor.url, { code: first.toLowerCase().replaceAll('-', ' ') })).text).toBe('EHR /chart?pid=7');
  expect(await needs.factors.recoveryCodesLeft(world.issuer, 'newt')).toBe(9);
  expect(audit.events().slice(-3)).toEqual(['recovery-code-used', 'second-factor', 'sign-in']);
  const third = new CookieClient();
  const again = await arrive({ origin, browser: third }, 'newt');
  expect((await third.form(again.url, { code: first })).status).toBe(403);
});

test('nobody sets up a factor from outside the zone, and nobody over an existing one', async () => {
  const world = await setUp({ zones: [] });
  const page = await arrive(world, 'newt');
  expect(page.status).toBe(403);
  expect(page.text).toContain('name="enrol-code"');
  expect(page.text).not.toContain('<svg');
  expect(world.audit.entries.at(-1)).toMatchObject({ reason: 'enrolment-not-permitted', decision: 'refused' });
  expect((await world.browser.form(`${world.origin}/.wardgate/enrol`, { code: '000000' })).status).toBe(403);
  const ada = new CookieClient();
  await arrive({ origin: world.origin, browser: ada }, 'ada');
  expect((await ada.page(`${world.origin}/.wardgate/enrol`)).url).toContain('/second-factor');
});

test('a person whose groups are no role is told which claim was read and what it held', async () => {
  const world = await setUp();
  const page = await arrive(world, 'vic');
  expect(page.status).toBe(403);
  expect(page.text).toContain('no-role');
  expect(page.text).toContain('The claim &quot;groups&quot; held &quot;Volunteers&quot;');
  expect(page.text).toContain('ext. 4357');
  expect(world.audit.entries).toMatchObject([{ event: 'sign-in-failed', reason: 'no-role', subject: { sub: 'vic' } }]);
  expect(world.sessions.size).toBe(0);
});

test('without the second factor nothing opens: the code page is not a session', async () => {
  const world = await setUp();
  await arrive(world, 'ada');
  expect((await world.browser.ask(`${world.origin}/.wardgate/me`)).headers.location).toContain('/.wardgate/sign-in');
});

test('when nothing can be recorded nobody gets in', async () => {
  const world = await setUp();
  const page = await arrive(world, 'ada');
  world.audit.failAppend = true;
  const refused = await world.browser.form(page.url, { code: totp(secret, world.clock.now()) });
  expect(refused.status).toBe(503);
  expect(refused.headers['retry-after']).toBe('5');
  world.audit.failAppend = false;
  world.audit.failDurable = true;
  world.clock.advance(step);
  expect((await world.browser.form(page.url, { code: totp(secret, world.clock.now()) })).status).toBe(503);
  expect(world.sessions.size).toBe(0);
  expect(world.browser.jar.get(new URL(world.origin).host)?.has('wardgate')).toBe(false);
});

test('step-up proves the factor again under a new id, and the old id is dead', async () => {
  const world = await setUp();
  const { browser, origin } = world;
  await signIn(world);
  const before = browser.cookieHeader(origin);
  const me = async () =>
    JSON.parse((await browser.ask(`${origin}/.wardgate/me`, { headers: { accept: 'application/json' } })).text) as Record<
      string,
      unknown
    >;
  const was = await me();
  expect((await browser.page(`${origin}/.wardgate/step-up?return=/admin`)).text).toContain('Confirm once more');
  expect((await browser.form(`${origin}/.wardgate/step-up?return=/admin`, { code: '000000' })).status).toBe(403);
  world.clock.advance(step);
  const done = await browser.form(`${origin}/.wardgate/step-up?return=/admin`, { code: totp(secret, world.clock.now()) });
  expect(done.text).toBe('EHR /admin');
  const now = await me();
  expect(now['session']).toBe(was['session']);
  expect(now['secondFactor']).not.toEqual(was['secondFactor']);
  expect((await browser.ask(`${origin}/.wardgate/me`, { headers: { cookie: before } })).status).toBe(303);
  expect(world.sessions.size).toBe(1);
});

test('an idle session opens no page of ours', async () => {
  const world = await setUp();
  await signIn(world);
  world.clock.advance(900_000);
  expect((await world.browser.ask(`${world.origin}/.wardgate/me`)).headers.location).toBe(
    '/.wardgate/sign-in?return=%2F.wardgate%2Fme',
  );
});

test('silent re-authentication reads the roles again and asks nothing; where the provider must ask, it asks', async () => {
  const world = await setUp();
  await signIn(world);
  world.demo.setGroups('ada', ['Clinic-Physicians']);
  world.clock.advance(step);
  const landed = await world.browser.page(`${world.origin}/.wardgate/sign-in?silent=1&return=/chart`);
  expect(landed.text).toBe('EHR /chart');
  expect(world.audit.entries.at(-1)).toMatchObject({ event: 'roles-refreshed', roles: ['physician'] });
  expect(world.sessions.size).toBe(1);
  world.demo.revoke('ada');
  const asked = await world.browser.ask(`${world.origin}/.wardgate/sign-in?silent=1&return=/chart`);
  let next = asked.headers.location ?? '';
  while (!next.includes('/.wardgate/callback')) next = new URL((await world.browser.ask(next)).headers.location ?? '', next).href;
  expect(next).toContain('error=login_required');
  expect((await world.browser.ask(next)).headers.location).toBe('/.wardgate/sign-in?return=%2Fchart');
});
