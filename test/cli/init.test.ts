// `wardgate init` with options alone: what it writes, what it refuses to write, and what it says.

import { copyFileSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { everyOption, runInit, soundlyWritten, without } from '../support/run-init.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

function textOf(directory: string, name: string): string {
  return readFileSync(join(directory, name), 'utf8');
}

/** Runs it with one option given anew. */
function changed(directory: string, option: string, ...values: readonly string[]) {
  return runInit([...without(everyOption(directory), option), ...values.flatMap((value) => [option, value])]);
}

describe('with every answer given', () => {
  it('writes what was said', async () => {
    const directory = join(temporaryDirectory(), 'new', 'place');
    const run = await runInit(everyOption(directory));
    expect({ code: run.code, err: run.err }).toEqual({ code: 0, err: '' });
    const { settings, policy } = await soundlyWritten(directory);
    expect(settings.clinic).toMatchObject({ name: 'Northside', timezone: 'America/Chicago', help: 'ext. 4357' });
    expect(settings.applications.get('ehr')).toMatchObject({
      origin: 'https://ehr.northside.example',
      upstream: 'https://10.20.0.5',
      root: '/openemr',
    });
    expect(settings.signIn).toMatchObject({
      provider: 'keycloak',
      issuer: 'https://login.northside.example/realms/clinic',
      clientId: 'wardgate',
      rolesClaim: 'groups',
      scopes: ['openid', 'profile'],
    });
    expect(settings.listen).toMatchObject({ port: 443, certificateFile: join(directory, 'ehr.pem') });
    expect([...settings.zones]).toEqual([['clinic', ['10.20.0.0/16']]]);
    expect(settings.secondFactor.enrolFrom).toBe('clinic');
    expect(settings.audit.directory).toBe(join(directory, 'data/audit'));
    expect(policy.roles.get('front-desk')).toEqual(['Clinic-front-desk']);
  });

  it('keeps the master key from others, and leaves nothing else behind', async () => {
    const directory = temporaryDirectory();
    await runInit(everyOption(directory));
    expect(statSync(join(directory, 'data/master.key')).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'data')).mode & 0o777).toBe(0o700);
    expect(readdirSync(directory).sort()).toEqual(['data', 'gateway.yaml', 'rules.yaml']);
    expect(readdirSync(join(directory, 'data'))).toEqual(['master.key']);
  });

  it('says what to register, what is still open, and what to do next', async () => {
    const directory = temporaryDirectory();
    const { out } = await runInit(everyOption(directory));
    expect(out).toContain('https://ehr.northside.example/.wardgate/callback');
    expect(out).toContain('https://ehr.northside.example/.wardgate/signed-out');
    expect(out).toContain('https://ehr.northside.example/.wardgate/backchannel-logout');
    expect(out).toContain('full group path off');
    expect(out).toMatch(/Still open:(\n .*(ehr\.pem|ehr\.key|client-secret).*){3}\n\n/);
    const main = readFileSync('src/cli/main.ts', 'utf8');
    const commands = [...out.matchAll(/npm run -s wardgate -- (\w+)/g)].map(([, name = '']) => name);
    expect(commands).toHaveLength(3);
    for (const command of commands) expect(main).toMatch(new RegExp(`^  ${command}: \\{`, 'm'));
  });

  it('knows what is otherwise with Entra ID', async () => {
    const directory = temporaryDirectory();
    const id = '00000000-0000-4000-8000-00000000000';
    const roles = ['physician', 'nurse', 'front-desk', 'billing', 'records', 'it', 'privacy'];
    const run = await runInit([
      ...without(everyOption(directory), '--provider', '--issuer', '--groups-as', '--group'),
      ...`--provider entra --issuer https://login.microsoftonline.com/${id}1/v2.0 --groups-as group-id`.split(' '),
      ...roles.flatMap((role, index) => ['--group', `${role}=${id}${index}`]),
    ]);
    expect(run.err).toBe('');
    expect(run.out).not.toContain('backchannel-logout');
    const { settings, policy } = await soundlyWritten(directory);
    expect(settings.signIn.scopes).toEqual(['openid', 'profile', 'offline_access']);
    expect(policy.roles.get('nurse')).toEqual([`${id}1`]);
  });

  it('reads realm roles and app roles from the claims that hold them', async () => {
    const directory = temporaryDirectory();
    expect((await changed(directory, '--groups-as', 'realm-role')).code).toBe(0);
    expect((await soundlyWritten(directory)).settings.signIn.rolesClaim).toBe('realm_access.roles');
    const other = temporaryDirectory();
    const args = without(everyOption(other), '--provider', '--groups-as', '--group');
    expect((await runInit([...args, '--provider', 'entra', '--groups-as', 'app-role', '--yes'])).code).toBe(0);
    const { settings, policy } = await soundlyWritten(other);
    expect(settings.signIn.rolesClaim).toBe('roles');
    expect(policy.roles.get('front-desk')).toEqual(['front-desk']);
  });

  it('takes a port from the address, and no certificate where a proxy ends the encryption', async () => {
    const directory = temporaryDirectory();
    expect((await changed(directory, '--address', 'https://ehr.northside.example:8443')).code).toBe(0);
    expect((await soundlyWritten(directory)).settings.listen.port).toBe(8443);
    const behind = temporaryDirectory();
    const args = without(everyOption(behind), '--certificate', '--key-file');
    expect((await runInit([...args, '--tls-ended-by', '10.20.0.10', '--port', '8088'])).err).toBe('');
    const { settings } = await soundlyWritten(behind);
    expect(settings.listen).toMatchObject({ port: 8088, trustedProxies: ['10.20.0.10'], certificateFile: null });
  });

  it('asks for no key beside a PFX, which holds its own', async () => {
    const directory = temporaryDirectory();
    const args = without(everyOption(directory), '--certificate', '--key-file');
    const run = await runInit([...args, '--certificate', 'ehr.pfx', '--passphrase-file', 'secrets/pfx']);
    expect({ code: run.code, err: run.err }).toEqual({ code: 0, err: '' });
    expect(textOf(directory, 'gateway.yaml')).toContain('certificate: ehr.pfx, passphraseFile: secrets/pfx }');
    const { settings } = await soundlyWritten(directory);
    expect(settings.listen).toMatchObject({ keyFile: null, passphraseFile: join(directory, 'secrets/pfx') });
    const elsewhere = without(everyOption(temporaryDirectory()), '--certificate');
    const refused = await runInit([...elsewhere, '--certificate', 'ehr.pfx']);
    expect(refused.err).toContain('Option --key-file belongs to an https address');
  });

  it('takes one account for all, a header, several ranges and groups, and a stricter zone of desks', async () => {
    const directory = temporaryDirectory();
    const run = await runInit([
      ...without(everyOption(directory), '--sign-on', '--zone', '--group'),
      ...'--sign-on account=wardgate --account-password-file secrets/ehr --yes'.split(' '),
      ...'--zone clinic=10.20.0.0/16,10.30.0.0/16 --zone desks=10.20.5.0/24 --zone clinic=fd00::/8'.split(' '),
      '--group=nurse=Nurses',
      '--group=nurse=Ward, second floor',
    ]);
    expect(run.err).toBe('');
    const { settings, policy } = await soundlyWritten(directory);
    expect(settings.applications.get('ehr')?.signOn).toMatchObject({
      by: 'recipe',
      account: { of: 'everyone', account: 'wardgate' },
    });
    expect(settings.zones.get('clinic')).toEqual(['10.20.0.0/16', '10.30.0.0/16', 'fd00::/8']);
    expect(textOf(directory, 'gateway.yaml')).toContain('desks: { after: 5m }');
    expect(policy.roles.get('nurse')).toEqual(['Nurses', 'Ward, second floor']);
    const other = temporaryDirectory();
    expect((await changed(other, '--sign-on', 'header=X-Remote-User')).code).toBe(0);
    expect((await soundlyWritten(other)).settings.applications.get('ehr')?.signOn).toEqual({
      by: 'header',
      name: 'X-Remote-User',
    });
  });

  it('takes a preset of the clinic, beside the files', async () => {
    const directory = temporaryDirectory();
    copyFileSync('config/our-ehr.yaml', join(directory, 'ours.yaml'));
    const run = await runInit([
      ...without(everyOption(directory), '--ehr', '--sign-on'),
      '--ehr',
      './ours.yaml',
      '--sign-on',
      'none',
    ]);
    expect(run.err).toBe('');
    const { settings, policy } = await soundlyWritten(directory);
    expect(settings.applications.get('ehr')?.preset).toBe(join(directory, 'ours.yaml'));
    expect(policy.rules.length).toBeGreaterThan(2);
  });
});

