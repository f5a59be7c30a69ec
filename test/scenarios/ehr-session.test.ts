// A session of the EHR from the sign-on to its end, through the whole gateway: who gets into which, what a browser is told
// of it, and what happens when one ends while the other is at work.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../support/demo-story.ts';
import { formEhrGateway } from '../support/form-ehr-gateway.ts';
import type { Answered, FormEhrGateway } from '../support/form-ehr-gateway.ts';

let house: FormEhrGateway;

const own = (): Promise<void> => open('own-password');

async function open(signOn: string, files: Readonly<Record<string, string>> = {}): Promise<void> {
  house = await formEhrGateway(signOn, files);
}

afterEach(() => house.close());

/** What the EHR has heard since, as lines with the cookie that came. */
async function heard(act: () => Promise<unknown>): Promise<string[]> {
  const before = house.ehr.lines().length;
  await act();
  return house.ehr.lines().slice(before);
}

const browserCookies = ({ headers }: Answered): string =>
  [headers['set-cookie'] ?? []].flat().filter((one) => !one.startsWith('wardgate')).join(); // prettier-ignore

describe('one person', () => {
  beforeEach(own);

  test('is signed on by the first page, and the browser never holds a cookie of the EHR', async () => {
    await house.knows('nurse');
    const desk = await house.desk('nurse');
    const page = await desk.page('/home');
    expect([page.status, page.text, browserCookies(page)]).toEqual([200, 'user ehr-nurse, patient nobody', '']);
    expect(house.ehr.lines()).toEqual(['GET /login', 'POST /login SID=before', 'GET /home SID=open-1']);
    expect(await heard(() => desk.script('/more'))).toEqual(['GET /more SID=open-1']);
    expect(house.records('ehr-sign-on')).toMatchObject([{ decision: 'allowed', subject: { sub: 'nurse' }, application: 'ehr' }]);
    for (const secret of ['right-password-of-nurse', 'open-1', 'decoy']) expect(house.written()).not.toContain(secret);
  });

  test('who opens five pages at once is signed on once; a frame and a form in between sign nobody on', async () => {
    await house.knows('nurse');
    const desk = await house.desk('nurse');
    expect([(await desk.frame('/home')).status, (await desk.script('/home')).reason]).toEqual([401, 'ehr-session-ended']);
    expect((await desk.page('/home', { method: 'POST', body: 'a=1' })).status).toBe(401);
    expect(house.ehr.lines()).toEqual([]);
    const pages = await Promise.all(['/1', '/2', '/3', '/4', '/5'].map((path) => desk.page(path)));
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect([house.ehr.count('POST /login'), house.records('ehr-sign-on').length]).toEqual([1, 1]);
  });

  test('with a wrong stored password is tried once, told, and never again, also after a restart', async () => {
    await house.knows('nurse', 'wrong-password-4711');
    const desk = await house.desk('nurse');
    const refused = await desk.page('/home');
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('The EHR did not accept your password');
    expect(house.ehr.lines()).toEqual(['GET /login', 'POST /login SID=before']);
    expect(await heard(() => desk.page('/home'))).toEqual([]);
    await house.restart();
    expect(await heard(async () => expect((await desk.script('/home')).status).toBe(401))).toEqual([]);
    expect(await heard(async () => expect((await desk.page('/home')).status).toBe(403))).toEqual([]);
    expect(house.records('ehr-sign-on')).toMatchObject([{ decision: 'refused', reason: 'ehr-credential-refused' }]);
    expect(house.written()).not.toContain('wrong-password-4711');
  });

  test('goes on in the same session after a restart of the gateway', async () => {
    await house.knows('nurse');
    const desk = await house.desk('nurse');
    await desk.page('/chart?set=7');
    await house.restart();
    expect(await heard(() => desk.script('/chart'))).toEqual(['GET /chart SID=open-1']);
    const last = await eventually(() => house.records('attempt').at(-1), 'the record');
    expect(last).toMatchObject({ patient: '7', patientSource: 'session' });
    expect(house.ehr.count('POST /login')).toBe(1);
  });

  test('whose session here ends is logged out there, once', async () => {
    await house.knows('nurse');
    const desk = await house.desk('nurse');
    await desk.page('/home');
    await house.gateway().composed.state.sessions.end(desk.session.key, 'signed-out');
    await eventually(() => house.ehr.count('GET /logout') === 1, 'the logout');
    expect(house.ehr.lines().at(-1)).toBe('GET /logout SID=open-1');
    expect(house.ehr.sessions.size).toBe(0);
    expect(await heard(() => desk.script('/home'))).toEqual([]);
    const poll = await desk.script('/poll');
    expect([poll.status, poll.text]).toEqual([200, '{"timeoutMessage":"timeout"}']);
  });

  test('who logs out of the EHR is signed out here, and nobody is signed on again behind it', async () => {
    await house.knows('nurse');
    const desk = await house.desk('nurse');
    await desk.page('/home');
    const left = await desk.page('/logout');
    expect([left.status, browserCookies(left)]).toEqual([303, '']);
    expect(String(left.headers['set-cookie'])).toMatch(/^wardgate=;.*Max-Age=0/);
    expect(house.ehr.lines().filter((line) => line.startsWith('GET /logout'))[0]).toBe('GET /logout SID=open-1');
    const sent = house.ehr.count('POST /login');
    expect([(await desk.script('/home')).status, (await desk.page('/home')).status]).toEqual([401, 303]);
    expect([house.ehr.count('POST /login'), house.ehr.count('GET /home')]).toEqual([sent, 1]);
    expect(house.records('sign-out')).toMatchObject([{ reason: 'signed-out', subject: { sub: 'nurse' } }]);
  });
});

