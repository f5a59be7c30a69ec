// The only file that knows both ports and adapters: opens what holds state, wires the lists, and hands back a gateway
// that `main.ts` listens with and closes. Decides nothing; every rule about access is in the core.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { recordDeeds } from './adapters/audit-deeds.ts';
import { systemClock } from './adapters/clock-system.ts';
import { prepareData } from './adapters/prepare-data.ts';
import { RuleAuthors } from './adapters/rule-authors.ts';
import { RuleVersions } from './adapters/rule-versions.ts';
import { FileSealer } from './adapters/sealer-file.ts';
import { brokenEndings, endingNeeds } from './compose/ending-needs.ts';
import { followSessions } from './compose/follow-sessions.ts';
import { heartbeat } from './compose/heartbeat.ts';
import { measureAlerts } from './compose/measure-alerts.ts';
import { measureRecord } from './compose/measure-record.ts';
import { openCertificate } from './compose/open-certificate.ts';
import { measureStore } from './compose/measure-store.ts';
import { measureState } from './compose/measure-state.ts';
import { measureTimes } from './compose/measure-times.ts';
import { measureNotify } from './compose/open-notify.ts';
import { openParts, openStores } from './compose/open-parts.ts';
import type { Parts, Stores } from './compose/open-parts.ts';
import { orderDesk } from './compose/order-desk.ts';
import { looksOf, reviewing } from './compose/reviewing.ts';
import { ChangesRecord } from './compose/changes-record.ts';
import { RejectedRules } from './compose/rejected-rules.ts';
import { partNotices } from './compose/part-notices.ts';
import { lost, wireNeeds } from './compose/wire-needs.ts';
import { rereadRules } from './config/reread-rules.ts';
import { completeEndings } from './control/end-person.ts';
import type { LoadedRules } from './config/load.ts';
import type { Configuration, ReadFiles, Settings } from './config/settings.ts';
import { rulesMark } from './config/rules-mark.ts';
import type { AskedAccess } from './core/policy/asked-access.ts';
import type { ChangedFile } from './core/audit/rules-note.ts';
import { indexRules, indexSteps } from './core/policy/rule-index.ts';
import type { RuleIndex } from './core/policy/rule-index.ts';
import { readingsOf } from './core/rights/readings-of.ts';
import type { Policy } from './core/policy/policy.ts';
import type { Caller } from './core/session/machine-session.ts';
import type { Session } from './core/session/session.ts';
import { cutUnknown } from './http/cut-unknown.ts';
import type { NodeExchange } from './http/node-exchange.ts';
import { replySender } from './http/reply-sender.ts';
import { serve } from './http/serve.ts';
import { sessionSweep } from './http/sweep-sessions.ts';
import type { Needs } from './needs.ts';
import type { Clock, OperationsLog } from './ports.ts';
import { meterFor } from './reply/meter-and-pace.ts';
import { replyList, requestPath, settleList } from './request-path.ts';
import { isEmergency } from './core/session/is-emergency.ts';
import { sealAsked } from './sign-in/asked-access.ts';
import { judgeAgain } from './stages/judge-again.ts';

/** A wired gateway, not yet listening. */
export type Composed = Awaited<ReturnType<typeof compose>>;

/** Opens the stores and wires everything. Rejects with a clear error when the data is held by another instance. */
export async function compose(configuration: Configuration, log: OperationsLog, clock: Clock = systemClock) {
  const { settings } = configuration;
  prepareData(settings, log);
  const sealer = new FileSealer(settings.masterKeyFile, { log });
  // The files that the parts read come first: a missing one must not leave the stores open behind it.
  const unstored = openParts(settings, sealer, log, await openCertificate(settings, log, clock), clock);
  let stores: Stores | null = null;
  try {
    stores = await openStores(settings, sealer, log, clock, measureTimes(unstored.metrics, settings.alerts.detectors));
    measureRecord({ ...stores, ...unstored });
    measureNotify(unstored.metrics, stores.notify);
    measureState(unstored.metrics, { ...stores.state, audit: stores.audit }, () => clock.now());
    measureStore(unstored.metrics, stores.state.standing);
    return wired({ ...stores, ...unstored }, configuration, log);
  } catch (cause) {
    await closeParts(unstored, stores, log);
    throw cause;
  }
}

