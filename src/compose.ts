// The only file that knows both ports and adapters: opens what holds state, wires the lists, and hands back a gateway
// that `main.ts` listens with and closes. Decides nothing; every rule about access is in the core.

import { createHmac, hash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AnonymousRecords } from './adapters/anonymous-records.ts';
import { openAuditLog } from './adapters/audit-log-file.ts';
import { clinicTime } from './adapters/clinic-time.ts';
import { systemClock } from './adapters/clock-system.ts';
import { openEmbeddedState } from './adapters/embedded-state.ts';
import { OpenIdProvider } from './adapters/identity-provider-openid.ts';
import { IdentityTokens } from './adapters/identity-token.ts';
import { PrometheusMetrics } from './adapters/metrics-prometheus.ts';
import { systemRandomness } from './adapters/randomness-system.ts';
import { SelectionBook } from './adapters/selection-book.ts';
import type { FileSealer } from './adapters/sealer-file.ts';
import { UndiciUpstream } from './adapters/upstream-undici.ts';
import type { UpstreamOrigin } from './adapters/upstream-undici.ts';
import { WebSocketUpstream } from './adapters/upstream-websocket.ts';
import type { ApplicationSettings, Configuration, Settings } from './config/settings.ts';
import { auditEntry } from './core/audit/entry.ts';
import { indexRules } from './core/policy/rule-index.ts';
import type { Policy } from './core/policy/policy.ts';
import type { EndReason, Session } from './core/session/session.ts';
import { judgeStanding } from './core/session/judge-standing.ts';
import { limitsFor } from './core/session/limits-for.ts';
import { unreachable } from './core/unreachable.ts';
import { signOnByAccount, signOnByOwnPassword } from './ehr/sign-on-basic.ts';
import { signOnByHeader } from './ehr/sign-on-header.ts';
import { signOnNone } from './ehr/sign-on-none.ts';
import { clientAddresses } from './http/client-address.ts';
import { joinSockets } from './http/join-sockets.ts';
import { LiveStreams } from './http/live-streams.ts';
import type { NodeExchange } from './http/node-exchange.ts';
import { createOwnPages } from './http/own-pages.ts';
import { sendReply } from './http/send-reply.ts';
import { describe, serve } from './http/serve.ts';
import type { Needs } from './needs.ts';
import type { AuditLog, CredentialVault, EhrSignOn, OperationsLog } from './ports.ts';
import { meterFor } from './reply/meter-and-pace.ts';
import { replyList, requestPath, settleList } from './request-path.ts';
import { downloadExtender } from './sign-in/extend-budget.ts';
import { needsSilentSignIn, refreshRoles, rolesAreStale } from './sign-in/refresh-roles.ts';
import { createSignIn } from './sign-in/create-sign-in.ts';
import { signInRoutes } from './sign-in/own-routes.ts';

/** A wired gateway, not yet listening. */
export type Composed = Awaited<ReturnType<typeof compose>>;