describe('the patient carried', () => {
  beforeEach(own);

  test('is that of the jar: a cookie of somebody else in the browser counts for nothing', async () => {
    await house.knows('nurse');
    await house.knows('physician');
    const [nurse, physician] = [await house.desk('nurse'), await house.desk('physician')];
    await nurse.page('/chart?set=7');
    await physician.page('/chart?set=9');
    const stolen = { cookies: 'SID=open-2; sid=open-2; S%49D=open-2; theme=dark' };
    expect(await heard(async () => expect((await nurse.page('/chart', stolen)).text).toBe('user ehr-nurse, patient 7'))).toEqual([
      'GET /chart SID=open-1; theme=dark',
    ]);
    expect(house.records('attempt').at(-1)).toMatchObject({ subject: { sub: 'nurse' }, patient: '7', patientSource: 'session' });
  });

  test('is nobody after the EHR has opened another session', async () => {
    await house.knows('nurse');
    const desk = await house.desk('nurse');
    await desk.page('/chart?set=7');
    house.ehr.sessions.clear();
    const again = await desk.page('/chart');
    expect([again.status, again.headers.location]).toEqual([303, '/chart']);
    expect((await desk.page('/chart')).text).toBe('user ehr-nurse, patient nobody');
    expect(house.ehr.count('POST /login')).toBe(2);
    await desk.page('/chart');
    const unknown = house.records('attempt').slice(-2);
    expect(unknown.map(({ target, patient, patientSource }) => [target, patient, patientSource])).toEqual([
      ['/chart', undefined, 'unresolved'],
      ['/chart', undefined, 'unresolved'],
    ]);
    expect(house.records('chart-opened')).toMatchObject([{ patient: '7' }]);
  });

  test('ten requests of one chart are one opening on record', async () => {
    await house.knows('nurse');
    const desk = await house.desk('nurse');
    await desk.page('/chart?set=7');
    for (let more = 0; more < 9; more += 1) await desk.script('/chart');
    house.clock.forward({ minutes: 8 });
    await desk.page('/more');
    house.clock.forward({ minutes: 8 });
    await desk.script('/chart');
    await eventually(() => house.records('outcome').length === 12, 'the outcomes');
    expect(house.records('chart-opened')).toMatchObject([{ patient: '7', subject: { sub: 'nurse' } }, { patient: '7' }]);
  });
});

