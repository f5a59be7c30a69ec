// A person's own EHR password: asked for, tried at the EHR before it is kept, replaced, removed; and never seen again.

import { expect, test } from 'vitest';
import { personKey } from '../../src/sign-in/person-key.ts';
import { sessionKey } from '../../src/sign-in/session-key.ts';
import type { TrialResult } from '../../src/ehr-ports.ts';
import { startBadProvider } from '../support/bad-provider.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { startOwnPages } from '../support/own-pages-server.ts';
import type { OwnPagesOptions } from '../support/own-pages-server.ts';

const secret = 'Zw3i-Wörter im Ärmel';
const pin = '4711-0815';
const typed = { username: 'alovelace', password: secret };
const credential = { username: 'alovelace', password: secret, more: {} };

/** Ada, signed in with both factors, before an EHR that asks for a password of her own. */
async function setUp(options: Partial<OwnPagesOptions> = {}) {
  const op = await startBadProvider();
  const asks = ['username', 'password'];
  const world = await startOwnPages({ provider: async () => Promise.resolve(op), asks, ...options });
  const browser = new CookieClient();
  const subject = { issuer: op.issuer, sub: 'ada', name: 'ada', displayName: 'Ada' };
  const url = `${world.origin}/.wardgate/credential?application=ehr&return=/chart`;
  await signIn(world, browser, subject);
  return { ...world, browser, subject, url };
}

