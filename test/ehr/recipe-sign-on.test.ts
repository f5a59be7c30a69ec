// Signing on by a recipe: who may cause it, how often it is tried, where the person then goes, and what is left where it
// did not succeed.

import { describe, expect, test } from 'vitest';
import type { CallerShape } from '../../src/core/caller-shape.ts';
import { Fault } from '../../src/core/faults.ts';
import type { Method } from '../../src/core/policy/policy.ts';
import type { EhrEntered } from '../../src/ehr-ports.ts';
import { answer, entryOf, signOnStage } from '../support/fake-ehr.ts';
import type { SignOnStage, SignOnStageOptions } from '../support/fake-ehr.ts';
import { ifRight, loginEhr, loginRecipe, rightPassword, signsOn, wantsNewPassword } from '../support/login-recipe.ts';
import type { LoginAnswer } from '../support/login-recipe.ts';
import { sessionOf } from '../support/session-of.ts';

const ada = sessionOf('a');
const credential = (password: string) => ({ username: 'ada-ehr', password, more: {} });

async function stageOf(
  password: string | null,
  login: LoginAnswer = ifRight,
  more: Partial<SignOnStageOptions> = {},
): Promise<SignOnStage> {
  const stage = signOnStage({ recipe: loginRecipe(), answer: loginEhr(login), ...more });
  if (password !== null) await stage.vault.put(ada.subject, 'ehr', credential(password));
  return stage;
}

const held = ({ standings }: SignOnStage) => standings.get(ada, 'ehr');

/** An entry as one word. */
async function kindOf(entered: EhrEntered | Promise<EhrEntered>): Promise<string> {
  return (await entered).entered;
}

describe('the first page of a session', () => {
  test('signs the person on once, keeps the session, and records it', async () => {
    const stage = await stageOf(rightPassword);
    const entered = await stage.signOn.enter(entryOf('/chart/7'));
    expect(entered).toMatchObject({ entered: 'yes', headers: [], standing: { standing: 'signed-on', generation: 1 } });
    expect(stage.client.lines).toEqual(['GET /login', 'POST /login']);
    expect(stage.client.sent.map(({ address, application }) => [address, application])).toEqual([
      ['10.1.1.1', 'ehr'],
      ['10.1.1.1', 'ehr'],
    ]);
    expect(new URLSearchParams(stage.client.sent[1]?.body ?? '').get('token')).toBe('t-1');
    expect(stage.client.sent[1]?.headers).toContain('SID=before');
    expect(held(stage)?.jar).toEqual([{ name: 'SID', value: 'open-1', path: '/', expiresAt: null }]);
    expect(stage.learned).toEqual([{ session: ada.reference, values: ['open-1'] }]);
    expect(stage.records).toMatchObject([{ decision: 'allowed', reason: null, request: 'r-1', session: ada.reference }]);
    expect(await kindOf(stage.signOn.enter(entryOf('/chart/8')))).toBe('yes');
    expect(stage.client.sent.length).toBe(2);
  });

  test.each<readonly [shape: CallerShape, method: Method]>([
    ['script', 'GET'],
    ['frame', 'GET'],
    ['upgrade', 'GET'],
    ['page', 'POST'],
    ['page', 'HEAD'],
    ['script', 'DELETE'],
  ])('a %s with %s signs nobody on', async (shape, method) => {
    const stage = await stageOf(rightPassword);
    expect(await stage.signOn.enter(entryOf('/chart/7', { shape, method }))).toEqual({ entered: 'ended' });
    expect([stage.client.sent, stage.records, held(stage)]).toEqual([[], [], null]);
  });

  test('five pages at once are one sign-on; the landing, which counts once, is the first one’s', async () => {
    const stage = await stageOf(rightPassword, ifRight, { recipe: loginRecipe({ landing: { to: 'location' } }) });
    const entered = await Promise.all(['/1', '/2', '/3', '/4', '/5'].map(async (path) => stage.signOn.enter(entryOf(path))));
    expect(stage.client.lines).toEqual(['GET /login', 'POST /login']);
    expect(entered.map((one) => one.entered)).toEqual(['landing', 'yes', 'yes', 'yes', 'yes']);
    for (const one of entered.slice(1)) expect(one).toMatchObject({ standing: { jar: [{ value: 'open-1' }] } });
    expect(stage.records.length).toBe(1);
  });

  test('five pages at once with a refused password are one try', async () => {
    const stage = await stageOf('wrong');
    const entered = await Promise.all(['/1', '/2', '/3', '/4', '/5'].map(async (path) => stage.signOn.enter(entryOf(path))));
    expect(entered).toEqual(Array.from({ length: 5 }, () => ({ entered: 'credential-needed', refused: true })));
    expect([stage.client.lines.length, stage.records.length]).toEqual([2, 1]);
  });

  test('another session of the same person is signed on by itself', async () => {
    const stage = await stageOf(rightPassword);
    const other = sessionOf('b');
    await Promise.all([stage.signOn.enter(entryOf('/')), stage.signOn.enter(entryOf('/', { session: other }))]);
    expect(stage.client.lines.filter((line) => line === 'POST /login').length).toBe(2);
    expect(held(stage)?.jar).not.toEqual(stage.standings.get(other, 'ehr')?.jar);
  });

  test.each(['/logout', '/LOGOUT'])('%s needs no sign-on', async (path) => {
    const stage = await stageOf(rightPassword);
    expect(await stage.signOn.enter(entryOf(path))).toEqual({ entered: 'yes', headers: [], standing: null });
    expect(await kindOf(stage.signOn.enter(entryOf(path, { method: 'POST', shape: 'script' })))).toBe('yes');
    expect(stage.client.sent).toEqual([]);
  });
});

