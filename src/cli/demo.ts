// `wardgate demo`: the product on one machine, with nothing else needed. Prints one screen, or one line of JSON.

import { parseArgs } from 'node:util';
import { pinoLog } from '../adapters/operations-log-pino.ts';
import { renderJson, renderScreen } from '../demo/screen.ts';
import { importDemoPatients } from './import-demo-patients.ts';
import { importDemoRelations } from './import-demo-relations.ts';
import { startDemo } from './start-demo.ts';
import { stopSignals } from './stop-signals.ts';

const usage = 'Usage: npm run demo -- [--port 8080] [--idle 15m] [--json] [--verbose]\n';

export async function demo(args: string[]): Promise<number> {
  const options = read(args);
  if (options === null) {
    process.stderr.write(usage);
    return 2;
  }
  const stop = stopSignals();
  try {
    const running = await startDemo({ ...options, log: pinoLog(options.verbose ? 'info' : 'silent', 2) });
    await importDemoPatients(running);
    await importDemoRelations(running, Date.now());
    const addresses = {
      gateway: running.origin,
      provider: running.provider.issuer,
      ehr: running.ehr.origin,
      audit: running.auditDirectory,
      personas: running.personas,
    };
    process.stdout.write(options.json ? renderJson(addresses) : renderScreen(addresses));
    await stop.first;
    void stop.second.then(running.gateway.hurry);
    await running.close();
    return 0;
  } catch (cause) {
    process.stderr.write(`Cannot start the demo: ${inWords(cause, options.port)}\n`);
    return 1;
  }
}

function inWords(cause: unknown, port: number): string {
  if (!(cause instanceof Error)) return String(cause);
  if (!('code' in cause) || cause.code !== 'EADDRINUSE') return cause.message;
  return `port ${port} is in use, name another one with --port, or 0 for any free one`;
}

function read(args: string[]): { port: number; idle: string; json: boolean; verbose: boolean } | null {
  try {
    const { values } = parseArgs({
      args,
      options: {
        port: { type: 'string', default: '8080' },
        idle: { type: 'string', default: '15m' },
        json: { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
      },
    });
    return /^\d{1,5}$/.test(values.port) && Number(values.port) < 65_536 ? { ...values, port: Number(values.port) } : null;
  } catch {
    return null;
  }
}
