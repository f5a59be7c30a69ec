// Opens everything that holds state, files or connections, in an order in which a failure leaves nothing open behind it.

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CountedTraffic } from '../adapters/live-traffic.ts';
import { ChartOpenings } from '../adapters/chart-openings.ts';
import { MemoryAskedConfirmations } from '../adapters/asked-confirmations-memory.ts';
import { openAuditLog } from '../adapters/audit-log-file.ts';
import type { SignedAuditLog } from '../adapters/audit-log-file.ts';
import { numberedLog } from '../adapters/audit-log-numbered.ts';
import { signingKeyFile } from '../adapters/audit-log-options.ts';
import { AuditFeedThread } from '../adapters/audit-feed-thread.ts';
import { openNotify } from './open-notify.ts';
import { AuditIndexThread } from '../adapters/audit-index-thread.ts';
import { indexFileIn } from '../adapters/audit-indexing.ts';
import { AuditRetentionDesk } from '../adapters/audit-retention-desk.ts';
import { AuditRetentionThread } from '../adapters/audit-retention-thread.ts';
import { AuditTreeThread } from '../adapters/audit-tree-thread.ts';
import { systemClock } from '../adapters/clock-system.ts';
import { disclosureRecorder } from '../adapters/disclosure-recorder.ts';
import { SharedDisclosureQuestions } from '../adapters/disclosure-questions-shared.ts';
import { MemoryDisclosureQuestions } from '../adapters/disclosure-questions-memory.ts';
import { DiskWatch } from '../adapters/disk-watch.ts';
import { openEmbeddedState } from '../adapters/embedded-state.ts';
import { FairTurns } from '../adapters/fair-turns.ts';
import { OpenIdProvider } from '../adapters/identity-provider-openid.ts';
import { IdentityTokens } from '../adapters/identity-token.ts';
import { MemoryMachineAttempts } from '../adapters/machine-attempts-memory.ts';
import { ConfiguredMachines } from '../adapters/machine-register.ts';
import { MemoryFormerIds } from '../adapters/former-ids-memory.ts';
import { PrometheusMetrics } from '../adapters/metrics-prometheus.ts';
import { providerFetch } from '../adapters/provider-fetch.ts';
import { LookingProviderWatch } from '../adapters/provider-watch.ts';
import { systemRandomness } from '../adapters/randomness-system.ts';
import { RefusalRecords } from '../adapters/refusal-records.ts';
import type { FileSealer } from '../adapters/sealer-file.ts';
import { UndiciUpstream } from '../adapters/upstream-undici.ts';
import type { UpstreamOrigin } from '../adapters/upstream-undici.ts';
import { WebSocketUpstream } from '../adapters/upstream-websocket.ts';
import type { ApplicationSettings, Settings } from '../config/settings.ts';
import { auditEntry } from '../core/audit/entry.ts';
import type { Session } from '../core/session/session.ts';
import { judgeStanding } from '../core/session/judge-standing.ts';
import { limitsFor } from '../core/session/limits-for.ts';
import { addressRanges } from '../http/address-ranges.ts';
import { LiveStreams } from '../http/live-streams.ts';
import type { ServerCertificate } from '../http/server-certificate.ts';
import type { HeldSummary } from '../held-ports.ts';
import type { PatientNames } from '../patient-ports.ts';
import type { AuditLog, Clock, OperationsLog } from '../ports.ts';
import type { Holds } from '../retention-ports.ts';
import { linkSessions } from './link-sessions.ts';
import type { Measured } from './measure-times.ts';
import { openThreadWatch } from './open-thread-watch.ts';
import { sharedIndex } from './shared-index.ts';
import { watchAlerts } from './watch-alerts.ts';

type EmbeddedState = Awaited<ReturnType<typeof openEmbeddedState>>;
export type Stores = Awaited<ReturnType<typeof openStores>>;