describe('the landing', () => {
  test.each`
    landing                                         | requested          | goes
    ${{ to: 'location' }}                           | ${'/chart/7'}      | ${'/home?once=1'}
    ${{ to: 'requested' }}                          | ${'/chart/7?a=1'}  | ${'yes'}
    ${{ to: 'path', path: '/main/tabs/index.php' }} | ${'/'}             | ${'/main/tabs/index.php'}
    ${{ to: 'path', path: '/main/tabs/index.php' }} | ${'/main'}         | ${'/main/tabs/index.php'}
    ${{ to: 'path', path: '/main/tabs/index.php' }} | ${'/main/'}        | ${'/main/tabs/index.php'}
    ${{ to: 'path', path: '/main/tabs/index.php' }} | ${'/ma'}           | ${'yes'}
    ${{ to: 'path', path: '/main/tabs/index.php' }} | ${'/main/tabs/in'} | ${'yes'}
    ${{ to: 'path', path: '/main/tabs/index.php' }} | ${'/chart/7'}      | ${'yes'}
    ${{ to: 'path', path: '/main?lang=en' }}        | ${'/main'}         | ${'/main?lang=en'}
    ${{ to: 'path', path: '/main/tabs/index.php' }} | ${'/?chart=7'}     | ${'yes'}
  `('$landing of a request for $requested: $goes', async ({ landing, requested, goes }) => {
    const stage = await stageOf(rightPassword, ifRight, { recipe: loginRecipe({ landing }) });
    const entered = await stage.signOn.enter(entryOf(requested));
    expect(entered.entered === 'landing' ? [entered.location, entered.cookies] : entered.entered).toEqual(
      goes === 'yes' ? 'yes' : [goes, []],
    );
  });

  test('where the EHR leads elsewhere, the person goes where they wanted', async () => {
    const away: LoginAnswer = () => answer(302, ['Location', 'https://elsewhere.example/home', 'Set-Cookie', 'SID=x']);
    const recipe = loginRecipe({ landing: { to: 'location' }, success: [{ ...successOf(), location: null }] });
    const stage = await stageOf(rightPassword, away, { recipe });
    expect(await kindOf(stage.signOn.enter(entryOf('/chart/7')))).toBe('yes');
  });

  test.each([
    [true, '; Secure'],
    [false, ''],
  ])('seeds are set with it, and hold no secret (https: %s)', async (secure, suffix) => {
    const seed = [
      { name: 'user', value: ['"', { value: 'username' }, '"'] },
      { name: 'who', value: [{ value: 'name' }] },
      { name: 'site', value: [{ value: 'site' }] },
      { name: 'secret', value: [{ value: 'password' }] },
      { name: 'pin', value: [{ value: 'pin' }] },
    ];
    const stage = await stageOf(null, signsOn, {
      application: { secure, cookies: { jar: ['SID'], passthrough: ['App'], seed } },
      values: new Map([['site', 'default; x=1']]),
    });
    await stage.vault.put(ada.subject, 'ehr', { ...credential(rightPassword), more: { pin: '4711' } });
    const entered = await stage.signOn.enter(entryOf('/chart/7'));
    expect(entered).toEqual({
      entered: 'landing',
      location: '/chart/7',
      cookies: [
        `user=%22ada-ehr%22; Path=/; SameSite=Lax${suffix}`,
        `who=ada; Path=/; SameSite=Lax${suffix}`,
        `site=default%3B%20x%3D1; Path=/; SameSite=Lax${suffix}`,
      ],
    });
  });
});

