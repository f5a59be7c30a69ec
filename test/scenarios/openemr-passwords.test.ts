// People's own OpenEMR passwords behind the gateway: one that no longer holds is tried once and never again, nobody who
// mistypes gets anybody locked out, and what OpenEMR says instead of yes or no is told to the person and taken for a no.

import { generateSecret } from 'otplib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DemoPersona } from '../../src/demo/personas.ts';
import { usersDefault } from '../../src/demo/openemr/accounts.ts';
import { problemOf, script } from '../support/clinic-story.ts';
import type { Reply } from '../support/cookie-client.ts';
import type { HearingClient } from '../support/hearing-client.ts';
import { MAIN, openEmrClinic, passwordOf, typePassword } from '../support/openemr-clinic.ts';
import type { OpenEmrClinic } from '../support/openemr-clinic.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const PASSWORD_FORM = '/interface/usergroup/user_info_ajax.php';

let house: OpenEmrClinic;

const attemptsOf = (name: string): string[] =>
  house.emr
    .logins()
    .filter(({ user }) => user === name)
    .map(({ result }) => result);

const isMain = (page: Reply): boolean => page.text.includes('id="framesDisplay"');

/** Changes a password at OpenEMR itself, past the gateway. */
async function changeAtEhr(name: string, from: string, to: string): Promise<void> {
  const login = await fetch(`${house.emr.origin}/openemr/interface/main/main_screen.php?auth=login&site=default`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ new_login_session_management: '1', languageChoice: '1', authUser: name, clearPass: from }),
  });
  const cookie = login.headers.getSetCookie().at(-1)?.split(';', 1)[0] ?? '';
  const changed = await fetch(`${house.emr.origin}/openemr${PASSWORD_FORM}`, {
    method: 'POST',
    headers: { cookie },
    body: new URLSearchParams({ curPass: from, newPass: to, newPass2: to }),
  });
  expect(await changed.text()).toContain('successful');
}

const credentialPage = (client: HearingClient): Promise<Reply> =>
  client.page(`${house.place.origin}/.wardgate/credential?application=ehr`);

describe('a stored password that OpenEMR no longer takes', () => {
  beforeAll(async () => {
    house = await openEmrClinic();
  });
  afterAll(async () => house.close());

  test('is tried once and never again, told to the person and to whoever runs the gateway, and replaced by the new one (case 8)', async () => {
    await house.enter('nurse');
    await changeAtEhr('nurse', passwordOf('nurse'), 'changed-elsewhere');
    const before = attemptsOf('nurse');

    const { client, page } = await house.arrive('nurse');
    expect(attemptsOf('nurse').slice(before.length)).toEqual(['wrong']);
    expect(page.text).toContain('ehr-credential-refused');
    expect(page.text).toContain('Enter the new password');
    expect(page.text).toContain('ext. 4357');
    for (const path of [MAIN, '/', '/interface/main/messages/messages.php']) {
      expect((await client.page(house.url(path))).text).toContain('ehr-credential-refused');
    }
    const told = await script(client, house.url('/interface/main/finder/dynamic_finder_ajax.php'));
    expect(told.status).toBe(401);
    const { client: another } = await house.arrive('nurse');
    expect((await another.page(house.url('/'))).text).toContain('ehr-credential-refused');
    expect(attemptsOf('nurse').slice(before.length)).toEqual(['wrong']);
    expect(house.told.filter((line) => line.includes('A sign-on to the EHR failed') && line.includes('"nurse"'))).toHaveLength(1);
    const refused = house.records().filter((one) => one['event'] === 'ehr-sign-on' && one['decision'] === 'refused');
    expect(refused).toMatchObject([{ subject: { name: 'nurse' }, application: 'ehr', reason: 'ehr-credential-refused' }]);

    const asked = await credentialPage(client);
    expect(asked.text).toContain('no longer accepts');
    const wrong = await typePassword(client, asked, 'nurse', 'mistyped');
    expect({ status: wrong.status, says: wrong.text.includes('did not accept') }).toEqual({ status: 403, says: true });
    expect(isMain(await typePassword(client, wrong, 'nurse', 'changed-elsewhere'))).toBe(true);
    expect(attemptsOf('nurse').slice(before.length)).toEqual(['wrong', 'wrong', 'success']);
    expect(isMain((await house.enter('nurse')).page)).toBe(true);
  });
});