export async function openStores(settings: Settings, sealer: FileSealer, log: OperationsLog, clock: Clock, measured: Measured) {
  const boot = randomBytes(6).toString('base64url');
  const { directory, fallbackDirectory } = settings.audit;
  const directories = logDirectories(settings);
  // How long a disk takes is measured by the machine's own clock, whatever clock the sessions go by.
  const diskClock: Clock = { now: () => clock.now(), monotonic: () => systemClock.monotonic() };
  const own = await openAuditLog({ directory, fallbackDirectory, boot, clock: diskClock, log, synced: measured.synced });
  const sessionLimits = (session: Pick<Session, 'roles' | 'device'>, zones: readonly string[]) =>
    limitsFor(settings.lock, session, zones);
  const judge = (session: Session, now: number) => judgeStanding(session, sessionLimits(session, []), now);
  try {
    const shared = await sharedIndex(settings, clock.now());
    const gateway = shared?.gateway ?? 1;
    const audit = numberedLog(own, gateway);
    const held = heldOptions(settings, expiryRecorder(audit, clock, log));
    const state = await openEmbeddedState({ ...stateOptions(settings, sealer), clock, log, held, judge, told: measured.store });
    const sessions = linkSessions(state.sessions, settings.applications.size, { audit, clock, log });
    const refusals = openRefusals(settings, audit, clock);
    const tree = openTree(settings, log, audit);
    const retention = openRetention(settings, log, audit, clock);
    const search = new AuditIndexThread({ directories, indexFile: indexFileIn(settings.dataDirectory), shared }, log);
    const feeds = openFeeds(settings, log, state.patientNames);
    const notify = openNotify(settings, directories, gateway, log);
    const together = { shared: shared?.store ?? null, leadership: state.shared.leadership, raised: measured.raised };
    const watching = watchAlerts({ settings, directories, audit, clock, log, ...together, state: { ...state, sessions } });
    const kept = {
      shared: state.shared,
      gateway,
      notify,
      retention,
      ...memories(clock, state.notes),
      ...disclosureParts(audit, clock, log, state),
    };
    const more = { ...kept, ...watching };
    return { clock, boot, audit, tree, feeds, search, sealer, state, sessions, refusals, sessionLimits, ...more };
  } catch (cause) {
    await own.close();
    throw cause;
  }
}

function heldOptions({ limits, desk }: Settings, onExpired: (post: HeldSummary) => void) {
  return { limits, draftSeconds: desk.draftSeconds, onExpired };
}

function openRefusals({ limits }: Settings, audit: AuditLog, clock: Clock): RefusalRecords {
  const { anonymousRecordsPerMinute: perAddress, refusalRecordsPerMinute: perPerson } = limits;
  return new RefusalRecords({ perAddress, perPerson }, audit, clock);
}

function stateOptions(settings: Settings, sealer: FileSealer) {
  return {
    directory: settings.dataDirectory,
    sealer,
    budgetSecret: sealer.derive('keys in budgets')[0],
    store: settings.store,
    touchStepMilliseconds: shortestIdleSeconds(settings) * 100,
    signOnFailuresPerMinute: settings.limits.signOnFailuresPerMinute,
  };
}

/** What a restart may forget. */
function memories(clock: Clock, notes: EmbeddedState['notes']) {
  return { asked: new MemoryAskedConfirmations(clock, notes), formerIds: new MemoryFormerIds(clock) };
}

function disclosureParts(
  audit: AuditLog,
  clock: Clock,
  log: OperationsLog,
  { disclosures: book, patientTokens: patients, notes }: EmbeddedState,
) {
  const randomness = systemRandomness;
  return {
    disclosureQuestions:
      notes === null
        ? new MemoryDisclosureQuestions(clock, randomness)
        : new SharedDisclosureQuestions({ notes, clock, randomness, log }),
    disclosureRecorder: disclosureRecorder({ audit, clock, book, patients }),
  };
}

/** The tree goes by the machine's own clock: it stands for what is on the disk, not for what sessions take the time to be. */
function openTree(settings: Settings, log: OperationsLog, audit: SignedAuditLog): AuditTreeThread {
  const { directory, anchors, keepSeconds } = settings.audit;
  const task = { directories: logDirectories(settings), signingKeyFile: signingKeyFile(directory), anchors, keepSeconds };
  return new AuditTreeThread(task, systemClock, log, audit);
}

/** By the machine's own clock, as the tree. */
function openFeeds(settings: Settings, log: OperationsLog, names: PatientNames): AuditFeedThread {
  const task = { directories: logDirectories(settings), feeds: settings.audit.feeds };
  const resolve = async (tokens: readonly string[]) =>
    new Map([...(await names.show(tokens))].map(([token, { id }]) => [token, id]));
  return new AuditFeedThread(task, { clock: systemClock, log, resolve });
}

/** By the machine's own clock, as the tree is; what it records goes by the clock of all records, which else seem set back. */
function openRetention(settings: Settings, log: OperationsLog, audit: SignedAuditLog, clock: Clock) {
  const { directory, anchors, feeds, retention } = settings.audit;
  const desk = new AuditRetentionDesk(directory, audit, clock);
  const task = {
    directories: logDirectories(settings),
    signingKeyFile: signingKeyFile(directory),
    anchors,
    feeds,
    receivers: settings.alerts.notify,
    retention,
  };
  const thread = new AuditRetentionThread(task, desk, log);
  const holds: Holds = {
    list: () => desk.list(),
    add: (hold) => desk.add(hold).finally(() => thread.lookAgain()),
    release: (...named) => desk.release(...named).finally(() => thread.lookAgain()),
  };
  return { holds, thread };
}

