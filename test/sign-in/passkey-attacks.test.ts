// Passkeys under attack: answers that were stolen, replayed, made for another page or without the person, a copied key, and
// every way to set one up or take one away without being the person.

import { expect, test } from 'vitest';
import { Challenges, challengeSeconds } from '../../src/sign-in/challenges.ts';
import { personKey } from '../../src/sign-in/person-key.ts';
import { startBadProvider } from '../support/bad-provider.ts';
import { CookieClient } from '../support/cookie-client.ts';
import type { Reply } from '../support/cookie-client.ts';
import { FakeClock } from '../support/fake-ports.ts';
import { startOwnPages, totp } from '../support/own-pages-server.ts';
import { SoftwareKey } from '../support/software-key.ts';
import type { Said } from '../support/software-key.ts';

const domain = '127.0.0.1';
const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

async function setUp(zones: readonly string[] = ['clinic']) {
  const op = await startBadProvider();
  const secondFactor = { methods: ['passkey', 'totp'] as const };
  const server = await startOwnPages({ provider: async () => Promise.resolve(op), secondFactor, zones });
  op.mutation.claims = (claims) => ({ ...claims, iat: Math.floor(server.clock.now() / 1000) });
  return { ...server, person: { issuer: op.issuer, sub: 'ada' } };
}

type World = Awaited<ReturnType<typeof setUp>>;

async function challengeAt(browser: CookieClient, world: World, path: string, origin = world.origin): Promise<string> {
  const headers = { origin, accept: 'application/json' };
  const reply = await browser.ask(`${world.origin}/.wardgate/${path}/options`, { method: 'POST', headers });
  if (reply.status !== 200) throw new Error(`${reply.status}: ${reply.text}`);
  return (JSON.parse(reply.text) as { challenge: string }).challenge;
}

/** Ada with one passkey, enrolled at the sign-in, and signed in. */
async function enrolled(world: World): Promise<{ key: SoftwareKey; browser: CookieClient }> {
  const browser = new CookieClient();
  const key = new SoftwareKey();
  const page = await browser.page(`${world.origin}/.wardgate/sign-in`);
  const challenge = await challengeAt(browser, world, 'enrol');
  const done = await browser.form(page.url, {
    passkey: key.register({ challenge, origin: world.origin, domain }),
    name: 'badge',
  });
  if (!done.text.includes('Your recovery codes')) throw new Error(done.text);
  return { key, browser };
}

/** Signs in with what the key is told to say. */
async function tryKey(world: World, key: SoftwareKey, more: Partial<Said> = {}, browser = new CookieClient()): Promise<Reply> {
  const page = await browser.page(`${world.origin}/.wardgate/sign-in`);
  const challenge = await challengeAt(browser, world, 'second-factor');
  const passkey = key.assert({ challenge, origin: world.origin, domain, counter: 1, ...more });
  return browser.form(page.url, { passkey });
}

const lastDetail = (world: World): unknown => world.audit.entries.findLast((one) => one.event === 'second-factor-failed')?.detail;

test('the key signs in, and what it proved is in the session and on record', async () => {
  const world = await setUp();
  const { key } = await enrolled(world);
  expect((await tryKey(world, key)).text).toBe('EHR /');
  expect(world.sessions.size).toBe(2);
  expect(world.audit.entries.findLast((one) => one.event === 'second-factor')).toMatchObject({
    factor: 'passkey',
    detail: '"badge"',
  });
  const [session] = await world.sessions.ofSubject(world.person.issuer, 'ada');
  expect(session?.factor).toMatchObject({ method: 'passkey' });
});

test.each<[string, Partial<Said>, string]>([
  ['made for another page', { origin: 'https://ehr.evil.example' }, 'Unexpected authentication response origin'],
  ['made for another domain', { domain: 'evil.example' }, 'RP ID'],
  ['made without verifying the person', { verified: false }, 'User verification required'],
  ['with a challenge of its own', { challenge: 'b3duIGNoYWxsZW5nZQ' }, 'challenge'],
  ['of a key nobody knows', { id: 'bm9ib2R5' }, 'not one of theirs'],
])('an answer %s is refused', async (_case, more, why) => {
  const world = await setUp();
  const { key } = await enrolled(world);
  expect((await tryKey(world, key, more)).status).toBe(403);
  expect([world.sessions.size, lastDetail(world)]).toEqual([1, expect.stringContaining(why)]);
});