function successOf() {
  const [success] = loginRecipe().success;
  return success ?? expect.fail('The recipe has no test of success');
}

describe('a password that the EHR refuses', () => {
  test('is marked, recorded, and never sent again', async () => {
    const stage = await stageOf('wrong-4711');
    expect(await stage.signOn.enter(entryOf('/chart/7'))).toEqual({ entered: 'credential-needed', refused: true });
    expect(await stage.vault.get(ada.subject, 'ehr')).toMatchObject({ refused: true });
    stage.clock.time += 86_400_000;
    for (const path of ['/chart/7', '/chart/8'])
      expect(await stage.signOn.enter(entryOf(path))).toEqual({ entered: 'credential-needed', refused: true });
    expect(stage.client.lines).toEqual(['GET /login', 'POST /login']);
    expect(stage.records).toMatchObject([
      { decision: 'refused', reason: 'ehr-credential-refused', detail: 'told by ours.yaml:failure' },
    ]);
    expect(JSON.stringify(stage.records)).not.toContain('wrong-4711');
    expect(held(stage)).toBeNull();
  });

  test('that nobody has stored is asked for, and the EHR hears nothing', async () => {
    const stage = await stageOf(null);
    expect(await stage.signOn.enter(entryOf('/chart/7'))).toEqual({ entered: 'credential-needed', refused: false });
    expect([stage.client.sent, stage.records]).toEqual([[], []]);
  });

  test('one that was entered while the EHR refused the old one is kept', async () => {
    let replaced: Promise<void> | null = null;
    const stage = await stageOf('old');
    const login = loginEhr();
    stage.client.answer = async (request) => {
      if (request.method === 'POST') await (replaced = stage.vault.put(ada.subject, 'ehr', credential(rightPassword)));
      return login(request);
    };
    expect(await kindOf(stage.signOn.enter(entryOf('/')))).toBe('credential-needed');
    expect(replaced).not.toBeNull();
    expect(await stage.vault.get(ada.subject, 'ehr')).toMatchObject({ refused: false });
    expect(await kindOf(stage.signOn.enter(entryOf('/')))).toBe('yes');
  });

  test('stays marked where it could not be recorded', async () => {
    const stage = await stageOf('wrong');
    stage.onRecord = () => {
      throw new Fault('audit-unavailable');
    };
    await expect(stage.signOn.enter(entryOf('/'))).rejects.toMatchObject({ code: 'audit-unavailable' });
    stage.onRecord = () => undefined;
    expect(await kindOf(stage.signOn.enter(entryOf('/')))).toBe('credential-needed');
    expect(stage.client.lines.filter((line) => line === 'POST /login').length).toBe(1);
  });
});

