// The doctor, as a process beside a running gateway. The clinic's `run` fails where any output holds a secret of the story.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ehrCommand } from '../../src/cli/ehr.ts';
import { commandClinic, pin } from '../support/ehr-command-clinic.ts';
import type { CommandClinic } from '../support/ehr-command-clinic.ts';

let clinic: CommandClinic;

beforeAll(async () => {
  clinic = await commandClinic();
  await clinic.store('nurse', 'ehr', 'meadow-nurse');
  await clinic.store('physician', 'ehr', 'not-the-password');
  await clinic.store('records', 'ehr', 'meadow-records');
  await clinic.store('billing', 'ehr', 'meadow-billing');
  await clinic.markRefused('billing', 'ehr');
  await clinic.store('nurse', 'pinned', 'pinned-password', { pin });
  await clinic.store('nurse', 'images', 'images-password');
  await clinic.store('physician', 'images', 'not-the-password');
});

afterAll(() => clinic.close());

/** As a process of its own; `here` within this one. */
const doctor = (...args: string[]) => clinic.run('ehr', 'test', ...args);
const here = (...args: string[]) => clinic.here('ehr', 'test', ...args);

describe('a recipe', () => {
  test('that works is shown step by step with its secrets starred, and the EHR is left again', async () => {
    const before = clinic.openEmr.requests().length;
    const { code, out, err } = await doctor('--as', 'nurse', '--application', 'ehr');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('Person "nurse", stored');
    expect(out).toMatch(
      /Step 1 {2}openemr\.yaml:\d+\n {2}sent {2}POST \/openemr\/interface\/main\/main_screen\.php\?auth=login&site=default\n/,
    );
    expect(out).toContain('        authUser=nurse\n        clearPass=***\n');
    expect(out).toMatch(/ {2}came {2}302 after \d+ ms, text\/html; charset=UTF-8, 0 bytes\n/);
    expect(out).toContain(
      '        location: /openemr/interface/main/tabs/main.php?token_main=***\n        set-cookie: OpenEMR, OpenEMR\n',
    );
    expect(out).toMatch(/ {2}test {2}(openemr\.yaml:\d+) decided\n\nsigned-on: The EHR has signed the person on {2}\(\1\)\n/);
    expect(out).toContain('Signed off again\n  sent  GET /openemr/interface/logout.php\n');
    const seen = clinic.openEmr.seenSince(before);
    expect(seen.map(({ method }) => method)).toEqual(['POST', 'GET']);
    expect(seen[0]?.body).toContain('clearPass=meadow-nurse');
    expect(clinic.openEmr.sessions()).toEqual([]);
  });

  test('shows what was taken as its length, a pin not at all, and cookies by name', async () => {
    const { code, out } = await doctor('--as', 'nurse', '--application', 'pinned');
    expect(code).toBe(0);
    expect(out).toContain('GET /login?site=north\n        X-Site: north\n');
    expect(out).toContain('taken: action (41 characters), token (23 characters)');
    expect(out).toContain('sent  POST /check\n');
    for (const line of ['cookie: PSESSION=***', '1=*** (23 characters)', 'user=nurse', 'secret=***', 'code=***', 'kind=full'])
      expect(out).toContain(`        ${line}\n`);
    expect(out).toContain('authorization: Basic ***');
    // The step that needs a value nobody has set is left out, and the one after success is played.
    expect(out).not.toContain('/wing/');
    expect(out.match(/^Step \d {2}pinned\.yaml:\d+$/gm)).toHaveLength(3);
    expect(clinic.pinned.requests().map(({ method, target }) => `${method} ${target.replace(/;.*/, '')}`)).toEqual([
      'GET /login?site=north',
      'POST /check',
      'GET /follow-up',
      'POST /logout?all=1',
    ]);
  });

  test('a refused password is tried once and marked nowhere', async () => {
    const before = clinic.openEmr.logins().length;
    const { code, out } = await doctor('--as', 'physician', '--application', 'ehr');
    expect(code).toBe(1);
    expect(out).toMatch(
      /refused: The EHR refused this name and password {2}\(openemr\.yaml:\d+\)\nNext: log in to the EHR by hand/,
    );
    expect(out).not.toContain('Signed off');
    expect(clinic.openEmr.logins().length - before).toBe(1);
    const listed = await clinic.run('vault', 'list', '--json');
    expect(JSON.parse(listed.out)).toContainEqual(
      expect.objectContaining({ person: 'physician', application: 'ehr', state: 'accepted' }),
    );
  });

  test('a page that is neither yes nor no is told as what it says', async () => {
    const { code, out } = await here('--as', 'records', '--application', 'ehr');
    expect(code).toBe(1);
    expect(out).toContain('  test  none decided here\n');
    expect(out).toContain('Neither success nor failure could be told from status 200. The EHR\'s page says: "TOTP Verification');
    expect(out).toContain('Next: if that is a question (a facility, a second factor, a notice), turn it off');
  });

  test('an EHR that does not answer is no verdict about the password', async () => {
    const yaml = readFileSync(clinic.config, 'utf8').replaceAll(clinic.openEmr.origin, 'http://127.0.0.1:9');
    const { code, out } = await here('--as', 'nurse', '--application', 'ehr', '--config', clinic.file('elsewhere.yaml', yaml));
    expect(code).toBe(1);
    expect(out).toContain('sent  POST /openemr/interface/main/main_screen.php?auth=login&site={site}\n');
    expect(out).toContain('clearPass=***\n  came  nothing that can be read');
    expect(out).toContain('unreachable: The EHR cannot be reached');
    expect(out).toContain('Next: look whether the EHR runs');
  });

  test('a new password that the EHR wants first is told with its page, and what was opened is left again', async () => {
    const before = clinic.pinned.requests().length;
    const files = ['--password-file', clinic.file('old', 'pinned-password\n'), '--ask-file', `pin=${clinic.file('pin', pin)}`];
    const { code, out } = await here('--username', 'expired', ...files, '--application', 'pinned');
    expect(code).toBe(1);
    expect(out).toContain('        location: /change?ticket=***\n');
    expect(out).toMatch(
      /password-change: The EHR wants a new password first, on its page \/change {2}\(pinned\.yaml:\d+\)\nNext: change it there/,
    );
    expect(clinic.pinned.seenSince(before).map(({ target }) => target)).toEqual([
      '/login?site=north',
      expect.stringMatching(/^\/check/),
      '/logout?all=1',
    ]);
  });

  test('a recipe that does not fit names the step', async () => {
    const preset = readFileSync(`${clinic.demo.directory}/pinned.yaml`, 'utf8').replace('field: csrf', 'field: renamed');
    clinic.file('other.yaml', preset);
    const yaml = readFileSync(clinic.config, 'utf8').replace('./pinned.yaml', './other.yaml');
    const { code, out } = await here('--as', 'nurse', '--application', 'pinned', '--config', clinic.file('unfit.yaml', yaml));
    expect(code).toBe(1);
    expect(out).toMatch(
      /broken: The recipe does not fit: The reply, with status 200, does not hold what "token" is taken from {2}\(other\.yaml:\d+\)/,
    );
    expect(out).toContain('Next: mend this step in the preset');
  });
});

