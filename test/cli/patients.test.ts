// `wardgate patients` as IT types it: files as clinics export them, every mistake with its line and its fix, and the
// directory whole or not at all.

import { chmodSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openPatientImport } from '../../src/adapters/patient-import.ts';
import { FileSealer } from '../../src/adapters/sealer-file.ts';
import { patientsCommand } from '../../src/cli/patients.ts';
import { startGateway } from '../../src/main.ts';
import type { Gateway } from '../../src/main.ts';
import { verify } from '../support/audit-log.ts';
import { records } from '../support/demo-story.ts';
import { sessionConfiguration } from '../support/session-gateway.ts';
import { silentLog } from '../support/silent-log.ts';
import { startWireEhr } from '../support/wire-ehr.ts';
import type { WireEhr } from '../support/wire-ehr.ts';

let home: string;
let ehr: WireEhr;
let gateway: Gateway;
let running: boolean;
let dataDirectory: string;

async function start(): Promise<void> {
  ehr = await startWireEhr();
  const clinic = await sessionConfiguration({ rules: ['{ name: all, paths: /**, allow: everyone }'] }, ehr.origin);
  home = clinic.directory;
  ({ dataDirectory } = clinic.configuration.settings);
  gateway = await startGateway(clinic.configuration, silentLog);
  running = true;
}

async function end(): Promise<void> {
  await stop();
  await ehr.close();
  rmSync(home, { recursive: true, force: true });
}

async function stop(): Promise<void> {
  if (running) await gateway.close();
  running = false;
}

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const print = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
  const code = await patientsCommand([...args, '--config', join(home, 'gateway.yaml')], print);
  return { code, out, err };
}

function write(content: string | Uint8Array): string {
  const file = join(home, 'patients.csv');
  writeFileSync(file, content, { mode: 0o600 });
  return file;
}

/** Imports and says the numbers, or what was wrong from the line on. */
async function imported(content: string | Uint8Array, ...args: string[]) {
  const { code, out, err } = await run('import', write(content), '--json', ...args);
  if (code !== 0) return err.map((line) => line.replace(/^.*patients\.csv:/, ''));
  const { patients, new: fresh, changed, gone, moved, joined } = JSON.parse(out[0] ?? '') as Record<string, number>;
  return { patients, fresh, changed, gone, moved, joined };
}

async function shown(asked: string): Promise<unknown[]> {
  const { out } = await run('show', asked, '--json');
  return (JSON.parse(out[0] ?? '') as { name: string }[]).map(({ name }) => name);
}

const orders = () =>
  records({ auditDirectory: gateway.composed.audit.directory })
    .filter(({ event }) => event === 'order')
    .map(({ detail }) => String(detail).replace(/user ".*"/, 'user "x"'));

const head = 'pid,mrn,uuid,name,birth-date\n';
const marta = '7,MRN-7,6f1ed002-ab5e,Marta Ruiz,1980-02-29\n';
const omar = '8,MRN-8,,"Haddad, Omar",\n';
const token = (id: string) => gateway.composed.state.patientTokens.tokenOf(id);