describe('an EHR that has ended its session', () => {
  beforeEach(own);

  test('is told to each in a shape they can use, and no word of it goes on', async () => {
    await house.knows('nurse');
    const desk = await house.desk('nurse');
    await desk.page('/home');
    house.ehr.sessions.clear();
    const script = await desk.script('/more');
    expect([script.status, script.reason, script.headers.location]).toEqual([401, 'ehr-session-ended', undefined]);
    const poll = await desk.script('/poll');
    // Not in the EHR's own words: its page would log out of both, where the next one that is opened signs on again.
    expect([poll.status, poll.reason]).toEqual([401, 'ehr-session-ended']);
    const frame = await desk.frame('/home');
    expect([frame.status, frame.text.includes('ehr-session-ended')]).toEqual([401, true]);
    await eventually(() => house.ehr.lines().length === 5, 'what is left there to be closed');
    expect(house.ehr.lines().slice(3)).toEqual(['GET /more SID=open-1', 'GET /logout SID=open-1']);
    expect((await desk.page('/home')).text).toBe('user ehr-nurse, patient nobody');
    expect((await desk.script('/more')).status).toBe(200);
  });

  test('what a form had sent is not lost unseen', async () => {
    await house.knows('nurse');
    const desk = await house.desk('nurse');
    await desk.page('/home');
    house.ehr.sessions.clear();
    // The browser is asked to send it once more, because the EHR has had it: then it is kept.
    const posted = await desk.page('/home', { method: 'POST', body: 'note=long' });
    expect([posted.status, posted.headers.location]).toEqual([307, '/home']);
    const again = await desk.page('/home', { method: 'POST', body: 'note=long' });
    expect([again.status, again.text.includes('<code>post-held</code>')]).toEqual([401, true]);
    expect(house.ehr.count('POST /home')).toBe(1);
    expect(house.ehr.count('POST /login')).toBe(1);
  });
});

describe('at the same moment', () => {
  beforeEach(own);

  test('a session that ends during the sign-on reaches nothing, and leaves nothing open', async () => {
    await house.knows('nurse');
    const desk = await house.desk('nurse');
    house.ehr.hold('POST /login');
    const page = desk.page('/chart?set=7');
    await eventually(() => house.ehr.count('POST /login') === 1, 'the login to be under way');
    await house.gateway().composed.state.sessions.end(desk.session.key, 'signed-out');
    house.ehr.hold(null);
    expect((await page).status).toBe(401);
    await eventually(() => house.ehr.count('GET /logout') === 1, 'the logout');
    expect(house.ehr.lines()).toEqual(['GET /login', 'POST /login SID=before', 'GET /logout SID=open-1']);
    expect(house.ehr.sessions.size).toBe(0);
    expect(house.records('chart-opened')).toEqual([]);
  });

  test('a slow answer with a cookie of the session before does not bring it back', async () => {
    await house.knows('nurse');
    const desk = await house.desk('nurse');
    await desk.page('/home');
    house.ehr.hold('GET /slow');
    const slow = desk.script('/slow');
    await eventually(() => house.ehr.count('GET /slow') === 1, 'the slow request');
    house.ehr.sessions.delete('open-1');
    expect((await desk.page('/home')).status).toBe(303);
    house.ehr.sessions.set('open-1', { user: 'ehr-nurse', patient: null });
    house.ehr.adding = { start: 'GET /slow', headers: ['Set-Cookie: SID=zombie; Path=/'] };
    house.ehr.hold(null);
    const late = await slow;
    expect([late.status, browserCookies(late)]).toEqual([200, '']);
    expect((await desk.script('/more')).reason).toBe('ehr-session-ended');
    await desk.page('/home');
    expect(await heard(() => desk.script('/more'))).toEqual(['GET /more SID=open-2']);
    expect(house.ehr.lines().join('\n')).not.toContain('zombie');
  });

  test('neither does one that was sent before the sign-on of now', async () => {
    await house.knows('nurse');
    const desk = await house.desk('nurse');
    await desk.page('/home');
    house.ehr.hold('GET /slow');
    const slow = desk.script('/slow');
    await eventually(() => house.ehr.count('GET /slow') === 1, 'the slow request');
    house.ehr.sessions.delete('open-1');
    await desk.page('/home');
    await desk.page('/home');
    house.ehr.adding = { start: 'GET /slow', headers: ['Set-Cookie: SID=zombie; Path=/'] };
    house.ehr.hold(null);
    // It says that its own session is over, which is no word about that of now.
    expect((await slow).reason).toBe('ehr-session-ended');
    expect(await heard(() => desk.script('/more'))).toEqual(['GET /more SID=open-2']);
  });

  test('a logout of the EHR while something slow is on its way ends both for good', async () => {
    await house.knows('nurse');
    const desk = await house.desk('nurse');
    await desk.page('/home');
    house.ehr.hold('GET /slow');
    const slow = desk.script('/slow');
    await eventually(() => house.ehr.count('GET /slow') === 1, 'the slow request');
    await desk.page('/logout');
    house.ehr.adding = { start: 'GET /slow', headers: ['Set-Cookie: SID=zombie; Path=/'] };
    house.ehr.hold(null);
    const late = await slow;
    expect([late.status, browserCookies(late)]).toEqual([401, '']);
    const next = await house.desk('nurse');
    expect((await next.page('/home')).status).toBe(200);
    expect(house.ehr.lines().join('\n')).not.toContain('zombie');
  });
});

