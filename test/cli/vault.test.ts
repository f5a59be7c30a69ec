// The vault's commands, as processes beside a running gateway. The clinic's `run` fails where any output holds a secret of
// the story.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readImport } from '../../src/cli/vault/read-import.ts';
import { vaultCommand } from '../../src/cli/vault.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import type { Settings } from '../../src/config/settings.ts';
import { signIn } from '../support/demo-story.ts';
import { commandClinic, pin } from '../support/ehr-command-clinic.ts';
import type { CommandClinic } from '../support/ehr-command-clinic.ts';

const header = 'person,application,username,password';

let clinic: CommandClinic;
let settings: Settings;

beforeAll(async () => {
  clinic = await commandClinic();
  const loaded = await loadConfiguration(clinic.config);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.mistakes));
  ({ settings } = loaded.configuration);
});

afterAll(() => clinic.close());

/** What the vault holds, as the command says it: `nurse ehr accepted`. */
async function listed(): Promise<string[]> {
  const { out } = await clinic.here('vault', 'list');
  return out.split('\n').filter((line) => line !== '').map((line) => line.split(/ +/).join(' ')); // prettier-ignore
}

beforeEach(async () => {
  for (const name of ['nurse', 'physician', 'records', 'twin']) {
    const { vault } = clinic.demo.gateway.composed.state;
    for (const application of ['ehr', 'pinned', 'images', 'gone'])
      for (const sub of [name, `${name}-2`]) await vault.remove({ issuer: clinic.demo.provider.issuer, sub, name }, application);
  }
});

describe('an import', () => {
  test('signs its people on, with quotes, commas and the byte order mark of spreadsheets', async () => {
    const rows = [
      `nurse,ehr,nurse,meadow-nurse,`,
      `nurse,pinned,nurse,pinned-password,${pin}`,
      `"records, ""old""",ehr,records," meadow-records, ",`,
    ];
    const file = clinic.file('people.csv', `\ufeff${header},pin\r\n${rows.join('\r\n')}\r\n`);
    const { code, out, err } = await clinic.run('vault', 'import', file);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain("3 credentials are stored, sealed; each counts from its person's next sign-on\n");
    expect(out).toContain(`Delete "${file}" now`);
    expect(await listed()).toEqual(['nurse ehr imported', 'nurse pinned imported', 'records, \\"old\\" ehr imported']);
    await signIn(clinic.demo, 'nurse', '/openemr/interface/main/tabs/main.php');
    expect(clinic.openEmr.sessions().map(({ user }) => user)).toEqual(['nurse']);
    expect(await listed()).toContain('nurse ehr accepted');
    expect(
      await clinic.demo.gateway.composed.state.vault.get(
        { issuer: clinic.demo.provider.issuer, sub: 'nurse', name: 'nurse' },
        'pinned',
      ),
    ).toEqual({
      credential: { username: 'nurse', password: 'pinned-password', more: { pin } },
      refused: false,
    });
  });

  test('replaces what was refused', async () => {
    await clinic.store('physician', 'ehr', 'not-the-password');
    await clinic.markRefused('physician', 'ehr');
    expect(await listed()).toContain('physician ehr refused');
    await clinic.here('vault', 'import', clinic.file('one.csv', `${header}\nphysician,ehr,physician,meadow-physician\n`));
    const doctor = await clinic.here('ehr', 'test', '--as', 'physician', '--application', 'ehr');
    expect(doctor.code).toBe(0);
  });

  test('stores nothing where one row is wrong, and nothing on a dry run', async () => {
    const before = await listed();
    const file = clinic.file('half.csv', `${header}\nnurse,ehr,nurse,meadow-nurse\nphysician,eehr,physician,meadow-physician\n`);
    const { code, out, err } = await clinic.run('vault', 'import', file);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(
      /half\.csv:3:11: Application "eehr" is not configured, there is "ehr", .* and "header", did you mean "ehr"\?\n1 mistake, nothing was imported\n$/,
    );
    const dry = await clinic.here(
      'vault',
      'import',
      clinic.file('dry.csv', `${header}\nnurse,ehr,nurse,meadow-nurse\n`),
      '--dry-run',
    );
    expect([dry.code, dry.out]).toEqual([0, '1 credential would be stored; nothing was changed\n']);
    expect(await listed()).toEqual(before);
  });

  test('refuses a file that others can read', async () => {
    const before = await listed();
    const file = clinic.file('open.csv', `${header}\nnurse,ehr,nurse,meadow-nurse\n`, 0o640);
    const { code, err } = await clinic.run('vault', 'import', file);
    expect(code).toBe(1);
    expect(err).toBe(
      `File "${file}" can be read by others (mode 0640), set its mode to 0600; its passwords may be known already. Delete the file after the import\n`,
    );
    expect(await listed()).toEqual(before);
  });
});

