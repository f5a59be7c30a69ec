// The only file that knows both ports and adapters: opens what holds state, wires the lists, and hands back a gateway
// that `main.ts` listens with and closes. Decides nothing; every rule about access is in the core.

import { createHmac, hash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { auditReader } from './adapters/audit-latest.ts';
import { openAuditLog } from './adapters/audit-log-file.ts';
import { carriedPatients } from './adapters/carried-patients.ts';
import { clinicTime } from './adapters/clinic-time.ts';
import { systemClock } from './adapters/clock-system.ts';
import { openEmbeddedState } from './adapters/embedded-state.ts';
import { OpenIdProvider } from './adapters/identity-provider-openid.ts';
import { IdentityTokens } from './adapters/identity-token.ts';
import { PrometheusMetrics } from './adapters/metrics-prometheus.ts';
import { prepareData } from './adapters/prepare-data.ts';
import { systemRandomness } from './adapters/randomness-system.ts';
import { RefusalRecords } from './adapters/refusal-records.ts';
import { requestIds } from './adapters/request-ids.ts';
import { FairTurns } from './adapters/fair-turns.ts';
import { FileSealer } from './adapters/sealer-file.ts';
import { UndiciUpstream } from './adapters/upstream-undici.ts';
import type { UpstreamOrigin } from './adapters/upstream-undici.ts';
import { WebSocketUpstream } from './adapters/upstream-websocket.ts';
import type { ApplicationSettings, Configuration, Settings } from './config/settings.ts';
import { auditEntry } from './core/audit/entry.ts';
import { indexRules } from './core/policy/rule-index.ts';
import type { Policy } from './core/policy/policy.ts';
import { consoleRoutes } from './console/console-routes.ts';
import { createConsole } from './console/create-console.ts';
import type { EndReason, Session } from './core/session/session.ts';
import { judgeStanding } from './core/session/judge-standing.ts';
import { limitsFor } from './core/session/limits-for.ts';
import { signOnOf } from './ehr/sign-on-of.ts';
import { clientAddresses } from './http/client-address.ts';
import { LiveStreams } from './http/live-streams.ts';
import type { NodeExchange } from './http/node-exchange.ts';
import { createOwnPages } from './http/own-pages.ts';
import { replySender } from './http/reply-sender.ts';
import { describe, serve } from './http/serve.ts';
import { sessionSweep } from './http/sweep-sessions.ts';
import type { Needs } from './needs.ts';
import type { CredentialVault } from './identity-ports.ts';
import type { AuditLog, Clock, EhrSignOn, OperationsLog } from './ports.ts';
import { meterFor } from './reply/meter-and-pace.ts';
import { replyList, requestPath, settleList } from './request-path.ts';
import { downloadExtender } from './sign-in/extend-budget.ts';
import { needsSilentSignIn, refreshRoles, rolesAreStale } from './sign-in/refresh-roles.ts';
import { createSignIn } from './sign-in/create-sign-in.ts';
import type { SignInNeeds } from './sign-in/sign-in-needs.ts';
import { judgeAgain } from './stages/judge-again.ts';
import { signInRoutes } from './sign-in/own-routes.ts';

/** A wired gateway, not yet listening. */
export type Composed = Awaited<ReturnType<typeof compose>>;

/** Opens the stores and wires everything. Rejects with a clear error when the data is held by another instance. */
export async function compose(configuration: Configuration, log: OperationsLog, clock: Clock = systemClock) {
  const { settings } = configuration;
  prepareData(settings, log);
  const sealer = new FileSealer(settings.masterKeyFile);
  // The files that the parts read come first: a missing one must not leave the stores open behind it.
  const unstored = openParts(settings, log);
  let stores: Stores | null = null;
  try {
    stores = await openStores(settings, sealer, log, clock);
    return wired({ ...stores, ...unstored }, configuration, log);
  } catch (cause) {
    await closeParts(unstored, stores, log);
    throw cause;
  }
}

function wired(parts: Parts, { settings, policy }: Configuration, log: OperationsLog) {
  let rules = { policy, index: indexRules(policy) };
  const needs = wire(parts, settings, log, () => rules);
  const { audit, state, live, turns, sockets, metrics, provider, sealer } = parts;
  state.sessions.onEnd((session, reason) => {
    live.endSession(session.key);
    turns.forget(session.key);
    if (reason === 'idle' || reason === 'absolute') recordEnd(audit, needs.clock.now(), session, reason).catch(needs.onLost);
  });
  state.sessions.onRename((from, to) => live.rename(from, to));
  const serveNeeds = {
    path: requestPath(needs),
    replySteps: replyList(needs),
    settleSteps: settleList(needs),
    log,
    clinic: settings.clinic,
    send: replySender({ meterFor: meterFor(needs), sockets, limits: settings.limits }),
  };
  return {
    state,
    audit,
    metrics,
    live,
    turns,
    sockets,
    sealer,
    /** One look at everything under way; call it every few seconds. */
    sweep: sweepOf(needs, live, log),
    clock: needs.clock,
    sessionLimits: needs.sessionLimits,
    serve: (exchange: NodeExchange) => serve(serveNeeds, exchange),
    notReadyBecause: () => [
      ...(audit.available ? [] : ['the audit log cannot be written']),
      ...(provider.ready ? [] : ['the identity provider has not answered yet']),
    ],
    /** Writes the sums of what was refused, so that the record of the stop is the last one. */
    sumUp: () => parts.refusals.flush().catch(needs.onLost),
    /** Puts new rules in force for the requests that come from now on; the change is on record first. */
    async useRules(next: Policy) {
      const receipt = await audit.append(
        auditEntry('configuration', needs.clock.now(), {
          policy: next.version.slice(0, 16),
          detail: 'The rules were loaded again',
        }),
      );
      await receipt.durable;
      rules = { policy: next, index: indexRules(next) };
    },
    close: () => closeParts(parts, parts, log),
  };
}

/** Closes what was opened, the log last, so that everything before it can still be recorded. */
async function closeParts(
  { provider, pool }: Pick<Parts, 'provider' | 'pool'>,
  stores: Pick<Stores, 'refusals' | 'state' | 'audit'> | null,
  log: OperationsLog,
): Promise<void> {
  provider.close();
  stores?.refusals.close();
  await stores?.refusals.flush().catch((cause: unknown) => lost(log, cause));
  await pool.close();
  await stores?.state.close();
  await stores?.audit.close();
}

function sweepOf(needs: Needs, live: LiveStreams, log: OperationsLog): () => Promise<void> {
  const failed = (cause: unknown): void => lost(log, cause, 'A session with something under way could not be looked at');
  return sessionSweep({ ...needs, live, judgeAgain: judgeAgain(needs), failed });
}

function lost(log: OperationsLog, cause: unknown, what = 'A record could not be written'): void {
  log.error({ error: describe(cause) }, what);
}

type Stores = Awaited<ReturnType<typeof openStores>>;

async function openStores(settings: Settings, sealer: FileSealer, log: OperationsLog, clock: Clock) {
  const boot = randomBytes(6).toString('base64url');
  const { directory, fallbackDirectory } = settings.audit;
  // How long a disk takes is measured by the machine's own clock, whatever clock the sessions go by.
  const diskClock: Clock = { now: () => clock.now(), monotonic: () => systemClock.monotonic() };
  const audit = await openAuditLog({ directory, fallbackDirectory, boot, clock: diskClock, log });
  const sessionLimits = (roles: readonly string[], zones: readonly string[]) => limitsFor(settings.lock, roles, zones);
  const judge = (session: Session, now: number): EndReason | null => {
    const judged = judgeStanding(session, sessionLimits(session.roles, []), now);
    return judged.standing === 'ended' ? judged.why : null;
  };
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

function openParts(settings: Settings, log: OperationsLog) {
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
    sockets: new Set<(code: number) => void>(),
  };
}

type Parts = Stores & ReturnType<typeof openParts>;

function wire(parts: Parts, settings: Settings, log: OperationsLog, rules: Needs['rules']): Needs {
  const { clock, boot, audit, sealer, state, refusals, sessionLimits, pool, webSockets, tokens } = parts;
  const signIn = signInNeeds(parts, settings, log, rules);
  const directories = [
    settings.audit.directory,
    ...(settings.audit.fallbackDirectory === null ? [] : [settings.audit.fallbackDirectory]),
  ];
  const ownParts = [
    { routes: signInRoutes, router: createSignIn(signIn) },
    { routes: consoleRoutes, router: createConsole({ clinic: settings.clinic, records: auditReader(directories, clock) }) },
  ];
  const targetKey = sealer.derive('target hash')[0] ?? boot;
  return {
    ...clinicTime(settings.clinic.timezone),
    rules,
    clock,
    audit,
    sessionLimits,
    metrics: parts.metrics,
    turns: parts.turns,
    limits: settings.limits,
    sessions: state.sessions,
    grants: state.grants,
    budgets: state.budgets,
    addresses: clientAddresses(settings.listen.trustedProxies, settings.zones),
    applications: new Map([...settings.applications.values()].map((one) => [one.host, one])),
    pages: createOwnPages({
      log,
      clinic: settings.clinic,
      formTimeoutSeconds: settings.limits.formTimeoutSeconds,
      parts: ownParts,
    }),
    nextRequestId: requestIds(boot),
    sessionKey: (id) => hash('sha256', id, 'base64url'),
    rolesAreStale: (session, now) => rolesAreStale(settings.signIn, session, now),
    needsSilentSignIn: (session, now) => needsSilentSignIn(signIn, session, now),
    refreshRoles: refreshRoles(signIn),
    ...carriedPatients(state.sessions, sealer.derive('EHR session hash')[0] ?? boot, settings.limits.selectionWaitSeconds),
    hashTarget: (target) => createHmac('sha256', targetKey).update(target).digest('hex').slice(0, 32),
    identityToken: (session, name) => tokens.sign(session, settings.applications.get(name)?.origin ?? '', name, clock.now()),
    openStream: (facts, key) => parts.live.enter(facts, key),
    upstream: { request: (request) => pool.request(request), upgrade: (request) => webSockets.open(request) },
    signOn: signOns(settings, state.vault),
    forgetCredential: (session, name) => state.vault.remove(session.subject.issuer, session.subject.sub, name),
    mayRecordAnonymous: (address) => refusals.mayRecordAnonymous(address),
    mayRecordRefusal: (subject) => refusals.mayRecordRefusal(subject),
    onLost: (cause) => lost(log, cause),
  };
}

function signInNeeds(parts: Parts, settings: Settings, log: OperationsLog, rules: Needs['rules']): SignInNeeds {
  const { clock, audit, sealer, state, provider, tokens } = parts;
  const policy = (): Policy => rules().policy;
  const times = clinicTime(settings.clinic.timezone);
  const extend = downloadExtender({ audit, budgets: state.budgets, clock, localDay: (at) => times.localDay(at), policy });
  return {
    ...state,
    settings,
    policy,
    clock,
    log,
    audit,
    provider,
    sealer,
    randomness: systemRandomness,
    cookieSecrets: sealer.derive('interaction cookie'),
    keySet: () => tokens.keySet(),
    mayRecordAnonymous: (address) => parts.refusals.mayRecordAnonymous(address),
    extendBudget: (session, reason) => extend(session.subject, session.roles, reason, { session: session.reference }),
  };
}

function recordEnd(audit: AuditLog, now: number, { subject, roles, reference }: Session, reason: EndReason) {
  return audit.append(auditEntry('session-ended', now, { subject, roles, session: reference, reason }));
}

function upstreamOrigin(application: ApplicationSettings): UpstreamOrigin {
  return {
    origin: application.upstream,
    ca: application.trustFile === null ? null : readFileSync(application.trustFile, 'utf8'),
  };
}

function signOns(settings: Settings, vault: CredentialVault): ReadonlyMap<string, EhrSignOn> {
  const encode = (text: string): string => Buffer.from(text).toString('base64');
  return new Map([...settings.applications].map(([name, application]) => [name, signOnOf(application, vault, encode)]));
}

function shortestIdleSeconds({ lock }: Settings): number {
  const others = [...lock.zones.values(), ...lock.roles.values()].map((one) => one.idleSeconds ?? lock.everywhere.idleSeconds);
  return Math.min(lock.everywhere.idleSeconds, ...others);
}