test("another person's passkey, and one's own name on another's signature, are refused", async () => {
  const world = await setUp();
  const { key } = await enrolled(world);
  const stranger = new SoftwareKey();
  const passkey = { id: stranger.id, name: 's', publicKey: '', counter: 0, transports: [], addedAt: 0, usedAt: null };
  await world.needs.passkeys.add(world.person.issuer, 'bob', passkey, null);
  expect((await tryKey(world, stranger)).status).toBe(403);
  expect((await tryKey(world, stranger, { id: key.id })).status).toBe(403);
  expect([world.sessions.size, lastDetail(world)]).toEqual([1, 'passkey: its signature is wrong']);
});

test('an answer is good once, for the browser and the purpose that asked, and not for long', async () => {
  const world = await setUp();
  const { key, browser } = await enrolled(world);
  const one = new CookieClient();
  const page = await one.page(`${world.origin}/.wardgate/sign-in`);
  const challenge = await challengeAt(one, world, 'second-factor');
  const passkey = key.assert({ challenge, origin: world.origin, domain, counter: 5 });
  const other = new CookieClient();
  const elsewhere = await other.page(`${world.origin}/.wardgate/sign-in`);
  expect((await other.form(elsewhere.url, { passkey })).status).toBe(403);
  expect((await browser.form(`${world.origin}/.wardgate/step-up`, { passkey })).status).toBe(403);
  const both = await Promise.all([one.form(page.url, { passkey }), one.form(page.url, { passkey })]);
  expect(both.filter(({ text }) => text === 'EHR /').length).toBeGreaterThan(0);
  expect(world.audit.events().filter((event) => event === 'second-factor')).toHaveLength(1);
});

test('a challenge is taken once, by its owner, in its time; each owner has five', async () => {
  const clock = new FakeClock();
  let count = 0;
  const challenges = new Challenges({ clock, randomness: { id: () => `c${(count += 1)}` } });
  const issue = async (owner: string): Promise<string> => challenges.issue(owner);
  const [first, ...others] = await Promise.all(Array.from({ length: 6 }, async () => issue('one')));
  expect(await challenges.take('one', first ?? '')).toBe(false);
  expect(await challenges.take('two', others[0] ?? '')).toBe(false);
  const taken = others.slice(0, 4).map(async (challenge) => challenges.take('one', challenge));
  expect(await Promise.all(taken)).toEqual([true, true, true, true]);
  expect(await challenges.take('one', others[0] ?? '')).toBe(false);
  clock.advance(challengeSeconds * 1000);
  expect(await challenges.take('one', others[4] ?? '')).toBe(false);
  for (let owner = 0; owner < 10_000; owner += 1) await issue(`owner ${owner}`);
  const kept = await issue('owner 10000');
  expect([await challenges.take('owner 0', `c7`), await challenges.take('owner 10000', kept)]).toEqual([false, true]);
});

test.each([0, 2, 3])('a key that counted to 3 and then says %i has a copy: refused, and on record as that', async (counter) => {
  const world = await setUp();
  const { key } = await enrolled(world);
  expect((await tryKey(world, key, { counter: 3 })).text).toBe('EHR /');
  const reply = await tryKey(world, key, { counter });
  expect([reply.status, reply.text]).toEqual([403, expect.stringContaining('may have been copied')]);
  expect(world.audit.entries.findLast((one) => one.event === 'second-factor-failed')).toMatchObject({ reason: 'passkey-copied' });
});

test('five wrong answers block the person, and then a right one does not help', async () => {
  const world = await setUp();
  const { key } = await enrolled(world);
  for (let n = 1; n <= 4; n += 1) expect((await tryKey(world, key, { verified: false })).status).toBe(403);
  expect((await tryKey(world, key, { verified: false })).status).toBe(429);
  expect((await tryKey(world, key, { counter: 9 })).status).toBe(429);
  expect(world.sessions.size).toBe(1);
});

test('nobody sets one up from another zone, nor over a factor that exists, nor with a form of another site', async () => {
  const world = await setUp([]);
  const browser = new CookieClient();
  const page = await browser.page(`${world.origin}/.wardgate/sign-in`);
  await expect(challengeAt(browser, world, 'enrol')).rejects.toThrow('403');
  const key = new SoftwareKey();
  const said = { challenge: 'eA', origin: world.origin, domain };
  expect((await browser.form(page.url, { passkey: key.register(said) })).status).toBe(403);
  world.zones.current = ['clinic'];
  await enrolled(world);
  const thief = new CookieClient();
  await thief.page(`${world.origin}/.wardgate/sign-in`);
  await expect(challengeAt(thief, world, 'enrol')).rejects.toThrow('404');
  await thief.form(`${world.origin}/.wardgate/enrol`, { passkey: key.register(said) });
  expect(await world.needs.passkeys.list(world.person.issuer, 'ada')).toHaveLength(1);
});

