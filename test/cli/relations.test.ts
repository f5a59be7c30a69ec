// `wardgate relations` as IT types it: files as schedules and rosters export them, every mistake with its line and its fix, on
// record before it counts, and sealed.

import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RelationReader } from '../../src/adapters/relation-reader.ts';
import { check } from '../../src/cli/check.ts';
import { relationsCommand } from '../../src/cli/relations.ts';
import { startGateway } from '../../src/main.ts';
import type { Gateway } from '../../src/main.ts';
import { simulatedClinic } from '../../src/simulate/simulated-clinic.ts';
import { simulatedFiles } from '../../src/simulate/simulated-files.ts';
import { records } from '../support/demo-story.ts';
import { sessionConfiguration } from '../support/session-gateway.ts';
import { silentLog } from '../support/silent-log.ts';
import { startWireEhr } from '../support/wire-ehr.ts';
import type { WireEhr } from '../support/wire-ehr.ts';

let home: string;
let dataDirectory: string;
let masterKeyFile: string;
let ehr: WireEhr;
let gateway: Gateway;
let running: boolean;

beforeEach(async () => {
  ehr = await startWireEhr();
  const clinic = await sessionConfiguration({ rules: ['{ name: all, paths: /**, allow: everyone }'] }, ehr.origin);
  home = clinic.directory;
  ({ dataDirectory, masterKeyFile } = clinic.configuration.settings);
  gateway = await startGateway(clinic.configuration, silentLog);
  running = true;
});

afterEach(async () => {
  await stop();
  await ehr.close();
  rmSync(home, { recursive: true, force: true });
});

async function stop(): Promise<void> {
  if (running) await gateway.close();
  running = false;
}

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const print = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
  const code = await relationsCommand([...args, '--config', join(home, 'gateway.yaml')], print);
  return { code, out, err };
}

/** What was told of the file, from its name on. */
async function imported(kind: string, content: string | Uint8Array, ...args: string[]) {
  const file = join(home, 'export.csv');
  writeFileSync(file, content, { mode: 0o600 });
  const { out, err } = await run('import', kind, file, ...args);
  return [...out, ...err.map((line) => line.replace(/^.*export\.csv:/, ''))].filter((line) => !line.startsWith('Delete'));
}

const orders = () =>
  records({ auditDirectory: gateway.composed.audit.directory })
    .filter(({ event }) => event === 'order')
    .map(({ detail }) => String(detail).replace(/user ".*"/, 'user "x"'));

const samples: readonly (readonly [string, string])[] = [
  ['appointments', 'patient,time,clinician,department\n4711,2026-11-30 10:30,Dr Exemplar,Pediatrics\n'],
  ['staff', 'login,name,dob,address,e-mail\nnora,Nora Unmistakable,1980-02-29,1 Secret Street,n@clinic.example\n'],
  ['demographics', 'mrn,name,dob,address,phone\nMRN-4711,Nora Unmistakable,1980-02-29,1 Secret St,555 0100 222\n'],
  ['confidential', 'patient\nMRN-0815\n'],
];

