// Signing on to OpenEMR through the gateway: one password at the provider, a second factor, the EHR password once, and then
// its main page at once. The session of OpenEMR stays with the gateway, whatever its pages do.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { script } from '../support/clinic-story.ts';
import type { Reply } from '../support/cookie-client.ts';
import { eventually } from '../support/demo-story.ts';
import type { HearingClient } from '../support/hearing-client.ts';
import { MAIN, openEmrClinic, passwordOf, typePassword } from '../support/openemr-clinic.ts';
import type { OpenEmrClinic } from '../support/openemr-clinic.ts';

const ours = /^(?:__Host-)?wardgate/;

describe.each([
  [7, 'openemr'],
  [5, 'openemr-5'],
  [5, 'openemr'],
] as const)('OpenEMR %i behind the preset %s', (version, preset) => {
  let house: OpenEmrClinic;
  beforeAll(async () => {
    house = await openEmrClinic({ version, preset });
  });
  afterAll(async () => house.close());

  const cookiesOf = (target: string): string[] =>
    house.emr
      .requests()
      .filter((one) => one.target.startsWith(target))
      .map(({ headers }) => headers[headers.findIndex((name) => name.toLowerCase() === 'cookie') + 1] ?? '');

  function expectOnlyOurCookies(client: HearingClient): void {
    const fromUs = client.heard.filter(({ url }) => url.startsWith(house.place.origin));
    const set = fromUs.flatMap(({ headers }) => headers['set-cookie'] ?? []).map((line) => line.split('=', 1)[0] ?? '');
    expect(set.length).toBeGreaterThan(0);
    expect(set.filter((name) => !ours.test(name))).toEqual([]);
  }

  test('asks for the EHR password once, then opens the main page with its fresh token', async () => {
    const { client, page: asked } = await house.arrive('physician');
    expect(asked.url).toContain('/.wardgate/credential?application=ehr');
    expect(house.emr.requests()).toEqual([]);
    const main = await typePassword(client, asked, 'physician', passwordOf('physician'));
    expect(main.status).toBe(200);
    expect(main.text).toContain('id="framesDisplay"');
    const landing = main.url.slice(house.place.origin.length);
    expect(landing).toMatch(
      version === 7 ? /^\/openemr\/interface\/main\/tabs\/main\.php\?token_main=[0-9a-f]{32}$/ : /main\.php$/,
    );
    expect(house.emr.logins()).toMatchObject([{ user: 'physician', result: 'success' }]);
    expect(house.emr.logins()[0]?.address).toBe('127.0.0.1 (127.0.0.1)');

    const { client: again, page: straight } = await house.arrive('physician');
    expect(straight.text).toContain('id="framesDisplay"');
    expect(again.heard.some(({ url }) => url.includes('/.wardgate/credential'))).toBe(false);
    expect(house.emr.sessions()).toHaveLength(2);
    for (const one of [client, again]) expectOnlyOurCookies(one);
  });

  test('takes what IT imported, and asks nothing', async () => {
    house.importPassword('nurse', passwordOf('nurse'));
    const { client, page } = await house.arrive('nurse');
    expect(page.url).toContain(`/openemr${MAIN}`);
    expect(page.text).toContain('Noah Madeup');
    expect(client.heard.some(({ url }) => url.includes('/.wardgate/credential'))).toBe(false);
    expectOnlyOurCookies(client);
    const signOns = house.records().filter((one) => one['event'] === 'ehr-sign-on');
    expect(signOns.at(-1)).toMatchObject({ subject: { name: 'nurse' }, decision: 'allowed', application: 'ehr' });
  });

  test.each(['/', '/openemr', '/openemr/', '/openemr/index.php', '/openemr/interface/login/login.php?site=default'])(
    'the address that people type, %s, leads to the main page, at first and while it is open',
    async (path) => {
      house.importPassword('front-desk', passwordOf('front-desk'));
      const { client, page } = await house.arrive('front-desk', path);
      expect(page.text).toContain('id="framesDisplay"');
      house.clock.forward({ seconds: 31 });
      const again = await client.page(house.place.origin + path);
      expect({ status: again.status, isMain: again.text.includes('id="framesDisplay"') }).toEqual({ status: 200, isMain: true });
      // The session that was open there before is not left behind.
      await client.form(`${house.place.origin}/.wardgate/sign-out`, {});
      await eventually(() => !house.emr.sessions().some(({ user }) => user === 'front-desk'), 'the end of both sessions');
    },
  );

  test('frames, their scripts and the pollers find the session, and none of them is told of a cookie', async () => {
    const { client } = await house.enter('records');
    const frame = { 'sec-fetch-dest': 'iframe' };
    const asks: readonly [string, Promise<Reply>][] = [
      ['color', script(client, house.url('/interface/themes/themeBuilder.php'), { headers: { 'sec-fetch-dest': 'style' } })],
      ['navigateTab', script(client, house.url('/interface/main/tabs/js/tabs_view_model.js?v=72'))],
      ['pt_table', client.page(house.url('/interface/main/finder/dynamic_finder.php'), frame)],
      ['Calendar', client.page(house.url('/interface/main/main_info.php'), frame)],
      ['timerint', client.page(house.url('/interface/main/tabs/timeout_iframe.php'), frame)],
      ['2', poll(client, '/library/ajax/dated_reminders_counter.php')],
      ['', poll(client, '/library/ajax/execute_background_services.php')],
      ['reminders are due', poll(client, '/interface/main/dated_reminders/dated_reminders.php')],
    ];
    for (const [says, asked] of asks) {
      const reply = await asked;
      expect({ url: reply.url, status: reply.status }).toEqual({ url: reply.url, status: 200 });
      expect(reply.text).toContain(says);
    }
    expectOnlyOurCookies(client);
  });

  const poll = (client: HearingClient, path: string): Promise<Reply> =>
    script(client, house.url(path), {
      method: 'POST',
      body: 'skip_timeout_reset=1&isPortal=',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });

  test('of two cookies of one name in one answer the last counts (case 7)', async () => {
    const { client } = await house.enter('physician');
    const current = house.emr.sessions().at(-1);
    expect(current?.user).toBe('physician');
    await client.page(house.url('/interface/main/about_page.php'));
    expect(cookiesOf('/openemr/interface/main/about_page.php').at(-1)).toBe(`OpenEMR=${current?.id}`);
  });

  test('a cookie that a page or a stranger put into the browser never reaches OpenEMR (case 18)', async () => {
    const { client } = await house.enter('physician');
    const mine = house.emr.sessions().at(-1)?.id ?? '';
    const others = house.emr.sessions()[0]?.id ?? '';
    const jar = client.jar.get(new URL(house.place.origin).host);
    jar?.set('OpenEMR', others).set('openemr', others).set('App', 'PortalOpenEMR').set('pc_facility', '3');
    await client.page(house.url('/interface/main/messages/messages.php?case=18'));
    const [sent = ''] = cookiesOf('/openemr/interface/main/messages/messages.php?case=18');
    expect(sent).toContain(`OpenEMR=${mine}`);
    expect(sent).toContain('pc_facility=3');
    expect(sent).not.toContain(others);
    // Names which of its sessions OpenEMR 8 goes by; in 5 it is a cookie like any other.
    if (preset === 'openemr') expect(sent).not.toContain('App');
    expect(sent).not.toContain('wardgate');
    const smuggled = await client.ask(house.url(`/interface/main/blank.php;OpenEMR=${others}`), {
      headers: { accept: 'text/html' },
    });
    expect(smuggled.status).toBe(400);
  });
});
