// A real application server in Java behind the gateway: its examples work for whoever may use them, its session belongs to
// one session of ours, its live connections end with it, and what it reads in a field is what the rule has judged.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { CookieClient, Reply } from '../support/cookie-client.ts';
import { eventually, signIn } from '../support/demo-story.ts';
import { handshakeHeaders } from '../support/live-connection.ts';
import { requirement } from '../support/requirements.ts';
import { startTomcat } from '../support/tomcat.ts';
import { openPage, signInToTomcat, tomcatClinic } from '../support/tomcat-clinic.ts';
import type { TomcatClinic } from '../support/tomcat-clinic.ts';
import { securedPage } from '../support/tomcat-ways.ts';

const needed = requirement('tomcat');
const sessionPage = '/examples/servlets/servlet/SessionExample';

let house: TomcatClinic;

const page = (client: CookieClient, path: string, headers = {}): Promise<Reply> =>
  client.ask(house.place.origin + path, { headers });
const form = (client: CookieClient, path: string, fields: Readonly<Record<string, string>>): Promise<Reply> =>
  client.form(house.place.origin + path, fields);
const jarOf = (client: CookieClient): Map<string, string> => client.jar.get(house.host) ?? new Map<string, string>();
const sessionIn = (reply: Reply): string => /Session ID: (\w{32})/.exec(reply.text)?.[1] ?? '';

async function nothingSent<T>(act: () => Promise<T>): Promise<T> {
  const before = house.relay.sent();
  const result = await act();
  expect(house.relay.sent()).toBe(before);
  return result;
}