describe('a directory', () => {
  beforeEach(start);
  afterEach(end);

  test('joins the ids of one patient, is found by id, token and name, and stands sealed', async () => {
    expect(await imported(head + marta + omar)).toEqual({ patients: 2, fresh: 2, changed: 0, gone: 0, moved: 0, joined: 0 });
    for (const asked of ['7', 'MRN-7', '6f1ed002-ab5e', token('MRN-7'), 'marta RUIZ', 'Ruiz'])
      expect([asked, await shown(asked)]).toEqual([asked, ['Marta Ruiz']]);
    expect(await shown('omar haddad')).toEqual(['Haddad, Omar']);
    const { patientNames } = gateway.composed.state;
    expect(await patientNames.tokensOf('7')).toEqual([token('7'), token('MRN-7'), token('6f1ed002-ab5e')]);
    expect(await patientNames.tokensOf('99')).toEqual([token('99')]);
    const named = await patientNames.show([token('MRN-7'), token('99')]);
    expect([...named]).toEqual([[token('MRN-7'), { id: 'MRN-7', name: 'Marta Ruiz' }]]);
    await stop();
    for (const file of readdirSync(dataDirectory, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      const bytes = readFileSync(join(file.parentPath, file.name));
      for (const secret of ['Marta', 'MRN-7', '6f1ed002', '1980-02-29'])
        expect([file.name, secret, bytes.includes(secret)]).toEqual([file.name, secret, false]);
    }
  });

  test('is replaced as a whole; who has gone, and an id that is not used any more, can still be found', async () => {
    await imported(head + marta + omar + '9,,,Ann Lee,1990-01-01\n');
    const next = head + '7,MRN-7b,6f1ed002-ab5e,Marta Ruiz,1980-02-29\n9,,,Ann Lee,1990-01-01\n10,,,New One,\n';
    expect(await imported(next)).toEqual({ patients: 3, fresh: 1, changed: 1, gone: 1, moved: 0, joined: 0 });
    expect([await shown('MRN-7'), await shown('MRN-7b'), await shown('8')]).toEqual([
      ['Marta Ruiz'],
      ['Marta Ruiz'],
      ['Haddad, Omar'],
    ]);
    expect(await imported(next)).toEqual({ patients: 3, fresh: 0, changed: 0, gone: 0, moved: 0, joined: 0 });
    expect([await shown('MRN-7'), await shown('8')]).toEqual([['Marta Ruiz'], ['Haddad, Omar']]);
    const { out } = await run('show', 'Omar Haddad');
    expect(out[0]).toMatch(/^Haddad, Omar, not in the directory since 20/);
    expect((await run('show', '7')).out.join('\n')).toMatch(/ {2}mrn {3}MRN-7 \(former\) {2}~[a-z2-7]{26}/);
    // Back again, and so changed.
    expect(await imported(next + omar)).toEqual({ patients: 4, fresh: 0, changed: 1, gone: 0, moved: 0, joined: 0 });
    const state = new DatabaseSync(join(dataDirectory, 'identity.db'));
    const rows = ['patient_imports', 'patient_directory', 'patient_directory_ids', 'patient_directory_names'].map(
      (table) => state.prepare(`SELECT count(DISTINCT generation) AS n FROM ${table}`).get()?.['n'],
    );
    state.close();
    expect(rows).toEqual([1, 1, 1, 1]);
  });

  test('knows people who became one, one who became two, and an id that went to somebody else', async () => {
    await imported(
      `${head}1,A,,Ida Ives,1970-01-01\n2,B,,Ida Ives,1970-01-01\n3,C,X,Jo Joy,1971-01-01\n4,,,Ken Kay,1972-01-01\n`,
    );
    const next = `${head}1,B,,Ida Ives,1970-01-01\n3,,,Jo Joy,1971-01-01\n5,C,,Jo Joy,1971-01-01\n4,,,Lea Lo,1999-09-09\n`;
    expect(await imported(next)).toEqual({ patients: 4, fresh: 1, changed: 3, gone: 1, moved: 1, joined: 0 });
    expect([await shown('2'), await shown('A'), await shown('4')]).toEqual([['Ida Ives'], ['Ida Ives'], ['Lea Lo']]);
    expect(await gateway.composed.state.patientNames.tokensOf('2')).toHaveLength(4);
    // What was left of the one who became two belongs to neither.
    expect(await gateway.composed.state.patientNames.tokensOf('X')).toEqual([token('X')]);
    const { patients } = await gateway.composed.state.patientDirectory.named('jo joy', 10);
    expect(patients.map(({ goneAt }) => goneAt === null)).toEqual([true, true, false]);
  });

  test('takes several rows of one person for one, and one id of two people for a mistake', async () => {
    const rows = '1,A,,Ida Ives,1970-01-01\n1,B,,"IVES, Ida",\n1,A,,Ida Ives,1970-01-01\n';
    expect(await imported(head + rows)).toEqual({ patients: 1, fresh: 1, changed: 0, gone: 0, moved: 0, joined: 2 });
    expect(await gateway.composed.state.patientNames.tokensOf('B')).toEqual(['B', '1', 'A'].map(token));
    const fix = 'correct one of the two, or leave the column out with --columns';
    expect(
      await imported(`${head}1,A,,Ida Ives,1970-01-01\n2,A,,Jo Joy,\n3,C,,Ida Ives,1970-01-01\n1,C,,Ida Ives,1970-01-01\n`),
    ).toEqual([
      `3:1: The mrn is an id of somebody else, on line 2; ${fix}`,
      `5:1: The mrn is an id of somebody else, on line 4; ${fix}`,
      '2 mistakes, nothing was imported; the directory of before stays',
    ]);
    expect(await imported(`${head}1,,,Ida Ives,1970-01-01\n1,,,Ida Ives,1970-01-02\n`)).toEqual([
      expect.stringMatching(/^3:1: The pid is an id of somebody else, on line 2/),
      '1 mistake, nothing was imported; the directory of before stays',
    ]);
    expect(await shown('B')).toEqual(['Ida Ives']);
  });

  test('finds everybody of a name, in the words of a person, and says what it does not know', async () => {
    await imported(`${head}1,,,Maria García,1970-01-01\n2,,,GARCIA Maria,1980-01-01\n3,,,Maria Gómez,\n`);
    const { out, code } = await run('show', 'maria', 'garcia');
    expect([code, out.filter((line) => !line.startsWith(' '))]).toEqual([
      0,
      ['Maria García, born 1970-01-01', 'GARCIA Maria, born 1980-01-01'],
    ]);
    expect(await run('show', 'Nobody')).toEqual({ code: 1, out: [], err: ['The directory knows nobody of that id or name'] });
    expect(await shown('...')).toEqual([]);
  });
});

describe('on record', () => {
  beforeEach(start);
  afterEach(end);

  test('stands who imported what, and whom somebody looked for, without a name', async () => {
    expect((await run('status')).code).toBe(1);
    await imported(head + marta + omar);
    await run('show', 'Marta Ruiz');
    await stop();
    await imported(head + marta);
    const digests = [head + marta + omar, head + marta].map(async (text) => Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(text))).toString('hex')); // prettier-ignore
    const [first, second] = await Promise.all(digests);
    expect(orders()).toEqual([
      `"patients import" (file sha256 ${first}: 2 patients, 2 new, 0 changed, 0 gone) by operating-system user "x"`,
      `"patients show" (${['7', 'MRN-7', '6f1ed002-ab5e'].map(token).join(' ')}) by operating-system user "x"`,
      `"patients import" (file sha256 ${second}: 1 patients, 0 new, 0 changed, 1 gone) by operating-system user "x", while no gateway ran`,
    ]);
    expect(await verify(gateway.composed.audit.directory)).toMatchObject({ sound: true });
    const { code, out } = await run('status');
    expect([code, out.join('\n')]).toEqual([0, expect.stringMatching(new RegExp(`^1 patients, and 1 of earlier files\nImported .* by ".*"\nFile sha256 ${second}$`))]); // prettier-ignore
  });

  test('an import that was overtaken, or is not whole, does not count', async () => {
    await imported(head + marta);
    const parts = { dataDirectory, sealer: new FileSealer(join(dataDirectory, 'master.key')), tokenOf: token, now: 1 };
    const slow = openPatientImport(parts);
    expect(() => openPatientImport(parts)).toThrow('Another import of patients is under way; wait until it has ended');
    slow.add(2, { name: 'Slow One', birthDate: null, ids: [{ kind: 'pid', id: '70' }] });
    slow.compare();
    slow.copy('digest');
    const { patientImports } = gateway.composed.state;
    const fields = (more: object) => ({
      generation: String(slow.generation),
      patients: '1',
      new: '1',
      changed: '0',
      gone: '0',
      moved: '0',
      ...more,
    });
    const give = (more: object) =>
      gateway.composed.order({ version: 1, order: 'patients import', by: 'it', fields: fields(more) });
    expect((await give({ patients: '2' })).body).toEqual({
      why: 'The patients of this import are not all there; import the file again',
    });
    expect((await give({ new: 'x' })).body).toEqual({ why: 'The import does not say how many patients it has' });
    const state = new DatabaseSync(join(dataDirectory, 'identity.db'));
    state.exec(`UPDATE patient_imports SET based_on = 99 WHERE state = 'staged'`);
    state.close();
    expect((await give({})).body).toEqual({ why: 'Another import has taken effect meanwhile; import the file again' });
    expect(await patientImports.takeEffect(77, 1, 'it')).toBe(false);
    slow.close();
    expect(existsSync(join(dataDirectory, 'patients-import.db'))).toBe(false);
    expect([await shown('7'), await shown('70')]).toEqual([['Marta Ruiz'], []]);
  });

  test('a row that was moved behind another id names nobody', async () => {
    await imported(head + marta + omar);
    const state = new DatabaseSync(join(dataDirectory, 'identity.db'));
    state.exec('UPDATE patient_directory_ids SET patient = 3 - patient');
    expect(await shown('7')).toEqual([]);
    state.exec('UPDATE patient_directory_ids SET patient = 3 - patient');
    state.exec('UPDATE patient_directory SET patient = 3 - patient + 10; UPDATE patient_directory SET patient = patient - 10');
    state.close();
    expect([await shown('7'), await shown('Omar')]).toEqual([[], []]);
  });
});

