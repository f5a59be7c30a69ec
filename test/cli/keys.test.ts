// The master key's commands beside a running gateway: nobody is signed out, nothing is lost, and an old key goes only when
// nothing needs it.

import { existsSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readMasterKeys } from '../../src/adapters/master-keys.ts';
import { rotateMasterKey } from '../../src/adapters/rotate-master-key.ts';
import { keys } from '../../src/cli/keys.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { signIn } from '../support/demo-story.ts';
import { commandClinic } from '../support/ehr-command-clinic.ts';
import type { CommandClinic } from '../support/ehr-command-clinic.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

let clinic: CommandClinic;
let keyFile = '';
let nurse: CookieClient;

beforeAll(async () => {
  clinic = await commandClinic();
  keyFile = join(clinic.demo.directory, 'data', 'master.key');
  await clinic.store('nurse', 'ehr', 'meadow-nurse');
  nurse = await signIn(clinic.demo, 'nurse', '/openemr/interface/main/tabs/main.php');
});

afterAll(() => clinic.close());

const ids = (): string[] => readMasterKeys(keyFile).keys.map(({ id }) => id);

/** As if the last rotation were longer ago than any session lasts, which is twelve hours. */
function longAgo(): void {
  const at = Date.now() / 1000 - 13 * 3600;
  utimesSync(keyFile, at, at);
}

async function isSignedIn(): Promise<boolean> {
  const reply = await nurse.ask(`${clinic.demo.origin}/openemr/interface/main/calendar/index.php`);
  return reply.status === 200;
}

/** The doctor opens what is sealed, and signs on with it. */
const opens = async (): Promise<boolean> =>
  (await clinic.here('ehr', 'test', '--as', 'nurse', '--application', 'ehr')).code === 0;

test('rotate puts a key first and seals everything with it, while people work', async () => {
  const [old] = ids();
  const { code, out, err } = await clinic.run('keys', 'rotate');
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain(`A new first key is in ${keyFile}, which holds 2 keys now`);
  expect(out).toMatch(/^EHR passwords: 1 sealed anew$/m);
  expect(out).toMatch(/^second factors: \d+ sealed anew$/m);
  expect(out).toMatch(/run "wardgate vault reseal" and "wardgate keys prune" after \d{4}-\d\d-\d\dT/);
  expect([ids().length, ids()[1]]).toEqual([2, old]);
  expect([await isSignedIn(), await opens()]).toEqual([true, true]);
  for (const line of readFileSync(keyFile, 'utf8').trim().split('\n')) expect(out).not.toContain(line);
});

describe('prune', () => {
  test('waits until every session has ended that may hold what an old key has sealed', async () => {
    const before = ids();
    const { code, out, err } = await clinic.here('keys', 'prune');
    expect(code).toBe(1);
    expect(out).toContain(`Key ${before[1]}: nothing is sealed with it; may go`);
    expect(err).toContain('try again after ');
    expect(ids()).toEqual(before);
  });

  test('leaves a key that something is still sealed with, and says what to do', async () => {
    rotateMasterKey(keyFile);
    longAgo();
    const before = ids();
    const { code, out } = await clinic.here('keys', 'prune', '--dry-run');
    expect(code).toBe(1);
    expect(out).toMatch(new RegExp(`Key ${before[1]}: \\d+ values are sealed with it; stays`));
    expect(out).toContain(`Key ${before[2]}: nothing is sealed with it; may go`);
    expect(out).toContain('Run "wardgate vault reseal" first');
    expect(ids()).toEqual(before);
    await clinic.here('keys', 'prune');
    expect(ids()).toEqual(before.slice(0, 2));
    expect(await opens()).toBe(true);
  });

  test('takes the old one once everything is sealed anew; people go on working', async () => {
    const resealed = await clinic.run('vault', 'reseal', '--json');
    expect(resealed.code).toBe(0);
    expect((JSON.parse(resealed.out) as { what: string }[]).find(({ what }) => what === 'EHR passwords')).toEqual({
      what: 'EHR passwords',
      resealed: 1,
      already: 0,
      changed: 0,
      unopened: 0,
    });
    const [newest] = ids();
    const { code, out } = await clinic.run('keys', 'prune', '--now');
    expect([code, out.includes('1 key is gone, the file holds 1 now')]).toEqual([0, true]);
    expect(ids()).toEqual([newest]);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect([await isSignedIn(), await opens()]).toEqual([true, true]);
    // Their second factor opens as well.
    await signIn(clinic.demo, 'physician', '/.wardgate/me');
    const again = await clinic.here('keys', 'prune');
    expect([again.code, again.out]).toEqual([0, expect.stringContaining(`Key ${newest}: the newest, `)]);
  });
});

test('what no key opens is counted and left, and the exit says so', async () => {
  const spare = readFileSync(keyFile);
  rotateMasterKey(keyFile);
  const [alone] = readFileSync(keyFile, 'utf8').split('\n');
  clinic.file(join('data', 'master.key'), `${alone}\n`);
  const { code, out } = await clinic.here('vault', 'reseal');
  expect(code).toBe(1);
  expect(out).toMatch(/^EHR passwords: 0 sealed anew, 1 COULD NOT BE OPENED$/m);
  expect(out).toContain('put the key back, or have those people enrol');
  const doctor = await clinic.here('ehr', 'test', '--as', 'nurse', '--application', 'ehr');
  expect([doctor.code, doctor.out.includes('What is stored cannot be opened: ')]).toEqual([1, true]);
  clinic.file(join('data', 'master.key'), spare);
  expect(await opens()).toBe(true);
});

async function here(...args: string[]): Promise<[code: number, out: string, err: string]> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await keys(args, { out: (line) => out.push(line), err: (line) => err.push(line) });
  return [code, out.join('\n'), err.join('\n')];
}

test('init makes a key for its owner alone, and never a second time', async () => {
  const file = join(temporaryDirectory(), 'master.key');
  expect(await here('init', '--file', file)).toEqual([0, expect.stringContaining(`The master key is in ${file}.`), '']);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const before = readFileSync(file, 'utf8');
  expect(await here('init', '--file', file)).toEqual([1, '', expect.stringContaining('the file exists')]);
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test.each([
  [[], 'A command is missing'],
  [['forget'], 'There is no command "keys forget"'],
  [['init'], 'Option --file is missing'],
  [['rotate', '--file', 'x'], "Unknown option '--file'"],
  [['prune', '--config', 'nowhere.yaml'], 'Configuration file "nowhere.yaml" does not exist'],
])('wrong usage %j is told with the usage', async (args, message) => {
  const [code, out, err] = await here(...args);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(message);
  expect(err).toContain('wardgate keys init --file');
  expect(existsSync('x')).toBe(false);
});
