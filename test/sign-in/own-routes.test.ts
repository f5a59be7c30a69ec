// The routes around a session, one by one: origin checks, reasons, passwords, frames, assets, methods.

import { request } from 'node:http';
import { expect, test } from 'vitest';
import type { Rule } from '../../src/core/policy/policy.ts';
import { personKey } from '../../src/sign-in/person-key.ts';
import { sessionKey } from '../../src/sign-in/session-key.ts';
import { startBadProvider } from '../support/bad-provider.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { policyFor, startOwnPages, totp } from '../support/own-pages-server.ts';
import type { OwnPagesOptions, OwnPagesServer } from '../support/own-pages-server.ts';

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

async function setUp(options: Partial<OwnPagesOptions> = {}) {
  const op = await startBadProvider();
  const server = await startOwnPages({ provider: async () => Promise.resolve(op), ...options });
  const sealed = server.needs.sealer.seal('totp', personKey({ issuer: op.issuer, sub: 'ada' }), secret);
  await server.needs.factors.enrolTotp(op.issuer, 'ada', sealed, -1, 1, []);
  return { ...server, op, browser: new CookieClient() };
}

/** A session without the way through the provider. */
async function signedIn(
  { needs, origin, issuer }: OwnPagesServer,
  browser: CookieClient,
  roles: readonly string[] = ['front-desk'],
) {
  const id = needs.randomness.id();
  const now = needs.clock.now();
  await needs.sessions.create({
    key: sessionKey(id),
    reference: 'ref',
    subject: { issuer, sub: 'ada', name: 'ada', displayName: 'Ada' },
    roles,
    factor: { method: 'totp', at: now },
    createdAt: now,
    lastActiveAt: now,
    rolesCheckedAt: now,
    providerSession: null,
    sealedTokens: null,
    ehrSessions: [],
    device: null,
    lockedAt: null,
    activity: { last: 'sign-in', pings: 0, navigations: 0 },
    version: 1,
  });
  browser.jar.set(new URL(origin).host, new Map([['wardgate', id]]));
  return id;
}

const posts = ['second-factor', 'enrol', 'sign-out', 'step-up', 'emergency', 'credential', 'more-downloads'];