describe('every mistake is named with its place and its fix, and never with a password', () => {
  const good = 'nurse,ehr,nurse,SECRET';
  test.each([
    ['', '1:1: The file is empty; its first line must be person,application,username,password'],
    [header, '2:1: No row follows the first line'],
    [`person;application;username;password\n${good}`, '1:1: The columns are not separated by commas'],
    [`person,application,username\n${good}`, '1:1: Columns "password" are missing'],
    [
      `person,application,username,passwort\n${good}`,
      '1:29: Column "passwort" is not known, there is "person", "application", "username", "password" and "pin"',
    ],
    [`${header},person\n${good},x`, '1:38: Column "person" is there twice'],
    [`${header}\nnurse,ehr,nurse,"SECRET`, '2:17: The quote is never closed'],
    [`${header}\nnurse,ehr,nurse,SEC"RET`, '2:20: A quote stands within the field'],
    [`${header}\nnurse,ehr,nurse,SEC,RET`, '2:1: The line has 5 fields and the first line 4; write every comma'],
    [`${header}\n,ehr,nurse,SECRET`, '2:1: Field "person" is empty'],
    [`${header}\nnurse,,nurse,SECRET`, '2:7: Application "" is not configured'],
    [`${header}\nnurse,ehr,,SECRET`, '2:11: Field "username" is empty'],
    [`${header}\nnurse,ehr,nurse,`, '2:17: Field "password" is empty; write it, or delete the line'],
    [`${header}\nnurse,ehr,nurse, SECRET`, '2:17: Field "password" begins or ends with a blank'],
    [`${header}\nnurse,ehr,nurse,"SECRET\nSECRET"`, '2:17: Field "password" holds a line break or another control character'],
    [`${header}\nnurse,ehr,nurse,${'SECRET'.repeat(100)}`, '2:17: Field "password" has 600 characters, and 500 are accepted'],
    [`${header}\nnurse,images,nur:se,SECRET`, '2:14: The name must not hold a colon'],
    [
      `${header}\nnurse,shared,nurse,SECRET`,
      '2:7: Application "shared" takes no password of a person\'s own; it needs signOn: own-password',
    ],
    [`${header}\nnurse,header,nurse,SECRET`, '2:7: Application "header" takes no password'],
    [`${header}\n${good}\n\n${good}`, '4:1: Person "nurse" stands for "ehr" in line 2 already; keep one'],
    [`${header}\nnurse,pinned,nurse,SECRET`, '2:1: Application "pinned" asks for "pin" too; add a column of that name'],
    [`${header},pin\nnurse,pinned,nurse,SECRET,`, '2:27: Field "pin" is empty'],
    [`${header},pin\nnurse,ehr,nurse,SECRET,4711`, '2:24: Application "ehr" does not ask for "pin"; leave it empty in this line'],
  ])('%j', (text, expected) => {
    const read = readImport('people.csv', Buffer.from(text), settings);
    const mistakes = read.ok
      ? []
      : read.mistakes.map(({ line, column, message, suggestion }) => `${line}:${column}: ${message} ${suggestion ?? ''}`);
    expect(mistakes).toEqual([expect.stringContaining(expected)]);
    expect(JSON.stringify(mistakes)).not.toContain('SEC');
  });

  test('all of them at once', () => {
    const read = readImport('people.csv', Buffer.from(`${header}\n,ehr,,SECRET\nnurse,none,nurse,\n`), settings);
    expect(read.ok ? [] : read.mistakes.map(({ line }) => line)).toEqual([2, 2, 3]);
  });

  test('a file of another encoding', () => {
    const read = readImport('people.csv', Buffer.from([0x70, 0xe9]), settings);
    expect(read).toMatchObject({
      ok: false,
      mistakes: [{ line: 1, column: 1, message: 'The file is no UTF-8; save it as "CSV UTF-8"' }],
    });
  });
});

