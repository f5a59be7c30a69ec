// `wardgate relations`: schedule, roster, demographics and confidential patients, by which openings of charts are explained. An
// import stands on record before anything comes of it.

import { parseArgs } from 'node:util';
import { openDatabaseFile } from '../adapters/database-file.ts';
import { SqliteRelationImports } from '../adapters/relation-imports-sqlite.ts';
import { stateBeside } from '../adapters/state-db-beside.ts';
import { renderMistake } from '../config/mistake.ts';
import type { Settings } from '../config/settings.ts';
import { relationKinds } from '../core/relations/relation-rows.ts';
import { configuredCommand } from './configured-command.ts';
import type { ConfiguredWork } from './configured-command.ts';
import { encodings } from './patients/decode-text.ts';
import type { Encoding } from './patients/decode-text.ts';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';
import { givenChunks, privateChunks } from './private-file.ts';
import { importRelations } from './relations/import-relations.ts';
import type { ImportedRelations, RelationFile } from './relations/import-relations.ts';
import { UsageProblem } from './usage-problem.ts';

const usage = `wardgate relations import appointments|staff|demographics|confidential FILE [--encoding utf-8|windows-1252]
                          [--dry-run] [--json] [--because TEXT] [--config config/gateway.yaml]
wardgate relations status [--json] [--config config/gateway.yaml]

FILE is CSV or FHIR R4 (a Bundle, or one resource in each line) and replaces what was imported of its kind before; - is standard input: docs/relations.md. Delete the file afterwards.`;

/** Of lines of FHIR, which are read one by one; CSV and Bundles have smaller bounds. */
const mostImportBytes = 4_294_967_296;

interface Work extends ConfiguredWork {
  readonly run: (settings: Settings, print: Printer) => Promise<number>;
}

const config = { type: 'string', default: 'config/gateway.yaml' } as const;
const flag = { type: 'boolean', default: false } as const;
const text = { type: 'string' } as const;

/** Exit code: 0 done, 1 not, 2 wrong usage or a configuration that cannot be used. */
export function relationsCommand(args: readonly string[], print: Printer = terminal): Promise<number> {
  return configuredCommand({ usage, workOf, run: (work, settings, printer) => work.run(settings, printer) }, args, print);
}

function workOf(name: string, args: string[]): Work {
  if (name === 'import') return importOf(args);
  if (name === 'status') {
    const { values } = parseArgs({ args, options: { config, json: flag } });
    return { config: values.config, run: (settings, print) => status(settings, values.json, print) };
  }
  throw new UsageProblem(name === '' ? 'A command is missing' : `There is no command "relations ${name}"`);
}

function importOf(args: string[]): Work {
  const options = { config, encoding: text, 'dry-run': flag, json: flag, name: text, because: text };
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [word = '', file = '', ...others] = positionals;
  const kind = relationKinds.find((one) => one === word);
  if (kind === undefined) throw new UsageProblem(`Say what is imported: ${relationKinds.join(', ')}`);
  if (file === '' || others.length > 0) throw new UsageProblem('Name the one file to import');
  const encoding: Encoding | null = encodings.find((one) => one === values.encoding) ?? null;
  if (values.encoding !== undefined && encoding === null)
    throw new UsageProblem(`--encoding "${values.encoding}" is none of ${encodings.join(', ')}`);
  return {
    config: values.config,
    run: async (settings, print) => {
      const content =
        file === '-'
          ? givenChunks(mostImportBytes)
          : privateChunks(file, mostImportBytes, 'it tells of people. Delete the file after the import');
      const given: RelationFile = {
        kind,
        file: file === '-' ? (values.name ?? 'standard input') : file,
        content,
        columns: settings.alerts.relations.columns[kind],
        fhir: settings.alerts.relations.fhir,
        encoding,
        dryRun: values['dry-run'],
        because: values.because,
      };
      const code = told(given, await importRelations(settings, given), values.json, print);
      if (code === 0 && !given.dryRun && file !== '-')
        print.err(`Delete "${file}" now: it tells of people to anybody who finds it`);
      return code;
    },
  };
}

function told({ kind, dryRun }: RelationFile, imported: ImportedRelations, json: boolean, print: Printer): number {
  if (!imported.ok) {
    for (const mistake of imported.mistakes) print.err(renderMistake(mistake));
    const { length } = imported.mistakes;
    print.err(`${length} mistake${length === 1 ? '' : 's'}, nothing was imported; what was imported before stays`);
    return 1;
  }
  const { rows, fileDigest, leftAside } = imported;
  const what = dryRun ? 'would be imported; nothing was changed' : 'count from now on, sealed';
  print.out(json ? JSON.stringify({ kind, rows, fileDigest, leftAside, imported: !dryRun }) : `${rows} rows of ${kind} ${what}`);
  for (const line of leftAside) print.err(line);
  return 0;
}

async function status({ dataDirectory }: Settings, json: boolean, print: Printer): Promise<number> {
  const database = openDatabaseFile(dataDirectory, 'identity');
  try {
    const current = await new SqliteRelationImports(stateBeside(database)).current();
    if (json) print.out(JSON.stringify(current));
    else
      for (const kind of relationKinds) {
        const one = current.find((each) => each.kind === kind);
        const since =
          one === undefined ? '' : `${one.rows} rows since ${new Date(one.importedAt).toISOString()}, by ${one.importedBy}`;
        print.out(`${kind.padEnd(14)}${one === undefined ? 'not imported, what needs it is off' : since}`);
      }
    return 0;
  } finally {
    database.close();
  }
}
