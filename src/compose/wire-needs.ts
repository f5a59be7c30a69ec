// Gives every stage and every page of ours the part behind each of its needs. Decides nothing.

import { createHmac, hash } from 'node:crypto';
import { carriedPatients } from '../adapters/carried-patients.ts';
import { clinicTime } from '../adapters/clinic-time.ts';
import { UpstreamEhrClient } from '../adapters/ehr-client.ts';
import { AllEhrStandings } from '../adapters/ehr-standings-all.ts';
import { readPasskeyLibrary } from '../adapters/passkey-library.ts';
import { systemRandomness } from '../adapters/randomness-system.ts';
import { requestIds } from '../adapters/request-ids.ts';
import type { ChangeClaims, ChangeHistory } from '../change-ports.ts';
import type { Settings } from '../config/settings.ts';
import { personKey } from '../core/downloads/person-key.ts';
import { usedSoFar } from '../core/downloads/used-so-far.ts';
import { budgetFor } from '../core/downloads/widest-budget.ts';
import type { Policy } from '../core/policy/policy.ts';
import { consoleRoutes } from '../console/console-routes.ts';
import { createConsole } from '../console/create-console.ts';
import { consoleParts } from './console-parts.ts';
import { partNotices } from './part-notices.ts';
import { endingDeskOf } from './ending-needs.ts';
import { reportSources } from './report-sources.ts';
import { keepWarm } from '../ehr/keep-warm.ts';
import { clientAddresses } from '../http/client-address.ts';
import { createOwnPages } from '../http/own-pages.ts';
import { describeCause } from '../core/text/describe-cause.ts';
import type { Needs } from '../needs.ts';
import { assetUrl, pageScriptName } from '../pages/assets.ts';
import { clinicIn } from '../pages/clinic-in.ts';
import type { OperationsLog } from '../ports.ts';
import type { Recertifications } from '../recertification-ports.ts';
import type { Reviews } from '../review-ports.ts';
import { downloadExtender } from '../sign-in/extend-budget.ts';
import { needsSilentSignIn, refreshRoles, rolesAreStale } from '../sign-in/refresh-roles.ts';
import { createSignIn } from '../sign-in/create-sign-in.ts';
import { signInRoutes } from '../sign-in/own-routes.ts';
import type { SignInNeeds } from '../sign-in/sign-in-needs.ts';
import { signOutByEhr } from '../sign-in/sign-out-by-ehr.ts';
import type { caseDesk } from './cases.ts';
import { ehrParts } from './ehr-parts.ts';
import type { Parts } from './open-parts.ts';

/** What people decide about over time, and are told of. */
interface Watched {
  readonly changes: ChangeHistory & Pick<ChangeClaims, 'notices'>;
  readonly asking: ReturnType<typeof caseDesk>;
  readonly rejected: { readonly notices: () => readonly string[] };
  readonly recertification: Recertifications & { readonly notices: () => readonly string[] };
  readonly reviews: Reviews & { readonly notices: () => readonly string[] };
}

/** Without what other parts bring. */
type Early = Omit<SignInNeeds, 'ehrTrial' | keyof ReturnType<typeof caseDesk>>;

