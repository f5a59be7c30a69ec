// The stand-in for OpenEMR, held to what the product was seen to do: its way in and out, and how it says that somebody is
// not logged in.

import { afterEach, describe, expect, it } from 'vitest';
import { startOpenEmr } from '../../src/demo/openemr/start-open-emr.ts';
import type { OpenEmr, OpenEmrOptions } from '../../src/demo/openemr/start-open-emr.ts';
import { CookieClient } from './cookie-client.ts';
import { logIn, openMain } from './openemr-client.ts';

const running: OpenEmr[] = [];

afterEach(async () => {
  for (const emr of running.splice(0)) await emr.close();
});

async function start(options: OpenEmrOptions = {}): Promise<{ readonly emr: OpenEmr; readonly client: CookieClient }> {
  const emr = await startOpenEmr(options);
  running.push(emr);
  return { emr, client: new CookieClient(emr.origin) };
}

const main = '/openemr/interface/main/tabs/main.php';
const finder = '/openemr/interface/main/finder/dynamic_finder.php';
const loginScript = "w.top.location.href = '/openemr/interface/login_screen.php?error=1&site=";

describe('the entry', () => {
  it.each([
    ['/openemr', 301, /^http:\/\/127\.0\.0\.1:\d+\/openemr\/$/],
    ['/openemr/', 302, /^interface\/login\/login\.php\?site=default$/],
    ['/openemr/index.php', 302, /^interface\/login\/login\.php\?site=default$/],
  ])('%s answers %i', async (path, status, location) => {
    const { client } = await start();
    const reply = await client.fetch(path);
    expect(reply.status).toBe(status);
    expect(reply.headers.get('location')).toMatch(location);
  });

  it('leads to a form with the fields the login takes', async () => {
    const { client } = await start();
    const { response } = await client.follow('/openemr/');
    const text = await response.text();
    expect(text).toContain('id="login_form"');
    expect(text).toContain('../main/main_screen.php?auth=login&amp;site=default');
    expect(text).toContain("document.cookie = 'OpenEMR=; path=/openemr;");
    expect(text).not.toContain('login-failure');
    expect(await (await client.fetch('/openemr/interface/login/login.php?site=default&error=1')).text()).toContain(
      '<div class="well well-lg login-failure">Invalid username or password',
    );
  });

  it.each([
    [5, null, null],
    [7, 'DENY', "frame-ancestors 'none'"],
  ] as const)('may stand in a frame or not, by version: %i', async (version, options, policy) => {
    const { client } = await start({ version });
    const page = await client.fetch('/openemr/interface/login/login.php?site=default');
    expect(page.headers.get('x-frame-options')).toBe(options);
    expect(page.headers.get('content-security-policy')).toBe(policy);
    const inside = await openMain(client, 'nurse');
    expect(inside.headers.get('x-frame-options')).toBeNull();
  });

  it('shows a facility where it is set up so, and lets in whoever leaves it out', async () => {
    const { client } = await start({ facilityChooser: true });
    expect(await (await client.fetch('/openemr/interface/login/login.php')).text()).toContain('<select name="facility">');
    expect((await logIn(client, 'nurse')).status).toBe(302);
  });
});