describe('what stands there already', () => {
  it.each(['gateway.yaml', 'rules.yaml'])('is not overwritten: %s', async (name) => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, name), 'mine');
    const run = await runInit(everyOption(directory));
    expect(run.code).toBe(1);
    expect(run.err).toContain(`${name}" exists, and nothing is overwritten`);
    expect(run.err).toContain('--force');
    expect(textOf(directory, name)).toBe('mine');
    expect(readdirSync(directory)).toEqual([name]);
  });

  it('is kept as .bak with --force, each time under another name, and the master key stays', async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'gateway.yaml'), 'mine');
    mkdirSync(join(directory, 'data'));
    writeFileSync(join(directory, 'data/master.key'), 'a key', { mode: 0o600 });
    const first = await runInit([...everyOption(directory), '--force']);
    expect({ code: first.code, err: first.err }).toEqual({ code: 0, err: '' });
    expect(first.out).toContain('was there already and is kept');
    expect(textOf(directory, 'data/master.key')).toBe('a key');
    expect(textOf(directory, 'gateway.yaml.bak')).toBe('mine');
    await runInit([...everyOption(directory), '--force']);
    expect(textOf(directory, 'gateway.yaml.bak')).toBe('mine');
    expect(textOf(directory, 'gateway.yaml.2.bak')).toBe(textOf(directory, 'gateway.yaml'));
    expect(readdirSync(directory).sort()).toEqual(
      'data gateway.yaml gateway.yaml.2.bak gateway.yaml.bak rules.yaml rules.yaml.bak'.split(' '),
    );
  });

  it('is not overwritten where it is a link that leads nowhere', async () => {
    const directory = temporaryDirectory();
    symlinkSync(join(directory, 'nowhere/rules.yaml'), join(directory, 'rules.yaml'));
    const run = await runInit(everyOption(directory));
    expect(run.code).toBe(1);
    expect(run.err).toContain('rules.yaml" exists, and nothing is overwritten');
    expect(readdirSync(directory)).toEqual(['rules.yaml']);
  });

  it('stays as it was, with nothing beside it, where one of the two cannot be written', async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'gateway.yaml'));
    writeFileSync(join(directory, 'rules.yaml'), 'mine');
    const run = await runInit([...everyOption(directory), '--force']);
    expect(run.code).toBe(1);
    expect(run.err).toContain('Nothing new was written');
    expect(readdirSync(directory).sort()).toEqual(['data', 'gateway.yaml', 'rules.yaml']);
    expect(textOf(directory, 'rules.yaml')).toBe('mine');
  });
});