describe('what is stored', () => {
  test('is listed for a script, with its state', async () => {
    await clinic.store('nurse', 'ehr', 'meadow-nurse');
    const { code, out } = await clinic.run('vault', 'list', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toContainEqual({
      person: 'nurse',
      sub: 'nurse',
      issuer: clinic.demo.provider.issuer,
      application: 'ehr',
      state: 'accepted',
    });
  });

  test('is removed for one application or all, by name, imported or not', async () => {
    await clinic.store('nurse', 'ehr', 'meadow-nurse');
    await clinic.store('nurse', 'images', 'images-password');
    await clinic.store('nurse', 'gone', 'images-password');
    expect(await listed()).toContain('nurse gone accepted (no such application is configured)');
    await clinic.here('vault', 'import', clinic.file('more.csv', `${header}\nnurse,ehr,nurse,meadow-nurse\n`));
    const one = await clinic.run('vault', 'remove', '--person', 'nurse', '--application', 'gone');
    expect([one.code, one.out.split('\n')[0]]).toEqual([0, 'Removed: "nurse" at "gone"']);
    expect((await listed()).filter((line) => line.startsWith('nurse'))).toHaveLength(3);
    const all = await clinic.here('vault', 'remove', '--person', 'nurse');
    expect(all.code).toBe(0);
    expect((await listed()).filter((line) => line.startsWith('nurse'))).toEqual([]);
    const again = await clinic.here('vault', 'remove', '--person', 'nurse');
    expect([again.code, again.err.includes('Nothing is stored for "nurse"')]).toEqual([1, true]);
  });

  test('is not removed by a name that two people have', async () => {
    const { vault } = clinic.demo.gateway.composed.state;
    const { issuer } = clinic.demo.provider;
    for (const sub of ['twin', 'twin-2'])
      await vault.put({ issuer, sub, name: 'twins' }, 'ehr', { username: sub, password: 'meadow-twin', more: {} });
    const { code, err } = await clinic.here('vault', 'remove', '--person', 'twins');
    expect([code, err.includes('"twins" is 2 people: "twin" of ')]).toEqual([1, true]);
    expect((await listed()).filter((line) => line.startsWith('twins'))).toHaveLength(2);
    expect((await clinic.here('vault', 'remove', '--person', 'twin-2')).out).toContain('Removed: "twins" at "ehr"');
    expect((await listed()).filter((line) => line.startsWith('twins'))).toHaveLength(1);
  });
});

test.each([
  [[], 'A command is missing'],
  [['show'], 'There is no command "vault show"'],
  [['import'], 'Name the one file to import'],
  [['import', 'a.csv', 'b.csv'], 'Name the one file to import'],
  [['import', 'nowhere.csv'], 'File "nowhere.csv" does not exist'],
  [['remove'], 'Option --person is missing'],
  [['list', '--person', 'nurse'], "Unknown option '--person'"],
  [['list', '--config', 'nowhere.yaml'], 'Configuration file "nowhere.yaml" does not exist'],
])('wrong usage %j is told with the usage', async (args, message) => {
  const [out, err]: [string[], string[]] = [[], []];
  const print = { out: (line: string) => out.push(line), err: (line: string) => err.push(line) };
  const config = args.length === 0 || args.includes('--config') ? [] : ['--config', clinic.config];
  expect([await vaultCommand([...args, ...config], print), out]).toEqual([2, []]);
  expect(err.join('\n')).toContain(message);
  expect(err.join('\n')).toContain('wardgate vault list');
});