describe('the login', () => {
  it.each([
    [5, /^\/openemr\/interface\/main\/tabs\/main\.php$/, 'OpenEMR=; path=/openemr'],
    [7, /^\/openemr\/interface\/main\/tabs\/main\.php\?token_main=[0-9a-f]{32}$/, 'OpenEMR=; path=/openemr/; SameSite=Strict'],
  ] as const)(
    'of version %i succeeds in one step with two cookies of which the last counts',
    async (version, location, cookie) => {
      const { emr, client } = await start({ version });
      const reply = await logIn(client, 'admin', 'pass');
      const lines = reply.headers.getSetCookie();
      expect(reply.status).toBe(302);
      expect(reply.headers.get('location')).toMatch(location);
      expect(lines.slice(-2).map((line) => line.replace(/=\w+;/, '=;'))).toEqual([cookie, cookie]);
      expect(emr.sessions()).toMatchObject([{ user: 'admin', patient: null, id: client.cookie('OpenEMR') }]);
      const first = lines.at(-2)?.split(';')[0] ?? '';
      const withFirst = await fetch(emr.origin + finder, { headers: { cookie: first } });
      expect(await withFirst.text()).toBe('Site ID is missing from session data!');
    },
  );

  it('gives a session another id', async () => {
    const { emr, client } = await start();
    await client.fetch('/openemr/interface/login/login.php?site=default');
    const before = `OpenEMR=${client.cookie('OpenEMR')}`;
    await logIn(client, 'nurse');
    expect(before).not.toBe(`OpenEMR=${client.cookie('OpenEMR')}`);
    expect(await (await fetch(emr.origin + finder, { headers: { cookie: before } })).text()).toContain('Site ID is missing');
  });

  it.each([
    ['a wrong password', 'admin', 'word', {}, 'wrong'],
    ['an unknown user', 'nobody', 'pass', {}, 'wrong'],
    ['an expired password', 'old', 'right', {}, 'expired'],
  ])('answers %s with 200 and the script', async (_case, user, password, options, result) => {
    const users = [
      { name: 'admin', password: 'pass' },
      { name: 'old', password: 'right', passwordExpired: true },
    ];
    const { emr, client } = await start({ users, ...options });
    const reply = await logIn(client, user, password);
    expect(reply.status).toBe(200);
    const text = await reply.text();
    expect(text).toContain(`${loginScript}';`);
    expect(text).not.toContain('timed_out');
    expect(emr.sessions()).toEqual([]);
    expect(emr.logins()).toMatchObject([{ user, result, address: '127.0.0.1' }]);
  });

  it.each([
    ['without auth=login', '/openemr/interface/main/main_screen.php?site=default', ['authUser', 'clearPass'], loginScript],
    ['without a site', '/openemr/interface/main/main_screen.php?auth=login', [], 'Site ID is missing from session data!'],
    [
      'without the marker',
      '/openemr/interface/main/main_screen.php?auth=login&site=default',
      ['new_login_session_management'],
      loginScript,
    ],
  ])('is none %s', async (_case, path, without, told) => {
    const { emr, client } = await start();
    const form = new URLSearchParams({ new_login_session_management: '1', authUser: 'admin', clearPass: 'pass' });
    for (const name of without) form.delete(name);
    const reply = await client.fetch(path, { method: 'POST', body: form });
    expect(reply.status).toBe(200);
    expect(await reply.text()).toContain(told);
    expect(emr.logins()).toEqual([]);
  });

  it('asks for a code with name and password in the page, and takes the right one', async () => {
    const { emr, client } = await start({ users: [{ name: 'careful', password: 'p&w', totp: true }] });
    const asked = await logIn(client, 'careful', 'p&w');
    const text = await asked.text();
    expect(asked.status).toBe(200);
    expect(text).toContain('TOTP Verification');
    expect(text).toContain("name='clearPass' value='p&amp;w'");
    expect(emr.sessions()).toEqual([]);
    const wrong = await logIn(client, 'careful', 'p&w', { totp: '000000', form_response: 'true' });
    expect(await wrong.text()).toContain('The code you entered was not valid');
    expect((await logIn(client, 'careful', 'p&w', { totp: '123456', form_response: 'true' })).status).toBe(302);
    expect(emr.logins().map((one) => one.result)).toEqual(['code-asked', 'code-asked', 'success']);
  });

  it('lets in whose password is due, with a tab that leads to the page for a new one', async () => {
    const { client } = await start({ users: [{ name: 'late', password: 'old', mustChangePassword: true }] });
    const text = await (await openMain(client, 'late', 'old')).text();
    expect(text).toContain('pwd_expires_alert.php');
    expect(await (await client.fetch('/openemr/interface/main/pwd_expires_alert.php')).text()).toContain(
      '../usergroup/user_info.php',
    );
    expect(await (await client.fetch('/openemr/interface/usergroup/user_info.php')).text()).toContain("name='curPass'");
    const change = (curPass: string) =>
      client.fetch('/openemr/interface/usergroup/user_info_ajax.php', {
        method: 'POST',
        body: new URLSearchParams({ curPass, newPass: 'new', newPass2: 'new' }),
      });
    expect(await (await change('wrong')).text()).toContain('Password update error');
    expect(await (await change('old')).text()).toContain('Password change successful');
    expect(await (await openMain(client, 'late', 'new')).text()).not.toContain('pwd_expires_alert.php');
  });
});

