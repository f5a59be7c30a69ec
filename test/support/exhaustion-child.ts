// The gateway alone in a process of its own, so that what an attack takes from it can be read apart from what the attacker
// takes. Started with --expose-gc by `exhaustion-gateway.ts`, which says over the process channel what it wants to know.

import { readdirSync } from 'node:fs';
import { startGateway } from '../../src/main.ts';
import type { Asked, Look, Started } from './exhaustion-gateway.ts';
import { sessionConfiguration, signedIn } from './session-gateway.ts';
import type { SessionGatewayOptions } from './session-gateway.ts';
import { silentLog } from './silent-log.ts';

const [given = '', upstream = ''] = process.argv.slice(2);
const options = JSON.parse(given) as SessionGatewayOptions;
const { configuration, directory } = await sessionConfiguration(options, upstream);
const gateway = await startGateway(configuration, silentLog);
const { composed } = gateway;

process.on('message', (asked: Asked) => void answer(asked));
process.on('disconnect', () => process.exit(0));
process.send?.({
  port: gateway.port,
  host: configuration.settings.applications.get('ehr')?.host ?? '',
  directory,
  auditDirectory: composed.audit.directory,
  cookies: { physician: await cookieOf('physician'), nurse: await cookieOf('nurse'), it: await cookieOf('it') },
} satisfies Started);

async function cookieOf(role: string): Promise<string> {
  const { id, session } = signedIn(role);
  await composed.state.sessions.create(session);
  return `wardgate=${id}`;
}

async function answer(asked: Asked): Promise<void> {
  if (asked === 'close') await gateway.close();
  process.send?.(await look());
}

async function look(): Promise<Look> {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  const { text } = await composed.metrics.text();
  const gauge = (name: string): number => Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN);
  return {
    heapBytes: heapUsed,
    externalBytes: external,
    residentBytes: rss,
    resources: Object.entries(Object.groupBy(process.getActiveResourcesInfo(), (name) => name)).map(([name, all]) => [
      name,
      all?.length ?? 0,
    ]),
    files: readdirSync('/proc/self/fd').length,
    liveSessions: composed.live.sessions().length,
    webSockets: composed.sockets.size,
    running: gauge('wardgate_upstream_running'),
    waiting: gauge('wardgate_upstream_waiting'),
  };
}