describe('answers that say neither yes nor no', () => {
  const page = '<html><body>Choose a facility, <b>ada-ehr</b> with meadow-7-right</body></html>';

  test('are told as their page says, count as a refusal, and hold no password', async () => {
    const stage = await stageOf(rightPassword, () => answer(200, [], page));
    const entered = await stage.signOn.enter(entryOf('/'));
    expect(entered).toMatchObject({ entered: 'unrecognised', status: 200 });
    expect(JSON.stringify(entered)).toContain('Choose a facility');
    expect(JSON.stringify([entered, stage.records])).not.toContain(rightPassword);
    expect(stage.records).toMatchObject([{ decision: 'refused', reason: 'ehr-sign-on-unrecognised' }]);
    expect(await kindOf(stage.signOn.enter(entryOf('/')))).toBe('credential-needed');
    expect(stage.client.lines.filter((line) => line === 'POST /login').length).toBe(1);
  });

  test.each([502, 503, 504])('%i is no word about the password: the next page tries again', async (status) => {
    let down = true;
    const stage = await stageOf(rightPassword, (password, count) =>
      down ? answer(status, [], 'Starting') : ifRight(password, count),
    );
    expect(await stage.signOn.enter(entryOf('/'))).toMatchObject({ entered: 'unrecognised', status });
    expect(await stage.vault.get(ada.subject, 'ehr')).toMatchObject({ refused: false });
    down = false;
    expect(await kindOf(stage.signOn.enter(entryOf('/')))).toBe('yes');
  });

  test('a form without its field breaks the recipe, and costs nobody their password', async () => {
    const stage = await stageOf(rightPassword);
    stage.client.answer = () => answer(200, [], 'Down for the night');
    expect(await stage.signOn.enter(entryOf('/'))).toMatchObject({ entered: 'unrecognised', status: 0 });
    expect(stage.client.lines).toEqual(['GET /login']);
    expect(await stage.vault.get(ada.subject, 'ehr')).toMatchObject({ refused: false });
    expect(stage.records).toMatchObject([{ decision: 'refused', reason: 'ehr-sign-on-unrecognised' }]);
  });

  test('an EHR that does not answer is a fault, and nobody is blamed', async () => {
    const stage = await stageOf(rightPassword);
    const sound = stage.client.answer;
    stage.client.answer = () => Promise.reject(new Fault('upstream-unreachable'));
    const both = [stage.signOn.enter(entryOf('/1')), stage.signOn.enter(entryOf('/2'))];
    for (const one of both) await expect(one).rejects.toMatchObject({ code: 'upstream-unreachable' });
    expect([stage.records, held(stage), await stage.vault.get(ada.subject, 'ehr')]).toMatchObject([[], null, { refused: false }]);
    stage.client.answer = sound;
    expect(await kindOf(stage.signOn.enter(entryOf('/')))).toBe('yes');
  });
});

describe('the brake', () => {
  test('stops everybody after so many failures in a minute, and lets go by itself', async () => {
    const stage = await stageOf(null, ifRight, { mostFailures: 3 });
    const people = ['p', 'q', 'r', 's'].map((key) => sessionOf(key, { subject: { ...ada.subject, sub: key, name: key } }));
    for (const { subject } of people) await stage.vault.put(subject, 'ehr', credential('wrong'));
    for (const session of people.slice(0, 3)) {
      expect(await kindOf(stage.signOn.enter(entryOf('/', { session })))).toBe('credential-needed');
      stage.clock.time += 10_000;
    }
    const [, , , last = ada] = people;
    await stage.vault.put(last.subject, 'ehr', credential(rightPassword));
    expect(await stage.signOn.enter(entryOf('/', { session: last }))).toEqual({ entered: 'paused', retryAfterSeconds: 30 });
    expect(await stage.signOn.try(last, credential(rightPassword), '10.1.1.1')).toEqual({
      trial: 'paused',
      retryAfterSeconds: 30,
    });
    expect(stage.client.lines.filter((line) => line === 'POST /login').length).toBe(3);
    stage.clock.time += 29_999;
    expect(await stage.signOn.enter(entryOf('/', { session: last }))).toEqual({ entered: 'paused', retryAfterSeconds: 1 });
    stage.clock.time += 1;
    expect(await kindOf(stage.signOn.enter(entryOf('/', { session: last })))).toBe('yes');
  });

  test('a clock that is set back lets everybody in at once', async () => {
    const stage = await stageOf('wrong', ifRight, { mostFailures: 1 });
    await stage.signOn.enter(entryOf('/'));
    expect(stage.brake.pausedFor('ehr')).toBe(60);
    stage.clock.time -= 3_600_000;
    expect(stage.brake.pausedFor('ehr')).toBeNull();
  });

  test('a success counts for nothing, and neither does another application', async () => {
    const stage = await stageOf(rightPassword, ifRight, { mostFailures: 1 });
    await stage.signOn.enter(entryOf('/'));
    expect(stage.brake.pausedFor('ehr')).toBeNull();
    stage.brake.failed('other', ada.subject);
    expect([stage.brake.pausedFor('ehr'), stage.brake.pausedFor('other')]).toEqual([null, 60]);
  });
});