/** The three lists, and what the edge needs to run them. */
function serving({ sockets, sealer, metrics }: Parts, needs: Needs, settings: Settings, log: OperationsLog) {
  return {
    path: requestPath(needs),
    watch: () => metrics.nextWatch(),
    replySteps: replyList(needs),
    settleSteps: settleList(needs),
    log,
    clinic: settings.clinic,
    sealAsked: (session: Session, asked: AskedAccess) => sealAsked(sealer, session, asked),
    recordedToken: needs.recordedToken,
    send: replySender({ meterFor: meterFor(needs), sockets, limits: settings.limits }),
  };
}

function wired(parts: Parts, { settings, policy, read }: Configuration, log: OperationsLog) {
  let rules = { policy, index: indexRules(policy) };
  const changes = changesRecord(parts, settings, log);
  const rejected = new RejectedRules();
  const watched = { changes, rejected, ...reviewing(parts, settings, () => rules.policy, changes, log) };
  const { needs, logOutOfEhrs, keepWarm } = wireNeeds(parts, settings, log, () => rules, watched);
  followSessions(parts, needs, logOutOfEhrs);
  const serveNeeds = serving(parts, needs, settings, log);
  const sweep = sweepOf(parts, needs, log);
  const openAlerts = measureAlerts(parts);
  return {
    ...seenParts(parts),
    /** One look at everything under way; call it every few seconds. */
    sweep: both(sweep, keepWarm, ...looksOf(watched), brokenEndings(parts, log), () => openAlerts.look()),
    /** One look at whether the other gateways are heard; call it every second. */
    lookAtOthers: cutUnknown({ live: parts.live, changes: parts.state.shared.changes, clock: needs.clock }),
    clock: needs.clock,
    sessionLimits: needs.sessionLimits,
    order: orderDesk(parts, settings, log, changes, watched),
    serve: (exchange: NodeExchange) => serve(serveNeeds, exchange),
    notReadyBecause: () => notReady(parts),
    notices: () => [...noticesOf(parts), ...Object.values(watched).flatMap((one) => one.notices())],
    /** One look at the identity provider; call it every few seconds. */
    lookAtProvider: () => parts.watch.look(),
    heartbeat: beats(parts, needs, () => rules.policy.version),
    /** Writes the sums of what was refused, so that the record of the stop is the last one. */
    sumUp: () => parts.refusals.flush().catch(needs.onLost),
    /** Puts new rules in force for the requests that come from now on; the change is on record first. */
    async useRules({ policy: next, machines, read: from, effect }: NewRules) {
      const index = await indexAsTimeAllows(next);
      await changes.change(rules.policy, next, from, effect);
      rules = { policy: next, index };
      rejected.clear();
      useMachines(parts, machines, logOutOfEhrs);
    },
    rulesInForce: () => rules.policy,
    /** Rules with mistakes were found; those in force stay. */
    rulesRejected: (mistakes: readonly string[]) => rejected.tell(mistakes, needs.clock.now()),
    /** Ends of access that a crash broke off; how many there were. */
    completeEndings: () => completeEndings(endingNeeds(parts)),
    recordFirstRules: () => changes.begin(policy, read),
    /** First digits of what gateway.yaml says; null where it came from no file. */
    settingsVersion: changes.settingsVersion(read),
    /** Tells whether what was read differs from what is in force; changes too when the same rules were applied once more. */
    rulesMark: (next: Policy, machines: Settings['machines']) => `${rulesMark(next, machines)} ${changes.markOf(next.version)}`,
    close: () => closeParts(parts, parts, log),
  };
}

type NewRules = Pick<Extract<LoadedRules, { readonly ok: true }>, 'policy' | 'machines' | 'effect'> & {
  readonly read?: ReadFiles;
};

/** Requests are answered between one step and the next. */
async function indexAsTimeAllows(policy: Policy): Promise<RuleIndex> {
  const steps = indexSteps(policy);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await nextTurn();
  }
}

