// Starts one gateway: checks the runtime, loads both files, composes, listens, watches, and drains when it is told to.
// The command line and the demo call `startGateway`; nothing else does.

import { compose } from './compose.ts';
import type { Composed } from './compose.ts';
import type { Configuration, Settings } from './config/settings.ts';
import type { LoadedRules } from './config/load.ts';
import { watchRules } from './config/watch.ts';
import { auditEntry } from './core/audit/entry.ts';
import { plainHttpNote } from './core/audit/plain-http-note.ts';
import type { Policy } from './core/policy/policy.ts';
import { Doors } from './http/doors.ts';
import { healthServer } from './http/health-server.ts';
import { closeWithin, listen } from './http/listen.ts';
import { openControl } from './http/open-control.ts';
import type { Control } from './http/open-control.ts';
import { describeCause } from './core/text/describe-cause.ts';
import type { Clock, OperationsLog } from './ports.ts';

export interface Gateway {
  readonly port: number;
  /** Where machines show a certificate; null where none does. */
  readonly machinePort: number | null;
  readonly healthPort: number;
  readonly composed: Composed;
  /** Stops taking requests, lets those in flight finish within `limits.drainSeconds`, flushes the audit. */
  readonly close: () => Promise<void>;
  /** Cuts what a close under way still waits for. The audit is flushed all the same. */
  readonly hurry: () => void;
  /** Reads the rules again now, changed or not. */
  readonly reload: () => Promise<void>;
}

const sweepMilliseconds = 5000;
/** Between two looks at whether other gateways are heard. */
const othersMilliseconds = 1000;
const heartbeatMilliseconds = 60_000;
/** Between two looks at the identity provider. */
const lookEveryMilliseconds = 15_000;

/** Listens with a configuration that was read and found good. `clock` is the machine's unless a test has one of its own. */
export async function startGateway(configuration: Configuration, log: OperationsLog, clock?: Clock): Promise<Gateway> {
  const composed = await compose(configuration, log, clock);
  try {
    await completeEndings(composed, log);
    return await open(configuration, composed, log);
  } catch (cause) {
    await composed.close();
    throw cause;
  }
}

/** Before anybody is served: whoever was being let go must find nothing left. Their sign-in is blocked in any case. */
async function completeEndings(composed: Composed, log: OperationsLog): Promise<void> {
  try {
    const count = await composed.completeEndings();
    if (count > 0) log.warn({ people: count }, 'The end of access that was broken off is completed');
  } catch (cause) {
    log.error({ error: describeCause(cause) }, 'The end of access that was broken off cannot be completed; restart to try again');
  }
}

async function open({ settings, policy }: Configuration, composed: Composed, log: OperationsLog): Promise<Gateway> {
  const { listen: where, limits } = settings;
  const { certificate } = composed;
  let closing: Promise<void> | null = null;
  const doors = new Doors({
    listen: where,
    sockets: composed.sockets,
    limits,
    tls: certificate?.bytes ?? null,
    serve: (exchange) => composed.serve(exchange),
    refusedEarly: (code) => composed.metrics.count(`refused-early-${code.toLowerCase()}`),
    onCrash: (cause) => log.error({ error: describeCause(cause) }, 'A request could not be served'),
  });
  let control: Control | null = null;
  const health = healthServer({
    notReadyBecause: () => [...(closing !== null ? ['the gateway is draining'] : []), ...composed.notReadyBecause()],
    notices: () => [...composed.notices(), ...(control?.notices() ?? [])],
    metrics: () => composed.metrics.text(),
  });
  const healthPort = await listen(health, where.health.port, where.health.host);
  const { port, machinePort } = await doors.listen().catch(async (cause: unknown) => {
    await closeWithin(health, 0);
    throw cause;
  });
  control = await openControl(settings.dataDirectory, composed.order, log);
  const watched = watch(settings, policy, composed, log);
  const stopTls = certificate?.follow(doors);
  const said = composed.settingsVersion === null ? '' : `, settings ${composed.settingsVersion}`;
  const detail = `listening on port ${port}, Node ${process.versions.node}${said}${plainHttpNote(settings.applications.values())}`;
  await recordStart(composed, policy.version, detail, log);
  const stopThreadWatch = composed.thread.follow();
  const addresses = [...settings.applications.values()].map(({ origin }) => origin);
  log.info(
    { port, ...(machinePort !== null && { machinePort }), healthPort, addresses, policy: policy.version.slice(0, 16) },
    'The gateway is open',
  );
  const end = async (): Promise<void> => {
    watched.stop();
    stopThreadWatch();
    await control.close();
    stopTls?.();
    await doors.end(limits.drainSeconds * 1000);
    await composed.sumUp();
    await composed.audit.append(auditEntry('stop', composed.clock.now())).catch(() => undefined);
    await composed.close();
    await closeWithin(health, 0);
  };
  const close = (): Promise<void> => (closing ??= end());
  return { port, machinePort, healthPort, composed, close, hurry: () => doors.hurry(), reload: watched.reload };
}

interface Watched {
  readonly stop: () => void;
  readonly reload: Gateway['reload'];
}

function watch(settings: Settings, policy: Policy, composed: Composed, log: OperationsLog): Watched {
  const sweep = setInterval(() => void composed.sweep(), sweepMilliseconds);
  sweep.unref();
  const others = setInterval(() => composed.lookAtOthers(), othersMilliseconds);
  others.unref();
  const beats = setInterval(() => void composed.heartbeat(), heartbeatMilliseconds);
  beats.unref();
  void composed.lookAtProvider();
  const looks = setInterval(() => void composed.lookAtProvider(), lookEveryMilliseconds);
  looks.unref();
  const rules = watchRules(
    settings,
    (result) => takeRules(composed, log, result),
    composed.rulesMark(policy, settings.machines),
    (read) => composed.rulesMark(read.policy, read.machines),
    () => composed.rulesInForce(),
  );
  const stop = (): void => {
    clearInterval(sweep);
    clearInterval(others);
    clearInterval(beats);
    clearInterval(looks);
    rules.close();
  };
  return { stop, reload: async () => void (await rules.reload()) };
}

// Rejects while the change cannot be recorded; the watch then tells it again, and until then the old rules stay.
async function takeRules(composed: Composed, log: OperationsLog, result: LoadedRules): Promise<void> {
  if (result.ok) return composed.useRules(result);
  const mistakes = result.mistakes.map(({ file, line, message }) => `${file}:${line}: ${message}`);
  composed.rulesRejected(mistakes);
  log.error({ mistakes }, 'The new rules are not used; the old ones stay in force');
  const detail = result.mistakes[0]?.message ?? null;
  await composed.audit.append(auditEntry('configuration-rejected', composed.clock.now(), { detail }));
  return undefined;
}

// A log that cannot be written must not keep the gateway from starting: it then answers 503 and says why.
async function recordStart(composed: Composed, version: string, detail: string, log: OperationsLog): Promise<void> {
  try {
    await composed.audit.append(auditEntry('start', composed.clock.now(), { policy: version.slice(0, 16), detail }));
    await composed.recordFirstRules();
  } catch (cause) {
    log.error({ error: describeCause(cause) }, 'The audit log cannot be written: every request is answered 503 until it can');
  }
}