/** The needs of the lists, and what ends a session's place at the EHRs. */
export function wireNeeds(parts: Parts, settings: Settings, log: OperationsLog, rules: Needs['rules'], watched: Watched) {
  const { clock, boot, audit, sealer, state, pool } = parts;
  const { applications, limits } = settings;
  const key = sealer.derive('EHR session hash')[0] ?? boot;
  const carried = carriedPatients({ ...state, rows: state.selections, key, waitSeconds: limits.selectionWaitSeconds });
  const { shared, vault } = state;
  const standings = new AllEhrStandings(state.standings);
  const client = new UpstreamEhrClient(pool, applications);
  const { learnEhrSessions } = carried;
  const failuresPerMinute = limits.signOnFailuresPerMinute;
  const { machines } = parts;
  const ehr = ehrParts({
    applications,
    standings,
    vault,
    machines,
    client,
    audit,
    clock,
    log,
    failuresPerMinute,
    brake: state.brakeOf?.(failuresPerMinute) ?? null,
    turns: shared.turns,
    learnEhrSessions,
  });
  const signIn = { ...signInNeeds(parts, settings, log, rules), ...watched.asking, ehrTrial: ehr.ehrTrial };
  const needs: Needs = {
    ...requestNeeds(parts, settings, log, signIn, watched),
    ...carried,
    standings,
    rules,
    signOn: ehr.signOn,
    ehrRefusedCredential: ehr.ehrRefusedCredential,
    logOutOfEhr: ehr.logOutOfEhr,
    signOutByEhr: signOutByEhr(signIn),
  };
  const onFailed = (cause: unknown): void =>
    log.warn({ error: describeCause(cause) }, 'A session at the EHR could not be kept open');
  const { sessions } = state;
  return {
    needs,
    logOutOfEhrs: ehr.logOut,
    keepWarm: keepWarm({ applications, sessions, standings, client, audit, clock, leadership: shared.leadership, onFailed }),
  };
}

function requestNeeds(parts: Parts, settings: Settings, log: OperationsLog, signIn: SignInNeeds, watched: Watched) {
  const { clock, boot, audit, sealer, state, refusals, sessionLimits, pool, webSockets, tokens } = parts;
  const targetKey = sealer.derive('target hash')[0] ?? boot;
  return {
    ...clinicTime(settings.clinic.timezone),
    clock,
    audit,
    sessionLimits,
    metrics: parts.traffic,
    turns: parts.turns,
    limits: settings.limits,
    sessions: parts.sessions,
    grants: state.grants,
    acknowledgements: state.acknowledgements,
    clinicTexts: settings.acknowledge,
    held: state.held,
    restrictions: state.restrictions,
    slowLane: parts.slowLane,
    disclosures: state.disclosures,
    disclosureQuestions: parts.disclosureQuestions,
    disclosureRecorder: parts.disclosureRecorder,
    asked: parts.asked,
    formerIds: parts.formerIds,
    randomness: systemRandomness,
    budgets: state.budgets,
    patients: state.patientTokens,
    recordedToken: (id) => state.patientTokens.recordedToken(id),
    addresses: clientAddresses(settings.listen.trustedProxies, settings.zones),
    applications: new Map([...settings.applications.values()].map((one) => [one.host, one])),
    pageScript: (accept) => assetUrl(pageScriptName(clinicIn(settings.clinic, accept).language)),
    pages: ownPages(parts, settings, log, signIn, watched),
    machines: parts.machines,
    machineAttempts: parts.machineAttempts,
    tokenHash: (token) => hash('sha256', token, 'hex'),
    nextRequestId: requestIds(boot),
    sessionKey: (id) => hash('sha256', id, 'base64url'),
    rolesAreStale: (session, now) => rolesAreStale(settings.signIn, session, now),
    needsSilentSignIn: (session, now) => needsSilentSignIn(signIn, session, now),
    refreshRoles: refreshRoles(signIn, state.shared),
    hashTarget: (target) => createHmac('sha256', targetKey).update(target).digest('hex').slice(0, 32),
    identityToken: (session, name) => tokens.sign(session, settings.applications.get(name)?.origin ?? '', name, clock.now()),
    openStream: (facts, key) => parts.live.enter(facts, key),
    opensChart: (subject, application, patient, now) => parts.charts.opens(subject, application, patient, now),
    chartOrder: (session, application, patient) => parts.charts.order(session, application, patient),
    upstream: { request: (request) => pool.request(request), upgrade: (request) => webSockets.open(request) },
    mayRecordAnonymous: (address) => refusals.mayRecordAnonymous(address),
    mayRecordRefusal: (subject) => refusals.mayRecordRefusal(subject),
    onLost: (cause, request) => lost(log, cause, undefined, request),
  } satisfies Partial<Needs>;
}

