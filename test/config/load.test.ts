// oxlint-disable unicorn/no-thenable -- `then` is the key of the rule file, its value is never awaited
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfiguration, loadRules } from '../../src/config/load.ts';
import { renderMistake } from '../../src/config/mistake.ts';
import type { ApplicationSettings, Configuration } from '../../src/config/settings.ts';
import { environment, smallPreset, soundGateway, soundRules, writeConfiguration } from './write-configuration.ts';
import { designGateway, designRules, openemrPreset, orthancPreset } from './larger-clinic.ts';

async function load(gateway: string, rules = soundRules): Promise<Configuration> {
  const written = await writeConfiguration(gateway, rules);
  const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
  if (!loaded.ok) throw new Error(loaded.mistakes.map(renderMistake).join('\n'));
  return loaded.configuration;
}

async function mistakes(gateway: string, rules = soundRules): Promise<string> {
  const written = await writeConfiguration(gateway, rules);
  const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
  return loaded.ok ? 'sound' : loaded.mistakes.map(({ message }) => message).join('\n');
}

describe('a small sound configuration', () => {
  it('is completed with the defaults', async () => {
    const { settings, policy } = await load(soundGateway);
    expect(settings.listen).toMatchObject({ host: '127.0.0.1', port: 8080, certificateFile: null, trustedProxies: [] });
    expect(settings.listen.health).toEqual({ host: '127.0.0.1', port: 9464 });
    expect(settings.signIn).toMatchObject({
      clientSecret: environment.OIDC_SECRET,
      rolesClaim: 'groups',
      recheckEverySeconds: 900,
    });
    expect(settings.signIn.scopes).toEqual(['openid', 'profile']);
    expect(settings.breakGlass.lastsSeconds).toBe(3600);
    expect(settings.limits).toMatchObject({
      headerBytes: 16_384,
      formBytes: 65_536,
      connectionsPerAddress: 1000,
      keepAliveSeconds: 5,
    });
    expect(settings.limits).toMatchObject({ minimumBytesPerSecond: 1000, upstreamHeadersSeconds: 300, upstreamConnections: 512 });
    expect(settings.clinic.hours).toEqual([{ days: [1, 2, 3, 4, 5], fromMinute: 420, toMinute: 1140 }]);
    expect(settings.lock.everywhere).toEqual({ idleSeconds: 900, absoluteSeconds: 43_200, endAfterLockSeconds: 1800 });
    expect(settings.lock.zones.get('desks')).toEqual({ idleSeconds: 300, endAfterLockSeconds: null, absoluteSeconds: null });
    expect(policy.mode).toBe('enforce');
    expect(policy.version).toMatch(/^[0-9a-f]{64}$/);
    expect(policy.denyAlways.map(({ pattern, at }) => [pattern.source, at])).toEqual([['/setup/**', 'small.yaml:3']]);
  });

  it('takes paths from the file that names them', async () => {
    const gateway = soundGateway.replace(
      'audit: { keep: 6y }',
      'data: state\naudit: { directory: ../log, fallback: other, anchor: /mnt/anchor }',
    );
    const written = await writeConfiguration(gateway, soundRules);
    const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
    const settings = loaded.ok ? loaded.configuration.settings : null;
    expect(settings?.file).toBe(written.gateway);
    expect(settings?.dataDirectory).toBe(join(written.directory, 'state'));
    expect(settings?.masterKeyFile).toBe(join(written.directory, 'state/master.key'));
    expect(settings?.audit.directory).toBe(join(written.directory, '../log'));
    expect(settings?.audit).toMatchObject({
      fallbackDirectory: join(written.directory, 'other'),
      anchors: [{ kind: 'directory', path: '/mnt/anchor' }],
    });
  });

  it.each([
    ['CRLF', soundGateway.replaceAll('\n', '\r\n'), soundRules.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\uFEFF${soundGateway}`, `\uFEFF${soundRules}`],
  ])('reads %s', async (_, gateway, rules) => {
    expect((await load(gateway, rules)).policy.rules.map(({ name }) => name)).toEqual(['screens', 'find', 'charts', 'letters']);
  });

  it('tells files that are not there', async () => {
    const loaded = await loadConfiguration(join(import.meta.dirname, 'nowhere', 'gateway.yaml'));
    const told = loaded.ok ? [] : loaded.mistakes.map(({ message }) => message);
    expect(told).toEqual([expect.stringContaining('ENOENT'), expect.stringContaining('ENOENT')]);
  });
});

describe('the larger clinic', () => {
  it('is read whole, with one EHR and one PACS', async () => {
    const written = await writeConfiguration(designGateway, designRules);
    await writeFile(join(written.presets, 'openemr.yaml'), openemrPreset);
    await writeFile(join(written.presets, 'orthanc.yaml'), orthancPreset);
    const loaded = await loadConfiguration(written.gateway, { presets: written.presets, secrets: 'optional' });
    if (!loaded.ok) throw new Error(loaded.mistakes.map(renderMistake).join('\n'));
    const { settings, policy } = loaded.configuration;
    expect(settings.listen).toMatchObject({ host: '0.0.0.0', port: 443, certificateFile: '/etc/wardgate/ehr.pem' });
    expect(settings.applications.get('ehr')).toMatchObject({ host: 'ehr.northside.example', secure: true, targetProfile: 'php' });
    expect(settings.applications.get('ehr')?.signOn).toEqual({ by: 'basic-own-password' });
    expect(settings.applications.get('pacs')?.signOn).toEqual({ by: 'basic-account', account: 'wardgate', password: '' });
    expect(settings.audit.keepSeconds).toBeGreaterThanOrEqual(6 * 365 * 86_400);
    expect(policy.rules.map(({ name, application }) => `${application}:${name}`)).toContain('pacs:images');
    expect(policy.rules.find(({ name }) => name === 'console')?.application).toBe('wardgate');
    expect(policy.rules.find(({ name }) => name === 'admin')).toMatchObject({
      zones: ['clinic'],
      freshFactorSeconds: 300,
      allow: ['it'],
    });
    const letters = policy.rules.find(({ name }) => name === 'letters')?.routes[0];
    expect(letters).toMatchObject({
      methods: ['GET', 'POST'],
      form: [{ name: 'send', expect: 'present' }],
      patient: [{ in: 'path', name: 'patient' }],
    });
    expect(policy.budgets.get('records')).toEqual({
      filesPerHour: 60,
      bytesPerDay: 2e9,
      patientsPerHour: 120,
      paceBytesPerSecond: null,
      then: 'refuse',
    });
    const absent = loaded.warnings.map(({ message }) => message).filter((message) => message.includes('cannot be read'));
    expect(absent).toHaveLength(5);
  });
});

describe('secrets', () => {
  it('are read from a file without its last line break', async () => {
    const written = await writeConfiguration(soundGateway.replace('Env: OIDC_SECRET', 'File: secrets/oidc'), soundRules);
    await mkdir(join(written.directory, 'secrets'));
    await writeFile(join(written.directory, 'secrets/oidc'), ' two words \r\n');
    const loaded = await loadConfiguration(written.gateway, { presets: written.presets });
    expect(loaded.ok && loaded.configuration.settings.signIn.clientSecret).toBe(' two words ');
  });

  it('that are missing are warnings where nothing is started', async () => {
    const written = await writeConfiguration(soundGateway, soundRules);
    const loaded = await loadConfiguration(written.gateway, { presets: written.presets, secrets: 'optional', environment: {} });
    expect(loaded.ok && loaded.configuration.settings.signIn.clientSecret).toBe(null);
    expect(loaded.ok && loaded.warnings.map(({ message }) => message)).toEqual([
      'Environment variable OIDC_SECRET is not set, it must hold the secret',
    ]);
  });

  it('stand once, and beside no key', async () => {
    const both = soundGateway.replace('clientSecretEnv: OIDC_SECRET', 'clientSecretEnv: OIDC_SECRET\n  clientSecretFile: x');
    expect(await mistakes(both)).toContain('stand together, keep one');
    const key = soundGateway.replace(
      'clientSecretEnv: OIDC_SECRET',
      'clientSecretEnv: OIDC_SECRET\n  clientKeyFile: gateway.yaml',
    );
    expect(await mistakes(key)).toContain('has both a secret and a key');
    expect(await mistakes(soundGateway.replace('clientSecretEnv: OIDC_SECRET', 'clientKeyFile: gateway.yaml'))).toBe('sound');
  });
});

describe('addresses', () => {
  const https = soundGateway.replace('http://localhost:8080', 'https://ehr.northside.example');

  it('behind a proxy need no certificate, and listen plainly', async () => {
    const { settings } = await load(https.replace('audit:', 'listen: { tlsEndedBy: 10.20.0.10 }\naudit:'));
    expect(settings.listen).toMatchObject({ host: '0.0.0.0', port: 8080, trustedProxies: ['10.20.0.10'] });
    expect(settings.limits).toMatchObject({ keepAliveSeconds: 65, connectionsPerAddress: 20_000 });
  });

  it.each([
    ['http://localhost:8080', 'sound'],
    ['http://127.0.0.1:8080', 'sound'],
    ['http://[::1]:8080', 'sound'],
    ['http://localhost.example', 'is not encrypted'],
    ['http://127.0.0.1.example', 'is not encrypted'],
    ['ehr.northside.example', 'does not say https:// or http://, write https://ehr.northside.example'],
    ['ftp://ehr.northside.example', 'must begin with https://'],
    ['https://me:pw@ehr.northside.example', 'must not contain a name or password'],
    ['https://ehr.northside.example/openemr', 'must end after the host'],
  ])('%s: %s', async (address, answer) => {
    expect(await mistakes(soundGateway.replace('http://localhost:8080', `"${address}"`))).toContain(answer);
  });

  it('mixed of http and https are refused', async () => {
    const mixed = https
      .replace('signIn:', '  pacs: { address: "http://localhost:8081", upstream: "http://127.0.0.1:8042" }\nsignIn:')
      .replace('audit:', 'listen: { certificate: gateway.yaml, keyFile: gateway.yaml }\naudit:');
    expect(await mistakes(mixed)).toContain('is http: while others are https:');
  });

  it('of another port than the listener are warned of', async () => {
    const written = await writeConfiguration(soundGateway.replace('audit:', 'listen: { port: 8443 }\naudit:'), soundRules);
    const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
    expect(loaded.ok && loaded.warnings[0]?.message).toContain('has another port than listen.port, which is 8443');
  });

  it('take port 0 for any free one', async () => {
    const { settings } = await load(soundGateway.replace('audit:', 'listen: { port: 0, health: { port: 0 } }\naudit:'));
    expect([settings.listen.port, settings.listen.health.port]).toEqual([0, 0]);
  });

  it('of an upstream elsewhere take http with a reason', async () => {
    const gateway = soundGateway.replace(
      'upstream: http://127.0.0.1:8081',
      'upstream: http://10.20.0.5:80\n    plainHttpBecause: server VLAN',
    );
    expect((await load(gateway)).settings.applications.get('ehr')?.upstream).toBe('http://10.20.0.5');
  });
});

describe('an application', () => {
  it.each([
    ['none', { by: 'none' }],
    ['own-password', { by: 'basic-own-password' }],
    ['{ header: X-Remote-User }', { by: 'header', name: 'X-Remote-User' }],
    [
      '{ account: wardgate, passwordEnv: OIDC_SECRET }',
      { by: 'basic-account', account: 'wardgate', password: environment.OIDC_SECRET },
    ],
  ] satisfies [string, ApplicationSettings['signOn']][])('signs on by %s', async (text, expected) => {
    const { settings } = await load(soundGateway.replace('signOn: none', `signOn: ${text}`));
    expect(settings.applications.get('ehr')?.signOn).toEqual(expected);
  });

  it('names the headers that tell who it is, each once', async () => {
    const named = (text: string): string => soundGateway.replace('signOn: none', `identityHeaders: ${text}`);
    const { settings } = await load(named('{ name: X-User, jwt: X-Token }'));
    expect(settings.applications.get('ehr')?.identityHeaders).toEqual({
      name: 'X-User',
      subject: null,
      roles: null,
      session: null,
      jwt: 'X-Token',
    });
    expect(await mistakes(named('{ name: X-User, roles: x-user }'))).toContain('is already used for name');
    expect(await mistakes(named('{ name: Authorization }'))).toContain('has a meaning of its own');
    expect(await mistakes(named('{ name: X_User }'))).toContain('must be a header name');
  });
});

describe('a preset with a mistake', () => {
  it('is told once, and its areas are not called undefined', async () => {
    const written = await writeConfiguration(soundGateway, soundRules);
    await writeFile(join(written.presets, 'small.yaml'), smallPreset.replace('areas:', 'arias:'));
    const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
    const told = loaded.ok ? [] : loaded.mistakes.map((mistake) => renderMistake(mistake).slice(written.presets.length + 1));
    expect(told).toEqual(['small.yaml:4:1: Unknown key "arias", did you mean "areas"?']);
  });
});

describe('a file of nothing but mistakes', () => {
  it('is answered in short', async () => {
    const many = Array.from({ length: 9000 }, (_, index) => `  - { name: r${index}, alow: x }`).join('\n');
    const written = await writeConfiguration('['.repeat(100_000), `roles: {}\nrules:\n${many}\n`);
    const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
    const told = loaded.ok ? [] : loaded.mistakes;
    expect(told).toHaveLength(500);
    expect(told[0]?.message).toBe('Brackets, braces or dashes are nested far too deep here');
    expect(Math.max(...told.map(({ message }) => message.length))).toBeLessThanOrEqual(601);
  });
});

describe('rules alone', () => {
  it('are read against settings in force', async () => {
    const written = await writeConfiguration(soundGateway, soundRules);
    const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
    if (!loaded.ok) throw new Error('The configuration is sound');
    await writeFile(written.rules, soundRules.replace('mode: enforce', 'mode: observe'));
    const again = await loadRules(loaded.configuration.settings);
    expect(again.ok && again.policy.mode).toBe('observe');
    await writeFile(written.rules, soundRules.replace('area: ehr.chart', 'area: ehr.charts'));
    const bad = await loadRules(loaded.configuration.settings);
    expect(!bad.ok && bad.mistakes.map(({ suggestion }) => suggestion)).toEqual(['ehr.chart']);
  });
});
