// Machines in both files: what a sound entry means, what each slip is told, and what a reload takes.

import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfiguration, loadRules } from '../../src/config/load.ts';
import { renderMistake } from '../../src/config/mistake.ts';
import { rulesMark } from '../../src/config/rules-mark.ts';
import type { Settings } from '../../src/config/settings.ts';
import { makeCertificate } from '../support/certificate.ts';
import { newToken } from '../support/machine-clinic.ts';
import { requirement } from '../support/requirements.ts';
import { environment, soundGateway, soundRules, writeConfiguration } from './write-configuration.ts';

const openssl = requirement('openssl');
const { token, hash } = newToken();
const other = newToken();
const print = 'AB:'.repeat(31) + 'AB';
/** What the listener shows; without openssl only what fails before it is read is tried. */
const site = openssl.available
  ? makeCertificate(mkdtempSync(join(tmpdir(), 'wardgate-site-')), 'site', { names: ['DNS:ehr.northside.example'] })
  : { certificate: 'site.pem', key: 'site.key' };
const files = `certificate: ${site.certificate}, keyFile: ${site.key}`;
const https = soundGateway
  .replace('http://localhost:8080', 'https://ehr.northside.example')
  .replace('zones:', `listen: { ${files}, machines: { port: 8444 } }\nzones:`);
const named = soundRules.replace('allow: everyone }', 'allow: everyone, machines: lab }');

interface Given {
  readonly machines?: readonly string[];
  readonly gateway?: string;
  readonly rules?: string;
}

async function load({ machines = [], gateway = soundGateway, rules = named }: Given) {
  const text = `${gateway}machines:\n${machines.map((line) => `  ${line}\n`).join('')}`;
  const written = await writeConfiguration(text, rules);
  await writeFile(join(written.directory, 'lab.hash'), `${hash}\n`);
  await writeFile(join(written.directory, 'other.hash'), other.hash);
  await writeFile(join(written.directory, 'lab.token'), `${token}\n`);
  await writeFile(join(written.directory, 'word'), 'sesame');
  const loaded = await loadConfiguration(written.gateway, {
    presets: written.presets,
    environment: { ...environment, TOKEN: token, WEAK: `wgm_${'a'.repeat(43)}` },
  });
  return { loaded, written };
}

async function settingsOf(given: Given): Promise<Settings> {
  const { loaded } = await load(given);
  if (!loaded.ok) throw new Error(loaded.mistakes.map(renderMistake).join('\n'));
  return loaded.configuration.settings;
}

async function told(given: Given): Promise<string[]> {
  const { loaded } = await load(given);
  const all = loaded.ok ? loaded.warnings : loaded.mistakes;
  return all.map(({ message, suggestion }) => `${message}${suggestion === undefined ? '' : ` [${suggestion}]`}`);
}

describe('a sound machine', () => {
  it.each([
    ['tokenHashFile: lab.hash', 'the hash in a file'],
    ['tokenFile: lab.token', 'the token in a file'],
    ['tokenEnv: TOKEN', 'the token in a variable'],
  ])('%s: %s', async (key) => {
    const { machines } = await settingsOf({ machines: [`lab: { from: [10.9.9.9, clinic], ${key} }`] });
    expect(machines.get('lab')).toEqual({
      name: 'lab',
      credential: { by: 'token', tokenHash: createHash('sha256').update(token).digest('hex') },
      ranges: ['10.9.9.9', '10.20.0.0/16'],
      applications: null,
      account: null,
      passAuthorization: false,
    });
    expect(JSON.stringify([...machines])).not.toContain(token);
  });

  it('has budgets that take from everyone what they do not say', async () => {
    const rules = `${named}machineDownloads:\n  lab: { files: unlimited, then: refuse }\n`;
    const { loaded } = await load({ machines: ['lab: { from: clinic, tokenHashFile: lab.hash }'], rules });
    expect(loaded.ok && loaded.configuration.policy.machineBudgets?.get('lab')).toMatchObject({
      filesPerHour: null,
      bytesPerDay: 200e6,
      patientsPerHour: 60,
    });
  });
});