describe('what is typed comes out of the files as it was typed', () => {
  const hostile = [
    ["O'Brien & Sons: # 1", 'a "quoted" name', 'CLINIC\\Physicians', '{id}', '[x]', '*', '&anchor', '!tag', '- dash', '? key'],
    ['yes', 'no', 'null', '~', '1e3', '0x1F', '007', '2026-11-23', 'a: b', 'a #b', '%PERCENT', '@at', '`tick`', '| pipe'],
    ['Klinik Süd – Haus 2', '北診療所', '👩‍⚕️', '\u05D1\u05D9\u05EA', 'nbsp\u00A0here', "'", "''", '"', '\\', '\\n', ',', '}'],
    [': ', '#', 'x'.repeat(1000), '> fold', 'trailing:', 'constructor', '__proto__', '<<', 'CN=Nurses,OU=Clinic,DC=northside'],
    ['https://a.example/x?y=z#w', '=', '...', '---'],
  ].flat();

  it.each(hostile)('%s', async (value) => {
    const directory = temporaryDirectory();
    const run = await runInit([
      ...without(everyOption(directory), '--clinic', '--help-line', '--client-id', '--group'),
      ...['clinic', 'help-line', 'client-id', 'group=nurse', 'group=physician'].map((option) => `--${option}=${value}`),
      '--yes',
    ]);
    expect({ code: run.code, err: run.err }).toEqual({ code: 0, err: '' });
    const { settings, policy } = await soundlyWritten(directory);
    expect(settings.clinic).toMatchObject({ name: value, help: value });
    expect(settings.signIn.clientId).toBe(value);
    expect(policy.roles.get('nurse')).toEqual([value]);
    expect(parse(textOf(directory, 'rules.yaml'))).toMatchObject({ roles: { physician: value } });
  });

  it.each(['two\nlines', 'carriage\rreturn', 'a\0b', 'escape\u001B[2J', 'line\u2028separator', 'next\u0085line'])(
    'but for what no file may hold: %j',
    async (value) => {
      const directory = temporaryDirectory();
      const run = await changed(directory, '--group', `nurse=${value}`);
      expect(run.code).toBe(2);
      expect(run.err).toContain('another invisible character, type it anew');
      expect(run.err).not.toContain(value);
      expect(readdirSync(directory)).toEqual([]);
    },
  );
});