describe('relations', () => {
  test('of each kind are on record, then count, stand sealed, and replace those of before', async () => {
    for (const [kind, content] of samples)
      expect(await imported(kind, content)).toEqual([`1 rows of ${kind} count from now on, sealed`]);
    const more = 'patient;time\n1;2026-11-30 10:30\n2;30.11.2026 2:05 pm\n';
    expect(await imported('appointments', more)).toEqual(['2 rows of appointments count from now on, sealed']);
    expect(orders().at(-1)).toMatch(/"relations import" \(appointments, file sha256 [0-9a-f]{64}: 2 rows\)/);
    const { out } = await run('status', '--json');
    const state = JSON.parse(out[0] ?? '') as { kind: string; rows: number }[];
    expect(state.map(({ kind, rows }) => `${kind} ${rows}`).sort()).toEqual([
      'appointments 2',
      'confidential 1',
      'demographics 1',
      'staff 1',
    ]);
    await stop();
    for (const file of readdirSync(dataDirectory)) {
      if (!file.startsWith('identity.db')) continue;
      const bytes = readFileSync(join(dataDirectory, file));
      for (const secret of ['4711', '0815', 'Unmistakable', 'Secret', 'clinic.example', 'Exemplar'])
        expect([file, secret, bytes.includes(secret)]).toEqual([file, secret, false]);
    }
  });

  test('that were never imported are missed by check, which says which detector is off', async () => {
    const off = async () => {
      const out: string[] = [];
      await check(['--config', join(home, 'gateway.yaml')], { out: (line) => void out.push(line), err: () => undefined });
      return out.flatMap((line) => /^Detector (\S+) is off: no /.exec(line)?.[1] ?? []);
    };
    expect(await off()).toEqual(['own-chart', 'colleague', 'household', 'confidential-patient', 'no-relationship', 'leaver']);
    for (const [kind, content] of samples) await imported(kind, content);
    expect(await off()).toEqual([]);
  });

  test('are imported while no gateway runs as well', async () => {
    await stop();
    expect(await imported('confidential', 'patient\n1\n')).toEqual(['1 rows of confidential count from now on, sealed']);
    expect((await run('status')).out.join('\n')).toMatch(/^appointments {2}not imported[^]*confidential {2}1 rows since/);
    expect(orders().at(-1)).toContain('while no gateway ran');
  });

  test.each<[string, string | Uint8Array, string[]]>([
    ['Windows-1252', Buffer.from('login;name\nj;Jos\xe9 Mu\xf1oz\n', 'latin1'), ['--encoding', 'windows-1252']],
    ['tabs', 'login\tname\nj\tJosé Muñoz\n', []],
    ['a byte order mark', '\uFEFFlogin,name\r\nj,"José Muñoz"\r\n', []],
    [
      'FHIR',
      `\uFEFF${JSON.stringify({
        resourceType: 'Practitioner',
        id: '1',
        name: [{ given: ['José'], family: 'Muñoz' }],
        telecom: [{ system: 'email', value: 'J@clinic.example' }],
      })}\n{"resourceType":"Device"}\n`,
      [],
    ],
  ])('are read from %s with every letter', async (what, content, args) => {
    expect(await imported('staff', content, ...args)).toEqual([
      '1 rows of staff count from now on, sealed',
      ...(what === 'FHIR' ? ['1 left aside: Device says nothing of staff (first: line 2)'] : []),
    ]);
    const reader = new RelationReader({ dataDirectory, masterKeyFile });
    reader.look();
    expect(reader.relations?.roster.member('j')?.name).toBe('José Muñoz');
    reader.close();
  });

  test('are imported as `wardgate simulate` writes them, every row', { timeout: 120_000 }, async () => {
    await stop();
    const lists = simulatedFiles(simulatedClinic(4)).filter(({ name }) => name.endsWith('.csv'));
    expect(lists).toHaveLength(4);
    for (const { name, lines } of lists) {
      const all = [...lines];
      const kind = name.replace('.csv', '');
      expect(await imported(kind, `${all.join('\n')}\n`)).toEqual([
        `${all.length - 1} rows of ${kind} count from now on, sealed`,
      ]);
    }
  });

  const nothing = (count: number) =>
    `${count} mistake${count === 1 ? '' : 's'}, nothing was imported; what was imported before stays`;

  test.each<[string, string, string | Uint8Array, string[]]>([
    [
      'no time',
      'appointments',
      'patient\n1\n',
      [
        '1:1: No column is the time; there is "patient". Give it a usual name, or name it in alerts.yaml: relations: { columns: { appointments: { time: COLUMN } } }',
      ],
    ],
    [
      'an ambiguous day',
      'appointments',
      'patient,time\n1,3/4/2026 10:00\n',
      ['2:3: The time cannot be read; write it as 2026-12-31 14:30'],
    ],
    ['no patient', 'confidential', 'patient\n""\n', ['2:1: The patient has no id; take the line out, or fill one of the ids in']],
    [
      'a night that ends before it begins',
      'staff',
      'login,name,shift start,shift end\nn,N,2026-11-30 19:00,2026-11-30 07:00\n',
      ['2:22: The shift ends before it begins; the end of a night is on the next day'],
    ],
    [
      'a field too many',
      'confidential',
      'patient\n1,2\n',
      ['2:1: The line has 2 fields and the first line 1; write every separator, and quote fields that hold one'],
    ],
    ['a column twice', 'confidential', 'patient,Patient\n1,2\n', ['1:9: Column "Patient" is there twice']],
    ['no rows', 'staff', 'login,name\n', ['2:1: No row follows the first line']],
    ['nothing', 'staff', '', ['1:1: The file is empty']],
    [
      'another encoding',
      'confidential',
      Buffer.from('patient\nM\xfcller\n', 'latin1'),
      [
        '2:1: The file is no UTF-8 from this line on, so it is most likely Windows-1252; save it as "CSV UTF-8", or name it with --encoding windows-1252',
      ],
    ],
  ])('are not imported with %s, and those of before stay', async (_what, kind, content, says) => {
    expect(await imported(kind, content)).toEqual([...says, nothing(says.length)]);
    expect((await run('status', '--json')).out).toEqual(['[]']);
  });

  test.each([
    [['import', 'people', 'f.csv'], 'Say what is imported: appointments, staff, demographics, confidential'],
    [['import', 'staff'], 'Name the one file to import'],
    [['export'], 'There is no command "relations export"'],
    [['import', 'staff', 'f', '--encoding', 'ebcdic'], '--encoding "ebcdic" is none of utf-8, windows-1252'],
  ])('are not understood as %j', async (args, says) => {
    const { code, err } = await run(...args);
    expect([code, err.join('\n')]).toEqual([2, expect.stringContaining(says)]);
  });
});