needed.describe('Tomcat behind the gateway', () => {
  beforeAll(async () => {
    house = await tomcatClinic(needed.path ?? '');
  });
  afterAll(async () => house.close());

  describe('its examples', () => {
    test('say what they were asked, by whom and how, and hear nothing that a client says in our name', async () => {
      const { nurse } = house.people;
      const info = await page(nurse, '/examples/servlets/servlet/RequestInfoExample/some/place?a=b');
      expect(info.text).toMatch(/\/examples\/servlets\/servlet\/RequestInfoExample\/some\/place\s/);
      expect(info.text).toMatch(/<td>\s*\/some\/place\s*<\/td>/);
      const told = await page(nurse, '/examples/servlets/servlet/RequestHeaderExample', {
        accept: 'application/json',
        'X-Remote-User': 'admin',
        X_Remote_User: 'admin',
        'X-Forwarded-For': '10.20.5.7',
        X_Forwarded_For: '10.20.5.7',
        'X-Forwarded-Host': 'evil.test',
        Authorization: 'Basic YWRtaW46YWRtaW4=',
        'X-HTTP-Method-Override': 'DELETE',
        'X-Original-URL': securedPage,
      });
      const heard = JSON.parse(told.text) as readonly Record<string, string>[];
      expect(Object.assign({}, ...heard)).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': house.host });
      expect(told.text).not.toMatch(/10\.20\.5\.7|admin|evil|_|DELETE|security|wardgate/i);
    });

    test('set cookies of their own and get them back, and ours never', async () => {
      const { nurse } = house.people;
      const path = '/examples/servlets/servlet/CookieExample';
      await form(nurse, path, { cookiename: 'theme', cookievalue: 'dark' });
      expect(jarOf(nurse).get('theme')).toBe('dark');
      house.relay.take();
      expect((await page(nurse, path)).text).toMatch(/theme[\s\S]*dark/);
      expect(house.relay.take()).not.toContain('wardgate=');
      await form(nurse, path, { cookiename: 'wardgate', cookievalue: 'taken-over' });
      expect(jarOf(nurse).get('wardgate')).not.toBe('taken-over');
      expect((await page(nurse, openPage)).status).toBe(200);
    });
  });

  describe('its session', () => {
    test('carries what was put into it, for its own person alone', async () => {
      const { nurse, physician } = house.people;
      const first = sessionIn(await page(nurse, sessionPage));
      const kept = await form(nurse, sessionPage, { dataname: 'chart', datavalue: 'of the nurse' });
      expect([sessionIn(kept), kept.text.includes('chart = of the nurse')]).toEqual([first, true]);
      const other = await page(physician, sessionPage);
      expect(other.text).not.toContain('of the nurse');
      expect(sessionIn(other)).not.toBe(first);
    });

    test("goes on in nobody else's name, whether a cookie or the address names it", async () => {
      const { nurse, physician } = house.people;
      await page(nurse, sessionPage);
      const stolen = jarOf(nurse).get('JSESSIONID') ?? 'none';
      const mine = `wardgate=${jarOf(physician).get('wardgate') ?? ''}`;
      house.relay.take();
      for (const cookie of [
        `JSESSIONID=${stolen}`,
        `jsessionid=${stolen}`,
        `JSESSIONID="${stolen}"`,
        `$Version=1; JSESSIONID=${stolen}`,
      ]) {
        const reply = await page(physician, sessionPage, { cookie: `${mine}; ${cookie}` });
        expect([reply.status, sessionIn(reply) === stolen]).toEqual([200, false]);
      }
      expect(house.relay.take()).not.toContain(stolen);
      const inAddress = `${sessionPage};jsessionid=${stolen}`;
      // Tomcat by itself would have taken it.
      expect(await (await fetch(house.tomcat.origin + inAddress)).text()).toContain(stolen);
      expect((await nothingSent(() => page(physician, inAddress))).status).toBe(400);
    });

    test('is signed on with the password of its own, and stays out of reach for whoever may not see the page', async () => {
      const { nurse, physician } = house.people;
      const arrived = await signInToTomcat(house, physician);
      expect(arrived.text).toMatch(/logged in as remote user\s*<b>wardgate<\/b>/);
      const inside = jarOf(physician).get('JSESSIONID') ?? 'none';
      const cookie = `wardgate=${jarOf(nurse).get('wardgate') ?? ''}; JSESSIONID=${inside}`;
      expect((await nothingSent(() => page(nurse, securedPage, { cookie }))).status).toBe(403);
      expect((await page(physician, securedPage)).text).toContain('Protected Page');
    });

    test('stands in the address of its first form, which is refused, unless Tomcat goes by cookies alone', async () => {
      const client = await signIn(house.place, 'records', openPage);
      const first = await page(client, sessionPage);
      expect(first.text).toContain(`action="SessionExample;jsessionid=${sessionIn(first)}"`);
      const refused = await nothingSent(() => form(client, `${sessionPage};jsessionid=${sessionIn(first)}`, { dataname: 'a' }));
      expect(refused.status).toBe(400);
      // The cookie has come back by now, so that the form has a plain address.
      expect((await page(client, sessionPage)).text).toContain('action="SessionExample"');
      const set = await startTomcat(needed.path ?? '', { cookiesOnly: true });
      const fresh = await (await fetch(set.origin + sessionPage)).text();
      await set.close();
      expect(fresh).toContain('action="SessionExample"');
    });
  });

  describe('a live connection', () => {
    const socketPath = '/examples/websocket/echoProgrammatic';

    test('echoes, and ends with its session', async () => {
      const client = await signIn(house.place, 'billing', openPage);
      const socket = new WebSocket(`ws://${house.host}${socketPath}`, {
        headers: { cookie: client.cookieHeader(house.place.origin), origin: house.place.origin },
      });
      const heard: string[] = [];
      const codes: number[] = [];
      socket.on('message', (data: Buffer) => void heard.push(data.toString()));
      socket.on('error', () => undefined);
      socket.on('close', (code) => void codes.push(code));
      socket.on('open', () => socket.send('hello'));
      await eventually(() => heard.includes('hello'), 'the echo');
      socket.send('x'.repeat(5000));
      await eventually(() => heard.join('').length === 5005, 'the long echo');
      await client.form(`${house.place.origin}/.wardgate/sign-out`, {});
      await eventually(() => codes.length > 0, 'the close');
      expect(codes).toEqual([4401]);
      const outcome = await eventually(
        () => house.records().find((one) => one['event'] === 'outcome' && one['target'] === socketPath),
        'the outcome',
      );
      expect(outcome).toMatchObject({ rule: 'live', status: 101, reason: 'session-ended' });
    });

    test.each<readonly [what: string, text: () => string, status: number]>([
      ['nobody', () => house.head(null, `GET ${socketPath}`, ...handshakeHeaders(house.host)), 401],
      ['a page of another site', () => house.head('nurse', `GET ${socketPath}`, ...handshakeHeaders('evil.test')), 403],
      ['a page that names no site', () => house.head('nurse', `GET ${socketPath}`, ...handshakeHeaders(house.host).slice(0, -1)), 403],
      ['somebody who asks for a page', () => house.head('physician', `GET ${securedPage}`, ...handshakeHeaders(house.host)), 403],
      ['another spelling', () => house.head('nurse', `GET /examples/jsp/..;/websocket/echoProgrammatic`, ...handshakeHeaders(house.host)), 400],
    ])('is not opened for %s', async (_what, text, status) => {
      expect((await nothingSent(() => house.ask(text()))).status).toBe(status);
    }); // prettier-ignore
  });
});