function ownPages(parts: Parts, settings: Settings, log: OperationsLog, signIn: SignInNeeds, watched: Watched) {
  const { changes, asking, recertification, reviews } = watched;
  const { audit, clock, disclosureRecorder, live, search, state } = parts;
  const { applications, clinic, limits } = settings;
  const times = clinicTime(clinic.timezone);
  const shown = { patients: state.patientNames, disclosures: state.disclosures };
  const pages = [
    { routes: signInRoutes, router: createSignIn(signIn) },
    {
      routes: consoleRoutes,
      router: createConsole({
        audit,
        clinic,
        clock,
        notices: () => consoleNotices(parts, watched),
        changes,
        recertification,
        cases: asking.cases,
        deputy: settings.alerts.review.deputy,
        localDay: (at) => times.localDay(at),
        reviews,
        hash: (text) => hash('sha256', text, 'hex'),
        records: search,
        ...shown,
        reportSources: reportSources(search, shown, settings, clock, () => signIn.policy(), changes),
        directory: state.patientDirectory,
        explain: parts.detectors,
        sessions: state.sessions,
        restrictions: state.restrictions,
        disclosureRecorder,
        endDesk: endingDeskOf(parts, clinic.timezone),
        running: (key) => live.count(key),
        ...consoleParts(parts, settings, () => signIn.policy()),
        originOf: (name) => applications.get(name)?.origin ?? '',
      }),
    },
  ];
  return createOwnPages({ log, clinic, formTimeoutSeconds: limits.formTimeoutSeconds, parts: pages });
}

/** What the console tells of the gateway itself. */
function consoleNotices(parts: Parts, watched: Watched): readonly string[] {
  const told = Object.values(watched).flatMap((one) => one.notices());
  return [...told, ...parts.disks.alarms(), ...(parts.certificate?.notices() ?? []), ...partNotices(parts)];
}

/** A record or a look that failed is told to whoever runs the gateway; the request itself is over by then. */
export function lost(log: OperationsLog, cause: unknown, what = 'A record could not be written', request?: string): void {
  log.error({ ...(request !== undefined && { request }), error: describeCause(cause) }, what);
}

function signInNeeds(parts: Parts, settings: Settings, log: OperationsLog, rules: Needs['rules']): Early {
  const { clock, audit, sealer, state, provider, tokens } = parts;
  const policy = (): Policy => rules().policy;
  const times = clinicTime(settings.clinic.timezone);
  const recordedToken = (id: string): string => state.patientTokens.recordedToken(id);
  const localDay = (at: number): string => times.localDay(at);
  const { budgets, shared } = state;
  const extend = downloadExtender({ audit, budgets, turns: shared.turns, clock, localDay, policy, recordedToken });
  return {
    ...state,
    sessions: parts.sessions,
    settings,
    localDay,
    policy,
    recordedToken,
    clock,
    log,
    audit,
    provider,
    watch: parts.watch,
    countEmergency: () => parts.metrics.count('emergency-sign-in'),
    asked: parts.asked,
    formerIds: parts.formerIds,
    disclosureQuestions: parts.disclosureQuestions,
    disclosureRecorder: parts.disclosureRecorder,
    sealer,
    records: parts.search,
    randomness: systemRandomness,
    passkeyLibrary: readPasskeyLibrary(),
    cookieSecrets: sealer.derive('interaction cookie'),
    keySet: () => tokens.keySet(),
    mayRecordAnonymous: (address) => parts.refusals.mayRecordAnonymous(address),
    cutStreams: (sessionKey) => parts.live.endSession(sessionKey),
    extendBudget: ({ subject, roles, reference, factor }, reason, from) =>
      extend(subject, roles, reason, { ...from, session: reference, factor: factor.method }),
    budgetUse: async (session) => {
      const budget = budgetFor(policy().budgets, session.roles);
      if (budget === null) return [];
      const account = await state.budgets.account(personKey(session.subject));
      const spent = await account.change((stands) => ({ state: stands, result: stands }));
      return usedSoFar(spent, budget, clock.now(), times.localDay(clock.now()));
    },
  };
}