describe('whose credential', () => {
  test('one that the EHR has refused is not tried, unless it must be', async () => {
    const before = clinic.openEmr.requests().length;
    const { code, out } = await here('--as', 'billing', '--application', 'ehr');
    expect(code).toBe(1);
    expect(out).toContain('marked-refused: The EHR has refused what is stored for "billing" before, so it was not tried');
    expect(clinic.openEmr.seenSince(before)).toEqual([]);
    const anyway = await here('--as', 'billing', '--application', 'ehr', '--anyway');
    expect(anyway.out).toContain('Person "billing", stored, and marked as refused by the EHR');
    expect(clinic.openEmr.seenSince(before)).toHaveLength(1);
  });

  test('what IT imported counts, and stays imported', async () => {
    const file = clinic.file('canary.csv', 'person,application,username,password\ncanary,ehr,canary,meadow-canary\n');
    expect((await clinic.run('vault', 'import', file)).code).toBe(0);
    const { code, out } = await doctor('--as', 'canary', '--application', 'ehr');
    expect([code, out.includes('Person "canary", imported, not used by its person yet')]).toEqual([0, true]);
    expect((await clinic.run('vault', 'list')).out).toMatch(/^canary +ehr +imported$/m);
  });

  test('a name that nobody has, and one that two have, are refused with those who were meant', async () => {
    const before = clinic.openEmr.requests().length;
    const nobody = await here('--as', 'nurze', '--application', 'ehr');
    expect([nobody.code, nobody.out.includes('no-credential: Nothing is stored for "nurze", did you mean "nurse"?')]).toEqual([
      1,
      true,
    ]);
    const { vault } = clinic.demo.gateway.composed.state;
    const { issuer } = clinic.demo.provider;
    for (const sub of ['a-1', 'b-2'])
      await vault.put({ issuer, sub, name: 'twin' }, 'ehr', { username: sub, password: 'meadow-twin', more: {} });
    const two = await here('--as', 'twin', '--application', 'ehr');
    expect([
      two.code,
      two.out.includes(`"twin" is 2 people: "a-1" of ${issuer}, "b-2" of ${issuer}; write the one in quotes`),
    ]).toEqual([1, true]);
    expect(clinic.openEmr.seenSince(before)).toEqual([]);
    const one = await here('--as', 'b-2', '--application', 'ehr');
    expect(one.out).toContain('authUser=b-2');
  });

  test('one from a file that nobody else can read needs no vault', async () => {
    const password = clinic.file('password', 'pinned-password\n');
    const given = ['--username', 'nurse', '--password-file', password, '--application', 'pinned'];
    const { code, out } = await here(...given, '--ask-file', `pin=${clinic.file('pin', pin)}`);
    expect([code, out.includes('Person "nurse", given on the command line')]).toEqual([0, true]);
    const before = clinic.pinned.requests().length;
    const open = await here(...given, '--ask-file', `pin=${clinic.file('open', pin, 0o644)}`);
    expect([open.code, open.err]).toEqual([
      1,
      expect.stringContaining('can be read by others (mode 0644), set its mode to 0600'),
    ]);
    expect((await here(...given)).err).toContain('The recipe asks for "pin" too, write --ask-file pin=FILE');
    expect(clinic.pinned.seenSince(before)).toEqual([]);
  });

  test('the account of a role is that of the configuration', async () => {
    const right = await here('--role', 'nurse', '--application', 'shared');
    expect([right.code, right.out.includes('authUser=shared-nurses')]).toEqual([0, true]);
    const wrong = await here('--role', 'physician', '--application', 'shared');
    expect([wrong.code, wrong.out.includes('refused: ')]).toEqual([1, true]);
  });
});

