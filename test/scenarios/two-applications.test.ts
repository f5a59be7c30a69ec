// Two applications in one gateway: a person signs in once in a browser and is at both, each by its own cookie and its own
// rules; what ends, locks or goes on at one does so at the other. And whoever carries something from one host to the other
// gets nowhere with it.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { endSessions } from '../../src/control/end-sessions.ts';
import { CookieClient } from '../support/cookie-client.ts';
import type { Reply } from '../support/cookie-client.ts';
import { eventually, records } from '../support/demo-story.ts';
import { arriveAtEhr, nextCode, twoApplications } from '../support/two-applications.ts';
import type { TwoApplications } from '../support/two-applications.ts';

const script = { accept: '*/*', 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' };

let house: Awaited<ReturnType<typeof twoApplications>>;
/** When the story before was over. */
let from = 0;

beforeAll(async () => {
  house = await twoApplications();
});
afterEach(async () => {
  for (const { key } of sessions()) await house.gateway.composed.state.sessions.end(key, 'revoked');
  // An hour later everybody has all their downloads again.
  house.clock.forward({ minutes: 61 });
  from = house.clock.now();
});
afterAll(() => house.end());

const at = (where: 'ehr' | 'pacs'): string => (where === 'ehr' ? house.origin : house.secondOrigin);
const look = async (browser: CookieClient, where: 'ehr' | 'pacs', path = '/main'): Promise<number> =>
  (await browser.ask(`${at(where)}${path}`, { headers: script })).status;
const seen = (upstream: TwoApplications['ehr']): number => upstream.requests().length;
const events = (name: string): Record<string, unknown>[] =>
  records(house).filter(({ event, time }) => event === name && Date.parse(String(time)) > from);
const sessions = () => house.gateway.composed.state.sessions.all();

/** Goes on until it would be sent to an address that holds `part`, and says which. */
async function locationOf(browser: CookieClient, reply: Reply, part: string): Promise<string> {
  for (let now = reply, hops = 0; hops < 8 && now.headers.location !== undefined; hops += 1) {
    const next = new URL(now.headers.location, now.url).href;
    if (next.includes(part)) return next;
    now = await browser.ask(next);
  }
  throw new Error(`No way led to ${part}`);
}

/** Signed in at the EHR, and then opens the PACS as anybody would. */
async function atBoth(name = 'physician'): Promise<CookieClient> {
  const browser = await arriveAtEhr(house, name);
  const page = await browser.page(`${at('pacs')}/main`);
  expect(new URL(page.url).href).toBe(`${at('pacs')}/main`);
  return browser;
}

describe('one sign-in', () => {
  test('the second host asks for nothing again, and says which session it leans on', async () => {
    const browser = await atBoth();
    expect(house.pacs.requests().at(-1)).toMatchObject({ target: '/main' });
    expect(await look(browser, 'ehr')).toBe(200);
    const [first, second] = events('sign-in');
    expect(events('second-factor')).toHaveLength(1);
    expect([first?.['application'], second?.['application']]).toEqual(['ehr', 'pacs']);
    expect(second?.['detail']).toBe(`together with session ${String(first?.['session'])} at "ehr"`);
    expect(second?.['factor']).toBe('totp');
    expect(browser.cookieHeader(at('ehr'))).not.toBe(browser.cookieHeader(at('pacs')));
  });

  test('the factor is no fresher there: a rule that asks for a fresh one still does', async () => {
    const browser = await arriveAtEhr(house, 'physician');
    house.clock.forward({ minutes: 6 });
    const page = await browser.page(`${at('pacs')}/main`);
    expect(page.status).toBe(200);
    const before = seen(house.pacs);
    expect(await look(browser, 'pacs', '/documents?pid=7')).toBe(401);
    expect(seen(house.pacs)).toBe(before);
  });

  test('another browser is asked for the factor, whatever is open elsewhere', async () => {
    await arriveAtEhr(house, 'physician');
    const stranger = new CookieClient();
    const before = seen(house.pacs);
    const page = await stranger.page(`${at('pacs')}/.wardgate/sign-in?login_hint=physician&return=%2Fmain`);
    expect(new URL(page.url).pathname).toBe('/.wardgate/second-factor');
    expect(seen(house.pacs)).toBe(before);
  });

  test('a locked session vouches for nobody', async () => {
    const browser = await arriveAtEhr(house, 'physician');
    house.clock.forward({ minutes: 16 });
    const page = await browser.page(`${at('pacs')}/.wardgate/sign-in?login_hint=physician&return=%2Fmain`);
    expect(new URL(page.url).pathname).toBe('/.wardgate/second-factor');
  });

  test('rules, audit and sign-on are those of each application', async () => {
    const nurse = await atBoth('nurse');
    expect(await look(nurse, 'ehr', '/chart?pid=7')).toBe(200);
    const before = seen(house.pacs);
    expect(await look(nurse, 'pacs', '/chart?pid=7')).toBe(403);
    expect(seen(house.pacs)).toBe(before);
    const refusal = events('refusal').at(-1);
    expect(refusal).toMatchObject({ application: 'pacs', rule: 'images', reason: 'role-not-permitted' });
    const headers = house.pacs.requests().at(-1)?.headers.join('\n') ?? '';
    expect(headers).toContain('X-Pacs-User\nnurse');
    expect(headers.toLowerCase()).not.toContain('x-remote-user');
  });

  test('a download taken at one is missing at the other', async () => {
    const browser = await atBoth();
    const answers: number[] = [];
    for (const document of [1, 2])
      for (const where of ['ehr', 'pacs'] as const)
        answers.push(await look(browser, where, `/documents/file?pid=7&doc=${document}`));
    expect(answers).toEqual([200, 200, 200, 429]);
  });
});

test('the console is at the first address alone', async () => {
  const officer = new CookieClient();
  const challenge = await officer.page(`${at('ehr')}/.wardgate/sign-in?login_hint=security&return=%2F.wardgate%2Fconsole`);
  const page = await officer.form(challenge.url, { code: nextCode(house, 'security') });
  expect([page.url, page.status]).toEqual([`${at('ehr')}/.wardgate/console`, 200]);
  await officer.page(`${at('pacs')}/.wardgate/me`);
  expect(await look(officer, 'pacs', '/.wardgate/me')).toBe(200);
  expect(await look(officer, 'pacs', '/.wardgate/console')).toBe(404);
});

describe('linked', () => {
  test('work at one keeps the other open; nobody at either locks both, and one code opens both', async () => {
    const browser = await atBoth();
    for (let quarter = 0; quarter < 3; quarter += 1) {
      house.clock.forward({ minutes: 10 });
      await browser.page(`${at('pacs')}/main`);
    }
    expect(await look(browser, 'ehr')).toBe(200);
    house.clock.forward({ minutes: 16 });
    expect(await look(browser, 'ehr')).toBe(423);
    await eventually(() => sessions().every(({ lockedAt }) => lockedAt !== null), 'both locks');
    expect(await look(browser, 'pacs')).toBe(423);
    const unlocked = await browser.form(`${at('pacs')}/.wardgate/unlock?return=%2Fmain`, { code: nextCode(house, 'physician') });
    expect(unlocked.status).toBeLessThan(400);
    expect([await look(browser, 'pacs'), await look(browser, 'ehr')]).toEqual([200, 200]);
  });

  test.each(['ehr', 'pacs'] as const)('signing out at %s ends both, and each end is on record', async (where) => {
    const browser = await atBoth();
    await browser.form(`${at(where)}/.wardgate/sign-out`, {});
    expect([await look(browser, 'ehr'), await look(browser, 'pacs')]).toEqual([401, 401]);
    expect(sessions()).toEqual([]);
    const ended = await eventually(() => events('session-ended').find(({ reason }) => reason !== 'revoked'), 'the record');
    expect(ended).toMatchObject({ reason: 'signed-out', application: where === 'ehr' ? 'pacs' : 'ehr' });
    expect(ended['detail']).toContain(`at "${where}"`);
  });

  test('the longest time counts from the first sign-in', async () => {
    const browser = await arriveAtEhr(house, 'physician');
    const [first] = sessions();
    const hoursAgo = { createdAt: house.clock.now() - 11.9 * 3_600_000 };
    await house.gateway.composed.state.sessions.update(first?.key ?? '', hoursAgo as never);
    await browser.page(`${at('pacs')}/main`);
    expect(await look(browser, 'pacs')).toBe(200);
    house.clock.forward({ minutes: 7 });
    expect([await look(browser, 'pacs'), await look(browser, 'ehr')]).toEqual([401, 401]);
  });

  test('a session in another browser stays by itself', async () => {
    const here = await atBoth();
    const elsewhere = await arriveAtEhr(house, 'physician');
    house.clock.forward({ minutes: 10 });
    await here.page(`${at('ehr')}/main`);
    house.clock.forward({ minutes: 6 });
    expect([await look(here, 'pacs'), await look(elsewhere, 'ehr')]).toEqual([200, 423]);
    await here.form(`${at('ehr')}/.wardgate/sign-out`, {});
    expect(sessions()).toHaveLength(1);
  });

  test('signing in once more at one leaves the other as it is', async () => {
    const browser = await atBoth();
    await browser.page(`${at('ehr')}/.wardgate/sign-in?return=%2Fmain`);
    expect([await look(browser, 'ehr'), await look(browser, 'pacs')]).toEqual([200, 200]);
    await browser.form(`${at('ehr')}/.wardgate/sign-out`, {});
    expect(await look(browser, 'pacs')).toBe(401);
  });

  test('the end of a person reaches both', async () => {
    const browser = await atBoth();
    const [one] = sessions();
    await house.gateway.composed.state.sessions.end(one?.key ?? '', 'revoked');
    await eventually(() => sessions().length === 0, 'the other end');
    expect([await look(browser, 'ehr'), await look(browser, 'pacs')]).toEqual([401, 401]);
  });

  test('whoever ends a person is told of both', async () => {
    await atBoth();
    const { state, audit, clock } = house.gateway.composed;
    const [one] = sessions();
    const who = one?.subject ?? { issuer: '', sub: '' };
    expect(await endSessions({ sessions: state.sessions, audit, clock }, who, 'a leaver')).toBe(2);
    expect(sessions()).toEqual([]);
  });
});

describe('carried across', () => {
  const cookies = (browser: CookieClient, of: 'ehr' | 'pacs') => ({ ...script, cookie: browser.cookieHeader(at(of)) });

  test.each([
    ['ehr', 'pacs'],
    ['pacs', 'ehr'],
  ] as const)('a cookie of %s opens nothing at %s', async (of, to) => {
    const browser = await atBoth();
    const upstream = to === 'ehr' ? house.ehr : house.pacs;
    const before = seen(upstream);
    const thief = new CookieClient();
    for (const path of ['/main', '/.wardgate/activity', '/.wardgate/sessions', '/.wardgate/unlock'])
      expect((await thief.ask(`${at(to)}${path}`, { headers: cookies(browser, of) })).status).toBe(401);
    const page = await thief.ask(`${at(to)}/main`, {
      headers: { cookie: browser.cookieHeader(at(of)), accept: 'text/html', 'sec-fetch-mode': 'navigate' },
    });
    expect([page.status, page.headers.location]).toEqual([303, expect.stringContaining('/.wardgate/sign-in')]);
    expect(seen(upstream)).toBe(before);
    expect(sessions()).toHaveLength(2);
  });

  test('neither does it sign anybody out there', async () => {
    const browser = await atBoth();
    const thief = new CookieClient();
    thief.jar.set(new URL(at('pacs')).host, new Map(browser.jar.get(new URL(at('ehr')).host)));
    await thief.form(`${at('pacs')}/.wardgate/sign-out`, {});
    expect(sessions()).toHaveLength(2);
  });

  test('the provider’s answer to a sign-in at one is worth nothing at the other', async () => {
    const browser = new CookieClient();
    const before = seen(house.pacs);
    const reply = await browser.ask(`${at('ehr')}/.wardgate/sign-in?login_hint=physician&return=%2Fmain`);
    const answer = new URL(await locationOf(browser, reply, '/.wardgate/callback'));
    browser.jar.set(new URL(at('pacs')).host, new Map(browser.jar.get(answer.host)));
    const carried = await browser.ask(`${at('pacs')}${answer.pathname}${answer.search}`);
    expect(carried.headers.location).not.toContain('/second-factor');
    expect(sessions()).toEqual([]);
    expect(seen(house.pacs)).toBe(before);
  });

  test('an answer that vouches for one browser is worth nothing in another, nor twice', async () => {
    const before = seen(house.pacs);
    const victim = await arriveAtEhr(house, 'physician');
    // Somebody with the password, who has no second factor, leads the victim to the question of their own sign-in.
    const thief = new CookieClient();
    const reply = await thief.ask(`${at('pacs')}/.wardgate/sign-in?login_hint=physician&return=%2Fmain`);
    const question = await locationOf(thief, reply, '/.wardgate/join?');
    const answered = await victim.ask(question);
    const answer = String(answered.headers.location);
    expect(answer).toMatch(/\/\.wardgate\/joined\?answer=/);
    const led = await victim.ask(answer);
    expect(led.headers.location).toBe('/.wardgate/sign-in');
    expect(sessions()).toHaveLength(1);
    // Without the answer, which only the victim's browser was given, the factor is asked for.
    const own = await thief.ask(question, { follow: true });
    expect(new URL(own.url).pathname).toBe('/.wardgate/second-factor');
    expect((await thief.ask(answer)).headers.location).not.toContain('/main');
    expect(sessions()).toHaveLength(1);
    expect(seen(house.pacs)).toBe(before);
  });

  test('nobody is led from one to the other by an address', async () => {
    const browser = await arriveAtEhr(house, 'physician');
    const before = seen(house.pacs);
    const back = encodeURIComponent(`${at('pacs')}/main`);
    const page = await browser.page(`${at('ehr')}/.wardgate/sign-in?return=${back}`);
    expect(new URL(page.url).origin).toBe(at('ehr'));
    expect(seen(house.pacs)).toBe(before);
  });

  test('a path that is refused at one is not reached by the other', async () => {
    const nurse = await atBoth('nurse');
    const before = [seen(house.ehr), seen(house.pacs)];
    const host = new URL(at('pacs')).host;
    const asked = [
      await nurse.ask(`${at('ehr')}/chart?pid=7`, { headers: { ...cookies(nurse, 'ehr'), host } }),
      await nurse.ask(`${at('pacs')}/chart?pid=7`, { headers: { ...script, 'x-forwarded-host': new URL(at('ehr')).host } }),
    ];
    expect(asked.map(({ status }) => status)).toEqual([401, 403]);
    expect([seen(house.ehr), seen(house.pacs)]).toEqual(before);
  });
});