test.each(
  posts.flatMap(
    (path) =>
      [
        [path, { origin: 'https://evil.example' }],
        [path, { origin: 'null' }],
        [path, { origin: [], 'sec-fetch-site': 'cross-site' }],
      ] as const,
  ),
)('a form for %s with %j from elsewhere changes nothing', async (path, headers) => {
  const world = await setUp();
  await signedIn(world, world.browser);
  const reply = await world.browser.ask(`${world.origin}/.wardgate/${path}`, {
    method: 'POST',
    body: 'reason=a+long+enough+reason&code=000000',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
  expect(reply.status).toBe(403);
  expect(reply.text).toContain('origin-not-permitted');
  expect(world.audit.entries).toEqual([]);
  expect(world.sessions.size).toBe(1);
});

test("the provider's own second factor is enough where the configuration trusts it, and only there", async () => {
  for (const [amr, landsOn] of [
    [['pwd', 'mfa'], '/chart'],
    [['pwd'], '/.wardgate/second-factor?return=%2Fchart'],
  ] as const) {
    const world = await setUp({ secondFactor: { trustAmr: ['mfa'] } });
    world.op.claims = { groups: ['Clinic-Nurses'], amr };
    const page = await world.browser.page(`${world.origin}/.wardgate/sign-in?return=/chart`);
    expect(page.url).toBe(world.origin + landsOn);
    expect(world.sessions.size).toBe(landsOn === '/chart' ? 1 : 0);
    if (landsOn === '/chart')
      expect(world.audit.entries).toMatchObject([{ event: 'sign-in', factor: 'provider', detail: 'amr mfa' }]);
  }
});

test('what is trusted of the provider is asked of it, and not where it may ask the person nothing', async () => {
  const world = await setUp({ secondFactor: { trustAcr: ['gold'], trustAcrs: ['c1'] } });
  const asked = async (path: string): Promise<URLSearchParams> => {
    const reply = await world.browser.ask(`${world.origin}/.wardgate/sign-in?${path}`);
    return new URL(reply.headers.location ?? '').searchParams;
  };
  const first = await asked('return=/chart');
  expect(first.get('acr_values')).toBe('gold');
  expect(first.get('claims')).toBe('{"id_token":{"acrs":{"essential":true,"value":"c1"}}}');
  world.op.claims = { groups: ['Clinic-Nurses'], acrs: ['c1'] };
  const page = await world.browser.page(`${world.origin}/.wardgate/sign-in?return=/chart`);
  expect(page.url).toBe(`${world.origin}/chart`);
  expect(world.audit.entries).toMatchObject([{ event: 'sign-in', factor: 'provider', detail: 'acrs c1' }]);
  const silent = await asked('silent=1&return=/chart');
  expect([silent.get('prompt'), silent.get('acr_values'), silent.get('claims')]).toEqual(['none', null, null]);
});

test('without a factor of their own, a step-up is a new sign-in', async () => {
  const world = await setUp();
  await signedIn(world, world.browser);
  await world.needs.factors.remove(world.issuer, 'ada');
  const reply = await world.browser.ask(`${world.origin}/.wardgate/step-up?return=/admin`);
  expect(reply.headers.location).toBe('/.wardgate/sign-in?fresh=1&return=%2Fadmin');
});

test('a silent answer about somebody else renews nothing: it is a sign-in like any other', async () => {
  const world = await setUp();
  await signedIn(world, world.browser);
  world.op.claims = { groups: ['Clinic-Physicians'], sub: 'eve', preferred_username: 'eve' };
  const page = await world.browser.page(`${world.origin}/.wardgate/sign-in?silent=1&return=/chart`);
  expect(page.url).toContain('/.wardgate/enrol');
  expect(await world.sessions.ofSubject(world.issuer, 'ada')).toMatchObject([{ roles: ['front-desk'] }]);
  expect(await world.sessions.ofSubject(world.issuer, 'eve')).toEqual([]);
});

test('emergency access opens for a stated reason, is recorded first, and ends', async () => {
  const world = await setUp();
  const { browser, origin, issuer, needs } = world;
  await signedIn(world, browser);
  const url = `${origin}/.wardgate/emergency?return=/chart`;
  expect((await browser.page(url)).text).toContain('60 minutes');
  for (const reason of ['', 'too short', '  a      b  ', 'x'.repeat(501)])
    expect((await browser.form(url, { reason })).status).toBe(400);
  expect(await needs.grants.current(issuer, 'ada', needs.clock.now())).toBeNull();
  expect((await browser.form(url, { reason: '<b>Cardiac arrest in room 4</b>' })).text).toBe('EHR /chart');
  expect(await needs.grants.current(issuer, 'ada', needs.clock.now())).toMatchObject({
    reason: '<b>Cardiac arrest in room 4</b>',
  });
  expect(world.audit.entries).toMatchObject([
    { event: 'break-glass', detail: '<b>Cardiac arrest in room 4</b>', session: 'ref' },
  ]);
  expect(await needs.grants.current(issuer, 'ada', needs.clock.now() + 3_600_001)).toBeNull();
});

test('a role that no rule lets pass in an emergency cannot raise one', async () => {
  const world = await setUp();
  await signedIn(world, world.browser, ['nurse']);
  expect((await world.browser.page(`${world.origin}/.wardgate/emergency`)).status).toBe(403);
  expect((await world.browser.form(`${world.origin}/.wardgate/emergency`, { reason: 'a long enough reason' })).status).toBe(403);
  world.policy.current = policyFor([{ emergencyRoles: ['nurse'] } as unknown as Rule]);
  expect((await world.browser.page(`${world.origin}/.wardgate/emergency`)).status).toBe(200);
});

test('emergency access that cannot be recorded does not open', async () => {
  const world = await setUp();
  await signedIn(world, world.browser);
  world.audit.failDurable = true;
  expect((await world.browser.form(`${world.origin}/.wardgate/emergency`, { reason: 'a long enough reason' })).status).toBe(503);
  expect(await world.needs.grants.current(world.issuer, 'ada', world.needs.clock.now())).toBeNull();
});

test('more downloads: the reason goes to whoever keeps the budgets, once', async () => {
  const reasons: string[] = [];
  const world = await setUp({ extendBudget: async (_session, reason) => Promise.resolve(reasons.push(reason) === 1) });
  await signedIn(world, world.browser);
  const url = `${world.origin}/.wardgate/more-downloads?return=/chart`;
  expect((await world.browser.page(url)).text).toContain('once today');
  expect((await world.browser.form(url, { reason: 'short' })).status).toBe(400);
  expect((await world.browser.form(url, { reason: 'Referral  letters\nfor the audit' })).text).toBe('EHR /chart');
  expect((await world.browser.form(url, { reason: 'Referral letters again' })).status).toBe(429);
  expect(reasons).toEqual(['Referral letters for the audit', 'Referral letters again']);
});

test('pages of a session send everybody else to sign in', async () => {
  const world = await setUp();
  for (const path of ['me', 'step-up', 'emergency', 'credential', 'more-downloads']) {
    const reply = await world.browser.ask(`${world.origin}/.wardgate/${path}`);
    expect([reply.status, reply.headers.location]).toEqual([303, `/.wardgate/sign-in?return=%2F.wardgate%2F${path}`]);
  }
});

test('two session cookies are none', async () => {
  const world = await setUp();
  const id = await signedIn(world, world.browser);
  const cookie = `wardgate=${id}; wardgate=${id}`;
  expect((await world.browser.ask(`${world.origin}/.wardgate/me`, { headers: { cookie } })).status).toBe(303);
});

test('an answer of the provider after ten minutes starts over', async () => {
  const world = await setUp();
  const start = await world.browser.ask(`${world.origin}/.wardgate/sign-in`);
  const answer = await world.browser.ask(start.headers.location ?? '');
  world.clock.advance(600_000);
  expect((await world.browser.ask(answer.headers.location ?? '')).headers.location).toBe('/.wardgate/sign-in');
});

test('the second factor has ten minutes too', async () => {
  const world = await setUp();
  const page = await world.browser.page(`${world.origin}/.wardgate/sign-in`);
  expect(page.url).toContain('/second-factor');
  world.clock.advance(600_000);
  const late = await world.browser.ask(page.url, {
    method: 'POST',
    body: `code=${totp(secret, world.clock.now())}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  expect(late.headers.location).toContain('/.wardgate/sign-in');
  expect(world.sessions.size).toBe(0);
});

test('scripts and frames start no sign-in', async () => {
  const world = await setUp();
  const script = await world.browser.ask(`${world.origin}/.wardgate/sign-in?return=/a`, {
    headers: { 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' },
  });
  expect([script.status, JSON.parse(script.text)]).toEqual([
    401,
    { reason: 'sign-in-required', signIn: '/.wardgate/sign-in?return=%2Fa' },
  ]);
  const frame = await world.browser.ask(`${world.origin}/.wardgate/sign-in?return=/a`, {
    headers: { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
  });
  expect(frame.text).toContain('target="_top"');
  expect(frame.headers['set-cookie']).toBeUndefined();
  const [open] = await world.db.run('sessions', [{ sql: 'SELECT count(*) AS n FROM sign_ins', params: [] }]);
  expect(open?.rows).toEqual([{ n: 0 }]);
});

test('the page that leaves a frame leads to our own paths only', async () => {
  const world = await setUp();
  const page = await world.browser.page(`${world.origin}/.wardgate/leave-frame?to=/chart%3Fpid%3D7`);
  expect(page.text).toContain('href="/.wardgate/sign-in?return=%2Fchart%3Fpid%3D7" target="_top"');
  expect(page.text).toContain('leave-frame.js');
  const evil = await world.browser.page(`${world.origin}/.wardgate/leave-frame?to=//evil.example`);
  expect(evil.text).toContain('href="/.wardgate/sign-in" target="_top"');
});

test("the clinic's logo is a picture that runs nothing, under the name of its content alone", async () => {
  const address = '/.wardgate/assets/logo-0123456789abcdef.svg';
  const base64 = Buffer.from('<svg/>').toString('base64');
  const world = await setUp({ logo: { file: '/etc/logo.svg', address, type: 'image/svg+xml', base64 } });
  const logo = await world.browser.page(world.origin + address);
  expect([logo.status, logo.text, logo.headers['content-type']]).toEqual([200, '<svg/>', 'image/svg+xml']);
  expect(logo.headers['content-security-policy']).toBe("default-src 'none'; style-src 'unsafe-inline'; sandbox");
  expect(logo.headers['cache-control']).toContain('immutable');
  const page = await world.browser.page(`${world.origin}/.wardgate/signed-out`);
  expect(page.text).toContain(`<img src="${address}" alt="Northside" />`);
  expect((await world.browser.page(world.origin + address.replace('0123', '4567'))).status).toBe(404);
});

test('assets are kept by browsers, everything else by nobody; headers are strict', async () => {
  const world = await setUp();
  const css = await world.browser.page(`${world.origin}/.wardgate/assets/style.css?v=1`);
  expect([css.headers['content-type'], css.headers['cache-control']]).toEqual([
    'text/css; charset=utf-8',
    'public, max-age=31536000, immutable',
  ]);
  expect((await world.browser.page(`${world.origin}/.wardgate/assets/nothing.css`)).status).toBe(404);
  const page = await world.browser.page(`${world.origin}/.wardgate/signed-out`);
  expect(page.headers['cache-control']).toBe('no-store');
  expect(page.headers['x-powered-by']).toBeUndefined();
  expect(page.headers['referrer-policy']).toBe('same-origin');
  expect(page.headers['x-content-type-options']).toBe('nosniff');
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  expect(page.headers['content-security-policy']).toContain("require-trusted-types-for 'script'");
  expect(page.headers['content-security-policy']).toContain("form-action 'self';");
  const out = await world.browser.page(`${world.origin}/.wardgate/sign-out`);
  expect(out.headers['content-security-policy']).toContain(`form-action 'self' ${world.issuer};`);
  const keys = await world.browser.page(`${world.origin}/.wardgate/keys`);
  expect([keys.headers['content-type'], keys.text]).toEqual(['application/jwk-set+json; charset=utf-8', '{"keys":[]}']);
});

test.each([
  ['POST', 'callback', 'GET'],
  ['HEAD', 'callback', 'GET'],
  ['HEAD', 'sign-in', 'GET'],
  ['PUT', 'sign-out', 'GET, POST'],
  ['DELETE', 'me', 'GET'],
])('%s %s is not allowed', async (method, path, allow) => {
  const world = await setUp();
  const reply = await world.browser.ask(`${world.origin}/.wardgate/${path}?state=x&code=y`, { method });
  expect([reply.status, reply.headers.allow]).toEqual([405, allow]);
});

test.each(['/.wardgate/ME', '/.wardgate/me/', '/.wardgate/nothing', '/.wardgate'])('%s is no page of ours', async (path) => {
  const world = await setUp();
  expect((await world.browser.ask(`${world.origin}${path}`)).text).toContain('EHR');
});

test.each([
  [16_384, 200],
  [16_385, 413],
])('a form of %i bytes is answered with %i', async (bytes, status) => {
  const world = await setUp({ extendBudget: async () => Promise.resolve(true) });
  await signedIn(world, world.browser);
  const reason = 'reason=a+long+enough+reason&x=';
  const reply = await world.browser.ask(`${world.origin}/.wardgate/more-downloads`, {
    method: 'POST',
    body: reason + 'x'.repeat(bytes - reason.length),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    follow: true,
  });
  expect(reply.status).toBe(status);
});

test('a form in a strange charset or with too many fields is unreadable, not a fault', async () => {
  const world = await setUp();
  await signedIn(world, world.browser);
  const url = `${world.origin}/.wardgate/more-downloads`;
  const strange = await world.browser.ask(url, {
    method: 'POST',
    body: 'reason=x',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-7' },
  });
  expect([strange.status, strange.text.includes('form-unreadable')]).toEqual([400, true]);
  const many = await world.browser.ask(url, {
    method: 'POST',
    body: 'a=1&'.repeat(30),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  expect([many.status, many.text.includes('body-too-large')]).toEqual([413, true]);
});

test.each([
  [true, '__Host-wardgate', '"cache", "storage"'],
  [false, 'wardgate', undefined],
])('signing out by https (%s) empties the browser, and leaves its cookies to the EHR', async (secure, cookie, cleared) => {
  const world = await setUp();
  Object.assign(world.needs.settings.applications.get('ehr') ?? {}, { secure });
  const id = await signedIn(world, world.browser);
  const headers = { origin: world.origin, cookie: `${cookie}=${id}` };
  const reply = await world.browser.ask(`${world.origin}/.wardgate/sign-out`, { method: 'POST', body: '', headers });
  expect(world.sessions.size).toBe(0);
  expect(reply.headers['clear-site-data']).toBe(cleared);
});

test('sign-out without a session leads to the provider, and with a full disk it still ends the session', async () => {
  const world = await setUp();
  const { url } = await world.browser.form(`${world.origin}/.wardgate/sign-out`, {});
  expect(url).toContain(`${world.issuer}/logout?`);
  expect(new URL(url).searchParams.get('post_logout_redirect_uri')).toBe(`${world.origin}/.wardgate/signed-out`);
  await signedIn(world, world.browser);
  world.audit.failAppend = true;
  expect((await world.browser.form(`${world.origin}/.wardgate/sign-out`, {})).status).toBe(503);
  expect(world.sessions.size).toBe(0);
});

test('a browser that goes away during a page leaves nothing hanging', async () => {
  const world = await setUp();
  const page = await world.browser.page(`${world.origin}/.wardgate/sign-in`);
  const { port } = new URL(page.url);
  const gone = request({
    host: '127.0.0.1',
    port,
    path: '/.wardgate/second-factor',
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '100' },
  });
  gone.on('error', () => undefined);
  gone.write('code=');
  await new Promise((resolve) => {
    gone.once('socket', (socket) => socket.once('connect', resolve));
  });
  gone.destroy();
  expect((await world.browser.page(`${world.origin}/.wardgate/signed-out`)).status).toBe(200);
});
