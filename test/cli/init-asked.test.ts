// `wardgate init` with somebody who answers: what is asked, what is asked again and why, and what an end in the middle does.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { everyOption, runInit, soundlyWritten, without } from '../support/run-init.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** A whole conversation; Enter takes what stands in brackets. */
const typed = [
  ['https://ehr.northside.example', 'Northside Clinic', 'ext. 4357'],
  ['openemr', 'https://10.20.0.5', ''],
  ['keycloak', 'https://login.northside.example/realms/clinic'],
  ['', ''],
  ['', '', 'Nurses', '', '-', '', '', ''],
  ['', ''],
  ['clinic=10.20.0.0/16 desks=10.20.5.0/24'],
  ['/var/lib/wardgate/audit'],
  // Asked last, when everything else is settled.
  ['the-secret'],
].flat();

describe('a person who answers', () => {
  it('is asked eight questions, each with a sentence, and finds the answers in the files', async () => {
    const directory = temporaryDirectory();
    const run = await runInit(['--directory', directory], typed);
    expect({ code: run.code, err: run.err }).toEqual({ code: 0, err: '' });
    expect([...run.seen.matchAll(/^(\d) of 8 {2}\S.*\n(\S.+[a-z]\.)$/gm)].map(([, part]) => part)).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
    ]);
    expect(run.seen).toContain('openmrs-legacy  ');
    const { settings, policy } = await soundlyWritten(directory);
    expect(settings.clinic).toMatchObject({ name: 'Northside Clinic', help: 'ext. 4357' });
    expect(settings.signIn).toMatchObject({ clientId: 'wardgate', clientSecret: 'the-secret' });
    expect([...policy.roles]).toEqual([
      ['physician', ['Clinic-Physicians']],
      ['nurse', ['Nurses']],
      ['front-desk', ['Clinic-FrontDesk']],
      ['records', ['Clinic-Records']],
      ['it', ['Clinic-IT']],
      ['privacy', ['Clinic-Privacy']],
    ]);
    expect([...settings.zones.keys()]).toEqual(['clinic', 'desks']);
    expect(settings.audit.directory).toBe('/var/lib/wardgate/audit');
  });

  it('has the client secret kept from others, and not told again', async () => {
    const directory = temporaryDirectory();
    const run = await runInit(['--directory', directory], typed);
    const file = join(directory, 'client-secret');
    expect(readFileSync(file, 'utf8')).toBe('the-secret\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(run.out + run.seen + run.err).not.toContain('the-secret');
  });

  it('sees at a terminal what is typed, but never the secret', async () => {
    const directory = temporaryDirectory();
    const run = await runInit(['--directory', directory], typed, true);
    expect(run.code).toBe(0);
    expect(run.seen).toContain('Northside Clinic');
    expect(run.seen).not.toContain('the-secret');
    expect((await soundlyWritten(directory)).settings.signIn.clientSecret).toBe('the-secret');
  });

  it('is asked nothing that an option has answered', async () => {
    const directory = temporaryDirectory();
    const run = await runInit(without(everyOption(directory), '--issuer'), ['https://login.example/realms/x', '']);
    expect(run.code).toBe(0);
    expect(run.seen.match(/^\d of 8/gm)).toEqual(['3 of 8']);
    expect((await soundlyWritten(directory)).settings.signIn.issuer).toBe('https://login.example/realms/x');
    expect(readdirSync(directory)).not.toContain('client-secret');
  });

  it('with --yes is asked only what has no default', async () => {
    const directory = temporaryDirectory();
    const lines = ['https://ehr.northside.example', 'orthanc', 'https://10.20.0.6:8042', 'generic', 'https://login.example'];
    const run = await runInit(['--directory', directory, '--yes'], lines);
    expect({ code: run.code, err: run.err }).toEqual({ code: 0, err: '' });
    expect((await soundlyWritten(directory)).settings.applications.get('ehr')?.upstream).toBe('https://10.20.0.6:8042');
  });
});