/** Opens the stores and wires everything. Rejects with a clear error when the data is held by another instance. */
export async function compose(configuration: Configuration, sealer: FileSealer, log: OperationsLog) {
  const { settings } = configuration;
  const clock = systemClock;
  const boot = randomBytes(6).toString('base64url');
  const { directory, fallbackDirectory } = settings.audit;
  const audit = await openAuditLog({ directory, fallbackDirectory, boot, clock, log });
  const sessionLimits = (roles: readonly string[], zones: readonly string[]) => limitsFor(settings.lock, roles, zones);
  const state = await openEmbeddedState({
    directory: settings.dataDirectory,
    sealer,
    clock,
    log,
    touchStepMilliseconds: shortestIdleSeconds(settings) * 100,
    judge(session, now) {
      const judged = judgeStanding(session, sessionLimits(session.roles, []), now);
      return judged.standing === 'ended' ? judged.why : null;
    },
  });
  let rules = { policy: configuration.policy, index: indexRules(configuration.policy) };
  const live = new LiveStreams();
  const sockets = new Set<(code: number) => void>();
  const metrics = new PrometheusMetrics();
  const anonymous = new AnonymousRecords(settings.limits.anonymousRecordsPerMinute, audit, clock);
  const provider = new OpenIdProvider({ settings: settings.signIn, applications: settings.applications, clock, log });
  const upstreams = new Map([...settings.applications].map(([name, one]) => [name, upstreamOrigin(one)]));
  const pool = new UndiciUpstream(upstreams, settings.limits);
  const webSockets = new WebSocketUpstream(upstreams, settings.limits);
  const selections = new SelectionBook(state.sessions, settings.limits.selectionWaitSeconds);
  const times = clinicTime(settings.clinic.timezone);
  const tokens = new IdentityTokens();
  const policy = (): Policy => rules.policy;
  const extend = downloadExtender({ audit, budgets: state.budgets, clock, localDay: times.localDay, policy });
  const signInNeeds = {
    ...state, settings, policy, clock, log, audit, provider, sealer,
    randomness: systemRandomness,
    cookieSecrets: sealer.derive('interaction cookie'),
    keySet: () => tokens.keySet(),
    extendBudget: (session: Parameters<EhrSignOn['headersFor']>[0], reason: string) => extend(session.subject, session.roles, reason, { session: session.reference }),
  }; // prettier-ignore
  const targetKey = sealer.derive('target hash')[0] ?? boot;
  const needs: Needs = {
    ...times,
    ...webOf(settings, rulesNow),
    clock, audit, metrics, sessionLimits,
    sessions: state.sessions,
    grants: state.grants,
    budgets: state.budgets,
    limits: settings.limits,
    pages: createOwnPages({ log, clinic: settings.clinic, parts: [{ routes: signInRoutes, router: createSignIn(signInNeeds) }] }),
    nextRequestId: requestIds(boot),
    sessionKey: (id) => hash('sha256', id, 'base64url'),
    rolesAreStale: (session, now) => rolesAreStale(signInNeeds, session, now),
    needsSilentSignIn: (session, now) => needsSilentSignIn(signInNeeds, session, now),
    refreshRoles: refreshRoles(signInNeeds),
    selectedPatient: (key) => selections.selectedPatient(key),
    beginSelection: (key, id, patient) => selections.begin(key, id, patient),
    settleSelection: (key, id, succeeded) => selections.settle(key, id, succeeded),
    hashTarget: (target) => createHmac('sha256', targetKey).update(target).digest('hex').slice(0, 32),
    identityToken: (session, name) => tokens.sign(session, settings.applications.get(name)?.origin ?? '', name, clock.now()),
    upstream: { request: (request) => pool.request(request), upgrade: (request) => webSockets.open(request) },
    signOn: signOns(settings, state.vault),
    forgetCredential: (session, name) => state.vault.remove(session.subject.issuer, session.subject.sub, name),
    mayRecordAnonymous: (address) => anonymous.mayRecord(address),
    onLost: (cause) => log.error({ error: describe(cause) }, 'An outcome could not be recorded'),
  }; // prettier-ignore
  function rulesNow() {
    return rules;
  }
  const serveNeeds = {
    path: requestPath(needs),
    replySteps: replyList(needs),
    settleSteps: settleList(needs),
    log,
    clinic: settings.clinic,
    send: sender(needs, live, sockets, settings),
  };
  state.sessions.onEnd((session, reason) => {
    live.endSession(session.key);
    if (reason === 'idle' || reason === 'absolute') recordEnd(audit, clock.now(), session, reason).catch(needs.onLost);
  });
  metrics.gauge('wardgate_upstream_running', 'Requests at the EHR', () => pool.load.running);
  metrics.gauge('wardgate_upstream_waiting', 'Requests waiting for the EHR', () => pool.load.waiting);
  metrics.gauge('wardgate_audit_available', '1 while records can be made durable', () => Number(audit.available));
  return {
    serve: (exchange: NodeExchange) => serve(serveNeeds, exchange),
    state, audit, metrics, live, sockets, provider, sessionLimits, clock, selections, sealer,
    notReadyBecause: () => [...(audit.available ? [] : ['the audit log cannot be written']), ...(provider.ready ? [] : ['the identity provider has not answered yet'])],
    async useRules(next: Policy) {
      const receipt = await audit.append(auditEntry('configuration', clock.now(), { policy: next.version.slice(0, 16), detail: 'rules reloaded' }));
      await receipt.durable;
      rules = { policy: next, index: indexRules(next) };
    },
    async close() {
      anonymous.close();
      await anonymous.flush().catch(() => undefined);
      await pool.close();
      await state.close();
      await audit.close();
    },
  }; // prettier-ignore
}

function recordEnd(audit: AuditLog, now: number, { subject, roles, reference }: Session, reason: EndReason) {
  return audit.append(auditEntry('session-ended', now, { subject, roles, session: reference, reason }));
}

function webOf(settings: Settings, rules: Needs['rules']) {
  return {
    rules,
    addresses: clientAddresses(settings.listen.trustedProxies, settings.zones),
    applications: new Map([...settings.applications.values()].map((one) => [one.host, one])),
  };
}

function sender(needs: Needs, live: LiveStreams, sockets: Set<(code: number) => void>, settings: Settings) {
  const meter = meterFor(needs);
  const replyNeeds = { meterFor: meter, live, limits: settings.limits };
  return (facts: Parameters<typeof sendReply>[1], exchange: NodeExchange, reply: Parameters<typeof sendReply>[3]) =>
    reply.upgraded === null ? sendReply(replyNeeds, facts, exchange, reply) : joinSockets({ live, sockets }, facts, exchange, reply.upgraded);
}

function upstreamOrigin(application: ApplicationSettings): UpstreamOrigin {
  return { origin: application.upstream, ca: application.trustFile === null ? null : readFileSync(application.trustFile, 'utf8') };
}

function signOns(settings: Settings, vault: CredentialVault): ReadonlyMap<string, EhrSignOn> {
  const encode = (text: string): string => Buffer.from(text).toString('base64');
  return new Map([...settings.applications].map(([name, application]) => [name, signOnOf(application, vault, encode)]));
}

function signOnOf({ name, signOn }: ApplicationSettings, vault: CredentialVault, encode: (text: string) => string): EhrSignOn {
  switch (signOn.by) {
    case 'none':
      return signOnNone;
    case 'header':
      return signOnByHeader(signOn.name);
    case 'basic-account':
      return signOnByAccount(signOn.account, signOn.password, encode);
    case 'basic-own-password':
      return signOnByOwnPassword(name, vault, encode);
    default:
      return unreachable(signOn);
  }
}

/** Ids that a person can read out: this run, then a number. They say nothing about anybody. */
function requestIds(boot: string): () => string {
  const prefix = boot.replaceAll(/[^A-Za-z0-9]/g, 'x').slice(0, 6).toLowerCase(); // prettier-ignore
  let next = 0;
  return () => `${prefix}-${(next += 1).toString(36).padStart(4, '0')}`;
}

function shortestIdleSeconds({ lock }: Settings): number {
  const others = [...lock.zones.values(), ...lock.roles.values()].map((one) => one.idleSeconds ?? lock.everywhere.idleSeconds);
  return Math.min(lock.everywhere.idleSeconds, ...others);
}

