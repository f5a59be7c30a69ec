// Opens everything that holds state, files or connections, in an order in which a failure leaves nothing open behind it.

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ChartOpenings } from '../adapters/chart-openings.ts';
import { openAuditLog } from '../adapters/audit-log-file.ts';
import { systemClock } from '../adapters/clock-system.ts';
import { openEmbeddedState } from '../adapters/embedded-state.ts';
import { FairTurns } from '../adapters/fair-turns.ts';
import { OpenIdProvider } from '../adapters/identity-provider-openid.ts';
import { IdentityTokens } from '../adapters/identity-token.ts';
import { PrometheusMetrics } from '../adapters/metrics-prometheus.ts';
import { RefusalRecords } from '../adapters/refusal-records.ts';
import type { FileSealer } from '../adapters/sealer-file.ts';
import { UndiciUpstream } from '../adapters/upstream-undici.ts';
import type { UpstreamOrigin } from '../adapters/upstream-undici.ts';
import { WebSocketUpstream } from '../adapters/upstream-websocket.ts';
import type { ApplicationSettings, Settings } from '../config/settings.ts';
import type { Session } from '../core/session/session.ts';
import { judgeStanding } from '../core/session/judge-standing.ts';
import { limitsFor } from '../core/session/limits-for.ts';
import { LiveStreams } from '../http/live-streams.ts';
import type { Clock, OperationsLog } from '../ports.ts';

export type Stores = Awaited<ReturnType<typeof openStores>>;

export async function openStores(settings: Settings, sealer: FileSealer, log: OperationsLog, clock: Clock) {
  const boot = randomBytes(6).toString('base64url');
  const { directory, fallbackDirectory } = settings.audit;
  // How long a disk takes is measured by the machine's own clock, whatever clock the sessions go by.
  const diskClock: Clock = { now: () => clock.now(), monotonic: () => systemClock.monotonic() };
  const audit = await openAuditLog({ directory, fallbackDirectory, boot, clock: diskClock, log });
  const sessionLimits = (roles: readonly string[], zones: readonly string[]) => limitsFor(settings.lock, roles, zones);
  const judge = (session: Session, now: number) => judgeStanding(session, sessionLimits(session.roles, []), now);
  try {
    const touchStepMilliseconds = shortestIdleSeconds(settings) * 100;
    const state = await openEmbeddedState({
      directory: settings.dataDirectory,
      sealer,
      clock,
      log,
      touchStepMilliseconds,
      judge,
    });
    const { anonymousRecordsPerMinute: perAddress, refusalRecordsPerMinute: perPerson } = settings.limits;
    const refusals = new RefusalRecords({ perAddress, perPerson }, audit, clock);
    return { clock, boot, audit, sealer, state, refusals, sessionLimits };
  } catch (cause) {
    await audit.close();
    throw cause;
  }
}

export function openParts(settings: Settings, log: OperationsLog) {
  const upstreams = new Map([...settings.applications].map(([name, one]) => [name, upstreamOrigin(one)]));
  const pool = new UndiciUpstream(upstreams, settings.limits);
  const metrics = new PrometheusMetrics();
  metrics.gauge('wardgate_upstream_running', 'Requests at the EHR', () => pool.load.running);
  metrics.gauge('wardgate_upstream_waiting', 'Requests waiting for the EHR', () => pool.load.waiting);
  return {
    pool,
    metrics,
    webSockets: new WebSocketUpstream(upstreams, settings.limits),
    provider: new OpenIdProvider({ settings: settings.signIn, applications: settings.applications, clock: systemClock, log }),
    tokens: new IdentityTokens(),
    live: new LiveStreams(),
    turns: new FairTurns(systemClock),
    charts: new ChartOpenings(),
    sockets: new Set<(code: number) => void>(),
  };
}

export type Parts = Stores & ReturnType<typeof openParts>;

function upstreamOrigin(application: ApplicationSettings): UpstreamOrigin {
  return {
    origin: application.upstream,
    ca: application.trustFile === null ? null : readFileSync(application.trustFile, 'utf8'),
  };
}

function shortestIdleSeconds({ lock }: Settings): number {
  const others = [...lock.zones.values(), ...lock.roles.values()].map((one) => one.idleSeconds ?? lock.everywhere.idleSeconds);
  return Math.min(lock.everywhere.idleSeconds, ...others);
}