describe('many who mistype at once', () => {
  const names = Array.from({ length: 10 }, (_, index) => `walk-in-${index}`);
  const people = names.map((name): DemoPersona => ({
    name,
    displayName: name,
    groups: ['Clinic-Nurses'],
    roles: ['nurse'],
    mayDo: 'Mistypes',
    totpSecret: generateSecret({ length: 20 }),
  }));

  beforeAll(async () => {
    const users = names.map((name) => ({ name, password: passwordOf(name) }));
    house = await openEmrClinic({ personas: people, openEmr: { users, lockOut: { perUser: 20, perAddress: 8 } } });
  });
  afterAll(async () => house.close());

  test('are held back before OpenEMR locks anybody out, told when to come back, and then let in', async () => {
    const arrived = [];
    for (const name of names) {
      arrived.push({ name, ...(await house.arrive(name)) });
      // All codes differ, and so nobody has to wait for the next half minute.
      house.clock.forward({ seconds: -30 });
    }
    const replies = await Promise.all(arrived.map(({ client, page, name }) => typePassword(client, page, name, 'mistyped')));
    const held = replies.filter(({ status }) => status !== 403);
    expect(replies.filter(({ status }) => status === 403)).toHaveLength(5);
    for (const reply of held) {
      expect(reply.status).toBe(503);
      expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(reply.headers['retry-after'])).toBeLessThanOrEqual(60);
      expect(reply.text).toContain('ehr-sign-on-paused');
    }
    expect(house.emr.logins().map(({ result }) => result)).toEqual(Array.from({ length: 5 }, () => 'wrong'));
    // Also the right password is not tried now.
    const first = arrived[0] ?? expect.fail('Nobody came');
    expect((await typePassword(first.client, first.page, first.name, passwordOf(first.name))).status).toBe(503);
    expect(house.emr.logins()).toHaveLength(5);
    house.clock.forward({ minutes: 1 });
    const now = await Promise.all(arrived.map(({ client, page, name }) => typePassword(client, page, name, passwordOf(name))));
    expect(now.map(isMain)).toEqual(names.map(() => true));
  });
});

describe('what is neither yes nor no', () => {
  beforeAll(async () => {
    const users = usersDefault.map((user) => ({
      ...user,
      ...(user.name === 'billing' ? { totp: true } : {}),
      ...(user.name === 'records' ? { mustChangePassword: true } : {}),
      ...(user.name === 'front-desk' ? { passwordExpired: true } : {}),
    }));
    house = await openEmrClinic({ openEmr: { users, facilityChooser: true } });
  });
  afterAll(async () => house.close());

  test('a second factor of its own is shown in its words, without the password that its page repeats, and is stored by nobody', async () => {
    const { client, page } = await house.arrive('billing');
    const reply = await typePassword(client, page, 'billing', passwordOf('billing'));
    expect(reply.status).toBe(502);
    expect(reply.text).toContain('TOTP Verification');
    expect(reply.text).not.toContain(passwordOf('billing'));
    expect(attemptsOf('billing')).toEqual(['code-asked']);
    expect((await credentialPage(client)).text).toContain('is needed once');
    expect(house.records()).toContainEqual(expect.objectContaining({ event: 'ehr-sign-on', reason: 'ehr-sign-on-unrecognised' }));
  });

  test('the same for a password that IT imported: one try, and then it is asked for', async () => {
    house.importPassword('billing', passwordOf('billing'));
    const tries = attemptsOf('billing').length;
    const { client, page } = await house.arrive('billing');
    expect(page.status).toBe(502);
    expect(page.text).toContain('TOTP Verification');
    expect(page.text).not.toContain(passwordOf('billing'));
    for (let again = 0; again < 3; again += 1) await client.page(house.url('/'));
    expect(attemptsOf('billing').slice(tries)).toEqual(['code-asked']);
  });

  test('a facility that the form offers is left to OpenEMR, which lets people in without one', async () => {
    expect(isMain((await house.enter('physician')).page)).toBe(true);
  });

  test('an expired password is a wrong one', async () => {
    const { client, page } = await house.arrive('front-desk');
    const reply = await typePassword(client, page, 'front-desk', passwordOf('front-desk'));
    expect({ status: reply.status, says: reply.text.includes('did not accept') }).toEqual({ status: 403, says: true });
    expect(attemptsOf('front-desk')).toEqual(['expired']);
  });

  test('a password that is due lets its person in, who changes it there, and then types the new one here', async () => {
    const { client, page } = await house.enter('records');
    expect(page.text).toContain('pwd_expires_alert.php');
    const alert = await client.page(house.url('/interface/main/pwd_expires_alert.php'), { 'sec-fetch-dest': 'iframe' });
    expect(alert.text).toContain('user_info.php');
    expect((await client.page(house.url('/interface/usergroup/user_info.php'), { 'sec-fetch-dest': 'iframe' })).text).toContain(
      'curPass',
    );
    const body = new URLSearchParams({
      curPass: passwordOf('records'),
      newPass: 'much-newer',
      newPass2: 'much-newer',
    }).toString();
    const changed = await script(client, house.url(PASSWORD_FORM), { method: 'POST', body, headers: form });
    expect(changed.text).toContain('Password change successful');

    const { client: next, page: refused } = await house.arrive('records');
    expect(refused.text).toContain('ehr-credential-refused');
    expect(isMain(await typePassword(next, await credentialPage(next), 'records', 'much-newer'))).toBe(true);
    expect(attemptsOf('records')).toEqual(['success', 'wrong', 'success']);
    for (const heard of [client, next]) expect(heard.textFrom(house.place.origin)).not.toContain('much-newer');
  });

  test('a script that comes first is told that somebody has to sign on', async () => {
    const { client } = await house.arrive('it');
    const reply = await script(client, house.url('/library/ajax/i18n_generator.php'));
    expect({ status: reply.status, type: reply.headers['content-type'] }).toEqual({
      status: 401,
      type: 'application/problem+json',
    });
    expect(problemOf(reply)['reason']).toBe('ehr-session-ended');
    expect(attemptsOf('it')).toEqual([]);
  });
});
