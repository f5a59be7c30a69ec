import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfiguration, loadRules } from '../../src/config/load.ts';
import { renderMistake } from '../../src/config/mistake.ts';
import type { ApplicationSettings, Configuration, SignOnSettings } from '../../src/config/settings.ts';
import { fullGateway, fullPreset, fullRules, loadWithPreset } from './full-preset.ts';
import { pattern, recipe } from './full-recipe.ts';
import { environment, writeConfiguration } from './write-configuration.ts';

async function configured(gateway = fullGateway, preset = fullPreset): Promise<Configuration> {
  const { loaded } = await loadWithPreset(gateway, preset);
  if (!loaded.ok) throw new Error(loaded.mistakes.map(renderMistake).join('\n'));
  return loaded.configuration;
}

async function ehr(gateway = fullGateway, preset = fullPreset): Promise<ApplicationSettings> {
  const application = (await configured(gateway, preset)).settings.applications.get('ehr');
  if (application === undefined) throw new Error('There is one');
  return application;
}

async function warned(gateway: string, preset = fullPreset): Promise<string[]> {
  const { loaded, written } = await loadWithPreset(gateway, preset);
  if (!loaded.ok) throw new Error(loaded.mistakes.map(renderMistake).join('\n'));
  return loaded.warnings.map((warning) => renderMistake(warning).slice(written.directory.length + 1));
}

const values = new Map([['site', 'default']]);

describe('a preset with a recipe', () => {
  it('is compiled whole, below its root', async () => {
    expect((await ehr()).signOn).toStrictEqual({ by: 'recipe', recipe, values, account: { of: 'own' } });
  });

  it('says the rest of what the EHR is like', async () => {
    expect(await ehr()).toMatchObject({
      root: '/emr',
      hostHeader: { literal: 'emr.internal:8443' },
      webSocketProtocols: ['stomp'],
      sessionCookie: 'SID',
      cookies: {
        jar: ['SID'],
        passthrough: ['theme'],
        seed: [{ name: 'last.user', value: ['"', { value: 'username' }, '"'] }],
      },
      expired: [{ pattern: pattern('/emr/poll'), json: '{"timeoutMessage":"timeout","code":1}' }],
    });
    expect(await warned(fullGateway)).toEqual([]);
  });

  it('is taken over by what the application says itself', async () => {
    const own = `
    root: /
    hostHeader: upstream
    webSocketProtocols: []
    cookies: { jar: [OTHER] }
    signOnValues: { site: 02, room: 7 }
    signOn: own-password`;
    const application = await ehr(fullGateway.replace('\n    signOn: own-password', own));
    expect(application).toMatchObject({
      root: '',
      hostHeader: 'upstream',
      webSocketProtocols: [],
      cookies: { jar: ['SID', 'OTHER'], passthrough: [], seed: [] },
      expired: [{ pattern: pattern('/poll') }],
      signOn: { values: new Map([['site', '02'], ['room', '7']]), recipe: { steps: [{ target: ['/login.jsp?site=', {}] }, {}, {}, {}] } }, // prettier-ignore
    });
  });

  it.each([
    ['its own', fullGateway, '/emr'],
    ['the one of the application', fullGateway.replace('preset: full', 'preset: full\n    root: /clinic/emr'), '/clinic/emr'],
    ['none', fullGateway.replace('preset: full', 'preset: full\n    root: /'), ''],
  ])('has its areas and deny-always rows below its root: %s', async (_, gateway, root) => {
    const { settings, policy } = await configured(gateway);
    const again = await loadRules(settings);
    for (const { rules, denyAlways } of [policy, again.ok ? again.policy : policy]) {
      expect(rules.flatMap(({ routes }) => routes.map((route) => route.pattern.source))).toEqual([
        `${root}/main`,
        `${root}/chart`,
      ]);
      expect(denyAlways.map((row) => row.pattern.source)).toEqual([`${root}/setup/**`]);
    }
    expect(again.ok).toBe(true);
  });

  it('may be a file of one’s own, seen from gateway.yaml', async () => {
    const written = await writeConfiguration(fullGateway.replace('preset: full', 'preset: ./ours/our-ehr.yaml'), fullRules);
    await mkdir(join(written.directory, 'ours'));
    const file = join(written.directory, 'ours/our-ehr.yaml');
    await writeFile(file, fullPreset);
    const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
    expect(loaded.ok && loaded.configuration.settings.applications.get('ehr')).toMatchObject({ preset: file, root: '/emr' });
    expect(loaded.ok && (await loadRules(loaded.configuration.settings)).ok).toBe(true);
  });
});

const word = environment.OIDC_SECRET;
const accounts = new Map([
  ['physician', { account: 'docs', password: word }],
  ['nurse', { account: 'wards', password: word }],
]);
const one = '{ account: ward, passwordEnv: OIDC_SECRET }';
const byRole =
  '{ roles: { physician: { account: docs, passwordEnv: OIDC_SECRET }, nurse: { account: wards, passwordEnv: OIDC_SECRET } } }';
const withoutPin = fullPreset.replace('  asks: pin\n', '').replace("pin: '{pin}', ", '');
const basic = fullPreset.replace(/signOn:\n(?: .*\n)+loggedOut:\n.*\nlogout:\n(?: .*\n)+/, 'signOn: { by: basic }\n');
const silent = basic.replace('signOn: { by: basic }\n', '');