function logDirectories({ audit: { directory, fallbackDirectory } }: Settings): readonly string[] {
  return fallbackDirectory === null ? [directory] : [directory, fallbackDirectory];
}

/** Nobody sent or discarded it in its time. */
function expiryRecorder(audit: AuditLog, clock: Clock, log: OperationsLog) {
  return ({ issuer, sub, application, id }: HeldSummary): void => {
    const entry = auditEntry('post-expired', clock.now(), { subject: { issuer, sub, name: '' }, application, detail: id });
    audit.append(entry).catch((cause: unknown) => log.error({ cause }, 'A record could not be written'));
  };
}

export function openParts(
  settings: Settings,
  sealer: FileSealer,
  log: OperationsLog,
  certificate: ServerCertificate | null,
  clock: Clock,
) {
  const upstreams = new Map([...settings.applications].map(([name, one]) => [name, upstreamOrigin(one)]));
  const pool = new UndiciUpstream(upstreams, settings.limits);
  const metrics = new PrometheusMetrics();
  metrics.gauge('wardgate_upstream_running', 'Requests at the EHR', () => pool.load.running);
  metrics.gauge('wardgate_upstream_waiting', 'Requests waiting for the EHR', () => pool.load.waiting);
  const disks = watchDisks(settings, metrics, log);
  if (certificate !== null)
    metrics.gauge(
      'wardgate_certificate_days_left',
      'Days until the certificate that people see ends',
      () => certificate.daysLeft,
    );
  return {
    pool,
    metrics,
    traffic: new CountedTraffic(metrics, clock),
    disks,
    thread: openThreadWatch(metrics, log),
    certificate,
    webSockets: new WebSocketUpstream(upstreams, settings.limits),
    provider: new OpenIdProvider({ settings: settings.signIn, applications: settings.applications, clock: systemClock, log }),
    watch: watchProvider(settings, metrics, log, clock),
    tokens: new IdentityTokens((settings.store?.redis ?? null) === null ? [] : sealer.derive('identity tokens')),
    live: new LiveStreams(),
    turns: new FairTurns(systemClock),
    charts: new ChartOpenings(),
    machines: new ConfiguredMachines(settings.machines, addressRanges),
    machineAttempts: new MemoryMachineAttempts(systemClock),
    sockets: new Set<(code: number) => void>(),
  };
}

export type Parts = Stores & ReturnType<typeof openParts>;

function watchProvider({ signIn }: Settings, metrics: PrometheusMetrics, log: OperationsLog, clock: Clock): LookingProviderWatch {
  const { issuer, trustFile } = signIn;
  const watch = new LookingProviderWatch({ issuer, fetch: providerFetch(trustFile), clock, log });
  metrics.gauge(
    'wardgate_provider_silent_seconds',
    'Since the identity provider gave no answer; 0 while it does',
    () => watch.silentSeconds,
  );
  return watch;
}

function watchDisks({ audit, dataDirectory }: Settings, metrics: PrometheusMetrics, log: OperationsLog): DiskWatch {
  const fallback = audit.fallbackDirectory;
  const disks = new DiskWatch({
    disks: [
      { holds: 'the access record', directory: audit.directory },
      { holds: 'sessions and stored secrets', directory: dataDirectory },
      ...(fallback === null ? [] : [{ holds: 'the second place of the access record', directory: fallback }]),
    ],
    clock: systemClock,
    log,
  });
  metrics.gauge('wardgate_disk_full_in_days', 'Days until a disk of the gateway is full at the present rate', () => disks.days);
  metrics.gauge('wardgate_disk_free_bytes', 'Room on the fullest disk of the gateway', () => disks.freeBytes);
  return disks;
}

function upstreamOrigin(application: ApplicationSettings): UpstreamOrigin {
  return {
    origin: application.upstream,
    ca: application.trustFile === null ? null : readFileSync(application.trustFile, 'utf8'),
  };
}

function shortestIdleSeconds({ lock }: Settings): number {
  const narrower = [...lock.zones.values(), ...lock.roles.values(), ...lock.devices.values()];
  const others = narrower.map((one) => one.idleSeconds ?? lock.everywhere.idleSeconds);
  return Math.min(lock.everywhere.idleSeconds, ...others);
}