describe('accounts for roles', () => {
  beforeEach(async () => {
    const roles =
      '{ roles: { physician: { account: ehr-physician, passwordFile: doc }, nurse: { account: ehr-nurse, passwordFile: ward } } }';
    await open(roles, { doc: 'right-password-of-physician\n', ward: 'right-password-of-nurse\n' });
    for (const role of ['physician', 'nurse']) house.ehr.passwords.set(`ehr-${role}`, `right-password-of-${role}`);
  });

  test('whoever has another role from now on leaves the session that the one before had opened', async () => {
    const desk = await house.desk('physician');
    expect((await desk.page('/home')).text).toBe('user ehr-physician, patient nobody');
    await house.gateway().composed.state.sessions.update(desk.session.key, { roles: ['nurse'] });
    expect(await heard(async () => expect((await desk.script('/home')).reason).toBe('ehr-session-ended'))).not.toContain(
      'GET /home SID=open-1',
    );
    await eventually(() => house.ehr.count('GET /logout') === 1, 'the logout');
    expect((await desk.page('/home')).text).toBe('user ehr-nurse, patient nobody');
    expect(house.ehr.lines().at(-1)).toBe('GET /home SID=open-2');
    expect([...house.ehr.sessions.values()].map(({ user }) => user)).toEqual(['ehr-nurse']);
    await house.gateway().composed.state.sessions.update(desk.session.key, { roles: ['it'] });
    const refused = await desk.page('/home');
    expect([refused.status, refused.text.includes('No EHR account is set up for your role')]).toEqual([403, true]);
    await eventually(() => house.ehr.sessions.size === 0, 'the logout');
    expect(house.ehr.count('GET /home')).toBe(2);
  });

  test('nobody is asked for a password of their own', async () => {
    house.ehr.passwords.set('ehr-nurse', 'changed meanwhile');
    const desk = await house.desk('nurse');
    const refused = await desk.page('/home');
    expect(refused.status).toBe(502);
    expect(refused.text).not.toContain('/.wardgate/credential');
    for (let times = 0; times < 3; times += 1) await (await house.desk('nurse')).page('/home');
    expect(house.ehr.count('POST /login')).toBe(1);
    expect(house.written()).not.toContain('right-password-of-nurse');
  });
});