openssl.describe('a certificate', () => {
  it.each([print, print.toLowerCase(), print.replaceAll(':', ''), `SHA256:${print}`])('fingerprint %s', async (written) => {
    const machine = `lab: { certificate: "${written}", applications: ehr, passAuthorization: true }`;
    const settings = await settingsOf({ gateway: https, machines: [machine] });
    expect(settings.machines.get('lab')).toMatchObject({
      credential: { by: 'certificate', fingerprints: ['ab'.repeat(32)] },
      ranges: null,
      applications: ['ehr'],
      passAuthorization: true,
    });
    expect(settings.listen.machinePort).toBe(8444);
  });

  it('a port that nobody needs is told of', async () => {
    expect(await told({ machines: ['lab: { from: clinic, tokenHashFile: lab.hash }'], gateway: https })).toContain(
      'No machine has a certificate, so nobody needs this port',
    );
  });

  it('in a file is known by its fingerprint, and a key is none', async () => {
    const written = await writeConfiguration(https, named);
    const lab = makeCertificate(written.directory, 'lab');
    await writeFile(written.gateway, `${https}machines:\n  lab: { certificate: lab.pem }\n  job: { certificate: lab.key }\n`);
    const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
    expect(loaded.ok ? [] : loaded.mistakes.map(({ message }) => message)).toEqual([
      'File "lab.key" holds no certificate, name the PEM file of the machine\'s certificate, not of its key',
    ]);
    await writeFile(written.gateway, `${https}machines:\n  lab: { certificate: [${lab.certificate}, lab.pem] }\n`);
    const again = await loadConfiguration(written.gateway, { presets: written.presets, environment });
    const credential = again.ok ? again.configuration.settings.machines.get('lab')?.credential : null;
    expect(credential?.by === 'certificate' && credential.fingerprints.map((one) => one.length)).toEqual([64, 64]);
  });
});

