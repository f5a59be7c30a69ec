// `wardgate session`: who is signed in, and ending that, asked of the running gateway. It alone ends and records anything;
// this command only gives orders.

import { parseArgs } from 'node:util';
import type { Settings } from '../config/settings.ts';
import { askGateway } from './control/ask-gateway.ts';
import type { AskedOrder } from './control/ask-gateway.ts';
import { configuredCommand } from './configured-command.ts';
import type { ConfiguredWork } from './configured-command.ts';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';
import { endedSessions } from './session/ended-sessions.ts';
import { listedSessions } from './session/listed-sessions.ts';
import { UsageProblem } from './usage-problem.ts';

const usage = `wardgate session list [--json] [--config config/gateway.yaml]
wardgate session end PERSON | --reference REFERENCE | --all --because TEXT [--json] [--config config/gateway.yaml]

PERSON is the login name. What is under way for them is cut at once, and the EHR is logged out of.
The gateway must be running; run the command as its account or as root.`;

/** One command as it was asked for; its options are checked. */
interface Work extends ConfiguredWork {
  readonly json: boolean;
  readonly asked: AskedOrder;
  readonly key: 'sessions' | 'ended';
  readonly lines: (told: unknown) => readonly string[];
}

const config = { type: 'string', default: 'config/gateway.yaml' } as const;
const flag = { type: 'boolean', default: false } as const;
const text = { type: 'string' } as const;

/** Exit code: 0 done, 1 not, 2 wrong usage or a configuration that cannot be used. */
export function sessionCommand(args: readonly string[], print: Printer = terminal): Promise<number> {
  return configuredCommand({ usage, workOf, run }, args, print);
}

function workOf(name: string, args: string[]): Work {
  if (name === 'list') {
    const { values } = parseArgs({ args, options: { config, json: flag } });
    return { ...values, asked: { order: 'session list' }, key: 'sessions', lines: listedSessions };
  }
  if (name === 'end') return endOf(args);
  throw new UsageProblem(name === '' ? 'A command is missing' : `There is no command "session ${name}"`);
}

function endOf(args: string[]): Work {
  const options = { config, json: flag, all: flag, reference: text, because: text };
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [person, ...more] = positionals;
  const { all, reference, because } = values;
  const fields = {
    ...(person === undefined ? {} : { person }),
    ...(reference === undefined ? {} : { reference }),
    ...(all ? { all: 'yes' } : {}),
  };
  if (more.length > 0 || Object.keys(fields).length !== 1)
    throw new UsageProblem('Say whose sessions end: one PERSON, or --reference, or --all');
  if (because === undefined || because.trim() === '') throw new UsageProblem('Say why, for the record: --because TEXT');
  const asked = { order: 'session end', because, fields };
  return { config: values.config, json: values.json, asked, key: 'ended', lines: endedSessions };
}

async function run({ asked, json, key, lines }: Work, settings: Settings, print: Printer): Promise<number> {
  const told = await askGateway(settings, asked);
  if (json) print.out(JSON.stringify(told[key]));
  else for (const line of lines(told)) print.out(line);
  return 0;
}
