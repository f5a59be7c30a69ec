// The commands about machines: a token that is shown once, and what the rules say of a machine.

import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { explainCommand } from '../../src/cli/explain.ts';
import { keys } from '../../src/cli/keys.ts';
import { environment, soundGateway, soundRules, writeConfiguration } from '../config/write-configuration.ts';
import { newToken } from '../support/machine-clinic.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

async function token(...args: string[]) {
  const lines = { out: [] as string[], err: [] as string[] };
  const code = await keys(['token', ...args], {
    out: (line) => void lines.out.push(line),
    err: (line) => void lines.err.push(line),
  });
  return { code, ...lines };
}

test('keys token shows a token once, keeps its hash, and overwrites nothing', async () => {
  const file = join(temporaryDirectory(), 'lab.hash');
  const { code, out } = await token('--hash-file', file);
  const [shown = ''] = out;
  expect([code, /^wgm_[A-Za-z0-9_-]{43}$/.test(shown)]).toEqual([0, true]);
  expect(readFileSync(file, 'utf8')).toBe(`${createHash('sha256').update(shown).digest('hex')}\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const again = await token('--hash-file', file);
  expect([again.code, again.out, again.err[0]]).toEqual([1, [], expect.stringContaining(`Cannot write the hash "${file}"`)]);
});

test('keys token asks for the file', async () => {
  const { code, err } = await token();
  expect([code, err.join('\n')]).toEqual([2, expect.stringContaining('Option --hash-file is missing')]);
});

async function explain(...args: string[]) {
  vi.stubEnv('OIDC_SECRET', environment.OIDC_SECRET);
  const lines = { out: [] as string[], err: [] as string[] };
  const log = vi.spyOn(console, 'log').mockImplementation((line) => void lines.out.push(String(line)));
  const error = vi.spyOn(console, 'error').mockImplementation((line) => void lines.err.push(String(line)));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    log.mockRestore();
    error.mockRestore();
  });
  const pacs = '  pacs: { address: "http://localhost:8090", upstream: http://127.0.0.1:8042, signOn: none }\nsignIn:';
  const machine = 'machines:\n  lab: { from: clinic, tokenHashFile: lab.hash, applications: ehr }\n';
  const gateway = soundGateway.replace('    preset: small\n', '').replace('signIn:', pacs) + machine;
  const rules = `${soundRules.slice(0, soundRules.indexOf('rules:'))}rules:
  - { name: fhir, application: ehr, paths: ['/fhir/{patient}'], allow: nurse, machines: lab, from: clinic, patient: path.patient }
  - { name: rest, application: ehr, paths: ['/**'], allow: everyone }
`;
  const written = await writeConfiguration(gateway, rules);
  writeFileSync(join(written.directory, 'lab.hash'), newToken().hash);
  const code = await explainCommand([...args, '--config', written.gateway, '--json']);
  return { code, answer: lines.out.length === 0 ? lines.err.join('\n') : (JSON.parse(lines.out[0] ?? '') as unknown) };
}

test.each<readonly [args: readonly string[], code: number, answer: unknown]>([
  [['--path', '/fhir/7', '--zone', 'clinic'], 0, { allow: true, rule: 'fhir', patient: '7' }],
  [['--path', '/fhir/7'], 0, { allow: true, rule: 'fhir', patient: '7' }],
  [['--path', '/fhir/7', '--zone', ''], 1, { allow: false, rule: 'fhir', reason: 'zone-not-permitted' }],
  [['--path', '/other', '--zone', 'clinic'], 1, { allow: false, rule: 'rest', reason: 'machine-not-permitted' }],
  [['--path', '/fhir/7', '--application', 'pacs'], 1, { allow: false, rule: null, reason: 'machine-not-permitted' }],
  [['--path', '/.wardgate/me'], 1, { allow: false, rule: null, reason: 'machine-not-permitted' }],
])('explain --machine lab %j', async (args, code, answer) => {
  expect(await explain('--machine', 'lab', ...args)).toMatchObject({ code, answer });
});

test.each([
  [['--machine', 'lav'], 'Machine "lav" is not defined, did you mean "lab"?'],
  [['--machine', 'lab', '--roles', 'nurse'], 'Options --roles and --machine stand together, a machine has no role'],
  [['--machine', 'lab', '--emergency'], 'Options --emergency and --selected are for people'],
  [['--machine', 'lab', '--selected', '7'], 'Options --emergency and --selected are for people'],
])('explain %j is wrong usage', async (args, message) => {
  expect(await explain(...args, '--path', '/fhir/7')).toEqual({ code: 2, answer: expect.stringContaining(message) });
});
