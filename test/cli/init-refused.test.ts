// `wardgate init` where nobody can be asked: every missing and every wrong option is named, and nothing is written.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { questions } from '../../src/cli/init/parts.ts';
import { everyOption, runInit, without } from '../support/run-init.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

function textOf(directory: string, name: string): string {
  return readFileSync(join(directory, name), 'utf8');
}

/** Runs it with one option given anew. */
function changed(directory: string, option: string, ...values: readonly string[]) {
  return runInit([...without(everyOption(directory), option), ...values.flatMap((value) => [option, value])]);
}

describe('without a terminal', () => {
  it('names every option that is missing, writes nothing and exits 2', async () => {
    const directory = temporaryDirectory();
    const run = await runInit(['--directory', directory]);
    expect(run.code).toBe(2);
    const named = [...run.err.matchAll(/^Option --([a-z-]+) is missing/gm)].map(([, name]) => name);
    expect([...new Set(named)]).toEqual(
      'address clinic help-line ehr upstream sign-on provider issuer client-id client-secret-file group certificate key-file zone audit'.split(
        ' ',
      ),
    );
    expect(named.filter((name) => name === 'group')).toHaveLength(7);
    expect(existsSync(join(directory, 'gateway.yaml'))).toBe(false);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('names what has no default even where the defaults are taken', async () => {
    const run = await runInit(['--directory', temporaryDirectory(), '--yes']);
    expect(run.code).toBe(2);
    expect([...run.err.matchAll(/^Option --([a-z-]+) is missing/gm)].map(([, name]) => name)).toEqual([
      'address',
      'ehr',
      'upstream',
      'provider',
      'issuer',
    ]);
  });

  it.each([
    ['--address', 'http://ehr.northside.example', 'is not encrypted, write https://ehr.northside.example'],
    ['--address', 'ehr.northside.example', 'does not say https://'],
    ['--address', 'https://ehr.northside.example/openemr', 'must end after the host, write https://ehr.northside.example'],
    ['--timezone', 'America/Chigaco', 'did you mean "America/Chicago"?'],
    ['--ehr', 'opnemr', 'did you mean "openemr"?'],
    ['--ehr', './ours.yaml', 'cannot be read'],
    ['--upstream', 'https://10.20.0.5/openemr', 'must end after the host'],
    ['--upstream', 'https://ehr.northside.example', "is the gateway's own address"],
    ['--sign-on', 'password', 'is none of own-password, none, header=NAME and account=NAME'],
    ['--sign-on', 'header=X Y', 'must be a header name'],
    ['--provider', 'okta', 'is none of "keycloak", "entra" and "generic"'],
    ['--issuer', 'http://login.northside.example', 'must begin with https://'],
    ['--issuer', 'https://login.example/.well-known/openid-configuration', 'is the address of the discovery document'],
    ['--issuer', 'https://login.microsoftonline.com/common/v2.0', 'is that of everybody'],
    ['--groups-as', 'app-role', 'is not one that provider "keycloak" has, write "group" or "realm-role"'],
    ['--zone', '10.20.0.0/16', 'needs a name and a range'],
    ['--zone', 'clinic=10.20.5.7/16', 'write 10.20.0.0/16 for the range or 10.20.5.7 for the one machine'],
    ['--zone', 'Clinic=10.20.0.0/16', 'must be lower-case letters'],
    ['--zone', 'everywhere=10.20.0.0/16', 'has a meaning of its own'],
    ['--clinic', '', 'must not be empty'],
    ['--clinic', 'x'.repeat(1001), 'is longer than 1,000 characters'],
    ['--clinic', 'two\nlines', 'holds a line break'],
    ['--help-line', '${HELP}', 'Variables are not filled in'],
  ])('refuses %s %s with the reason', async (option, value, reason) => {
    const directory = temporaryDirectory();
    const run = await changed(directory, option, value);
    expect(run.code).toBe(2);
    expect(run.err).toContain(`${option}: `);
    expect(run.err).toContain(reason);
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each([
    [['--group', 'doctor=Doctors'], 'names no role, write one of "physician"'],
    [['--group', 'nurses=Nurses'], 'did you mean "nurse"?'],
    [['--client-secret-env', 'OIDC_SECRET'], 'stand together, keep one'],
    [['--plain-http-because', 'why not'], 'belongs to an EHR that is reached by http: on another machine'],
    [['--sign-on-value', 'sight=north'], 'is not one that the preset takes, there is "site"'],
    [['--port', '70000'], 'must be a whole number from 0 to 65535'],
    [['--port', 'https'], 'must be a whole number'],
  ])('refuses %j besides with the reason', async (more, reason) => {
    const directory = temporaryDirectory();
    const run = await runInit([...everyOption(directory), ...more]);
    expect(run.code).toBe(2);
    expect(run.err).toContain(reason);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('asks for a reason where the way to the EHR is not encrypted, and writes it down', async () => {
    const directory = temporaryDirectory();
    const bare = await changed(directory, '--upstream', 'http://10.20.0.5');
    expect(bare.err).toContain('Option --plain-http-because is missing');
    const args = without(everyOption(directory), '--upstream');
    const run = await runInit([...args, '--upstream', 'http://10.20.0.5', '--plain-http-because', 'isolated server VLAN']);
    expect(run.code).toBe(0);
    expect(textOf(directory, 'gateway.yaml')).toContain('plainHttpBecause: isolated server VLAN');
  });

  it('needs what the sign-on of a preset needs', async () => {
    const run = await runInit(without(everyOption(temporaryDirectory(), 'openmrs-2'), '--sign-on-value'));
    expect(run.code).toBe(2);
    expect(run.err).toContain('Option --sign-on-value is missing');
  });

  it.each([[['--nonsense']], [['--address']], [['extra']]])('answers wrong usage %j with its usage', async (args) => {
    const run = await runInit(args);
    expect(run.code).toBe(2);
    expect(run.err).toContain('wardgate init [--directory DIR]');
  });

  it('tells its usage when asked, with an option for every question', async () => {
    const run = await runInit(['--help']);
    expect(run.code).toBe(0);
    for (const { option } of questions) expect.soft(run.out).toMatch(new RegExp(`--${option}[ \\]]`));
  });
});