const utf16 = Buffer.from(`\uFEFF${head}${marta}`, 'utf16le');
const latin = Buffer.from(`${head}1,,,Jos\u00e9 P\u00e9rez,\n`, 'latin1');

describe('a file', () => {
  beforeAll(start);
  afterAll(end);
  const state = () => gateway.composed.state.patientDirectory.state();

  test.each<[string, string | Uint8Array, string[]]>([
    ['with a byte order mark and CRLF', `\uFEFF${(head + marta).replaceAll('\n', '\r\n')}`, []],
    ['with semicolons, as Excel writes in Europe', (head + '7,,,Marta Ruiz,29.2.1980\n').replaceAll(',', ';'), []],
    ['with tabs', (head + marta).replaceAll(',', '\t'), []],
    ['with other columns between', 'Status,PID,Name\nactive,7,Marta Ruiz\n', []],
    [
      'with columns of its own',
      'ID;Family;Given;Born\n7;Ruiz;Marta;19800229\n',
      ['--columns', 'pid=id,name=Family+Given,birth-date=born'],
    ],
    ['of Windows-1252, named', Buffer.from(head + '7,,,Marta Ruiz \u00d1,\n', 'latin1'), ['--encoding', 'windows-1252']],
  ])('%s is read', async (_what, content, args) => {
    expect(await imported(content, ...args)).toMatchObject({ patients: 1, joined: 0 });
    expect(await shown('marta ruiz')).toHaveLength(1);
  });

  test.each<[string, string | Uint8Array, string]>([
    ['empty', '', '1:1: The file is empty'],
    ['without a row', head, '2:1: No patient follows the first line'],
    [
      'without an id',
      'name\nMarta\n',
      '1:1: No column is an id (pid, mrn or uuid); there is "name". Say which it is: --columns pid=COLUMN,name=COLUMN',
    ],
    [
      'without a name',
      'pid,who\n1,Marta\n',
      '1:1: No column is the name; there is "pid" and "who". Say which it is: --columns pid=COLUMN,name=COLUMN',
    ],
    ['with a column twice', 'pid,name,PID\n1,Marta,2\n', '1:10: Column "PID" is there twice'],
    ['of UTF-16', utf16, '1:1: The file is UTF-16; save it as "CSV UTF-8"'],
    [
      'of Windows-1252',
      latin,
      '2:1: The file is no UTF-8 from this line on, so it is most likely Windows-1252; save it as "CSV UTF-8", or name it with --encoding windows-1252',
    ],
    [
      'with a field too many',
      `${head}1,,,Ruiz, Marta,\n`,
      '2:1: The line has 6 fields and the first line 5; write every separator, and quote fields that hold one',
    ],
    [
      'with an open quote',
      `${head}1,,,"Marta,\n`,
      '2:5: The quote is never closed; close it, and write one that belongs to the field twice',
    ],
    [
      'with a quote in a field',
      `${head}1,,,Marta" Ruiz,\n`,
      '2:10: A quote stands within the field; quote the whole field, and write this one twice',
    ],
    ['with nobody', `${head}1,,, ,\n`, '2:5: The name is empty'],
    ['with a name without letters', `${head}1,,,---,\n`, '2:5: The name has no letter in it'],
    ['with a long name', `${head}1,,,${'n'.repeat(201)},\n`, '2:5: The name is longer than 200 characters'],
    ['with a name of two lines', `${head}1,,,"a\nb",\n`, '2:5: The name holds a line break or a control character'],
    [
      'with a lost letter',
      `${head}1,,,Jos\uFFFD,\n`,
      '2:5: The name holds the mark of a letter that was lost; export it as UTF-8',
    ],
    [
      'with a patient without an id',
      `${head},,,Marta,\n`,
      '2:1: The patient has no id; take the line out, or fill one of the ids in',
    ],
    ['with a rounded id', `${head}1,"1,23457E+11",,Marta,\n`, '2:3: The mrn was rounded by a spreadsheet; export it as text'],
    ['with a token', `${head}~abc,,,Marta,\n`, '2:1: The pid begins with "~", as only what the record writes for an id does'],
    ['with a long id', `${head}${'1'.repeat(129)},,,Marta,\n`, '2:1: The pid is longer than 128 characters'],
    ['with a broken id', `${head}"1\n2",,,Marta,\n`, '2:1: The pid holds a line break or a control character'],
    [
      'with a date of two meanings',
      `${head}1,,,Marta,3/4/1980\n`,
      '2:11: The date of birth cannot be read: write it as 1980-12-31, because 3/4/1980 is two days',
    ],
    ['with no such day', `${head}1,,,Marta,1981-02-29\n`, '2:11: The date of birth cannot be read: there is no such day'],
  ])('%s is refused with line and fix, and nothing of it imported', async (_what, content, says) => {
    const before = await state();
    const [first, ...rest] = (await imported(content)) as string[];
    expect([first, rest]).toEqual([says, ['1 mistake, nothing was imported; the directory of before stays']]);
    expect(await state()).toEqual(before);
  });

  test('every bad row is named, and no name in any message', async () => {
    const said = await imported(
      `${head}1,,,Secret Person,99\n2,,,Other Person,99\n3,,,"Third" Person,\n4,,,Fourth Person,1980-01-01\n`,
    );
    expect(said).toHaveLength(4);
    expect(JSON.stringify(said)).not.toMatch(/Secret|Other Person|Third|Fourth|99/);
  });

  test('with mistakes without end is given up', async () => {
    const said = (await imported(head + ',,,,\n'.repeat(5000))) as string[];
    expect(said.length).toBeLessThan(1100);
  });

  test('is only looked at with --dry-run', async () => {
    const before = [await state(), orders()];
    const { code, out, err } = await run('import', write(`${head}70,,,Dry One,\n`), '--dry-run');
    const said =
      /^1 patients would be imported; nothing was changed: 1 new, 0 changed, \d gone; who has gone can still be found$/;
    expect([code, out, err]).toEqual([0, [expect.stringMatching(said)], []]);
    expect([await state(), orders()]).toEqual(before);
    expect(existsSync(join(dataDirectory, 'patients-import.db'))).toBe(false);
  });

  test('that others can read is refused, and is to be deleted afterwards', async () => {
    const file = write(head + marta);
    chmodSync(file, 0o644);
    expect((await run('import', file)).err[0]).toContain(
      'can be read by others (mode 0644), set its mode to 0600; it holds names of patients',
    );
    chmodSync(file, 0o600);
    expect((await run('import', file)).err[0]).toContain('Delete ');
  });

  test.each([
    [['import'], 'Name the one file to import'],
    [['import', 'a', 'b'], 'Name the one file to import'],
    [['import', 'a', '--encoding', 'ascii'], '--encoding "ascii" is none of utf-8, windows-1252'],
    [
      ['import', 'a', '--columns', 'id=ID'],
      '--columns "id=ID" is not like pid=COLUMN; there is "pid", "mrn", "uuid", "name" and "birth-date"',
    ],
    [['import', 'a', '--columns', 'pid='], '--columns "pid=" is not like pid=COLUMN'],
    [['import', 'a', '--columns', 'pid=A,pid=B'], '--columns names pid twice'],
    [['import', 'a', '--columns', 'pid=A+B'], '--columns: only a name is made of several columns'],
    [['show'], 'Name the patient by an id, or by their name'],
    [['forget'], 'There is no command "patients forget"'],
  ])('%j is wrong usage', async (args, says) => {
    const { code, err } = await run(...args);
    expect([code, err[0]]).toEqual([2, expect.stringContaining(says)]);
  });

  test('a column that is not there is told with the one that was probably meant', async () => {
    expect(await imported('PatientID,Name\n1,Marta\n', '--columns', 'pid=PatientId2')).toEqual([
      '1:1: There is no column "PatientId2"; there is "PatientID" and "Name", did you mean "PatientID"?',
      '1 mistake, nothing was imported; the directory of before stays',
    ]);
  });
});
