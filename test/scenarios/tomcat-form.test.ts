// A real Tomcat that people log in to by its own form (`j_security_check`), and the gateway that does it for them with the
// shipped preset: once for each session, with a session of its own, which no browser ever holds.

import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { shippedPresets } from '../../src/config/presets.ts';
import { codeAt, handshake, problemOf, script } from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import type { Reply } from '../support/cookie-client.ts';
import { eventually } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { cookieNames, enterPassword, signOnClinic, withoutTheEhrHearing } from '../support/sign-on-clinic.ts';
import type { SignOnClinic } from '../support/sign-on-clinic.ts';
import { startTomcat, tomcatAccount } from '../support/tomcat.ts';
import type { Tomcat } from '../support/tomcat.ts';
import { securedPage } from '../support/tomcat-ways.ts';

const needed = requirement('tomcat');
const home = needed.path ?? '';
const sessionPage = '/examples/servlets/servlet/SessionExample';
const socketPath = '/examples/websocket/echoProgrammatic';
const checkPath = '/examples/jsp/security/protected/j_security_check';
const { name, password } = tomcatAccount;

const rules = `rules:
  - { name: live, paths: ["/examples/websocket/**"], allow: everyone, webSocket: true }
  - { name: screens, area: ehr.shell, allow: everyone }
  - { name: pages, area: ehr.pages, allow: everyone }
`;
const base = ['root: /examples', `signOnValues: { entry: ${securedPage} }`];
const ownPassword = ['preset: tomcat-form', ...base, 'signOn: own-password'];

/** The shipped preset with the way in which the examples log out. */
function withLogout(): string {
  const paths = '[{ paths: /jsp/security/protected/index.jsp, query: { logoff: present } }]';
  const logout = `logout:\n  paths: ${paths}\n  request: { get: '/jsp/security/protected/index.jsp?logoff=true' }\n`;
  return readFileSync(`${shippedPresets}/tomcat-form.yaml`, 'utf8').replace(/^logout:\n {2}paths: .*\n/m, logout);
}

let tomcat: Tomcat;
let house: SignOnClinic;

async function open(
  applicationLines: readonly string[],
  presets: Readonly<Record<string, string>> = {},
  accounts = [tomcatAccount],
) {
  all = '';
  tomcat = await startTomcat(home, { accounts });
  house = await signOnClinic({ ehr: tomcat.origin, applicationLines, rules, presets });
}

async function close(): Promise<void> {
  await house.close();
  await tomcat.close();
}

/** Tomcat forgets every session, and perhaps knows other passwords afterwards. */
async function restartTomcat(accounts = [tomcatAccount]): Promise<void> {
  const { port } = tomcat;
  await tomcat.close();
  tomcat = await startTomcat(home, { port, accounts });
}

async function signedOn(who: string, path = securedPage): Promise<CookieClient> {
  const client = await house.person(who, path);
  await enterPassword(house, client, name, password, path);
  return client;
}

const page = (client: CookieClient, path: string, headers = {}): Promise<Reply> => client.page(house.origin + path, headers);
const sessionIn = (reply: Reply): string => /Session ID: (\w{32})/.exec(reply.text)?.[1] ?? '';
const sessionsSent = (text: string): string[] => [...text.matchAll(/JSESSIONID=(\w+)/g)].map((match) => match[1] ?? '');

let all = '';

/** What went to Tomcat since the last look. */
function taken(): string {
  const text = house.relay.take();
  all += text;
  return text;
}

/** The last answers of Tomcat, as many as that and the one to a person among them; null before they stand in its log. */
function answered(most: number): string[] | null {
  const last = tomcat.served().slice(-most);
  if (last.at(-1)?.requestId === '-') return null;
  return last.map(({ method, path, status }) => `${method} ${path.replace(/;.*/, '')} ${status}`);
}

/** How often a password was sent since Tomcat was started first. */
function tries(): number {
  taken();
  return all.split(`POST ${checkPath}`).length - 1;
}

