// How long people stay signed on to OpenEMR through the gateway: until they have been idle, until they log out on either
// side, and across a restart of either side. Nothing but a page that a person opens ever signs anybody on.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { problemOf, script } from '../support/clinic-story.ts';
import type { Ask, Reply } from '../support/cookie-client.ts';
import { eventually } from '../support/demo-story.ts';
import type { HearingClient } from '../support/hearing-client.ts';
import { CHART, MAIN, openEmrClinic } from '../support/openemr-clinic.ts';
import type { OpenEmrClinic } from '../support/openemr-clinic.ts';

const LOGOUT = '/interface/logout.php';
const COUNTER = '/library/ajax/dated_reminders_counter.php';
const pollers = [COUNTER, '/library/ajax/execute_background_services.php', '/interface/main/dated_reminders/dated_reminders.php'];
const frame = { 'sec-fetch-dest': 'iframe', 'sec-fetch-mode': 'navigate', accept: 'text/html' };

const form = (fields: Readonly<Record<string, string>>): Ask => ({
  method: 'POST',
  body: new URLSearchParams(fields).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
});

let house: OpenEmrClinic;

const poll = (client: HearingClient, path: string): Promise<Reply> =>
  script(client, house.url(path), form({ skip_timeout_reset: '1' }));

const inFrame = (client: HearingClient, path: string): Promise<Reply> => client.ask(house.url(path), { headers: frame });

