// `wardgate start`: reads both files, refuses to start on a mistake or an unsafe runtime, runs until it is told to stop.

import { parseArgs } from 'node:util';
import { pinoLog } from '../adapters/operations-log-pino.ts';
import { loadConfiguration } from '../config/load.ts';
import { renderMistake } from '../config/mistake.ts';
import { runtimeEnvironment } from '../config/environment.ts';
import { unsafeRuntime } from '../config/runtime-check.ts';
import { Fault } from '../core/faults.ts';
import { startGateway } from '../main.ts';
import { stopSignals } from './stop-signals.ts';

export async function start(args: string[]): Promise<number> {
  let config: string;
  try {
    config = parseArgs({ args, options: { config: { type: 'string', default: 'config/gateway.yaml' } } }).values.config;
  } catch (cause) {
    process.stderr.write(
      `${cause instanceof Error ? cause.message : String(cause)}\nUsage: wardgate start --config config/gateway.yaml\n`,
    );
    return 2;
  }
  const problems = unsafeRuntime(process.versions.node, process.execArgv, runtimeEnvironment());
  if (problems.length > 0) return fail(problems);
  const loaded = await loadConfiguration(config);
  if (!loaded.ok) return fail(loaded.mistakes.map(renderMistake));
  const log = pinoLog('info', 1);
  for (const warning of loaded.warnings) log.warn({}, renderMistake(warning));
  try {
    const stop = stopSignals();
    const gateway = await startGateway(loaded.configuration, log);
    process.on('SIGHUP', () => void gateway.reload());
    await stop.first;
    log.info({}, 'The gateway is closing');
    void stop.second.then(gateway.hurry);
    await gateway.close();
    return 0;
  } catch (cause) {
    return fail([`Cannot start the gateway: ${inWords(cause)}`]);
  }
}

/** A fault says in its own words what broke; whoever starts the gateway also needs to know why. */
function inWords(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause instanceof Fault && cause.cause !== undefined ? `${cause.message}: ${inWords(cause.cause)}` : cause.message;
}

function fail(lines: readonly string[]): number {
  process.stderr.write(`${lines.join('\n')}\n`);
  return 1;
}
