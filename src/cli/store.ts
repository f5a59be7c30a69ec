// `wardgate store move`: brings what a gateway kept beside itself into the PostgreSQL that several gateways share.

import { parseArgs } from 'node:util';
import { systemClock } from '../adapters/clock-system.ts';
import { moveState } from '../adapters/move-state.ts';
import { whyNotFirst } from '../compose/why-not-first.ts';
import { sharedIndex } from '../compose/shared-index.ts';
import type { Settings } from '../config/settings.ts';
import { configuredCommand } from './configured-command.ts';
import type { ConfiguredWork } from './configured-command.ts';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';
import { UsageProblem } from './usage-problem.ts';

const usage = `wardgate store move [--config config/gateway.yaml]

Copies second factors, EHR passwords, sessions and everything else that gateways share from the data directory into the empty
PostgreSQL that gateway.yaml names under store.durable. Stop the gateway first; its files stay as they are.`;

/** Exit code: 0 moved, 1 not, 2 wrong usage or a configuration that cannot be used. */
export function storeCommand(args: readonly string[], print: Printer = terminal): Promise<number> {
  return configuredCommand({ usage, workOf, run: (_work, settings, printer) => move(settings, printer) }, args, print);
}

function workOf(name: string, args: string[]): ConfiguredWork {
  if (name !== 'move') throw new UsageProblem(name === '' ? 'A command is missing' : `There is no command "store ${name}"`);
  return parseArgs({ args, options: { config: { type: 'string', default: 'config/gateway.yaml' } } }).values;
}

async function move(settings: Settings, print: Printer): Promise<number> {
  const { dataDirectory, store } = settings;
  if (store === null) {
    print.err('Nothing was moved: gateway.yaml names no PostgreSQL under store.durable');
    return 1;
  }
  // What is moved names records by the numbers of this gateway's log, which are those of the first one.
  const why = await whyNotFirst({ ...settings, store });
  if (why !== null) {
    print.err(`Nothing was moved: ${why}`);
    return 1;
  }
  await sharedIndex(settings, systemClock.now());
  const moved = await moveState(dataDirectory, store.durable, new Date(systemClock.now()).toISOString());
  for (const { table, rows } of moved) print.out(`${table.padEnd(24)}${rows}`);
  const rows = moved.reduce((sum, one) => sum + one.rows, 0);
  print.out(`${rows} rows of ${moved.length} tables stand in PostgreSQL now; start the gateway`);
  print.out(`Directories of patients, schedules and rosters stay in "${dataDirectory}": import them at every gateway`);
  return 0;
}