needed.describe('a form login of the servlet container', () => {
  describe('with the password of each person', () => {
    beforeAll(async () => open(ownPassword));
    afterAll(async () => close());

    test('is asked once, answered in the session that was shown the form, and opens the page that was wanted', async () => {
      const client = await house.person('nurse', securedPage);
      expect(house.relay.sent()).toBe(0);
      taken();
      const arrived = await enterPassword(house, client, name, password, securedPage);
      const sent = taken();
      expect(arrived).toMatchObject({ status: 200, url: house.origin + securedPage });
      expect(arrived.text).toMatch(/logged in as remote user\s*<b>wardgate<\/b>/);
      const [shown = '', after = ''] = sessionsSent(sent);
      // The address of the form named the session, because no cookie had come back yet; the login gave it another id.
      expect(sent).toContain(`POST ${checkPath};jsessionid=${shown} HTTP/1.1`);
      expect(after).toMatch(/^\w{32}$/);
      expect(after).not.toBe(shown);
      expect(arrived.text).toContain(`in session <b>${after}</b>`);
      // The last stands there under the id that the gateway gave it: Tomcat would have put the headers of the request that came
      // before its login in the place of those of the first one after it.
      const served = await eventually(() => answered(4), 'the access log');
      expect(served).toEqual([
        `GET ${securedPage} 200`,
        `POST ${checkPath} 303`,
        `GET ${securedPage} 200`,
        `GET ${securedPage} 200`,
      ]);
      expect(cookieNames(house, client)).toEqual(['wardgate', 'wardgate-browser']);
    });

    test('is asked no more by the next session, and its password stands in no file', async () => {
      const before = tries();
      const client = await signInAgain('nurse');
      const arrived = await page(client, securedPage);
      expect(arrived.text).toContain('Protected Page');
      expect(tries()).toBe(before + 1);
      expect(house.records('ehr-sign-on').at(-1)).toMatchObject({ subject: { name: 'nurse' }, decision: 'allowed' });
      expect(house.written()).not.toContain(password);
    });

    test('one person has two sessions at Tomcat for two sessions of ours, and neither sees the other (case 22)', async () => {
      const one = await signInAgain('nurse');
      const other = await signInAgain('nurse');
      await page(one, securedPage);
      await page(other, securedPage);
      await one.form(house.origin + sessionPage, { dataname: 'chart', datavalue: 'of the first' });
      const [first, second] = [await page(one, sessionPage), await page(other, sessionPage)];
      expect(first.text).toContain('of the first');
      expect(second.text).not.toContain('of the first');
      expect(sessionIn(first)).not.toBe(sessionIn(second));
    });

    /** The code of a person works once, so time passes before the next one. */
    async function signInAgain(who: string): Promise<CookieClient> {
      house.clock.forward({ seconds: 31 });
      expect(codeAt(house.place, who, house.clock)).toMatch(/^\d{6}$/);
      return house.person(who, sessionPage);
    }

    test('whose password is wrong is told so after one try, and nothing is kept', async () => {
      const client = await house.person('physician', securedPage);
      const before = tries();
      const told = await enterPassword(house, client, name, 'not-the-password', securedPage);
      expect(told.status).toBe(403);
      expect(told.text).toContain('The EHR did not accept this name and password');
      expect(tries()).toBe(before + 1);
      await withoutTheEhrHearing(house, async () => {
        expect((await page(client, securedPage)).url).toContain('/.wardgate/credential');
        expect(problemOf(await script(client, house.origin + securedPage))).toMatchObject({ reason: 'ehr-session-ended' });
      });
      expect(house.written()).not.toContain('not-the-password');
      expect(house.records('ehr-sign-on').at(-1)).toMatchObject({ decision: 'refused', reason: 'ehr-credential-refused' });
    });

    test('no session id of a browser reaches Tomcat, in whatever place (case 18)', async () => {
      const client = await signedOn('records', sessionPage);
      const own = sessionIn(await page(client, sessionPage));
      const stolen = 'A'.repeat(32);
      taken();
      for (const headers of [{ cookie: `JSESSIONID=${stolen}` }, { cookie: `jsessionid="${stolen}"` }]) {
        const cookie = `${client.cookieHeader(house.origin)}; ${headers.cookie}`;
        expect(sessionIn(await client.ask(house.origin + sessionPage, { headers: { cookie } }))).toBe(own);
      }
      for (const path of [`${sessionPage};jsessionid=${stolen}`, `${sessionPage};JSESSIONID=${stolen}.node1?a=b`]) {
        expect(sessionIn(await page(client, path))).toBe(own);
      }
      expect(sessionIn(await client.form(`${house.origin}${sessionPage};jsessionid=${stolen}`, { dataname: 'a' }))).toBe(own);
      const sent = taken();
      expect(sent).not.toContain(stolen);
      expect(sent).toContain(`GET ${sessionPage}?a=b HTTP/1.1`);
      await withoutTheEhrHearing(house, async () => {
        for (const path of [
          `/examples;jsessionid=${stolen}/servlets/`,
          `${sessionPage};a=b`,
          `${sessionPage};jsessionid=${stolen};x`,
        ]) {
          expect((await page(client, path)).status).toBe(400);
        }
      });
    });

    test('a live connection has the session of the jar, is refused to another site, and ends with ours (case 20)', async () => {
      const client = await signedOn('billing', sessionPage);
      const own = sessionIn(await page(client, sessionPage));
      const address = house.origin + socketPath;
      taken();
      const socket = new WebSocket(address.replace('http', 'ws'), {
        headers: { cookie: client.cookieHeader(house.origin), origin: house.origin },
      });
      const heard: string[] = [];
      const codes: number[] = [];
      socket.on('message', (data: Buffer) => void heard.push(data.toString()));
      socket.on('close', (code) => void codes.push(code));
      socket.on('error', () => undefined);
      socket.on('open', () => socket.send('hello'));
      await eventually(() => heard.includes('hello'), 'the echo');
      expect(sessionsSent(taken())).toEqual([own]);
      const foreign = client.ask(address, {
        headers: {
          origin: 'http://evil.test',
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        },
      });
      expect((await withoutTheEhrHearing(house, () => foreign)).status).toBe(403);
      await client.form(`${house.origin}/.wardgate/sign-out`, {});
      await eventually(() => codes.length > 0, 'the close');
      expect(codes).toEqual([4401]);
      expect(await withoutTheEhrHearing(house, () => handshake(client, address))).toBe(401);
    });

    test('pages that nobody may open stay shut, whoever asks, and so does the form itself', async () => {
      const client = await signedOn('front-desk', sessionPage);
      await withoutTheEhrHearing(house, async () => {
        for (const path of ['/examples/WEB-INF/web.xml', '/examples/manager/html', checkPath]) {
          expect((await page(client, path)).status).toBe(403);
        }
        expect((await client.form(house.origin + checkPath, { j_username: name, j_password: password })).status).toBe(403);
      });
    });
  });

  describe('whose sessions are gone', () => {
    beforeEach(async () => open(ownPassword));
    afterEach(async () => close());

    test('a script is told, and a page that is opened signs on once more', async () => {
      const client = await signedOn('nurse');
      await restartTomcat();
      house.clock.forward({ minutes: 1 });
      const first = await script(client, house.origin + securedPage);
      expect(first).toMatchObject({ status: 401 });
      expect(first.headers['www-authenticate']).toBeUndefined();
      expect(problemOf(first)).toMatchObject({ reason: 'ehr-session-ended' });
      expect(first.text).not.toContain('j_password');
      await withoutTheEhrHearing(house, async () => {
        expect((await script(client, house.origin + securedPage)).status).toBe(401);
        expect(await handshake(client, house.origin + socketPath)).toBe(401);
        const lost = await client.form(house.origin + sessionPage, { dataname: 'a' });
        expect(lost.status).toBe(401);
      });
      expect(tries()).toBe(1);
      expect((await page(client, securedPage)).text).toContain('Protected Page');
      expect(tries()).toBe(2);
      expect(house.records('ehr-sign-on')).toHaveLength(1);
      expect((await script(client, house.origin + securedPage)).status).toBe(200);
    });

    test('a page that finds the form in its place signs on at once, and not a third time within half a minute', async () => {
      const client = await signedOn('nurse');
      await restartTomcat();
      expect((await page(client, securedPage)).text).toContain('Protected Page');
      expect(tries()).toBe(2);
      await restartTomcat();
      const told = await page(client, securedPage);
      expect(told.status).toBe(401);
      expect(told.text).toContain('Your session at the EHR has ended');
      expect(tries()).toBe(2);
      house.clock.forward({ minutes: 1 });
      expect((await page(client, securedPage)).text).toContain('Protected Page');
    });

    test('and whose password is another now: one try, then the person is asked, and Tomcat is left alone', async () => {
      const client = await signedOn('nurse');
      house.clock.forward({ minutes: 1 });
      await restartTomcat([{ name, password: 'changed-s3cret' }]);
      const asked = await page(client, securedPage);
      expect(asked.status).toBe(403);
      expect(asked.text).toContain('The EHR did not accept your password');
      expect(tries()).toBe(2);
      await withoutTheEhrHearing(house, async () => {
        expect((await page(client, securedPage)).status).toBe(403);
        expect((await page(client, sessionPage)).status).toBe(403);
        expect(problemOf(await script(client, house.origin + sessionPage))).toMatchObject({ reason: 'ehr-session-ended' });
      });
      expect(house.records('ehr-sign-on').at(-1)).toMatchObject({ decision: 'refused', reason: 'ehr-credential-refused' });
      expect(house.written()).toContain('A sign-on to the EHR failed');
      const arrived = await enterPassword(house, client, name, 'changed-s3cret', securedPage);
      expect(arrived.text).toContain('Protected Page');
      expect(tries()).toBe(3);
    });
  });

  describe('with an account for each role', () => {
    const doctor = { name: 'doctor', password: 'd0ctors' };
    const ward = { name: 'ward', password: 'w4rds' };
    const roles = '{ physician: { account: doctor, passwordEnv: DOCTORS }, nurse: { account: ward, passwordEnv: WARDS } }';

    beforeAll(async () => {
      process.env['DOCTORS'] = doctor.password;
      process.env['WARDS'] = ward.password;
      await open(['preset: tomcat-form', ...base, `signOn: { roles: ${roles} }`], {}, [doctor, ward]);
    });
    afterAll(async () => {
      delete process.env['DOCTORS'];
      delete process.env['WARDS'];
      await close();
    });

    test('everybody is who their role is, and on record as who they are', async () => {
      const nurse = await house.person('nurse', securedPage);
      const physician = await house.person('physician', securedPage);
      expect((await page(nurse, securedPage)).text).toMatch(/remote user\s*<b>ward<\/b>/);
      expect((await page(physician, securedPage)).text).toMatch(/remote user\s*<b>doctor<\/b>/);
      expect(house.records('ehr-sign-on').map(({ subject, decision }) => [(subject as { name: string }).name, decision])).toEqual(
        [
          ['nurse', 'allowed'],
          ['physician', 'allowed'],
        ],
      );
    });

    test('whoever has none of these roles is told, and Tomcat hears nothing', async () => {
      const client = await withoutTheEhrHearing(house, () => house.person('billing', securedPage));
      const told = await withoutTheEhrHearing(house, () => page(client, securedPage));
      expect(told.status).toBe(403);
      expect(told.text).toContain('No EHR account is set up for your role');
    });

    test('an account that Tomcat refuses is tried once, for all sessions, and the other goes on', async () => {
      house.clock.forward({ minutes: 1 });
      const physician = await house.person('physician', sessionPage);
      house.clock.forward({ minutes: 1 });
      const before = tries();
      await restartTomcat([{ name: 'doctor', password: 'another' }, ward]);
      const told = await page(physician, securedPage);
      expect(told.status).toBe(502);
      expect(told.text).toContain('does not accept the account that is set up');
      expect(told.text).not.toContain(doctor.password);
      expect(tries()).toBe(before + 1);
      const again = await withoutTheEhrHearing(house, () => house.person('physician', sessionPage));
      expect((await withoutTheEhrHearing(house, () => page(again, securedPage))).status).toBe(502);
      const nurse = await house.person('nurse', securedPage);
      expect((await page(nurse, securedPage)).text).toMatch(/remote user\s*<b>ward<\/b>/);
      expect(house.written()).not.toMatch(/d0ctors|w4rds/);
    });
  });

  describe('with its logout', () => {
    beforeEach(async () =>
      open(['preset: ./our-tomcat.yaml', ...base, 'signOn: own-password'], { 'our-tomcat.yaml': withLogout() }),
    );
    afterEach(async () => close());

    const logoff = `${securedPage}?logoff=true`;
    const loggedOff = (): number => tomcat.served().filter(({ query }) => query === '?logoff=true').length;

    test('whoever logs out of Tomcat has left the gateway too, and is not signed on again', async () => {
      const client = await signedOn('nurse');
      const reply = await client.ask(house.origin + logoff, { headers: { accept: 'text/html', 'sec-fetch-dest': 'document' } });
      expect(reply.status).toBe(303);
      expect(reply.headers.location).not.toContain('/examples');
      const byPerson = (): boolean => tomcat.served().some((one) => one.query === '?logoff=true' && one.requestId !== '-');
      await eventually(byPerson, 'the logout in the access log');
      expect(house.records('sign-out')).toMatchObject([{ subject: { name: 'nurse' }, detail: "by the EHR's own logout" }]);
      const before = tries();
      expect(problemOf(await withoutTheEhrHearing(house, () => script(client, house.origin + securedPage)))).toMatchObject({
        reason: 'sign-in-required',
      });
      expect(tries()).toBe(before);
    });

    test('whoever signs out of the gateway is logged out of Tomcat, with the session that they had', async () => {
      const client = await signedOn('nurse');
      const own = sessionIn(await page(client, sessionPage));
      taken();
      await client.form(`${house.origin}/.wardgate/sign-out`, {});
      await eventually(() => loggedOff() === 1, 'the logout');
      const sent = taken();
      expect(sent).toContain(`GET ${logoff} HTTP/1.1`);
      expect(sessionsSent(sent)).toEqual([own]);
      const again = await fetch(`${tomcat.origin}${securedPage}`, { headers: { cookie: `JSESSIONID=${own}` } });
      expect(await again.text()).toContain('j_password');
    });

    test('whose session is ended for them is logged out of Tomcat as well', async () => {
      await signedOn('nurse');
      const { sessions } = house.gateway.composed.state;
      const [session] = await sessions.ofSubject(house.place.provider.issuer, 'nurse');
      await sessions.end(session?.key ?? '', 'idle');
      await eventually(() => loggedOff() === 1, 'the logout');
    });
  });

  describe('that nobody is signed on to, with a session that stays with the gateway all the same', () => {
    beforeAll(async () => open(['preset: tomcat-form', 'root: /examples', 'signOn: none', 'cookies: { jar: JSESSIONID }']));
    afterAll(async () => close());

    test('a page that has the session in its addresses works on the first visit', async () => {
      const client = await house.person('nurse', '/examples/index.html');
      const first = await page(client, sessionPage);
      const own = sessionIn(first);
      expect(first.text).toContain(`action="SessionExample;jsessionid=${own}"`);
      const kept = await client.form(`${house.origin}${sessionPage};jsessionid=${own}`, { dataname: 'chart', datavalue: 'kept' });
      expect([kept.status, sessionIn(kept), kept.text.includes('chart = kept')]).toEqual([200, own, true]);
      expect(kept.text).not.toContain(';jsessionid=');
      expect(cookieNames(house, client)).not.toContain('JSESSIONID');
    });
  });
});