describe('a mistake in gateway.yaml', () => {
  it.each<[machines: readonly string[], answer: string, gateway?: string]>([
    [['lab: { from: clinic }'], 'Machine "lab" has nothing to prove itself with'],
    [
      ['lab: { tokenHashFile: lab.hash }'],
      'Machine "lab" has a token and no address, so whoever copies the token is the machine',
    ],
    [
      ['lab: { from: clinc, tokenHashFile: lab.hash }'],
      'Zone "clinc" is not defined under zones, there is "clinic" and "desks" [clinic]',
    ],
    [['lab: { from: 10.20.5.7/24, tokenHashFile: lab.hash }'], 'Address "10.20.5.7/24" has address bits beyond its /24'],
    [['lab: { from: 0.0.0.0/0, tokenHashFile: lab.hash }'], 'Range "0.0.0.0/0" is wider than /8'],
    [['lab: { from: clinic, tokenFile: word }'], 'Token of machine "lab" could be guessed'],
    [['lab: { from: clinic, tokenEnv: WEAK }'], 'Token of machine "lab" could be guessed'],
    [['lab: { from: clinic, tokenFile: absent }'], 'Secret file "absent" cannot be read'],
    [['lab: { from: clinic, tokenHashFile: word }'], 'File "word" must hold the SHA-256 of a token'],
    [['lab: { from: clinic, tokenHashFile: lab.token }'], 'File "lab.token" must hold the SHA-256 of a token'],
    [['lab: { from: clinic, tokenEnv: TOKEN, tokenHashFile: lab.hash }'], 'Keys tokenEnv and tokenHashFile stand together'],
    [[`lab: { certificate: "${print}", tokenHashFile: lab.hash }`], 'Keys certificate and tokenHashFile stand together', https],
    [
      ['lab: { from: clinic, tokenHashFile: lab.hash }', 'job: { from: 10.1.1.1, tokenFile: lab.token }'],
      'Machine "job" has the same token as machine "lab", so nobody could tell them apart',
    ],
    [
      [`lab: { certificate: "${print}" }`, `job: { certificate: ["${'CD'.repeat(32)}", "${print}"] }`],
      'Machine "job" has the same certificate as machine "lab"',
      https,
    ],
    [['lab: { certificate: "AB:CD" }'], 'Fingerprint "AB:CD" is not one of SHA-256', https],
    [['lab: { certificate: absent.pem }'], 'Certificate file "absent.pem" cannot be read', https],
    [[`lab: { certificate: "${print}" }`], 'Machine "lab" cannot show its certificate, because the addresses are http:'],
    [
      [`lab: { certificate: "${print}" }`],
      'Machine "lab" cannot show its certificate, because encryption ends at the proxy in front (tlsEndedBy)',
      https.replace(`${files}, machines: { port: 8444 }`, 'tlsEndedBy: 10.20.0.10'),
    ],
    [
      [`lab: { certificate: "${print}" }`],
      'Certificates need a port of their own, write listen: { machines: { port: 8444 } }',
      https.replace(', machines: { port: 8444 }', ''),
    ],
    [[`lab: { certificate: "${print}" }`], 'Port 443 is already that of people', https.replace('8444', '443')],
    [
      [`lab: { certificate: "${print}" }`],
      'Address "https://ehr.northside.example:444" has the host name of application "ehr"',
      https.replace(
        'signIn:',
        '  pacs: { address: "https://ehr.northside.example:444", upstream: http://127.0.0.1:8042, signOn: none }\nsignIn:',
      ),
    ],
    [
      ['lab: { from: clinic, tokenHashFile: lab.hash, applications: her }'],
      'Application "her" is not defined, there is "ehr" [ehr]',
    ],
    [['lab: { from: clinic, tokenHashFile: lab.hash, signOn: { account: svc } }'], 'Account "svc" has no password'],
    [
      ['lab: { from: clinic, tokenHashFile: lab.hash, signOn: { account: "a:b", passwordFile: word } }'],
      'Account "a:b" must not contain ":"',
    ],
    [
      ['lab: { from: clinic, tokenHashFile: lab.hash, passAuthorization: true }'],
      'Machine "lab" sends its token in the Authorization',
    ],
    [
      [`lab: { certificate: "${print}", passAuthorization: true, signOn: { account: svc, passwordFile: word } }`],
      'Keys passAuthorization and signOn stand together',
      https,
    ],
    [['lab: { from: clinic, tokn: lab.hash }'], 'Unknown key "tokn" in machines.lab'],
    [[`lab: { from: clinic, token: ${token} }`], 'Unknown key "token" in machines.lab'],
  ])('%j', async (machines: readonly string[], answer: string, gateway = soundGateway) => {
    const answers = await told({ machines, gateway });
    expect(answers.join('\n')).toContain(answer);
    expect(answers.join('\n')).not.toContain(token);
  });
});