/** What a page is answered at once, without going on. */
const openPage = (client: HearingClient, path: string): Promise<Reply> =>
  client.ask(house.url(path), { headers: { accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' } });

const jarsOnDisk = async (): Promise<number> => {
  const { standings } = house.gateway().composed.state;
  await standings.flush();
  return standingsOnDisk();
};

function standingsOnDisk(): number {
  const database = new DatabaseSync(join(house.place.directory, 'data', 'sessions.db'), { readOnly: true });
  const row = database.prepare('SELECT count(*) AS count FROM ehr_standings').get();
  database.close();
  return Number(row?.['count']);
}

const logouts = (): number => house.emr.requests().filter(({ target }) => target.startsWith(`/openemr${LOGOUT}`)).length;

const loginsOf = (name: string): number => house.emr.logins().filter(({ user }) => user === name).length;

describe.each([
  [7, 'openemr'],
  [5, 'openemr-5'],
  [5, 'openemr'],
] as const)('idle before OpenEMR %i behind the preset %s', (version, preset) => {
  let client: HearingClient;
  beforeAll(async () => {
    house = await openEmrClinic({ version, preset, idle: '10m' });
    ({ client } = await house.enter('nurse'));
    await client.page(house.url(`${CHART}?set_pid=5`), frame);
  });
  afterAll(async () => house.close());

  test('locks after ten minutes, though the page polls every minute and reloads a frame every second one, and then ends (cases 10 and 11)', async () => {
    for (let minute = 1; minute <= 9; minute += 1) {
      house.clock.forward({ minutes: 1 });
      for (const path of pollers) expect((await poll(client, path)).status).toBe(200);
      if (minute % 2 === 0) expect((await inFrame(client, '/interface/main/tabs/timeout_iframe.php')).text).toContain('timerint');
    }
    expect(
      (await script(client, house.url('/interface/patient_tracker/patient_tracker.php'), form({ flb_table: '1' }))).status,
    ).toBe(200);
    expect(await jarsOnDisk()).toBe(1);
    house.clock.forward({ minutes: 1 });
    const before = house.emr.requests().length;

    const kept = await poll(client, COUNTER);
    // The counter's own word for "expired" would send the window to its logout, and with it a note half typed.
    expect([kept.status, kept.text.includes('timeout')]).toEqual([preset === 'openemr' ? 200 : 423, false]);
    expect((await script(client, house.url(`${CHART}?set_pid=5&skip_timeout_reset=1`))).status).toBe(423);
    const reload = { headers: { ...frame, 'sec-fetch-site': 'same-origin' } };
    expect((await client.ask(house.url('/interface/main/tabs/timeout_iframe.php'), reload)).status).toBe(204);
    expect(house.emr.requests()).toHaveLength(before);
    house.clock.forward({ minutes: 30 });

    // The page is kept for as long as what it holds could be; then it hears what its product would say.
    const over = await poll(client, COUNTER);
    expect([over.status, over.text.includes('timeout')]).toEqual([preset === 'openemr' ? 200 : 401, false]);
    expect((await client.ask(house.url('/interface/main/tabs/timeout_iframe.php'), reload)).status).toBe(204);
    house.clock.forward({ minutes: 31 });

    const told = await poll(client, COUNTER);
    if (preset === 'openemr') {
      expect({ status: told.status, body: told.text }).toEqual({ status: 200, body: '{"timeoutMessage":"timeout"}' });
    } else expect(told.status).toBe(401);
    const refused = await script(client, house.url(`${CHART}?set_pid=5&skip_timeout_reset=1`));
    expect({ status: refused.status, signIn: problemOf(refused)['signIn'] }).toMatchObject({
      status: 401,
      signIn: expect.any(String),
    });
    expect(refused.headers['www-authenticate']).toBeUndefined();
    expect((await poll(client, pollers[1] ?? '')).status).toBe(401);
    const broken = await inFrame(client, '/interface/main/tabs/timeout_iframe.php');
    expect(broken.headers.location).toMatch(/^\/\.wardgate\/leave-frame\?to=/);
    const leaving = await client.page(house.place.origin + String(broken.headers.location), frame);
    expect(leaving.text).toContain('target="_top"');
    const page = await openPage(client, `${CHART}?set_pid=5`);
    expect(page.headers.location).toMatch(/^\/\.wardgate\/sign-in\?return=/);

    await eventually(() => house.emr.sessions().length === 0, 'the logout at OpenEMR');
    expect(house.emr.seenSince(before).map(({ target }) => target)).toEqual([`/openemr${LOGOUT}`]);
    expect(await jarsOnDisk()).toBe(0);
    expect(loginsOf('nurse')).toBe(1);
    expect(house.records()).toContainEqual(expect.objectContaining({ event: 'session-ended', reason: 'idle' }));
  });
});

describe('leaving', () => {
  let client: HearingClient;
  beforeAll(async () => {
    house = await openEmrClinic();
    house.importPassword('physician', 'meadow-physician');
  });
  afterAll(async () => house.close());
  beforeEach(async () => {
    ({ client } = await house.enter('physician'));
    expect(house.emr.sessions()).toHaveLength(1);
  });

  /** The provider's own page for signing out, whose script sends the one form. */
  async function leaveProvider(asked: Reply): Promise<void> {
    expect(asked.url).toContain(`${house.place.provider.issuer}/session/end?`);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(asked.text)?.[1] ?? '';
    const done = await client.form(`${house.place.provider.issuer}/session/end/confirm`, { xsrf, logout: 'yes' });
    expect(done.url).toBe(`${house.place.origin}/.wardgate/signed-out`);
  }

  /** Nothing that this browser asks for opens OpenEMR again. */
  async function expectGone(): Promise<void> {
    await eventually(() => house.emr.sessions().length === 0, 'the end at OpenEMR');
    const logins = house.emr.logins().length;
    const before = house.emr.requests().length;
    expect((await openPage(client, MAIN)).headers.location).toMatch(/^\/\.wardgate\/sign-in/);
    expect((await script(client, house.url(`${CHART}?set_pid=5`))).status).toBe(401);
    expect((await poll(client, COUNTER)).text).toBe('{"timeoutMessage":"timeout"}');
    expect((await inFrame(client, '/interface/main/main_info.php')).headers.location).toContain('leave-frame');
    expect(house.emr.seenSince(before)).toEqual([]);
    expect(house.emr.logins()).toHaveLength(logins);
    expect(await jarsOnDisk()).toBe(0);
    // The provider remembers nobody either: it asks who this is.
    const start = await client.page(`${house.place.origin}/`);
    expect(start.url).toContain(`${house.place.provider.issuer}/interaction/`);
    expect(start.text).not.toContain('name="code"');
  }

  test("by OpenEMR's own logout in the window ends the session here and at the provider (case 9)", async () => {
    const reply = await openPage(client, LOGOUT);
    expect(reply.status).toBe(303);
    await leaveProvider(await client.page(String(reply.headers.location)));
    await expectGone();
    expect(house.records()).toContainEqual(
      expect.objectContaining({ event: 'sign-out', detail: "by the EHR's own logout", reason: 'signed-out' }),
    );
  });

  test("by OpenEMR's own logout in a frame leads the whole window to the provider", async () => {
    const reply = await inFrame(client, `${LOGOUT}?timeout=1`);
    expect(reply.status).toBe(200);
    const href = /href="([^"]+)" target="_top"/.exec(reply.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    await leaveProvider(await client.page(href));
    await expectGone();
  });

  test("by the gateway's sign-out is told to OpenEMR, once", async () => {
    const before = logouts();
    await leaveProvider(await client.form(`${house.place.origin}/.wardgate/sign-out`, {}));
    await expectGone();
    expect(logouts() - before).toBe(1);
  });

  test('while OpenEMR has forgotten the session already still ends everything', async () => {
    house.emr.restart();
    const reply = await openPage(client, LOGOUT);
    await leaveProvider(await client.page(String(reply.headers.location)));
    await expectGone();
  });
});

describe('OpenEMR is started anew', () => {
  let client: HearingClient;
  beforeAll(async () => {
    house = await openEmrClinic();
    house.importPassword('physician', 'meadow-physician');
    ({ client } = await house.enter('physician'));
  });
  afterAll(async () => house.close());

  const fragment = (): Promise<Reply> => script(client, house.url('/interface/patient_file/summary/stats.php'), form({}));

  test('a page signs on again, once, and lands on the main page with its fresh token', async () => {
    house.clock.forward({ minutes: 1 });
    await client.page(house.url(`${CHART}?set_pid=5`), frame);
    house.emr.restart();
    const landed = await client.page(house.url('/interface/main/messages/messages.php'));
    expect({ status: landed.status, at: landed.url.replace(/[0-9a-f]{32}$/, '') }).toEqual({
      status: 200,
      at: house.url(`${MAIN}?token_main=`),
    });
    expect(loginsOf('physician')).toBe(2);
    expect(house.emr.sessions()).toHaveLength(1);
    // Nobody is chosen in the new session, and nobody is on record for what goes by it.
    await fragment();
    const record = house.records().findLast((one) => one['event'] === 'attempt' && String(one['target']).includes('stats.php'));
    expect(record?.['patient'] ?? null).toBeNull();
  });

  test.each`
    what             | ask                                                                                                                  | status | shape
    ${'a fragment'}  | ${fragment}                                                                                                          | ${401} | ${'json'}
    ${'a script'}    | ${() => script(client, house.url(`${CHART}?set_pid=5`))}                                                             | ${401} | ${'json'}
    ${'a style'}     | ${() => script(client, house.url('/interface/themes/themeBuilder.php'), { headers: { 'sec-fetch-dest': 'style' } })} | ${401} | ${'json'}
    ${'the poller'}  | ${() => poll(client, COUNTER)}                                                                                       | ${401} | ${'json'}
    ${'a frame'}     | ${() => inFrame(client, '/interface/main/main_info.php')}                                                            | ${401} | ${'html'}
    ${'a sent form'} | ${() => client.form(house.url('/interface/patient_file/summary/pnotes_full.php'), { note: 'x' })}                    | ${401} | ${'html'}
  `('$what is told so in its own shape, and signs nobody on (case 9)', async ({ ask, status, shape }: Shape) => {
    house.clock.forward({ minutes: 1 });
    await client.page(`${house.place.origin}/openemr/`);
    const logins = loginsOf('physician');
    house.emr.restart();
    for (let times = 0; times < 2; times += 1) {
      const reply = await ask();
      expect({ status: reply.status, type: String(reply.headers['content-type']) }).toEqual({
        status,
        type: expect.stringContaining(shape),
      });
      expect(reply.text).not.toContain('login_screen.php');
      expect(reply.headers['www-authenticate']).toBeUndefined();
    }
    expect(loginsOf('physician')).toBe(logins);
    house.clock.forward({ minutes: 1 });
    const page = await client.page(`${house.place.origin}/`);
    expect(page.text).toContain('id="framesDisplay"');
    expect(loginsOf('physician')).toBe(logins + 1);
  });

  interface Shape {
    readonly ask: () => Promise<Reply>;
    readonly status: number;
    readonly shape: string;
  }

  test('loading the main page again, whose address is good once, signs on once more, also at once', async () => {
    house.clock.forward({ minutes: 2 });
    const main = await client.page(`${house.place.origin}/openemr/`);
    expect(main.text).toContain('id="framesDisplay"');
    const logins = loginsOf('physician');
    for (const [times, wait] of [
      [1, 0],
      [2, 60],
      [3, 60],
    ] as const) {
      house.clock.forward({ seconds: wait });
      const again = await client.page(main.url);
      expect({ status: again.status, isMain: again.text.includes('id="framesDisplay"') }).toEqual({ status: 200, isMain: true });
      expect(again.url).not.toBe(main.url);
      expect(loginsOf('physician')).toBe(logins + times);
    }
    expect(house.emr.sessions()).toHaveLength(1);
  });

  test('ten requests at once after the restart are one sign-on', async () => {
    house.clock.forward({ minutes: 2 });
    const logins = loginsOf('physician');
    house.emr.restart();
    await Promise.all(Array.from({ length: 10 }, () => client.page(house.url('/interface/main/messages/messages.php'))));
    expect(loginsOf('physician')).toBe(logins + 1);
  });
});

test('an OpenEMR that logs out at once is signed on to at most twice in half a minute, however often one comes', async () => {
  house = await openEmrClinic({ openEmr: { timeoutSeconds: -1 } });
  house.importPassword('physician', 'meadow-physician');
  const { client, page } = await house.arrive('physician');
  expect(page.text).toContain('ehr-session-ended');
  for (let times = 0; times < 10; times += 1) await client.page(house.url(MAIN));
  expect(loginsOf('physician')).toBeLessThanOrEqual(2);
  expect(client.heard.at(-1)?.text).toContain('Open the EHR again');
  await house.close();
});