describe('Basic', () => {
  test.each([
    ['nurse', '/', 0, 'signed-on: The EHR takes this name and password'],
    ['physician', '/', 1, 'refused: The EHR refused this name and password'],
    ['nurse', '/open', 1, 'unrecognised: The EHR answers /open with status 200 to anybody'],
    ['nurse', '/forbidden', 1, 'unrecognised: The EHR answered /forbidden with status 403, which is neither yes nor no'],
  ])('%s at %s', async (person, path, expected, says) => {
    const before = clinic.images.requests().length;
    const { code, out } = await here('--as', person, '--application', 'images', '--path', path);
    expect(code).toBe(expected);
    expect(out).toContain(says);
    const sent = clinic.images
      .seenSince(before)
      .map(({ headers }) => headers.map((one) => one.toLowerCase()).includes('authorization'));
    // A password is never sent where nobody asks for one.
    expect(sent).toEqual(path === '/open' ? [false] : [false, true]);
  });
});

test('an EHR with Basic that does not answer is no verdict about the password', async () => {
  const yaml = readFileSync(clinic.config, 'utf8').replaceAll(clinic.images.origin, 'http://127.0.0.1:9');
  const { code, out } = await here('--as', 'nurse', '--application', 'images', '--config', clinic.file('down.yaml', yaml));
  expect([code, out.includes('unreachable: The EHR cannot be reached')]).toEqual([1, true]);
});

