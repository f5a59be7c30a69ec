// The ways of signing on without a recipe, the trial of a person's own password, and the logout that follows the end of a
// session of ours.

import { describe, expect, test } from 'vitest';
import { ehrParts } from '../../src/compose/ehr-parts.ts';
import type { ApplicationSettings, SignOnSettings } from '../../src/config/settings.ts';
import { Fault } from '../../src/core/faults.ts';
import type { EhrStanding } from '../../src/ehr-ports.ts';
import { applicationOf } from '../support/edge-facts.ts';
import { answer, entryOf, FakeEhrClient, FakeStandings, SetClock } from '../support/fake-ehr.ts';
import type { Answering } from '../support/fake-ehr.ts';
import { FakeCredentialVault } from '../support/fake-ehr-trial.ts';
import { FakeAuditLog, FakeLog } from '../support/fake-ports.ts';
import { ifRight, loginEhr, loginRecipe, rightPassword } from '../support/login-recipe.ts';
import { sessionOf } from '../support/session-of.ts';
import { noMachines } from '../support/no-machines.ts';

const ada = sessionOf('a');
const basicOf = (name: string, password: string) => `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
const cookies = { jar: ['SID'], passthrough: [], seed: [] };
const standing: EhrStanding = {
  generation: 0,
  standing: 'signed-on',
  jar: [{ name: 'SID', value: 'now', path: '/', expiresAt: null }],
  signedOnAt: 0,
};

/** The parts as the gateway wires them, around fakes. */
function partsOf(applications: Readonly<Record<string, Partial<ApplicationSettings>>>, reply: Answering = () => answer(200)) {
  const [clock, standings, vault, audit, log] = [new SetClock(), new FakeStandings(), new FakeCredentialVault(), new FakeAuditLog(), new FakeLog()]; // prettier-ignore
  const client = new FakeEhrClient(reply);
  const learned: unknown[] = [];
  const settings = new Map(Object.entries(applications).map(([name, more]) => [name, applicationOf({ name, ...more })]));
  const parts = ehrParts({
    applications: settings,
    standings,
    vault,
    machines: noMachines,
    client,
    audit,
    clock,
    log,
    failuresPerMinute: 2,
    learnEhrSessions: (place, request, values) => void learned.push([place.session.reference, request, values]),
  });
  const enter = async (name = 'ehr', session = ada) =>
    (await parts.signOn.get(name)?.enter(entryOf('/chart/7', { session }))) ?? expect.fail(`No way of signing on to ${name}`);
  return { parts, enter, clock, standings, vault, audit, log, client, learned };
}

const recipeOf = (more: Partial<Extract<SignOnSettings, { by: 'recipe' }>> = {}): Partial<ApplicationSettings> => ({
  signOn: { by: 'recipe', recipe: loginRecipe(), values: new Map(), account: { of: 'own' }, ...more },
  cookies,
  sessionCookie: 'SID',
});

describe('without a recipe', () => {
  const roles = new Map([['nurse', { account: 'ward', password: 'w' }]]);
  test.each<readonly [signOn: SignOnSettings, headers: string[]]>([
    [{ by: 'none' }, []],
    [{ by: 'header', name: 'X-Remote-User' }, ['X-Remote-User', 'ada']],
    [{ by: 'basic-account', account: 'kiosk', password: 'ä:x' }, ['authorization', basicOf('kiosk', 'ä:x')]],
    [{ by: 'basic-roles', roles }, ['authorization', basicOf('ward', 'w')]],
  ])('%j', async (signOn, headers) => {
    const { enter, standings, client } = partsOf({ ehr: { signOn }, jarred: { signOn, cookies } });
    for (const name of ['ehr', 'jarred']) standings.put(ada, name, standing);
    expect(await enter('ehr')).toEqual({ entered: 'yes', headers, standing: null });
    expect(await enter('jarred')).toEqual({ entered: 'yes', headers, standing });
    expect(client.sent).toEqual([]);
  });

  test('a role without an account', async () => {
    const { enter } = partsOf({ ehr: { signOn: { by: 'basic-roles', roles } } });
    expect(await enter('ehr', sessionOf('b', { roles: ['clerk'] }))).toEqual({ entered: 'no-account' });
  });

  test("a person's own password: asked for, used, refused once, never again", async () => {
    const { parts, enter, vault, clock } = partsOf({ ehr: { signOn: { by: 'basic-own-password' } } });
    expect(await enter()).toEqual({ entered: 'credential-needed', refused: false });
    await vault.put(ada.subject, 'ehr', { username: 'ada', password: 'p', more: {} });
    const headers = ['authorization', basicOf('ada', 'p')];
    expect(await enter()).toEqual({ entered: 'yes', headers, standing: null });
    await parts.ehrRefusedCredential(ada, 'ehr', headers);
    clock.time += 3_600_000;
    expect(await enter()).toEqual({ entered: 'credential-needed', refused: true });
  });

  test('a late refusal of the password before leaves the new one alone', async () => {
    const { parts, enter, vault } = partsOf({ ehr: { signOn: { by: 'basic-own-password' } } });
    await vault.put(ada.subject, 'ehr', { username: 'ada', password: 'new', more: {} });
    await parts.ehrRefusedCredential(ada, 'ehr', ['authorization', basicOf('ada', 'old')]);
    expect(await enter()).toMatchObject({ entered: 'yes' });
  });

  test('too many refusals pause it for everybody', async () => {
    const { parts, enter, vault, clock } = partsOf({ ehr: { signOn: { by: 'basic-own-password' } } });
    await vault.put(ada.subject, 'ehr', { username: 'ada', password: 'p', more: {} });
    for (const sub of ['x', 'y'])
      await parts.ehrRefusedCredential(sessionOf(sub, { subject: { ...ada.subject, sub } }), 'ehr', []);
    expect(await enter()).toEqual({ entered: 'paused', retryAfterSeconds: 60 });
    clock.time += 60_000;
    expect(await enter()).toMatchObject({ entered: 'yes' });
  });
});

describe('a trial by Basic', () => {
  const credential = { username: 'ada', password: 'p', more: {} };
  test.each<readonly [status: number, trial: object]>([
    [200, { trial: 'signed-on', location: null, cookies: [] }],
    [302, { trial: 'signed-on', location: null, cookies: [] }],
    [301, { trial: 'signed-on', location: null, cookies: [] }],
    [401, { trial: 'refused' }],
    [403, { trial: 'refused' }],
    [400, { trial: 'unrecognised', status: 400, told: '' }],
    [429, { trial: 'unrecognised', status: 429, told: '' }],
    [500, { trial: 'unrecognised', status: 500, told: '' }],
    [503, { trial: 'unrecognised', status: 503, told: '' }],
  ])('%i: %j', async (status, trial) => {
    const { parts, client } = partsOf({ ehr: { signOn: { by: 'basic-own-password' } } }, () => answer(status));
    expect(await parts.ehrTrial.try(ada, 'ehr', credential, '10.2.2.2')).toEqual(trial);
    expect(client.sent).toMatchObject([{ target: '/', address: '10.2.2.2', headers: ['authorization', basicOf('ada', 'p')] }]);
  });

  test('asks where the EHR lives, and stops with the brake', async () => {
    const { parts, client } = partsOf({ ehr: { signOn: { by: 'basic-own-password' }, root: '/openmrs' } }, () => answer(401));
    for (let tries = 0; tries < 2; tries += 1)
      expect(await parts.ehrTrial.try(ada, 'ehr', credential, '')).toEqual({ trial: 'refused' });
    expect(await parts.ehrTrial.try(ada, 'ehr', credential, '')).toEqual({ trial: 'paused', retryAfterSeconds: 60 });
    expect(client.lines).toEqual(['GET /openmrs/', 'GET /openmrs/']);
  });

  test.each<readonly [application: Partial<ApplicationSettings> | null, asked: readonly string[] | null]>([
    [{ signOn: { by: 'basic-own-password' } }, ['username', 'password']],
    [recipeOf({ recipe: loginRecipe({ asks: ['username', 'password', 'pin'] }) }), ['username', 'password', 'pin']],
    [recipeOf({ account: { of: 'everyone', account: 'a', password: 'b' } }), null],
    [{ signOn: { by: 'header', name: 'X' } }, null],
    [null, null],
  ])('%j asks people for %j', (application, asked) => {
    expect(partsOf(application === null ? {} : { ehr: application }).parts.ehrTrial.asks('ehr')).toEqual(asked);
  });
});

describe('on record', () => {
  test('each sign-on, with who, where from and for which request, and nothing secret', async () => {
    const { parts, enter, vault, audit, log, learned } = partsOf({ ehr: recipeOf() }, loginEhr(ifRight));
    await vault.put(ada.subject, 'ehr', { username: 'ada-ehr', password: rightPassword, more: {} });
    await enter();
    const other = sessionOf('b', { subject: { ...ada.subject, sub: 'eve', name: 'eve' } });
    await vault.put(other.subject, 'ehr', { username: 'eve-ehr', password: 'wrong-0815', more: {} });
    await enter('ehr', other);
    const common = { event: 'ehr-sign-on', application: 'ehr', address: '10.1.1.1', request: 'r-1' };
    expect(audit.entries).toMatchObject([
      { ...common, subject: { sub: 'ada' }, session: 'ref-a', decision: 'allowed', reason: null },
      { ...common, subject: { sub: 'eve' }, session: 'ref-b', decision: 'refused', reason: 'ehr-credential-refused' },
    ]);
    expect(log.said).toMatchObject([
      { level: 'warn', fields: { application: 'ehr', person: 'eve', why: 'ehr-credential-refused' } },
    ]);
    expect(learned).toEqual([['ref-a', 'r-1', ['open-1']]]);
    const told = JSON.stringify([audit.entries, log.said]);
    for (const secret of [rightPassword, 'wrong-0815', 'ada-ehr', 'eve-ehr', 'open-1', 't-1']) expect(told).not.toContain(secret);
    await parts.logOut(ada);
  });

  test.each(['failAppend', 'failDurable'] as const)(
    'nobody is signed on where the record fails (%s), and the EHR is told',
    async (how) => {
      const { enter, vault, audit, client, standings } = partsOf({ ehr: recipeOf() }, loginEhr(ifRight));
      await vault.put(ada.subject, 'ehr', { username: 'ada', password: rightPassword, more: {} });
      audit[how] = true;
      await expect(enter()).rejects.toThrow();
      expect(standings.get(ada, 'ehr')).toBeNull();
      expect(client.lines).toEqual(['GET /login', 'POST /login', 'GET /logout']);
      expect(client.sent[2]?.headers).toEqual(['cookie', 'SID=open-1']);
    },
  );
});

describe('when a session of ours ends', () => {
  test('each EHR is told once, with its own session, for nobody’s address', async () => {
    const { parts, client, standings } = partsOf({
      ehr: recipeOf(),
      pacs: recipeOf(),
      plain: { signOn: { by: 'none' }, cookies },
    });
    standings.put(ada, 'ehr', {
      ...standing,
      jar: [{ ...standing.jar[0], name: 'SID', value: 'one', path: '/', expiresAt: null }],
    });
    standings.put(ada, 'pacs', { ...standing, standing: 'changing-password' });
    standings.put(ada, 'plain', standing);
    await parts.logOut(ada);
    expect(client.sent.map(({ application, method, target, headers, address }) => [application, method, target, headers, address])).toEqual([
      ['ehr', 'GET', '/logout', ['cookie', 'SID=one'], ''],
      ['pacs', 'GET', '/logout', ['cookie', 'SID=now'], ''],
    ]); // prettier-ignore
    expect([standings.get(ada, 'ehr'), standings.get(ada, 'pacs'), standings.get(ada, 'plain')]).toEqual([null, null, null]);
    await parts.logOut(ada);
    expect(client.sent.length).toBe(2);
  });

  test.each<readonly [name: string, held: EhrStanding, application: Partial<ApplicationSettings>]>([
    ['has ended by itself', { ...standing, standing: 'ended' }, recipeOf()],
    [
      'has no cookie for that page',
      { ...standing, jar: [{ name: 'SID', value: 'x', path: '/elsewhere', expiresAt: null }] },
      recipeOf(),
    ],
    ['is past its time', { ...standing, jar: [{ name: 'SID', value: 'x', path: '/', expiresAt: 1 }] }, recipeOf()],
    ['knows no logout', standing, recipeOf({ recipe: loginRecipe({ logout: { routes: [], request: null } }) })],
  ])('one that %s is not asked', async (_name, held, application) => {
    const { parts, client, standings } = partsOf({ ehr: application });
    standings.put(ada, 'ehr', held);
    await parts.logOut(ada);
    expect([client.sent, standings.get(ada, 'ehr')]).toEqual([[], null]);
  });

  test('an EHR that does not hear it holds nobody up, and is told of in the log alone', async () => {
    const { parts, standings, log } = partsOf({ ehr: recipeOf(), pacs: recipeOf() }, () =>
      Promise.reject(new Fault('upstream-unreachable')),
    );
    for (const name of ['ehr', 'pacs']) standings.put(ada, name, standing);
    await parts.logOut(ada);
    expect(log.said.map(({ level, fields }) => [level, fields['application']])).toEqual([
      ['warn', 'ehr'],
      ['warn', 'pacs'],
    ]);
    expect(JSON.stringify(log.said)).not.toContain('now');
  });
});

test('two applications in one session have their sign-ons, sessions and refusals apart', async () => {
  const { enter, vault, standings, client } = partsOf({ ehr: recipeOf(), pacs: recipeOf() }, loginEhr(ifRight));
  await vault.put(ada.subject, 'ehr', { username: 'ada', password: rightPassword, more: {} });
  await vault.put(ada.subject, 'pacs', { username: 'ada', password: 'wrong', more: {} });
  const [ehr, pacs] = await Promise.all([enter('ehr'), enter('pacs')]);
  expect([ehr.entered, pacs.entered]).toEqual(['yes', 'credential-needed']);
  expect(standings.get(ada, 'ehr')).toMatchObject({ standing: 'signed-on' });
  expect(standings.get(ada, 'pacs')).toBeNull();
  expect(client.sent.filter(({ application }) => application === 'pacs').length).toBe(2);
  expect(await enter('ehr')).toMatchObject({ entered: 'yes' });
});