describe('the lock-out', () => {
  const fail = async (client: CookieClient, user: string, forwarded?: string): Promise<void> => {
    await logIn(client, user, 'wrong', {}, forwarded === undefined ? {} : { 'x-forwarded-for': forwarded });
  };

  it('is for the user after 20 failures, by the right password too, and over after an hour', async () => {
    let now = 1_700_000_000_000;
    const { emr, client } = await start({ now: () => now });
    for (let tries = 0; tries < 20; tries += 1) await fail(client, 'nurse', `203.0.113.${tries}`);
    expect((await logIn(client, 'nurse')).status).toBe(200);
    expect(emr.logins().at(-1)?.result).toBe('locked-user');
    expect((await logIn(client, 'physician')).status).toBe(302);
    now += 3_600_001;
    expect((await logIn(client, 'nurse')).status).toBe(302);
  });

  it.each([
    ['one address for all', undefined, 200, 'locked-address'],
    ['an address each', '203.0.113.9', 302, 'success'],
  ])('is for the address as X-Forwarded-For tells it: %s', async (_case, own, status, result) => {
    const { emr, client } = await start({ lockOut: { perUser: 20, perAddress: 5 } });
    for (let tries = 0; tries < 5; tries += 1) await fail(client, `stranger${tries}`);
    const reply = await logIn(client, 'nurse', 'meadow-nurse', {}, own === undefined ? {} : { 'x-forwarded-for': own });
    expect(reply.status).toBe(status);
    expect(emr.logins().at(-1)).toMatchObject({ result, address: own === undefined ? '127.0.0.1' : `127.0.0.1 (${own})` });
  });

  it('does not exist in version 5', async () => {
    const { client } = await start({ version: 5 });
    for (let tries = 0; tries < 21; tries += 1) await fail(client, 'nurse');
    expect((await logIn(client, 'nurse')).status).toBe(302);
  });
});

describe('main.php', () => {
  it('opens once in version 7; without the fresh token the session is gone', async () => {
    const { emr, client } = await start();
    const location = (await logIn(client, 'nurse')).headers.get('location') ?? '';
    expect(await (await client.fetch(location)).text()).toContain('framesDisplay');
    expect(emr.sessions().length).toBe(1);
    const again = await (await client.fetch(location)).text();
    expect(again).toContain(`${loginScript}default';`);
    expect(again).not.toContain('timed_out');
    expect(emr.sessions()).toEqual([]);
  });

  it.each([
    ['no token', main],
    ['another token', `${main}?token_main=0123`],
  ])('ends the session with %s', async (_case, path) => {
    const { emr, client } = await start();
    await logIn(client, 'nurse');
    expect(await (await client.fetch(path)).text()).toContain('login_screen.php?error=1');
    expect(emr.sessions()).toEqual([]);
  });

  it('opens as often as one likes in version 5, with the frame that reloads itself', async () => {
    const { emr, client } = await start({ version: 5 });
    await logIn(client, 'nurse');
    for (let times = 0; times < 2; times += 1) expect(await (await client.fetch(main)).text()).toContain('timeout_iframe.php');
    expect(emr.sessions().length).toBe(1);
  });

  it.each([
    [5, "oemr_session_id   = '"],
    [7, 'oemr_session_id   = "'],
  ] as const)('of version %i tells the session id and how the cookie is written', async (version, before) => {
    const { client } = await start({ version });
    const text = await (await openMain(client, 'nurse')).text();
    expect(text).toContain(before + client.cookie('OpenEMR'));
    expect(text).toContain("document.cookie = oemr_session_name + '=' + oemr_session_id + '; path=/openemr'");
  });
});