async function signIn(
  { needs, origin }: Pick<Awaited<ReturnType<typeof startOwnPages>>, 'needs' | 'origin'>,
  browser: CookieClient,
  subject: { readonly issuer: string; readonly sub: string; readonly name: string; readonly displayName: string },
): Promise<void> {
  const id = needs.randomness.id();
  const now = needs.clock.now();
  await needs.sessions.create({
    key: sessionKey(id),
    reference: `session of ${subject.sub}`,
    subject,
    roles: ['nurse'],
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
}

type World = Awaited<ReturnType<typeof setUp>>;

/** The password must stand in no record and no line of the log, whatever happened. */
function expectUnwritten({ audit, log }: World): void {
  expect(JSON.stringify([audit.entries, log.said])).not.toMatch(/Zw3i|4711|alovelace/);
}

test('it is tried at the EHR, recorded and then kept; the person goes where they wanted to go', async () => {
  const world = await setUp();
  const { browser, url, vault, ehrTrial, audit } = world;
  const page = await browser.page(url);
  expect(page.text).toContain('action="/.wardgate/credential?application=ehr&amp;return=%2Fchart"');
  expect(page.text).toContain('<h1>Your EHR password is needed once</h1>');
  expect(page.text).not.toContain('name="remove"');
  const kept: unknown[] = [];
  ehrTrial.result = () => {
    kept.push([...vault.entries.values()], audit.events());
    return { trial: 'signed-on', location: null, cookies: [] };
  };
  expect((await browser.form(url, typed)).text).toBe('EHR /chart');
  expect(kept).toEqual([[], []]);
  expect(ehrTrial.tried).toEqual([{ session: 'session of ada', application: 'ehr', credential, address: '127.0.0.1' }]);
  expect(await vault.get(world.subject, 'ehr')).toEqual({ credential, refused: false });
  const stored = { event: 'credential-stored', decision: 'allowed', detail: 'for application "ehr"', session: 'session of ada' };
  expect(audit.entries).toMatchObject([stored]);
  expectUnwritten(world);
});

test('nothing is kept that could not be recorded', async () => {
  const world = await setUp();
  world.audit.failDurable = true;
  expect((await world.browser.form(world.url, typed)).status).toBe(503);
  expect(world.vault.entries.size).toBe(0);
});

test('the EHR begins where it says, with the cookies it wants, but never with one of ours', async () => {
  const world = await setUp();
  const cookies = ['eClinic=1; Path=/', 'wardgate=stolen; Path=/', '__Host-wardgate-signin=x; Path=/'];
  world.ehrTrial.result = { trial: 'signed-on', location: '/main?first=1', cookies };
  const reply = await world.browser.ask(world.url, {
    method: 'POST',
    body: new URLSearchParams(typed).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: world.origin },
  });
  expect([reply.status, reply.headers.location]).toEqual([303, '/main?first=1']);
  expect(reply.headers['set-cookie']).toEqual(['eClinic=1; Path=/']);
});

test.each([['//evil.example/main'], ['https://evil.example/'], ['/a/../b'], ['main']])(
  'a start of the EHR written %s leads to its front page',
  async (location) => {
    const world = await setUp();
    world.ehrTrial.result = { trial: 'signed-on', location, cookies: [] };
    expect((await world.browser.form(world.url, typed)).text).toBe('EHR /');
  },
);

test.each([
  ['/main', '/chart', '/main'],
  [null, '/', '/'],
])('in a frame, a start at %s after %s takes the whole window', async (location, back, href) => {
  const world = await setUp();
  world.ehrTrial.result = { trial: 'signed-on', location, cookies: ['seed=1'] };
  const url = `${world.origin}/.wardgate/credential?return=${back}`;
  const reply = await world.browser.form(url, typed, { 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'same-origin' });
  expect([reply.status, reply.headers['set-cookie']]).toEqual([200, ['seed=1']]);
  expect(reply.text).toContain(`href="${href}" target="_top"`);
});

test('in a frame, a page of the frame is opened in the frame', async () => {
  const world = await setUp();
  const reply = await world.browser.form(world.url, typed, { 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'same-origin' });
  expect(reply.text).toBe('EHR /chart');
});

test.each([
  ['no name', { password: secret }, 'Type both'],
  ['no password', { username: 'ada' }, 'Type both'],
  ['a name that is too long', { username: 'a'.repeat(201), password: 'x' }, 'too long'],
  ['a password that is too long', { username: 'a', password: 'x'.repeat(501) }, 'too long'],
  ['a control character', { username: 'a\u0007', password: 'x' }, 'control characters'],
  ['a line break', { username: 'a', password: 'x\r\nX-Evil: 1' }, 'control characters'],
  ['a colon, which Basic ends the name at', { username: 'a:b', password: 'x' }, 'colon'],
])('%s is not taken, and the EHR is not asked', async (_what, fields, told) => {
  const world = await setUp({ signOn: { by: 'basic-own-password' } });
  const reply = await world.browser.form(world.url, fields);
  expect([reply.status, reply.text.includes(told)]).toEqual([400, true]);
  expect([world.ehrTrial.tried, world.vault.entries.size, world.audit.entries]).toEqual([[], 0, []]);
});

test('a name may hold a colon where it does not go as Basic', async () => {
  const world = await setUp();
  expect((await world.browser.form(world.url, { username: 'CLINIC:ada', password: 'x:y' })).text).toBe('EHR /chart');
  expect(world.ehrTrial.tried).toMatchObject([{ credential: { username: 'CLINIC:ada', password: 'x:y' } }]);
});

test('what the EHR asks beyond name and password is asked, and must be there', async () => {
  const world = await setUp({ asks: ['username', 'password', 'pin', 'second-word'] });
  const page = await world.browser.page(world.url);
  expect(page.text).toContain('<label for="pin">Your PIN in the EHR</label>');
  expect(page.text).toContain('<label for="second-word">Your second word in the EHR</label>');
  expect((await world.browser.form(world.url, { ...typed, pin })).status).toBe(400);
  expect(world.ehrTrial.tried).toEqual([]);
  await world.browser.form(world.url, { ...typed, pin, 'second-word': 'ivy', other: 'dropped' });
  expect(world.ehrTrial.tried).toMatchObject([{ credential: { ...typed, more: { pin, 'second-word': 'ivy' } } }]);
  expect(Object.keys(world.ehrTrial.tried[0]?.credential.more ?? {})).toEqual(['pin', 'second-word']);
  expectUnwritten(world);
});

const told = `Hello <b>alovelace</b>,\n your password ${secret} and ${pin} are wrong. ${'Ask the desk. '.repeat(60)}`;
const notAccepted: readonly (readonly [TrialResult, number, readonly string[], string])[] = [
  [
    { trial: 'refused' },
    403,
    ['The EHR did not accept this name and password. Nothing was stored.', 'ext. 4357'],
    'ehr-credential-refused',
  ],
  [
    { trial: 'password-change', page: '/ehr/new-password?u=7' },
    403,
    ['href="/ehr/new-password?u=7" target="_blank"', 'come back here', 'Nothing was stored'],
    'ehr-password-change',
  ],
  [
    { trial: 'unrecognised', status: 200, told },
    502,
    [
      '<blockquote>Hello &lt;b&gt;alovelace&lt;/b&gt;, your password ••• and ••• are wrong. Ask',
      'ext. 4357',
      'Nothing was stored',
    ],
    'ehr-sign-on-unrecognised',
  ],
  [
    { trial: 'paused', retryAfterSeconds: 90 },
    503,
    ['nothing was stored. You can try again in 2 minutes', 'ext. 4357'],
    'ehr-sign-on-paused',
  ],
];

test.each(notAccepted)('%j is told, recorded, and nothing is kept', async (result, status, texts, reason) => {
  const world = await setUp({ asks: ['username', 'password', 'pin'] });
  world.ehrTrial.result = result;
  const reply = await world.browser.form(world.url, { ...typed, pin });
  expect(reply.status).toBe(status);
  for (const text of texts) expect(reply.text).toContain(text);
  expect(reply.text).not.toMatch(/Zw3i|4711/);
  expect(reply.headers['retry-after']).toBe(result.trial === 'paused' ? '90' : undefined);
  expect(world.vault.entries.size).toBe(0);
  expect(world.audit.entries).toMatchObject([{ event: 'ehr-sign-on', decision: 'refused', reason, status }]);
  expectUnwritten(world);
});

test('what the EHR said is quoted with at most 600 characters', async () => {
  const world = await setUp();
  world.ehrTrial.result = { trial: 'unrecognised', status: 500, told: '🙂'.repeat(2000) };
  const reply = await world.browser.form(world.url, typed);
  const quoted = /<blockquote>(.*?)<\/blockquote>/s.exec(reply.text)?.[1] ?? '';
  expect(quoted).toBe(`${'🙂'.repeat(299)}…`);
  world.ehrTrial.result = { trial: 'unrecognised', status: 500, told: ' \n ' };
  expect((await world.browser.form(world.url, typed)).text).not.toContain('blockquote');
});

test.each(['//evil.example/', 'javascript:alert(1)'])('a page for a new password at %s is not linked', async (page) => {
  const world = await setUp();
  world.ehrTrial.result = { trial: 'password-change', page };
  const reply = await world.browser.form(world.url, typed);
  expect(reply.text).toContain('href="/" target="_blank"');
  expect(reply.text).not.toMatch(/evil|javascript/);
});

test('five that the EHR did not take lock the person out of trying for fifteen minutes, in every session of theirs', async () => {
  const world = await setUp();
  const { browser, url, ehrTrial, audit } = world;
  ehrTrial.result = { trial: 'refused' };
  for (let tries = 1; tries < 5; tries += 1) expect((await browser.form(url, typed)).status).toBe(403);
  const fifth = await browser.form(url, typed);
  expect([fifth.status, fifth.headers['retry-after']]).toEqual([429, '900']);
  expect(fifth.text).toContain('too-many-attempts');
  expect(fifth.text).toContain('You can try again in 15 minutes');
  expect(audit.entries.map((entry) => entry.reason)).toEqual([
    ...Array.from({ length: 5 }, () => 'ehr-credential-refused'),
    'too-many-attempts',
  ]);
  // The right one is not tried either, and not from another browser.
  ehrTrial.result = { trial: 'signed-on', location: null, cookies: [] };
  const other = new CookieClient();
  await signIn(world, other, world.subject);
  expect((await other.form(url, typed)).status).toBe(429);
  expect([ehrTrial.tried.length, world.vault.entries.size]).toEqual([5, 0]);
  // Somebody else is not held back, and neither are codes of the second factor.
  const eve = new CookieClient();
  await signIn(world, eve, { ...world.subject, sub: 'eve', name: 'eve' });
  expect((await eve.form(url, typed)).text).toBe('EHR /chart');
  expect(await world.needs.attempts.blockedFor(personKey(world.subject))).toBe(0);
  world.clock.advance(900_000);
  await signIn(world, browser, world.subject);
  expect((await browser.form(url, typed)).text).toBe('EHR /chart');
  expectUnwritten(world);
});

test('tries sent all at once are counted one by one', async () => {
  const world = await setUp();
  world.ehrTrial.result = { trial: 'refused' };
  const replies = await Promise.all(Array.from({ length: 12 }, async () => world.browser.form(world.url, typed)));
  expect(world.ehrTrial.tried).toHaveLength(5);
  expect(replies.filter(({ status }) => status === 429)).toHaveLength(8);
});

test('an answer nobody understands counts as a failure; a new password asked for and a pause do not', async () => {
  const world = await setUp();
  const ends: readonly (readonly [TrialResult, number])[] = [
    [{ trial: 'password-change', page: '/pw' }, 0],
    [{ trial: 'paused', retryAfterSeconds: 9 }, 0],
    [{ trial: 'unrecognised', status: 200, told: '' }, 900_000],
  ];
  for (const [result, expected] of ends) {
    world.ehrTrial.result = result;
    for (let tries = 0; tries < 5; tries += 1) await world.browser.form(world.url, typed);
    const blocked = await world.needs.attempts.blockedFor(`ehr ${personKey(world.subject)} ehr`);
    expect(Math.round(blocked / 1000) * 1000).toBe(expected);
  }
});

test('a right one makes earlier failures forgotten', async () => {
  const world = await setUp();
  for (const trial of [
    'refused',
    'refused',
    'refused',
    'refused',
    'signed-on',
    'refused',
    'refused',
    'refused',
    'refused',
  ] as const) {
    world.ehrTrial.result = trial === 'refused' ? { trial } : { trial, location: null, cookies: [] };
    expect((await world.browser.form(world.url, typed)).status).toBe(trial === 'refused' ? 403 : 200);
  }
});

test('an EHR that cannot be asked is a fault, and nothing is kept', async () => {
  const world = await setUp();
  world.ehrTrial.result = () => Promise.reject(new Error(`connect ECONNREFUSED`));
  expect((await world.browser.form(world.url, typed)).status).toBe(500);
  expect(world.vault.entries.size).toBe(0);
  expect(world.audit.entries).toMatchObject([{ event: 'ehr-sign-on', decision: 'refused', reason: 'internal', status: 500 }]);
  expectUnwritten(world);
});

test('what is stored is told without saying what it is, replaced when the EHR took the new one, and removed on request', async () => {
  const world = await setUp();
  const { browser, url, vault, subject, ehrTrial, audit } = world;
  await vault.put(subject, 'ehr', credential);
  const page = await browser.page(url);
  expect(page.text).toContain('are stored. What you type here replaces them');
  expect(page.text).toContain('name="remove" value="1"');
  expect(page.text).not.toMatch(/alovelace|Zw3i/);
  ehrTrial.result = { trial: 'refused' };
  const refused = await browser.form(url, { username: 'other', password: 'Zw3i-neu' });
  expect(refused.text).toContain('value="other"');
  expect(await vault.get(subject, 'ehr')).toEqual({ credential, refused: false });
  await vault.markRefused(subject, 'ehr');
  expect((await browser.page(url)).text).toContain('The EHR no longer accepts the password that is stored');
  ehrTrial.tried.length = 0;
  const removed = await browser.form(url, { remove: '1' });
  expect([removed.status, removed.text.includes('no longer stored')]).toEqual([200, true]);
  expect([await vault.get(subject, 'ehr'), ehrTrial.tried]).toEqual([null, []]);
  expect(audit.events()).toEqual(['ehr-sign-on', 'credential-removed']);
  expectUnwritten(world);
});

test('a removal that cannot be recorded removes nothing', async () => {
  const world = await setUp();
  await world.vault.put(world.subject, 'ehr', credential);
  world.audit.failDurable = true;
  expect((await world.browser.form(world.url, { remove: '1' })).status).toBe(503);
  expect(world.vault.entries.size).toBe(1);
});

test.each([{ remove: '1' }, typed])('%j sent from another site does nothing', async (fields) => {
  const world = await setUp();
  await world.vault.put(world.subject, 'ehr', credential);
  const reply = await world.browser.form(world.url, fields, { origin: 'https://evil.example' });
  expect(reply.status).toBe(403);
  expect([world.ehrTrial.tried, world.audit.entries, world.vault.entries.size]).toEqual([[], [], 1]);
});

test('without a session there is no page, and nothing is tried: a session has its second factor', async () => {
  const world = await setUp();
  const stranger = new CookieClient();
  const asked = await stranger.ask(world.url);
  expect([asked.status, asked.headers.location]).toEqual([303, '/.wardgate/sign-in?return=%2F.wardgate%2Fcredential']);
  const sent = await stranger.ask(world.url, {
    method: 'POST',
    body: new URLSearchParams(typed).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: world.origin },
  });
  expect([sent.status, world.ehrTrial.tried, world.vault.entries.size]).toEqual([303, [], 0]);
});