describe('an EHR that wants a new password', () => {
  test('has its own pages opened for that and nothing else, until another password was tried', async () => {
    const stage = await stageOf('expired', (password, count) =>
      password === 'expired' ? wantsNewPassword(password, count) : ifRight(password, count),
    );
    const told = { entered: 'password-change', page: '/change?first=1' };
    expect(await stage.signOn.enter(entryOf('/chart/7'))).toEqual(told);
    expect(held(stage)).toMatchObject({ standing: 'changing-password', jar: [{ value: 'half' }] });
    for (const [path, shape, method, entered] of [
      ['/change', 'page', 'GET', 'yes'],
      ['/change', 'page', 'POST', 'yes'],
      ['/static/a.js', 'script', 'GET', 'yes'],
      ['/Change', 'page', 'GET', 'password-change'],
      ['/chart/7', 'page', 'GET', 'password-change'],
      ['/chart/7', 'script', 'POST', 'password-change'],
      ['/logout', 'page', 'GET', 'yes'],
    ] as const)
      expect([path, await kindOf(stage.signOn.enter(entryOf(path, { shape, method })))]).toEqual([path, entered]);
    stage.clock.time += 3_600_000;
    expect(await stage.signOn.enter(entryOf('/chart/7'))).toEqual(told);
    expect(stage.client.lines.length).toBe(2);
    expect(await stage.signOn.try(ada, credential('wrong'), '')).toEqual({ trial: 'refused' });
    expect(await kindOf(stage.signOn.enter(entryOf('/chart/7')))).toBe('password-change');
    expect(await stage.signOn.try(ada, credential(rightPassword), '')).toMatchObject({ trial: 'signed-on', location: null });
    expect(await stage.signOn.enter(entryOf('/chart/7'))).toMatchObject({ entered: 'yes', standing: { generation: 2 } });
    expect(stage.loggedOut).toMatchObject([{ jar: [{ value: 'half' }] }]);
    expect(await stage.vault.get(ada.subject, 'ehr')).toMatchObject({ refused: false });
  });

  test('of a service account is a matter for IT, and opens nothing', async () => {
    const account = { of: 'everyone', account: 'kiosk', password: 'expired' } as const;
    const stage = await stageOf(null, wantsNewPassword, { account });
    expect(await stage.signOn.enter(entryOf('/chart/7'))).toMatchObject({ entered: 'unrecognised', status: 0 });
    expect(held(stage)).toBeNull();
  });
});

describe('a session that the EHR has ended', () => {
  test.each([
    [0, 'page', 'ended'],
    [29_999, 'page', 'ended'],
    [30_000, 'page', 'yes'],
    [30_000, 'script', 'ended'],
    [-3_600_000, 'page', 'yes'],
  ] as const)('%i ms after the sign-on before the last one a %s gets: %s', async (later, shape, entered) => {
    const stage = await stageOf(rightPassword);
    await stage.signOn.enter(entryOf('/'));
    const signedOn = held(stage) ?? expect.fail('Nobody was signed on');
    const before = { ...signedOn, signedOnBefore: signedOn.signedOnAt };
    stage.standings.put(ada, 'ehr', { ...before, standing: 'ended', jar: [] });
    stage.clock.time += later;
    const posts = stage.client.lines.length;
    expect(await kindOf(stage.signOn.enter(entryOf('/', { shape })))).toBe(entered);
    expect(stage.client.lines.length - posts).toBe(entered === 'yes' ? 2 : 0);
    if (entered === 'yes')
      expect(held(stage)).toMatchObject({ generation: 2, standing: 'signed-on', jar: [{ value: 'open-2' }] });
  });

  test('is opened again once at once, and then not for half a minute, however often one comes', async () => {
    const stage = await stageOf(rightPassword);
    const ends = (): void => {
      const now = held(stage) ?? expect.fail('Nobody was signed on');
      stage.standings.put(ada, 'ehr', { ...now, standing: 'ended', jar: [] });
    };
    const seen: string[] = [];
    for (let times = 0; times < 5; times += 1) {
      seen.push(await kindOf(stage.signOn.enter(entryOf('/'))));
      ends();
      stage.clock.time += 9000;
    }
    expect(seen).toEqual(['yes', 'yes', 'ended', 'ended', 'yes']);
    expect(stage.client.lines.filter((line) => line === 'POST /login').length).toBe(3);
  });

  test('is tried once: what the EHR refuses then is asked for', async () => {
    let right = rightPassword;
    const stage = await stageOf(rightPassword, (password, count) =>
      password === right ? signsOn(password, count) : ifRight('', 0),
    );
    await stage.signOn.enter(entryOf('/'));
    const before = held(stage) ?? expect.fail('Nobody was signed on');
    stage.standings.put(ada, 'ehr', { ...before, standing: 'ended', jar: [] });
    stage.clock.time += 60_000;
    right = 'another';
    for (let tries = 0; tries < 3; tries += 1) expect(await kindOf(stage.signOn.enter(entryOf('/')))).toBe('credential-needed');
    expect(stage.client.lines.filter((line) => line === 'POST /login').length).toBe(2);
  });
});