describe('who is not logged in', () => {
  const asked = [
    ['a page', finder],
    ['a page with a path behind it', `${finder}/x.css`],
    ['rows', '/openemr/interface/main/finder/dynamic_finder_ajax.php'],
    ['a part of a page', '/openemr/interface/patient_file/summary/stats.php'],
    ['a stylesheet', '/openemr/interface/themes/themeBuilder.php'],
    ['a poller', '/openemr/library/ajax/dated_reminders_counter.php'],
    ['a document', '/openemr/controller.php?document&retrieve&patient_id=1&document_id=1'],
  ] as const;

  it.each(asked)('gets exactly one sentence and 200 for %s without a session', async (_case, path) => {
    const { client } = await start();
    const reply = await client.fetch(path);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('text/html; charset=UTF-8');
    expect(await reply.text()).toBe('Site ID is missing from session data!');
  });

  it.each(asked)('gets the script and 200 for %s when the session has expired', async (_case, path) => {
    const { emr, client } = await start();
    await logIn(client, 'nurse');
    emr.expireSessions();
    const reply = await client.fetch(path);
    const text = await reply.text();
    expect(reply.status).toBe(200);
    expect(text).toContain('w.top.timed_out = true;');
    expect(text).toContain(`${loginScript}default';`);
    expect(emr.sessions()).toEqual([]);
  });

  it('gets the script where the request names the site', async () => {
    const { client } = await start();
    expect(await (await client.fetch(`${finder}?site=default`)).text()).toContain(loginScript);
  });

  it.each([
    [5, false],
    [7, true],
  ] as const)('gets a new cookie for an unknown one in version %i: %s', async (version, given) => {
    const { emr } = await start({ version });
    const reply = await fetch(emr.origin + finder, { headers: { cookie: 'OpenEMR=abcdefabcdefabcdef' } });
    expect(reply.headers.getSetCookie().length).toBe(given ? 1 : 0);
  });

  it('still gets files and what the installation left open', async () => {
    const { client } = await start();
    for (const path of ['/openemr/public/themes/style_light.css', '/openemr/library/js/utility.js', '/openemr/setup.php']) {
      expect(await (await client.fetch(path)).text()).not.toContain('Site ID');
    }
  });
});

describe('the end', () => {
  it('is told by logout.php with 200 and a script', async () => {
    const { emr, client } = await start();
    await openMain(client, 'nurse');
    const reply = await client.fetch('/openemr/interface/logout.php');
    expect(reply.status).toBe(200);
    expect(await reply.text()).toMatch(/w\.top\.timed_out = true;[^]*login_screen\.php\?error=1&site=default/);
    expect(emr.sessions()).toEqual([]);
    expect(await (await client.fetch(finder)).text()).toBe('Site ID is missing from session data!');
  });

  it('comes for all with a restart', async () => {
    const { emr, client } = await start();
    await openMain(client, 'nurse');
    emr.restart();
    expect(emr.sessions()).toEqual([]);
    expect(await (await client.fetch(finder)).text()).toBe('Site ID is missing from session data!');
    expect((await logIn(client, 'nurse')).status).toBe(302);
  });
});

describe('the record', () => {
  it('holds method, target, headers, body and time, and what came since', async () => {
    const { emr, client } = await start();
    await client.fetch('/openemr/interface/login/login.php?a&&b[]=%20');
    const before = emr.requests().length;
    await logIn(client, 'nurse');
    const [login] = emr.seenSince(before);
    expect(emr.requests()[0]?.target).toBe('/openemr/interface/login/login.php?a&&b[]=%20');
    expect(login).toMatchObject({ method: 'POST', bodyBytes: login?.body.length });
    expect(login?.body).toContain('authUser=nurse&clearPass=meadow-nurse');
    expect(login?.headers).toContain('cookie');
    expect(login?.at).toBeGreaterThan(1_700_000_000_000);
  });
});