describe('a slip in rules.yaml', () => {
  const machines = ['lab: { from: clinic, tokenHashFile: lab.hash }'];
  it.each<readonly [from: string, to: string, answer: string]>([
    ['machines: lab }', 'machines: lav }', 'Machine "lav" is not defined in gateway.yaml, there is "lab" [lab]'],
    ['machines: lab }', 'machines: everyone }', 'machines are named one by one, "everyone" is for people'],
    ['machines: lab }', 'machines: lab, freshFactor: 5m }', 'asks for freshFactor, and a machine has no second factor'],
    [
      'allow: everyone, machines: lab }',
      'allow: lab }',
      'role "lab" is not defined, and machine "lab" belongs under machines: lab',
    ],
    ['allow: everyone, machines: lab }', 'allow: everyone }', 'Machine "lab" is named by no rule, so it may open nothing'],
    ['machines: lab }', 'machines: lab, export: nurse }', 'lets only roles export, so its machines get no downloads'],
    [
      'downloads:',
      '  - { name: console, area: wardgate.console, allow: nobody, machines: lab }\ndownloads:',
      'opens the console, which is for people only',
    ],
    ['tests:', 'machineDownloads: { lav: { files: 1/hour } }\ntests:', 'Machine "lav" is not defined in gateway.yaml'],
    ['tests:', 'machineDownloads: { lab: { then: ask } }\ntests:', 'Machine "lab" cannot state a reason'],
    ['tests:', 'machineDownloads: { lab: { then: slow } }\ntests:', 'so they need a pace, write pace: 1MB/s'],
    ['as: nurse, get', 'machine: lab, get', 'Test fails: machine lab GET /chart?pid=7 is refused, not allowed'],
    ['as: nurse, get', 'machine: lav, get', 'Machine "lav" is not defined in gateway.yaml'],
    ['as: nurse, get', 'as: nurse, machine: lab, get', 'Test names both as and machine'],
    ['as: nurse, get', 'get', 'Test does not say who asks'],
    ['as: nurse, get', 'as: lab, get', 'machine "lab" belongs under machines: lab'],
  ])('%s → %s', async (from, to, answer) => {
    expect(named).toContain(from);
    expect((await told({ machines, rules: named.replace(from, to) })).join('\n')).toContain(answer);
  });

  it('a test of a machine passes where a rule names it', async () => {
    const rules = `${named}  - { machine: lab, get: /main, expect: allowed, rule: screens }\n  - { machine: lab, get: /finder, expect: refused }\n`;
    expect(await told({ machines, rules })).toEqual([]);
  });

  it('a later rule that lets in another machine is wider', async () => {
    const wider = named.replace(
      'downloads:',
      '  - { name: one, paths: /x, when: { query: { send: "1" } }, allow: nurse }\n  - { name: two, paths: /x, allow: nurse, machines: lab }\ndownloads:',
    );
    expect((await told({ machines, rules: wider })).join('\n')).toContain('Rule "one" asks for send=1');
  });
});

describe('a reload', () => {
  const machines = ['lab: { from: clinic, tokenHashFile: lab.hash }'];

  it('takes the machines of now, and knows whether anything differs', async () => {
    const { loaded, written } = await load({ machines });
    if (!loaded.ok) throw new Error('The files are not sound');
    const { settings, policy } = loaded.configuration;
    const same = await loadRules(settings);
    expect(same.ok && rulesMark(same.policy, same.machines)).toBe(rulesMark(policy, settings.machines));
    await writeFile(join(written.directory, 'lab.hash'), other.hash);
    const next = await loadRules(settings);
    expect(next.ok && next.machines.get('lab')?.credential).toEqual({ by: 'token', tokenHash: other.hash });
    expect(next.ok && rulesMark(next.policy, next.machines)).not.toBe(rulesMark(policy, settings.machines));
    await writeFile(join(written.directory, 'lab.hash'), '');
    const broken = await loadRules(settings);
    expect(broken.ok ? '' : broken.mistakes[0]?.message).toBe('Secret file "lab.hash" is empty');
  });

  it('keeps them where gateway.yaml cannot be read', async () => {
    const { loaded } = await load({ machines });
    if (!loaded.ok) throw new Error('The files are not sound');
    const settings = { ...loaded.configuration.settings, file: join(loaded.configuration.settings.file, 'gone') };
    const again = await loadRules(settings, join(loaded.configuration.settings.file, '..', 'rules.yaml'));
    expect(again.ok && [...again.machines.keys()]).toEqual(['lab']);
  });

  it('without machines is marked by the rules alone', () => {
    expect(rulesMark({ version: 'v' }, new Map())).toBe('v');
  });
});