describe('a wrong answer', () => {
  /** What is left out of the options, the lines that are typed, and the reasons that must be read. */
  const wrong: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    [
      '--address',
      ['', 'ehr', 'http://ehr.example', 'https://ehr.example'],
      ['An answer is needed', 'is not an address', 'is not encrypted'],
    ],
    ['--ehr', ['opnemr', './none.yaml', 'openemr'], ['did you mean "openemr"?', 'cannot be read']],
    [
      '--upstream',
      ['10.20.0.5', 'https://10.20.0.5/x', 'https://10.20.0.5'],
      ['does not say https://', 'must end after the host'],
    ],
    ['--upstream', ['http://10.20.0.5', '', 'server VLAN'], ['why is that acceptable', 'An answer is needed']],
    ['--sign-on', ['password', 'header=', 'none'], ['"password" is none of', '"header=" is none of']],
    ['--provider', ['Keycloak', 'keycloak'], ['is none of "keycloak", "entra" and "generic"']],
    [
      '--issuer',
      ['login.example', 'https://a.example?x', 'https://a.example/realms/x'],
      ['is not an address', 'must have no "?"'],
    ],
    ['--client-secret-file', ['env:secret', 'env:OIDC_SECRET'], ['must be the name of an environment variable']],
    ['--groups-as', ['groups', 'group'], ['is not one that provider "keycloak" has']],
    ['--zone', ['10.20.0.0/16', 'clinic=10.20.5.7/16', ''], ['needs a name and a range', 'write 10.20.0.0/16 for the range']],
    ['--audit', ['x'.repeat(1001), ''], ['is longer than 1,000 characters']],
  ];

  it.each(wrong)('to %s is asked again with its reason: %j', async (option, lines, reasons) => {
    const directory = temporaryDirectory();
    const run = await runInit(without(everyOption(directory), option), lines);
    expect({ code: run.code, err: run.err }).toEqual({ code: 0, err: '' });
    for (const reason of reasons) expect.soft(run.seen).toContain(reason);
    await soundlyWritten(directory);
  });

  it('for a group of Entra ID must be an id, and somebody must be left who can sign in', async () => {
    const directory = temporaryDirectory();
    const args = without(everyOption(directory), '--provider', '--groups-as', '--group');
    const id = '00000000-0000-4000-8000-000000000001';
    const lines = ['', 'Clinic-Physicians', '-', '-', '-', '-', '-', '-', '-', id];
    const run = await runInit([...args, '--provider', 'entra'], lines);
    expect({ code: run.code, err: run.err }).toEqual({ code: 0, err: '' });
    expect(run.seen).toContain('is no object id');
    expect(run.seen).toContain('nobody could sign in');
    expect([...(await soundlyWritten(directory)).policy.roles]).toEqual([['privacy', [id]]]);
  });

  it('given as an option is told, and asked for', async () => {
    const directory = temporaryDirectory();
    const args = [...without(everyOption(directory), '--issuer'), '--issuer', 'login.example'];
    const run = await runInit(args, ['https://login.example/realms/x']);
    expect(run.code).toBe(0);
    expect(run.seen).toContain('--issuer: Issuer "login.example" is not an address');
    expect((await soundlyWritten(directory)).settings.signIn.issuer).toBe('https://login.example/realms/x');
  });
});

describe('an end in the middle', () => {
  it.each([0, 1, 5, 12, 19])('after %i answers writes nothing and names what was asked', async (count) => {
    const directory = temporaryDirectory();
    const run = await runInit(['--directory', directory], typed.slice(0, count));
    expect(run.code).toBe(2);
    expect(run.err).toMatch(/^Nobody answered any more\. Option --[a-z-]+ is missing: .*\nNothing was written/);
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('as a process of its own', () => {
  async function asProcess(args: readonly string[], input: string | null) {
    const child = spawn(process.execPath, ['src/cli/main.ts', 'init', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    const said = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
    child.stdin.end(input ?? '');
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, ...said };
  }

  it('reads the answers from a pipe with --ask', async () => {
    const directory = temporaryDirectory();
    const run = await asProcess(['--directory', directory, '--ask'], typed.map((line) => `${line}\n`).join(''));
    expect({ code: run.code, err: run.err }).toEqual({ code: 0, err: '' });
    expect(run.out).toContain('8 of 8  Audit');
    expect(run.out).not.toContain('the-secret');
    expect((await soundlyWritten(directory)).settings.signIn.clientSecret).toBe('the-secret');
  });

  it('asks nobody where there is no terminal', async () => {
    const directory = temporaryDirectory();
    const run = await asProcess(['--directory', directory, '--yes'], typed.join('\n'));
    expect(run.code).toBe(2);
    expect(run.err).toContain('Option --address is missing');
    expect(readdirSync(directory)).toEqual([]);
  });
});
