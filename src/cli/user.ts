// `wardgate user`: the people who sign in here, and their second factors, asked of the running gateway. It alone changes and
// records anything; this command only gives orders.

import { parseArgs } from 'node:util';
import type { Settings } from '../config/settings.ts';
import { askGateway } from './control/ask-gateway.ts';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';
import { soundConfiguration } from './sound-configuration.ts';
import { judged, UsageProblem } from './usage-problem.ts';
import { listedPeople } from './user/listed-people.ts';

const usage = `wardgate user list [--json] [--config config/gateway.yaml]

The gateway must be running; run the command as its account or as root.`;

/** One command as it was asked for; its options are checked. */
interface Work {
  readonly config: string;
  readonly run: (settings: Settings, print: Printer) => Promise<number>;
}

const config = { type: 'string', default: 'config/gateway.yaml' } as const;
const flag = { type: 'boolean', default: false } as const;

/** Exit code: 0 done, 1 not, 2 wrong usage or a configuration that cannot be used. */
export function userCommand(args: readonly string[], print: Printer = terminal): Promise<number> {
  return judged(usage, print, async () => {
    const [name = '', ...rest] = args;
    const work = workOf(name, rest);
    const configuration = await soundConfiguration(work.config, print);
    return configuration === null ? 2 : work.run(configuration.settings, print);
  });
}

function workOf(name: string, args: string[]): Work {
  switch (name) {
    case 'list': {
      const { values } = parseArgs({ args, options: { config, json: flag } });
      return { config: values.config, run: (settings, print) => list(values.json, settings, print) };
    }
    default:
      throw new UsageProblem(name === '' ? 'A command is missing' : `There is no command "user ${name}"`);
  }
}

async function list(json: boolean, settings: Settings, print: Printer): Promise<number> {
  const told = await askGateway(settings, { order: 'user list' });
  if (json) print.out(JSON.stringify(told['people']));
  else for (const line of listedPeople(told)) print.out(line);
  return 0;
}