describe('the way of signing on', () => {
  it.each([
    ['own-password', basic, { by: 'basic-own-password' }],
    ['own-password', silent, { by: 'basic-own-password' }],
    [one, basic, { by: 'basic-account', account: 'ward', password: word }],
    [byRole, basic, { by: 'basic-roles', roles: accounts }],
    ['none', fullPreset, { by: 'none' }],
    ['{ header: X-Remote-User }', fullPreset, { by: 'header', name: 'X-Remote-User' }],
  ] satisfies [string, string, SignOnSettings][])('%s', async (text, preset, expected) => {
    const { signOn } = await ehr(fullGateway.replace('own-password', text), preset);
    expect(signOn).toEqual(expected);
  });

  it.each([
    [one, { of: 'everyone', account: 'ward', password: word }],
    [byRole, { of: 'role', roles: accounts }],
  ])('%s by recipe', async (text, account) => {
    const { signOn } = await ehr(fullGateway.replace('own-password', text), withoutPin);
    expect(signOn).toMatchObject({ by: 'recipe', account, values });
    expect(signOn.by === 'recipe' && [...(signOn.account.of === 'role' ? signOn.account.roles.keys() : [])]).toEqual(
      account.of === 'role' ? ['physician', 'nurse'] : [],
    );
  });

  it('by recipe keeps a jar, for the session if it is known', async () => {
    const bare = fullPreset.replace(/cookies: .*\n/, '');
    expect((await ehr(fullGateway, bare)).cookies).toEqual({ jar: ['SID'], passthrough: [], seed: [] });
    const nameless = bare.replace('sessionCookie: SID\n', '');
    expect((await ehr(fullGateway, nameless)).cookies).toEqual({ jar: [], passthrough: [], seed: [] });
  });

  it('that leaves people to log in leaves them their cookies', async () => {
    const none = fullGateway.replace('own-password', 'none');
    expect((await ehr(none)).cookies).toBe(null);
    expect((await ehr(none.replace('signOn: none', 'signOn: none\n    cookies: { jar: [A] }'))).cookies).toEqual({
      jar: ['A'],
      passthrough: [],
      seed: [],
    });
    expect((await ehr(fullGateway, basic.replace(/, seed: .* }/, ' }'))).cookies).toEqual({
      jar: ['SID'],
      passthrough: ['theme'],
      seed: [],
    });
  });

  it('is warned of where nobody chose it, and nobody could', async () => {
    expect(await warned(fullGateway.replace('    signOn: own-password\n', ''))).toEqual([
      'gateway.yaml:7:5: Preset "full" can sign people on, and nothing says how, so they log in by themselves; write signOn: own-password, { account: … }, { roles: … }, or none where that is meant',
    ]);
    expect(await warned(fullGateway.replace('own-password', 'none'))).toEqual([]);
    expect(await warned(fullGateway.replace('own-password', byRole.replace('nurse', 'nurze')), withoutPin)).toEqual([
      'gateway.yaml:10:80: Role "nurze" is not defined in rules.yaml, so nobody is signed on by this account, did you mean "nurse"?',
    ]);
  });

  it.each([
    [
      'a landing nobody looks for',
      [', location: /main/**', ''],
      'presets/full.yaml:33:12: No success test looks for a Location, so the reply may lead nowhere; write location: there or a path here',
    ],
    [
      'a page of a new password nobody looks for',
      ["{ location: /change }, page: '/change?first=1'", '{ body: expired }, page: location'],
      'presets/full.yaml:32:53: No test of passwordChange looks for a Location, so the reply may lead nowhere; write location: there or a path here',
    ],
    [
      'a password in the address',
      ['site={site}', 'site={site}&word={password}'],
      'presets/full.yaml:12:7: Password stands in the address, which servers write into their logs',
    ],
  ] as const)('is warned of %s', async (_, [from, to], told) => {
    expect(fullPreset).toContain(from);
    expect(await warned(fullGateway, fullPreset.replace(from, to))).toEqual([told]);
  });

  it('without a recipe has no use for a logout of its own', async () => {
    const logout = `${silent}logout: { paths: /logout }\n`;
    expect(await warned(fullGateway, logout.replace(/, seed: .* }/, ' }'))).toEqual([
      'presets/full.yaml:13:1: Key "logout" changes nothing without signOn: { by: recipe, … }',
    ]);
    expect(await warned(fullGateway, silent)).toEqual([
      'presets/full.yaml:6:65: Cookie "last.user" is never set, because people are not signed on by a recipe',
    ]);
  });

  it.each([
    ['requested', { to: 'requested' }],
    ['/home.jsp?a=1', { to: 'path', path: '/emr/home.jsp?a=1' }],
  ])('lands at %s', async (text, landing) => {
    const { signOn } = await ehr(fullGateway, fullPreset.replace('landing: location', `landing: ${text}`));
    expect(signOn.by === 'recipe' && signOn.recipe.landing).toEqual(landing);
  });

  it.each([
    ['own-password', null],
    [one, 'cannot tell people apart'],
    [byRole, 'cannot tell people apart'],
  ])('%s tells people apart, or carries no patient for each of them', async (text, problem) => {
    const perPerson = withoutPin
      .replace('sessionCookie: SID', 'sessionCookie: none')
      .replace('patient: query.pid', 'patient: session');
    const { loaded } = await loadWithPreset(fullGateway.replace('own-password', text), perPerson);
    const told = loaded.ok ? [] : loaded.mistakes.map(({ message }) => message);
    expect(told).toEqual(problem === null ? [] : [expect.stringContaining(problem)]);
  });
});