test('between the password and the second factor there is no page either', async () => {
  const world = await setUp();
  const halfway = new CookieClient();
  const page = await halfway.page(`${world.origin}/.wardgate/sign-in?return=/chart`);
  expect(page.url).toMatch(/\/\.wardgate\/(?:enrol|second-factor)/);
  const reply = await halfway.ask(world.url, {
    method: 'POST',
    body: new URLSearchParams(typed).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: world.origin },
  });
  expect([reply.status, world.ehrTrial.tried, world.vault.entries.size]).toEqual([303, [], 0]);
});

test('an application that asks for no password, and one at another address, have no page here', async () => {
  const world = await setUp();
  const { browser, origin, ehrTrial } = world;
  ehrTrial.asks = (application) => (application === 'ehr' ? null : ['username', 'password']);
  for (const name of ['ehr', 'other', 'nothing', '__proto__']) {
    const url = `${origin}/.wardgate/credential?application=${name}`;
    expect((await browser.page(url)).status).toBe(404);
    expect((await browser.form(url, typed)).status).toBe(404);
    expect((await browser.form(url, { remove: '1' })).status).toBe(404);
  }
  expect([ehrTrial.tried, world.vault.entries.size, world.audit.entries]).toEqual([[], 0, []]);
});

test('the page about oneself leads there, where there is a password to enter', async () => {
  const world = await setUp();
  expect((await world.browser.page(`${world.origin}/.wardgate/me`)).text).toContain('href="/.wardgate/credential"');
  world.ehrTrial.asked = null;
  expect((await world.browser.page(`${world.origin}/.wardgate/me`)).text).not.toContain('credential');
});
