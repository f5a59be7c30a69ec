// `wardgate vault`: whose EHR passwords are kept, importing and removing them, and sealing everything anew, all beside a
// running gateway. Never shows a password. The gateway alone writes the access record, so what is changed here stands on
// standard output and nowhere else.

import { parseArgs } from 'node:util';
import type { VaultListing } from '../adapters/vault-file.ts';
import { renderMistake } from '../config/mistake.ts';
import type { Settings } from '../config/settings.ts';
import { plainText } from './plain-text.ts';
import { configuredCommand } from './configured-command.ts';
import type { ConfiguredWork } from './configured-command.ts';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';
import { readPrivateFile } from './private-file.ts';
import { UsageProblem } from './usage-problem.ts';
import { describeResealed, lostIn } from './vault/describe-resealed.ts';
import { findPerson } from './vault/find-person.ts';
import { readImport } from './vault/read-import.ts';
import { withVault } from './vault/with-vault.ts';

const usage = `wardgate vault list [--json] [--config config/gateway.yaml]
wardgate vault import FILE.csv [--dry-run] [--config config/gateway.yaml]
wardgate vault remove --person NAME [--application NAME] [--config config/gateway.yaml]
wardgate vault reseal [--json] [--config config/gateway.yaml]

FILE.csv begins with the line person,application,username,password and, where an EHR asks for more, a column for each;
person is the login name. Delete the file afterwards.`;

/** Ten thousand rows of long fields. */
const mostImportBytes = 16_777_216;

/** One command as it was asked for; its options are checked. */
interface Work extends ConfiguredWork {
  readonly run: (settings: Settings, print: Printer) => number | Promise<number>;
}

const config = { type: 'string', default: 'config/gateway.yaml' } as const;
const flag = { type: 'boolean', default: false } as const;

/** Exit code: 0 done, 1 not, 2 wrong usage or a configuration that cannot be used. */
export function vaultCommand(args: readonly string[], print: Printer = terminal): Promise<number> {
  return configuredCommand({ usage, workOf, run: (work, settings, printer) => work.run(settings, printer) }, args, print);
}

function workOf(name: string, args: string[]): Work {
  switch (name) {
    case 'list': {
      const { values } = parseArgs({ args, options: { config, json: flag } });
      return { config: values.config, run: (settings, print) => list(values.json, settings, print) };
    }
    case 'import': {
      const { values, positionals } = parseArgs({ args, options: { config, 'dry-run': flag }, allowPositionals: true });
      const [file = '', ...others] = positionals;
      if (file === '' || others.length > 0) throw new UsageProblem('Name the one file to import');
      return { config: values.config, run: (settings, print) => importFile(file, values['dry-run'], settings, print) };
    }
    case 'remove': {
      const { values } = parseArgs({ args, options: { config, person: { type: 'string' }, application: { type: 'string' } } });
      const { person, application = null } = values;
      if (person === undefined) throw new UsageProblem('Option --person is missing');
      return { config: values.config, run: (settings, print) => remove(person, application, settings, print) };
    }
    case 'reseal': {
      const { values } = parseArgs({ args, options: { config, json: flag } });
      return { config: values.config, run: (settings, print) => resealAll(values.json, settings, print) };
    }
    default:
      throw new UsageProblem(name === '' ? 'A command is missing' : `There is no command "vault ${name}"`);
  }
}

async function list(json: boolean, settings: Settings, print: Printer): Promise<number> {
  const listings = await withVault(settings, (vault) => vault.list());
  if (json) print.out(JSON.stringify(listings.map(asJson)));
  else for (const one of listings) print.out(asText(one, settings));
  if (listings.length === 0) print.err('The vault is empty');
  return 0;
}

function asText(one: VaultListing, { applications }: Settings): string {
  const configured = applications.has(one.application) ? '' : '  (no such application is configured)';
  const person = plainText(one.name ?? one.sub).padEnd(24);
  return `${person}  ${plainText(one.application).padEnd(12)}  ${stateOf(one)}${configured}`;
}

function asJson(one: VaultListing) {
  return { person: one.name, sub: one.sub, issuer: one.issuer, application: one.application, state: stateOf(one) };
}

function stateOf({ sub, refused }: VaultListing): 'accepted' | 'refused' | 'imported' {
  if (sub === null) return 'imported';
  return refused ? 'refused' : 'accepted';
}

async function importFile(file: string, dryRun: boolean, settings: Settings, print: Printer): Promise<number> {
  const bytes = readPrivateFile(file, mostImportBytes, 'its passwords may be known already. Delete the file after the import');
  const read = readImport(file, bytes, settings);
  if (!read.ok) {
    for (const mistake of read.mistakes) print.err(renderMistake(mistake));
    print.err(`${counted(read.mistakes.length, 'mistake')}, nothing was imported`);
    return 1;
  }
  const count = counted(read.rows.length, 'credential');
  if (dryRun) {
    print.out(`${count} would be stored; nothing was changed`);
    return 0;
  }
  await withVault(settings, (vault) => vault.importRows(read.rows));
  print.out(`${count} ${read.rows.length === 1 ? 'is' : 'are'} stored, sealed; each counts from its person's next sign-on`);
  print.out(`Delete "${file}" now: it holds passwords that anybody who finds it can use`);
  return 0;
}

function remove(person: string, application: string | null, settings: Settings, print: Printer): Promise<number> {
  return withVault(settings, async (vault) => {
    const found = findPerson(await vault.list(), person);
    if (found.found !== 'one') {
      print.err(found.why);
      return 1;
    }
    const chosen = found.listings.filter((one) => application === null || one.application === application);
    let gone = 0;
    for (const { issuer, sub, name, application: at } of chosen) {
      gone += await vault.remove(issuer, sub === null ? { name: name ?? '' } : { sub }, at);
      print.out(`Removed: "${plainText(name ?? sub)}" at "${plainText(at)}"`);
    }
    if (gone === 0) print.err(`Nothing is stored for "${plainText(person)}" at "${plainText(application)}"`);
    else
      print.out('A session at the EHR that is open now goes on until it ends; the person is asked for a password the next time');
    return gone === 0 ? 1 : 0;
  });
}

async function resealAll(json: boolean, settings: Settings, print: Printer): Promise<number> {
  const kinds = await withVault(settings, (vault) => vault.reseal());
  if (json) print.out(JSON.stringify(kinds));
  else for (const line of describeResealed(kinds)) print.out(line);
  return lostIn(kinds) > 0 ? 1 : 0;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
