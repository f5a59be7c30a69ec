// `wardgate patients`: the directory that gives the ids in the record a name. An import and a look at somebody stand on
// record before anything comes of them; no name goes there.

import { parseArgs } from 'node:util';
import { openPatientFile } from '../adapters/patient-file.ts';
import type { PatientFile } from '../adapters/patient-file.ts';
import { renderMistake } from '../config/mistake.ts';
import type { Settings } from '../config/settings.ts';
import { recordSearch } from './audit-search/record-search.ts';
import { askedColumns } from './patients/directory-columns.ts';
import { encodings } from './patients/decode-text.ts';
import { importPatients } from './patients/import-patients.ts';
import type { ImportFile, Imported } from './patients/import-patients.ts';
import { patientLines, stateLines } from './patients/show-patients.ts';
import { configuredCommand } from './configured-command.ts';
import type { ConfiguredWork } from './configured-command.ts';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';
import { readPrivateFile } from './private-file.ts';
import { UsageProblem } from './usage-problem.ts';

const usage = `wardgate patients import FILE.csv [--columns pid=…,mrn=…,uuid=…,name=…,birth-date=…] [--encoding utf-8|windows-1252]
                         [--dry-run] [--json] [--config config/gateway.yaml]
wardgate patients show ID|NAME [--json] [--config config/gateway.yaml]
wardgate patients status [--json] [--config config/gateway.yaml]

FILE.csv holds all patients: what is imported replaces the directory of before. Its first line names the columns; a name
may be made of several, name=FAMILY+GIVEN. Delete the file afterwards.`;

/** A million patients with long ids. */
const mostImportBytes = 268_435_456;
/** People of one name that are shown. */
const mostNamed = 50;

/** One command as it was asked for; its options are checked. */
interface Work extends ConfiguredWork {
  readonly run: (settings: Settings, print: Printer) => Promise<number>;
}

const config = { type: 'string', default: 'config/gateway.yaml' } as const;
const flag = { type: 'boolean', default: false } as const;
const text = { type: 'string' } as const;

/** Exit code: 0 done or found, 1 not, 2 wrong usage or a configuration that cannot be used. */
export function patientsCommand(args: readonly string[], print: Printer = terminal): Promise<number> {
  return configuredCommand({ usage, workOf, run: (work, settings, printer) => work.run(settings, printer) }, args, print);
}

function workOf(name: string, args: string[]): Work {
  switch (name) {
    case 'import':
      return importOf(args);
    case 'show': {
      const { values, positionals } = parseArgs({ args, options: { config, json: flag }, allowPositionals: true });
      const asked = positionals.join(' ').trim();
      if (asked === '') throw new UsageProblem('Name the patient by an id, or by their name');
      return { config: values.config, run: (settings, print) => show(settings, asked, values.json, print) };
    }
    case 'status': {
      const { values } = parseArgs({ args, options: { config, json: flag } });
      return { config: values.config, run: (settings, print) => status(settings, values.json, print) };
    }
    default:
      throw new UsageProblem(name === '' ? 'A command is missing' : `There is no command "patients ${name}"`);
  }
}

function importOf(args: string[]): Work {
  const options = { config, columns: text, encoding: text, 'dry-run': flag, json: flag };
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [file = '', ...others] = positionals;
  if (file === '' || others.length > 0) throw new UsageProblem('Name the one file to import');
  const encoding = encodings.find((one) => one === values.encoding) ?? null;
  if (values.encoding !== undefined && encoding === null)
    throw new UsageProblem(`--encoding "${values.encoding}" is none of ${encodings.join(', ')}`);
  const columns = values.columns === undefined ? new Map() : askedColumns(values.columns);
  return {
    config: values.config,
    run: async (settings, print) => {
      const bytes = readPrivateFile(file, mostImportBytes, 'it holds names of patients. Delete the file after the import');
      const given: ImportFile = { file, bytes, columns, encoding, dryRun: values['dry-run'] };
      return told(given, await importPatients(settings, given), values.json, print);
    },
  };
}

function told({ file, dryRun }: ImportFile, imported: Imported, json: boolean, print: Printer): number {
  if (!imported.ok) {
    for (const mistake of imported.mistakes) print.err(renderMistake(mistake));
    const { length } = imported.mistakes;
    print.err(`${length} mistake${length === 1 ? '' : 's'}, nothing was imported; the directory of before stays`);
    return 1;
  }
  const { counts, joined, fileDigest } = imported;
  const { patients, fresh, changed, gone, moved } = counts;
  if (json) print.out(JSON.stringify({ patients, new: fresh, changed, gone, moved, joined, fileDigest, imported: !dryRun }));
  else {
    const what = dryRun ? 'would be imported; nothing was changed' : 'are in the directory now, sealed';
    print.out(`${patients} patients ${what}: ${fresh} new, ${changed} changed, ${gone} gone; who has gone can still be found`);
    if (joined > 0) print.out(`${joined} rows were more ids of somebody who stands in the file already`);
  }
  if (moved > 0)
    print.err(`${moved} ids belong to somebody else than before: older records with them are shown under the new name`);
  if (!dryRun) print.err(`Delete "${file}" now: it holds names that anybody who finds it can read`);
  return 0;
}

async function show(settings: Settings, asked: string, json: boolean, print: Printer): Promise<number> {
  return withPatients(settings, async ({ directory }) => {
    const found = await directory.find(asked, mostNamed);
    const patients = found.found === 'several' ? found.patients : found.patient === null ? [] : [found.patient];
    // No record, no access: whom somebody looked for is on record before anything is shown, and as tokens.
    const tokens = found.found === 'one' ? found.tokens : patients.flatMap((one) => one.tokens[0] ?? []);
    await recordSearch(settings, tokens.join(' '), 'patients show');
    const { timezone } = settings.clinic;
    if (json) print.out(JSON.stringify(patients));
    else for (const one of patients) for (const line of patientLines(one, timezone)) print.out(line);
    if (patients.length === 0) print.err('The directory knows nobody of that id or name');
    if (found.found === 'several' && found.more) print.err(`More than ${mostNamed} people have that name; write more of it`);
    return patients.length === 0 ? 1 : 0;
  });
}

async function status(settings: Settings, json: boolean, print: Printer): Promise<number> {
  return withPatients(settings, async ({ directory }) => {
    const state = await directory.state();
    if (json) print.out(JSON.stringify(state));
    else for (const line of stateLines(state, settings.clinic.timezone)) print.out(line);
    return state === null ? 1 : 0;
  });
}

async function withPatients<T>(
  { dataDirectory, masterKeyFile, store }: Pick<Settings, 'dataDirectory' | 'masterKeyFile' | 'store'>,
  work: (patients: PatientFile) => Promise<T>,
): Promise<T> {
  const patients = await openPatientFile(dataDirectory, masterKeyFile, store);
  try {
    return await work(patients);
  } finally {
    await patients.close();
  }
}