describe('accounts of the configuration', () => {
  const roles = new Map([
    ['physician', { account: 'doc', password: 'doc-pass' }],
    ['nurse', { account: 'ward', password: 'ward-pass' }],
  ]);
  const byRole = { of: 'role', roles } as const;
  const everyone = { of: 'everyone', account: 'kiosk', password: rightPassword } as const;
  const usersOf = ({ client }: SignOnStage) =>
    client.sent.flatMap(({ body }) => new URLSearchParams(body ?? '').get('user') ?? []);

  test('one for everybody', async () => {
    const stage = await stageOf(null, ifRight, { account: everyone });
    expect(await stage.signOn.enter(entryOf('/'))).toMatchObject({ entered: 'yes', standing: { account: 'kiosk' } });
    expect(usersOf(stage)).toEqual(['kiosk']);
    expect(stage.records).toMatchObject([{ decision: 'allowed', session: ada.reference }]);
  });

  test('one that the EHR refuses is tried once, for whomever', async () => {
    const stage = await stageOf(null, ifRight, { account: { ...everyone, password: 'wrong' } });
    for (const key of ['a', 'b', 'c'])
      expect(await kindOf(stage.signOn.enter(entryOf('/', { session: sessionOf(key) })))).toBe('unrecognised');
    expect(usersOf(stage)).toEqual(['kiosk']);
  });

  test.each([
    [['nurse'], 'ward'],
    [['nurse', 'physician'], 'doc'],
    [['clerk', 'nurse'], 'ward'],
  ])('of roles %j: %s', async (roleNames, user) => {
    const stage = await stageOf(null, signsOn, { account: byRole });
    await stage.signOn.enter(entryOf('/', { session: sessionOf('a', { roles: roleNames }) }));
    expect(usersOf(stage)).toEqual([user]);
  });

  test('whose role has none is told so, and the EHR hears nothing', async () => {
    const stage = await stageOf(null, signsOn, { account: byRole });
    const session = sessionOf('a', { roles: ['clerk'] });
    expect(await stage.signOn.enter(entryOf('/', { session }))).toEqual({ entered: 'no-account' });
    expect(stage.client.sent).toEqual([]);
  });

  test('whoever loses the role leaves its session at the EHR at once, and is signed on by the other one', async () => {
    const stage = await stageOf(null, signsOn, { account: byRole });
    await stage.signOn.enter(entryOf('/', { session: sessionOf('a', { roles: ['physician'] }) }));
    const nurse = sessionOf('a', { roles: ['nurse'] });
    expect(await stage.signOn.enter(entryOf('/', { session: nurse, shape: 'script' }))).toEqual({ entered: 'ended' });
    expect(stage.loggedOut).toMatchObject([{ jar: [{ value: 'open-1' }] }]);
    expect(await stage.signOn.enter(entryOf('/', { session: nurse }))).toMatchObject({
      entered: 'yes',
      standing: { account: 'ward', generation: 2, jar: [{ value: 'open-2' }] },
    });
    expect([usersOf(stage), stage.loggedOut.length]).toEqual([['doc', 'ward'], 1]);
  });

  test('a change of role is no circle: two in half a minute are two sign-ons', async () => {
    const stage = await stageOf(null, signsOn, { account: byRole });
    const as = (role: string) => kindOf(stage.signOn.enter(entryOf('/', { session: sessionOf('a', { roles: [role] }) })));
    expect([await as('physician'), await as('nurse'), await as('physician')]).toEqual(['yes', 'yes', 'yes']);
    expect([usersOf(stage), stage.loggedOut.length]).toEqual([['doc', 'ward', 'doc'], 2]);
  });

  test('whoever loses every role that has one goes on in nothing', async () => {
    const stage = await stageOf(null, signsOn, { account: byRole });
    await stage.signOn.enter(entryOf('/', { session: sessionOf('a', { roles: ['physician'] }) }));
    const clerk = sessionOf('a', { roles: ['clerk'] });
    expect(await stage.signOn.enter(entryOf('/', { session: clerk }))).toEqual({ entered: 'no-account' });
    expect(held(stage)).toMatchObject({ standing: 'ended', jar: [] });
  });

  test('another role with the same account changes nothing', async () => {
    const stage = await stageOf(null, signsOn, { account: byRole });
    await stage.signOn.enter(entryOf('/', { session: sessionOf('a', { roles: ['physician'] }) }));
    const more = sessionOf('a', { roles: ['physician', 'nurse'] });
    expect(await kindOf(stage.signOn.enter(entryOf('/', { session: more, shape: 'script' })))).toBe('yes');
    expect([usersOf(stage), stage.loggedOut]).toEqual([['doc'], []]);
  });
});