test('a configuration with mistakes is told of, and nothing is sent', async () => {
  const before = clinic.openEmr.requests().length;
  const yaml = readFileSync(clinic.config, 'utf8').replace('preset: openemr', 'preset: openemrr');
  const { code, out, err } = await here('--as', 'nurse', '--application', 'ehr', '--config', clinic.file('mistake.yaml', yaml));
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(/mistake\.yaml:\d+:\d+: .*did you mean "openemr"\?/);
  expect(clinic.openEmr.seenSince(before)).toEqual([]);
});

describe('for a script', () => {
  test('--json holds all of it', async () => {
    const { code, out } = await doctor('--as', 'nurse', '--application', 'ehr', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      application: 'ehr',
      person: 'nurse',
      source: 'stored',
      verdict: 'signed-on',
      decidedBy: expect.stringMatching(/^openemr\.yaml:\d+$/),
      next: null,
      steps: [{ method: 'POST', came: { status: 302, cookies: ['OpenEMR', 'OpenEMR'] } }],
      logout: { method: 'GET', came: { status: 200 } },
    });
  });

  test('--canary says one line, and a second one on standard error where it failed', async () => {
    const well = await doctor('--as', 'nurse', '--application', 'ehr', '--canary');
    expect([well.code, well.err]).toEqual([0, '']);
    expect(Object.keys(JSON.parse(well.out) as object)).toEqual([
      'time',
      'application',
      'person',
      'verdict',
      'decidedBy',
      'milliseconds',
    ]);
    expect(well.out.trimEnd().split('\n')).toHaveLength(1);
    const ill = await doctor('--as', 'physician', '--application', 'ehr', '--canary');
    expect(ill.code).toBe(1);
    expect(JSON.parse(ill.out)).toMatchObject({ application: 'ehr', person: 'physician', verdict: 'refused' });
    expect(ill.err).toMatch(/^ALERT: signing on to "ehr" as "physician" failed: refused \(openemr\.yaml:\d+\): .*\n$/);
  });
});

test.each([
  [[], 'A command is missing'],
  [['probe'], 'There is no command "ehr probe"'],
  [['test', '--password', 'x'], "Unknown option '--password'"],
  [['test', '--as', 'nurse'], 'Option --application is missing, there is "ehr", "pinned", "images" and "shared"'],
  [['test', '--application', 'ehr'], 'Option --as is missing'],
  [['test', '--as', 'nurse', '--application', 'imagse'], 'did you mean "images"?'],
  [['test', '--as', 'nurse', '--application', 'header'], 'signs people on by the header "X-Remote-User", so there is no recipe'],
  [['test', '--application', 'shared'], 'Option --role is missing, there are accounts for "nurse" and "physician"'],
  [['test', '--application', 'shared', '--role', 'it'], 'Role "it" has no account'],
  [['test', '--application', 'ehr', '--username', 'nurse'], 'Option --password-file is missing; a password is never given'],
  [['test', '--application', 'ehr', '--as', 'nurse', '--json', '--canary'], 'Options --json and --canary stand together'],
])('wrong usage %j is told with the usage, and nothing is sent', async (args, message) => {
  const before = clinic.openEmr.requests().length;
  const [out, err]: [string[], string[]] = [[], []];
  const print = { out: (line: string) => out.push(line), err: (line: string) => err.push(line) };
  const code = await ehrCommand(args.length > 1 ? [...args, '--config', clinic.config] : args, print);
  expect([code, out]).toEqual([2, []]);
  expect(err.join('\n')).toContain(message);
  expect(err.join('\n')).toContain('wardgate ehr test --as PERSON');
  expect(clinic.openEmr.seenSince(before)).toEqual([]);
});