/** `certificate`: the one that people see; null where TLS ends elsewhere. */
function seenParts({ state, audit, metrics, live, turns, sockets, sealer, certificate, thread }: Parts) {
  return { state, audit, metrics, live, turns, sockets, sealer, certificate, thread };
}

function changesRecord({ audit, sealer, clock }: Parts, settings: Settings, log: OperationsLog): ChangesRecord {
  const keptOf = (of: ChangedFile) => {
    const versions = new RuleVersions(settings.dataDirectory, sealer, of);
    return { versions, authors: new RuleAuthors(versions, (cause) => lost(log, cause)) };
  };
  return new ChangesRecord({
    audit,
    clock,
    kept: { rules: keptOf('rules'), settings: keptOf('settings') },
    readingsOf: readingsOf(settings.applications),
    reread: (rules) => rereadRules(settings, rules),
  });
}

function beats({ audit, metrics, state, tree }: Parts, { clock, onLost }: Needs, policy: () => string) {
  const counts = () => ({ requests: metrics.requests, ...audit.counts });
  return heartbeat({ audit, clock, policy, counts, sessions: () => state.sessions.size, tree: () => tree, onLost });
}

function noticesOf(parts: Parts): readonly string[] {
  const open = parts.state.sessions.all().filter(isEmergency).length;
  const emergency = `${open} ${open === 1 ? 'session was' : 'sessions were'} opened without the identity provider`;
  return [...partNotices(parts), ...(open === 0 ? [] : [emergency])];
}

function notReady({ audit, provider, state, thread }: Pick<Parts, 'audit' | 'provider' | 'state' | 'thread'>): readonly string[] {
  return [
    ...(thread.trouble === null ? [] : [thread.trouble]),
    ...(state.standing.current ? [] : ['this gateway does not hear what others change; look at Redis']),
    ...(audit.available ? [] : ['the audit log cannot be written']),
    ...(provider.ready ? [] : ['the identity provider has not answered yet']),
  ];
}

/** A machine that is gone, or proves itself otherwise now, leaves nothing signed on at the EHRs; the sweep cuts the rest. */
function useMachines({ machines }: Parts, next: Settings['machines'], logOutOfEhrs: (caller: Caller) => Promise<void>): void {
  const before = machines.sessions();
  machines.replace(next);
  for (const session of before) if (!machines.stillKnows(session)) void logOutOfEhrs(session);
}

/** Closes what was opened, the log last, so that everything before it can still be recorded. */
async function closeParts(
  { provider, pool }: Pick<Parts, 'provider' | 'pool'>,
  stores: Stores | null,
  log: OperationsLog,
): Promise<void> {
  provider.close();
  stores?.refusals.close();
  await stores?.refusals.flush().catch((cause: unknown) => lost(log, cause));
  await pool.close();
  await stores?.relationFolder?.close();
  await stores?.state.close();
  await stores?.detectors.close();
  await stores?.search.close();
  await stores?.retention.thread.close();
  await stores?.audit.close();
  // Behind the log, so that the last checkpoint covers its last record, and feeds tell of it.
  await Promise.all([stores?.tree.close(), stores?.feeds.close(), stores?.notify.close()]);
}

function sweepOf(
  { live, disks, tree, feeds, notify, audit, relationFolder, responder, state }: Parts,
  needs: Needs,
  log: OperationsLog,
): () => Promise<void> {
  const failed = (cause: unknown): void => lost(log, cause, 'A session with something under way could not be looked at');
  const sessions = sessionSweep({ ...needs, live, judgeAgain: judgeAgain(needs), failed });
  disks.look();
  const sweep = async (): Promise<void> => {
    disks.look();
    tree.look();
    feeds.look();
    notify.look();
    await recordDeeds(audit.directory, audit, needs.clock).catch(needs.onLost);
    await sessions();
    await relationFolder?.look();
    void responder.again(state.shared.leadership.leads);
  };
  // What runs for somebody who is blocked is cut at once, and not at the next look.
  responder.onBlocked(() => void sweep());
  state.shared.changes.follow('restrictions', () => void sweep());
  return sweep;
}

/** Each waits for nothing of the other. */
function both(...all: readonly (() => Promise<void>)[]): () => Promise<void> {
  return async () => void (await Promise.all(all.map(async (one) => one())));
}