describe('while the EHR thinks', () => {
  /** Runs `meanwhile` when the login has reached the EHR. */
  function during(stage: SignOnStage, meanwhile: () => void): void {
    const sound = stage.client.answer;
    stage.client.answer = (request) => {
      if (request.method === 'POST') meanwhile();
      return sound(request);
    };
  }

  test.each(['requested', 'location'] as const)('a session that ends is not gone on in, and the EHR is told (%s)', async (to) => {
    const stage = await stageOf(rightPassword, ifRight, { recipe: loginRecipe({ landing: { to } }) });
    during(stage, () => stage.standings.end(ada));
    const both = await Promise.all([stage.signOn.enter(entryOf('/1')), stage.signOn.enter(entryOf('/2'))]);
    expect(both).toEqual([{ entered: 'ended' }, { entered: 'ended' }]);
    expect([stage.loggedOut.length, stage.learned, held(stage)]).toEqual([1, [], null]);
    expect(stage.loggedOut).toMatchObject([{ jar: [{ value: 'open-1' }] }]);
  });

  test('a session that ends during a trial leaves nothing open at the EHR', async () => {
    const stage = await stageOf(null);
    during(stage, () => stage.standings.end(ada));
    await stage.signOn.try(ada, credential(rightPassword), '10.1.1.1');
    expect([stage.loggedOut.length, stage.learned, held(stage)]).toEqual([1, [], null]);
  });

  test('an audit that fails ends the sign-on closed, and what the EHR opened is closed again', async () => {
    const stage = await stageOf(rightPassword);
    stage.onRecord = () => {
      throw new Fault('audit-unavailable');
    };
    await expect(stage.signOn.enter(entryOf('/'))).rejects.toMatchObject({ code: 'audit-unavailable' });
    expect([held(stage), stage.learned]).toEqual([null, []]);
    expect(stage.loggedOut).toMatchObject([{ jar: [{ value: 'open-1' }] }]);
    stage.onRecord = () => undefined;
    expect(await kindOf(stage.signOn.enter(entryOf('/')))).toBe('yes');
  });
});

describe('a trial', () => {
  test.each<readonly [name: string, password: string, login: LoginAnswer, trial: object, standing: string | null]>([
    ['taken', rightPassword, ifRight, { trial: 'signed-on', location: null, cookies: [] }, 'signed-on'],
    ['refused', 'wrong', ifRight, { trial: 'refused' }, null],
    ['expired', 'x', wantsNewPassword, { trial: 'password-change', page: '/change?first=1' }, 'changing-password'],
    ['odd', 'x', () => answer(200, [], 'Choose'), { trial: 'unrecognised', status: 200, told: 'Choose' }, null],
  ])('%s', async (_name, password, login, trial, standing) => {
    const stage = await stageOf(null, login);
    expect(await stage.signOn.try(ada, credential(password), '10.9.9.9')).toEqual(trial);
    expect(held(stage)?.standing ?? null).toBe(standing);
    expect(stage.client.sent.map(({ address }) => address)).toEqual(['10.9.9.9', '10.9.9.9']);
    expect(stage.vault.entries.size).toBe(0);
  });

  test('leads to where the EHR begins', async () => {
    const stage = await stageOf(null, ifRight, { recipe: loginRecipe({ landing: { to: 'location' } }) });
    expect(await stage.signOn.try(ada, credential(rightPassword), '')).toMatchObject({ location: '/home?once=1' });
  });

  test('that succeeds replaces the session that was open', async () => {
    const stage = await stageOf(rightPassword);
    await stage.signOn.enter(entryOf('/'));
    await stage.signOn.try(ada, credential(rightPassword), '');
    expect(held(stage)).toMatchObject({ generation: 2, jar: [{ value: 'open-2' }] });
    expect(stage.loggedOut).toMatchObject([{ jar: [{ value: 'open-1' }] }]);
  });
});
