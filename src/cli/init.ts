// `wardgate init`: asks eight questions and writes the first gateway.yaml and rules.yaml, with the master key. Every answer
// can be given as an option, so that it runs unattended. It writes nothing that `check` would refuse, overwrites nothing,
// and never asks another machine.

import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createMasterKey } from '../adapters/sealer-file.ts';
import { shownFile } from '../config/mistake.ts';
import type { Answers } from './init/answers.ts';
import { closingWords } from './init/closing-words.ts';
import { conversation } from './init/conversation.ts';
import type { Conversation } from './init/conversation.ts';
import { interview } from './init/interview.ts';
import { judgeAnswers } from './init/judge-answers.ts';
import { questions } from './init/parts.ts';
import { putInPlace, stands } from './init/put-in-place.ts';
import type { NewFile } from './init/put-in-place.ts';
import type { GivenOptions } from './init/question.ts';
import { unwritable } from './init/yaml-text.ts';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';
import { judged } from './usage-problem.ts';

const usage = `wardgate init [--directory DIR] [--yes] [--force] [--ask]
  --address URL  [--clinic NAME]  [--timezone ZONE]  [--help-line TEXT]
  --ehr PRESET  --upstream URL  [--plain-http-because WHY]  [--ehr-trust FILE]  [--root PATH]
  --sign-on own-password | none | header=NAME | account=NAME  [--account-password-file FILE]  [--sign-on-value name=value]…
  --provider keycloak | entra | generic  --issuer URL  [--issuer-trust FILE]
  --client-id ID  --client-secret-file FILE | --client-secret-env NAME
  --groups-as group | realm-role | group-id | group-name | app-role  [--roles-claim NAME]  --group role=GROUP…
  --certificate FILE  [--key-file FILE]  [--passphrase-file FILE] | --tls-ended-by ADDRESS…  [--port N]  [--health-port N]
  --zone name=RANGE…  --audit DIR  [--data DIR]
Files are named as seen from DIR. What is left out is asked. --yes takes the defaults of the rest, --force keeps what stands there as .bak, and --ask reads
the answers from standard input even where it is no terminal.`;

/** Options that may stand more than once. */
const repeated = new Set(['group', 'zone', 'sign-on-value', 'tls-ended-by']);

export interface InitWorld {
  readonly print: Printer;
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Whether a person types at the input. */
  readonly terminal: boolean;
}

/** Exit code: 0 written, 1 not written, 2 wrong usage or an answer that is missing or wrong. */
export function init(args: string[], world: InitWorld = ownTerminal()): Promise<number> {
  return judged(usage, world.print, async () => {
    const options = readOptions(args);
    if (options['help'] === true) {
      world.print.out(usage);
      return 0;
    }
    const directory = resolve(typeof options['directory'] === 'string' ? options['directory'] : '.');
    const force = options['force'] === true;
    const there = ['gateway.yaml', 'rules.yaml'].map((name) => join(directory, name)).filter(stands);
    if (there.length > 0 && !force) {
      for (const file of there) world.print.err(`File "${shownFile(file)}" exists, and nothing is overwritten`);
      world.print.err('Name another place with --directory, or keep what stands there as .bak with --force');
      return 1;
    }
    const asks = world.terminal || options['ask'] === true;
    const talk = asks ? conversation(world.input, world.output, world.terminal) : null;
    try {
      return await write(options, directory, force, talk, world.print);
    } finally {
      talk?.close();
    }
  });
}

function ownTerminal(): InitWorld {
  const { stdin, stdout } = process;
  return { print: terminal, input: stdin, output: stdout, terminal: stdin.isTTY && stdout.isTTY };
}

function readOptions(args: string[]): GivenOptions {
  const texts = [...new Set(questions.map(({ option }) => option)), 'client-secret-env', 'directory'];
  const flags = ['yes', 'force', 'ask', 'help'];
  const options = Object.fromEntries([
    ...texts.map((name) => [name, { type: 'string' as const, multiple: repeated.has(name) }]),
    ...flags.map((name) => [name, { type: 'boolean' as const }]),
  ]);
  return parseArgs({ args, options }).values;
}

async function write(
  options: GivenOptions,
  directory: string,
  force: boolean,
  talk: Conversation | null,
  print: Printer,
): Promise<number> {
  const told = await interview({ options, directory, yes: options['yes'] === true, conversation: talk });
  if (!told.done) {
    for (const problem of told.problems) print.err(problem);
    print.err('Nothing was written; wardgate init --help tells every option');
    return 2;
  }
  const { answers } = told;
  const secret = talk === null || options['yes'] === true ? null : await askSecret(answers, directory, talk);
  const [gatewayFile, rulesFile] = [join(directory, 'gateway.yaml'), join(directory, 'rules.yaml')];
  const { texts, problems } = await judgeAnswers(answers, directory);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const keyFile = join(resolve(directory, answers.data), 'master.key');
  mkdirSync(directory, { recursive: true });
  const keyIsNew = makeKey(keyFile);
  const files: NewFile[] = [
    { path: rulesFile, text: texts.rules, secret: false },
    { path: gatewayFile, text: texts.gateway, secret: false },
  ];
  const copies = putInPlace(secret === null ? files : [secret, ...files], force);
  const { warnings } = await judgeAnswers(answers, directory);
  const secretFile = secret?.path ?? null;
  for (const line of closingWords({ answers, gatewayFile, rulesFile, keyFile, keyIsNew, secretFile, copies, warnings }))
    print.out(line);
  return 0;
}

/** The file with the client secret, where it is not there yet and the person has the secret at hand. */
async function askSecret({ secret }: Answers, directory: string, { ask, say }: Conversation): Promise<NewFile | null> {
  const path = resolve(directory, secret.name);
  if (secret.in !== 'file' || existsSync(path)) return null;
  for (;;) {
    const text =
      (await ask('The client secret itself, which is not shown (Enter: put it there later): ', 'hidden'))?.trim() ?? '';
    if (text === '') return null;
    const problem = unwritable(text);
    if (problem === null) return { path, text: `${text}\n`, secret: true };
    say(`  The secret ${problem}`);
  }
}

/** False where there is one already. */
function makeKey(file: string): boolean {
  if (existsSync(file)) return false;
  const data = dirname(file);
  mkdirSync(dirname(data), { recursive: true });
  if (!existsSync(data)) mkdirSync(data, { mode: 0o700 });
  createMasterKey(file);
  return true;
}
