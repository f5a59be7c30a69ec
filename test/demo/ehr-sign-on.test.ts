// The three ways on to the demo EHR, by page and by WebSocket.

import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startDemoEhr } from '../../src/demo/ehr/start-demo-ehr.ts';
import type { DemoEhr, DemoEhrOptions } from '../../src/demo/ehr/start-demo-ehr.ts';
import { CookieClient } from './cookie-client.ts';

const running: DemoEhr[] = [];

afterEach(async () => {
  for (const ehr of running.splice(0)) await ehr.close();
});

async function start(options: DemoEhrOptions): Promise<DemoEhr> {
  const ehr = await startDemoEhr(options);
  running.push(ehr);
  return ehr;
}

const basic = (name: string, password: string): string => `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;

async function tokenOf(client: CookieClient): Promise<string> {
  const text = await (await client.fetch('/login')).text();
  return /name="token" value="([^"]+)"/.exec(text)?.[1] ?? '';
}

async function logIn(client: CookieClient, user: string, pass: string, token: string): Promise<Response> {
  return client.fetch('/login', { method: 'POST', body: new URLSearchParams({ user, pass, token }) });
}

describe('the login form', () => {
  it('sends strangers to itself, and the poller a word', async () => {
    const client = new CookieClient((await start({ signOn: 'form' })).origin);
    expect((await client.fetch('/chart?pid=7')).headers.get('location')).toBe('/login');
    expect(await (await client.fetch('/poll/reminders')).json()).toEqual({ timeoutMessage: 'timeout' });
    expect((await client.fetch('/static/style.css')).status).toBe(200);
  });

  it.each(['physician', 'nurse', 'front-desk', 'billing', 'records', 'security', 'it', 'newcomer', 'wardgate'])(
    'lets %s in with a new session, named by the last of two cookies',
    async (name) => {
      const client = new CookieClient((await start({ signOn: 'form' })).origin);
      const token = await tokenOf(client);
      const before = client.cookie('MBSESSION');
      const response = await logIn(client, name, `meadow-${name}`, token);
      const lines = response.headers.getSetCookie();
      expect(response.status).toBe(302);
      expect(response.headers.get('location')).toBe('/main');
      expect(lines.map((line) => line.replace(/=\w+/, '='))).toEqual(['MBSESSION=; path=/', 'MBSESSION=; path=/']);
      expect(client.cookie('MBSESSION')).not.toBe(before);
      expect((await client.fetch('/main')).status).toBe(200);
      const withFirst = await new CookieClient(running[0]?.origin ?? '').fetch('/main', {
        headers: { cookie: lines[0]?.split(';')[0] ?? '' },
      });
      expect(withFirst.headers.get('location')).toBe('/login');
    },
  );

  it.each([
    ['a wrong password', 'nurse', 'meadow-physician'],
    ['an unknown user', 'nobody', 'meadow-nobody'],
    ['the visitor', 'visitor', 'meadow-visitor'],
  ])('answers 200 and the form again to %s', async (_case, user, pass) => {
    const client = new CookieClient((await start({ signOn: 'form' })).origin);
    const response = await logIn(client, user, pass, await tokenOf(client));
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Unknown user name or wrong password');
    expect((await client.fetch('/main')).status).toBe(302);
  });

  it('refuses a token that belongs to another session', async () => {
    const { origin } = await start({ signOn: 'form' });
    const client = new CookieClient(origin);
    await tokenOf(client);
    const response = await logIn(client, 'nurse', 'meadow-nurse', await tokenOf(new CookieClient(origin)));
    expect(await response.text()).toContain('This login page is too old');
  });

  it('ends the session at logout', async () => {
    const { origin } = await start({ signOn: 'form' });
    const client = new CookieClient(origin);
    await logIn(client, 'nurse', 'meadow-nurse', await tokenOf(client));
    const cookie = `MBSESSION=${client.cookie('MBSESSION')}`;
    await client.fetch('/logout');
    expect(client.cookie('MBSESSION')).toBeNull();
    const again = await new CookieClient(origin).fetch('/main', { headers: { cookie } });
    expect(again.headers.get('location')).toBe('/login');
  });

  it('believes neither Basic nor a header', async () => {
    const client = new CookieClient((await start({ signOn: 'form' })).origin);
    const headers = { authorization: basic('nurse', 'meadow-nurse'), 'x-remote-user': 'nurse' };
    expect((await client.fetch('/main', { headers })).headers.get('location')).toBe('/login');
  });
});

describe('Basic', () => {
  it('asks for it, takes it and keeps a session beside it', async () => {
    const client = new CookieClient((await start({ signOn: 'basic' })).origin);
    const refused = await client.fetch('/main');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toBe('Basic realm="Meadowbrook EHR"');
    expect((await client.fetch('/main', { headers: { authorization: basic('nurse', 'wrong') } })).status).toBe(401);
    expect((await client.fetch('/main', { headers: { authorization: 'Basic !' } })).status).toBe(401);
    const headers = { authorization: basic('wardgate', 'meadow-wardgate') };
    expect(await (await client.fetch('/top', { headers })).text()).toContain('Wardgate service account');
    const session = client.cookie('MBSESSION');
    await client.fetch('/chart?set_pid=7', { headers });
    expect(await (await client.fetch('/demographics', { headers })).text()).toContain('MB-10259');
    expect(client.cookie('MBSESSION')).toBe(session);
  });
});

describe('the trusted header', () => {
  it('makes a session of its own for each name', async () => {
    const client = new CookieClient((await start({ signOn: 'header' })).origin);
    await client.fetch('/chart?set_pid=7', { headers: { 'X-Remote-User': 'nurse' } });
    const first = client.cookie('MBSESSION');
    const text = await (await client.fetch('/demographics', { headers: { 'X-Remote-User': 'physician' } })).text();
    expect(text).toContain('No patient selected');
    expect(client.cookie('MBSESSION')).not.toBe(first);
  });

  it.each([
    ['none', {}],
    ['an unknown name', { 'X-Remote-User': 'visitor' }],
    ['the name under another header', { Remote: 'nurse' }],
  ])('refuses %s', async (_case, headers: Record<string, string>) => {
    const client = new CookieClient((await start({ signOn: 'header' })).origin);
    expect((await client.fetch('/main', { headers })).status).toBe(403);
  });

  it('may have another name', async () => {
    const client = new CookieClient((await start({ signOn: 'header', headerName: 'X-Clinic-User' })).origin);
    expect((await client.fetch('/main', { headers: { 'X-Clinic-User': 'it' } })).status).toBe(200);
    expect((await client.fetch('/main', { headers: { 'X-Remote-User': 'it' } })).status).toBe(403);
  });
});

describe('any way', () => {
  it.each([
    ['header', { 'x-remote-user': 'nurse' }, 200],
    ['Basic', { authorization: basic('nurse', 'meadow-nurse') }, 200],
    ['nothing', {}, 302],
  ])('takes %s', async (_case, headers: Record<string, string>, status) => {
    const client = new CookieClient((await start({ signOn: 'any' })).origin);
    expect((await client.fetch('/main', { headers })).status).toBe(status);
  });

  it('takes the form', async () => {
    const client = new CookieClient((await start({ signOn: 'any' })).origin);
    await logIn(client, 'records', 'meadow-records', await tokenOf(client));
    expect(await (await client.fetch('/top')).text()).toContain('Rita Filewood');
  });
});

describe('the message line', () => {
  it('greets by name, echoes, and is cut when the EHR closes', async () => {
    const ehr = await start({ signOn: 'header' });
    const line = new WebSocket(`${ehr.origin.replace('http', 'ws')}/ws/messages`, { headers: { 'X-Remote-User': 'nurse' } });
    const [greeting] = (await once(line, 'message')) as [Buffer];
    expect(greeting.toString()).toBe('Welcome, Noah Madeup');
    line.send('hello');
    const [echo] = (await once(line, 'message')) as [Buffer];
    expect(echo.toString()).toBe('hello');
    const closed = once(line, 'close');
    await ehr.close();
    expect((await closed)[0]).toBe(1006);
    expect(ehr.requests().map((one) => one.target)).toEqual(['/ws/messages']);
  });

  it('ticks for ever when asked', async () => {
    const ehr = await start({ signOn: 'header' });
    const address = `${ehr.origin.replace('http', 'ws')}/ws/messages?forever`;
    const line = new WebSocket(address, { headers: { 'X-Remote-User': 'nurse' } });
    const heard: string[] = [];
    line.on('message', (data: Buffer) => heard.push(data.toString()));
    await expect.poll(() => heard, { timeout: 10_000 }).toContain('tick');
    line.terminate();
  });

  it.each([
    ['/ws/messages', {}, 403],
    ['/ws/other', { 'X-Remote-User': 'nurse' }, 404],
  ])('refuses %s with %o', async (path, headers, status) => {
    const ehr = await start({ signOn: 'header' });
    const line = new WebSocket(ehr.origin.replace('http', 'ws') + path, { headers });
    const [, answer] = (await once(line, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(answer.statusCode).toBe(status);
    line.on('error', () => undefined);
    line.terminate();
  });
});

describe('watching', () => {
  it('tells of a request before it is answered', async () => {
    const seen: string[] = [];
    const ehr = await start({ signOn: 'header', observe: (one) => seen.push(`${one.method} ${one.target}`) });
    await fetch(`${ehr.origin}/nowhere?a=%2F`);
    expect(seen).toEqual(['GET /nowhere?a=%2F']);
  });
});
