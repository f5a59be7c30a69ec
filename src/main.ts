// Starts one gateway: checks the runtime, loads both files, composes, listens, watches, and drains when it is told to.
// The command line and the demo call `startGateway`; nothing else does.

import type { Server } from 'node:http';
import { compose } from './compose.ts';
import type { Composed } from './compose.ts';
import type { Configuration, Settings } from './config/settings.ts';
import { watchRules } from './config/watch.ts';
import { auditEntry } from './core/audit/entry.ts';
import { edgeServer } from './http/edge-server.ts';
import { healthServer } from './http/health-server.ts';
import { closeWithin, listen } from './http/listen.ts';
import { describe } from './http/serve.ts';
import { sweepSessions } from './http/sweep-sessions.ts';
import { readTlsPair, watchTlsFiles } from './http/tls-files.ts';
import type { OperationsLog } from './ports.ts';

export interface Gateway {
  readonly port: number;
  readonly healthPort: number;
  readonly composed: Composed;
  /** Stops taking requests, lets those in flight finish within `limits.drainSeconds`, flushes the audit. */
  readonly close: () => Promise<void>;
}

const sweepMilliseconds = 5000;

/** Listens with a configuration that was read and found good. */
export async function startGateway(configuration: Configuration, log: OperationsLog): Promise<Gateway> {
  const { settings } = configuration;
  const composed = await compose(configuration, log);
  try {
    return await open(configuration, composed, log);
  } catch (cause) {
    await composed.close();
    throw cause;
  }
}

async function open({ settings, policy }: Configuration, composed: Composed, log: OperationsLog): Promise<Gateway> {
  const { listen: where, limits } = settings;
  const tls = where.certificateFile === null || where.keyFile === null ? null : readTlsPair(where.certificateFile, where.keyFile);
  let draining = false;
  const server = edgeServer({
    limits,
    tls,
    serve: composed.serve,
    refusedEarly: (code) => composed.metrics.count(`refused-early-${code.toLowerCase()}`),
    onCrash: (cause) => log.error({ error: describe(cause) }, 'A request could not be served'),
  });
  const health = healthServer({
    notReadyBecause: () => [...(draining ? ['the gateway is draining'] : []), ...composed.notReadyBecause()],
    metrics: () => composed.metrics.text(),
  });
  const healthPort = await listen(health, where.health.port, where.health.host);
  const port = await listen(server, where.port, where.host).catch(async (cause: unknown) => {
    await closeWithin(health, 0);
    throw cause;
  });
  const stopWatching = watch(settings, composed, server, log, tls !== null);
  await recordStart(composed, policy.version, port, log);
  log.info({ port, healthPort, policy: policy.version.slice(0, 16) }, 'The gateway is open');
  const close = async (): Promise<void> => {
    if (draining) return;
    draining = true;
    stopWatching();
    for (const end of composed.sockets) end(1001);
    await closeWithin(server, limits.drainSeconds * 1000);
    await composed.audit.append(auditEntry('stop', composed.clock.now())).catch(() => undefined);
    await composed.close();
    await closeWithin(health, 0);
  };
  return { port, healthPort, composed, close };
}

function watch(settings: Settings, composed: Composed, server: Server, log: OperationsLog, secure: boolean): () => void {
  const sweep = setInterval(
    () => void sweepSessions({ ...composed, sessions: composed.state.sessions }).catch(() => undefined),
    sweepMilliseconds,
  );
  sweep.unref();
  const { certificateFile, keyFile } = settings.listen;
  const stopTls =
    secure && certificateFile !== null && keyFile !== null ? watchTlsFiles(server as never, certificateFile, keyFile, log) : null;
  const rules = watchRules(settings, async (result) => {
    if (result.ok) return composed.useRules(result.policy);
    log.error(
      { mistakes: result.mistakes.map(({ file, line, message }) => `${file}:${line}: ${message}`) },
      'The new rules are not used; the old ones stay in force',
    );
    await composed.audit.append(
      auditEntry('configuration-rejected', composed.clock.now(), { detail: result.mistakes[0]?.message ?? null }),
    );
    return undefined;
  });
  return () => {
    clearInterval(sweep);
    stopTls?.();
    rules.close();
  };
}

// A log that cannot be written must not keep the gateway from starting: it then answers 503 and says why.
async function recordStart(composed: Composed, version: string, port: number, log: OperationsLog): Promise<void> {
  try {
    const detail = `listening on port ${port}, Node ${process.versions.node}`;
    await composed.audit.append(auditEntry('start', composed.clock.now(), { policy: version.slice(0, 16), detail }));
  } catch (cause) {
    log.error({ error: describe(cause) }, 'The audit log cannot be written: every request is answered 503 until it can');
  }
}