test('adding and removing want a fresh confirmation and our own page; the last factor stays', async () => {
  const world = await setUp();
  const { key, browser } = await enrolled(world);
  const { issuer } = world.person;
  const factors = `${world.origin}/.wardgate/factors`;
  const add = async (origin?: string): Promise<Reply> => {
    const challenge = await challengeAt(browser, world, 'factors');
    const passkey = new SoftwareKey().register({ challenge, origin: world.origin, domain });
    return browser.form(factors, { passkey, name: ' second\n key ' }, origin === undefined ? {} : { origin });
  };
  expect((await browser.form(factors, { remove: key.id })).text).toContain('your only second factor');
  expect(world.audit.entries.at(-1)).toMatchObject({ reason: 'last-factor', decision: 'refused' });
  expect(await world.needs.passkeys.remove(issuer, 'ada', key.id)).toBe(false);
  expect((await add('https://evil.example')).status).toBe(403);
  await expect(challengeAt(browser, world, 'factors', 'https://evil.example')).rejects.toThrow('403');
  expect((await add()).text).toContain('second key');
  world.clock.advance(5 * 60_000 + 1);
  expect((await browser.form(factors, { remove: key.id })).status).toBe(401);
  expect((await add()).status).toBe(401);
  expect(await world.needs.passkeys.list(issuer, 'ada')).toHaveLength(2);
  const challenge = await challengeAt(browser, world, 'step-up');
  await browser.form(`${world.origin}/.wardgate/step-up`, { passkey: key.assert({ challenge, origin: world.origin, domain }) });
  expect((await browser.form(factors, { remove: key.id }, { origin: 'https://evil.example' })).status).toBe(403);
  expect((await browser.form(factors, { remove: 'bm9uZQ' })).text).toContain('no such passkey');
  expect((await browser.form(factors, { remove: key.id })).text).not.toContain('badge');
  expect(world.audit.entries.findLast((one) => one.event === 'factor-removed')).toMatchObject({ detail: 'passkey "badge"' });
  expect((await tryKey(world, key, { counter: 7 })).status).toBe(403);
});

test('from another zone a code, which may be phished, adds no passkey; a passkey does', async () => {
  const world = await setUp();
  const { key } = await enrolled(world);
  const { issuer, sub } = world.person;
  await world.needs.factors.enrolTotp(issuer, sub, world.needs.sealer.seal('totp', personKey(world.person), secret), -1, 1, []);
  world.zones.current = [];
  const add = async (browser: CookieClient): Promise<number> => {
    const challenge = await challengeAt(browser, world, 'factors');
    const passkey = new SoftwareKey().register({ challenge, origin: world.origin, domain });
    return (await browser.form(`${world.origin}/.wardgate/factors`, { passkey })).status;
  };
  const thief = new CookieClient();
  const page = await thief.page(`${world.origin}/.wardgate/sign-in`);
  expect((await thief.form(page.url, { code: totp(secret, world.clock.now()) })).text).toBe('EHR /');
  expect(await add(thief)).toBe(403);
  expect(world.audit.entries.at(-1)).toMatchObject({ reason: 'enrolment-not-permitted', decision: 'refused' });
  const owner = new CookieClient();
  await tryKey(world, key, { counter: 4 }, owner);
  expect(await add(owner)).toBe(200);
});

test('without script a recovery code or the code of a phone does', async () => {
  const world = await setUp();
  const { issuer, sub } = world.person;
  await world.needs.factors.enrolTotp(issuer, sub, world.needs.sealer.seal('totp', personKey(world.person), secret), -1, 1, []);
  const browser = new CookieClient();
  const page = await browser.page(`${world.origin}/.wardgate/sign-in`);
  expect((await browser.form(page.url, { code: totp(secret, world.clock.now()) })).text).toBe('EHR /');
});

test.each(['', 'nothing', '{}', 'null', '{"id":1,"response":{}}', '{"id":"a","response":null}'])(
  '%j is no answer',
  async (passkey) => {
    const world = await setUp();
    await enrolled(world);
    const browser = new CookieClient();
    const page = await browser.page(`${world.origin}/.wardgate/sign-in`);
    expect((await browser.form(page.url, { passkey })).status).toBe(403);
    expect(world.sessions.size).toBe(1);
  },
);
