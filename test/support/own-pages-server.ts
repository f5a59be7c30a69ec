// Our own pages over real HTTP, without the rest of the gateway: real stores, real express, a provider the test chooses.
// Everything that is not ours answers as a small EHR would.

import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateSync } from 'otplib/functional';
import { onTestFinished } from 'vitest';
import { SqliteAcknowledgements } from '../../src/adapters/acknowledgements-sqlite.ts';
import { SqliteAttemptLimiter } from '../../src/adapters/attempt-limiter-sqlite.ts';
import { SqliteEnrolCodes } from '../../src/adapters/enrol-codes-sqlite.ts';
import { SqliteDisclosureBook } from '../../src/adapters/disclosure-book-sqlite.ts';
import { MemoryDisclosureQuestions } from '../../src/adapters/disclosure-questions-memory.ts';
import { SqliteDeviceBook } from '../../src/adapters/device-book-sqlite.ts';
import { SqliteDevicePins } from '../../src/adapters/device-pins-sqlite.ts';
import { ExpressSessionStore } from '../../src/adapters/express-session-store.ts';
import { SqliteFactorNotices } from '../../src/adapters/factor-notices-sqlite.ts';
import { SqliteDeskPeople } from '../../src/adapters/desk-people-sqlite.ts';
import { SqliteFactorStore } from '../../src/adapters/factor-store-sqlite.ts';
import { SqliteGrantStore } from '../../src/adapters/grant-store-sqlite.ts';
import { OpenIdProvider } from '../../src/adapters/identity-provider-openid.ts';
import { readPasskeyLibrary } from '../../src/adapters/passkey-library.ts';
import { SqliteLeavers } from '../../src/adapters/leavers-sqlite.ts';
import { SqlitePasskeyStore } from '../../src/adapters/passkey-store-sqlite.ts';
import { SqlitePeopleRegister } from '../../src/adapters/people-register-sqlite.ts';
import { systemRandomness } from '../../src/adapters/randomness-system.ts';
import { SqliteProviderLogoutStore } from '../../src/adapters/provider-logout-store-sqlite.ts';
import { SqliteRememberedFactors } from '../../src/adapters/remembered-factors-sqlite.ts';
import { createMasterKey, FileSealer } from '../../src/adapters/sealer-file.ts';
import { SqliteSessionStore } from '../../src/adapters/session-store-sqlite.ts';
import { SqliteEmergencyStore } from '../../src/adapters/emergency-store-sqlite.ts';
import { SqliteSignInStore } from '../../src/adapters/sign-in-store-sqlite.ts';
import { openStateDb } from '../../src/adapters/state-db.ts';
import type { ApplicationSettings, SignInSettings } from '../../src/config/settings.ts';
import type { Policy, Rule } from '../../src/core/policy/policy.ts';
import { canonicalize } from '../../src/core/target/canonicalize.ts';
import { NodeExchange } from '../../src/http/node-exchange.ts';
import { createOwnPages } from '../../src/http/own-pages.ts';
import type { Rendered } from '../../src/http/problem.ts';
import type { OwnPageContext } from '../../src/ports.ts';
import { createSignIn } from '../../src/sign-in/create-sign-in.ts';
import { signInRoutes } from '../../src/sign-in/own-routes.ts';
import type { SignInNeeds } from '../../src/sign-in/sign-in-needs.ts';
import { FakeCredentialVault, FakeEhrTrial } from './fake-ehr-trial.ts';
import { FakeAuditLog, FakeClock, FakeLog } from './fake-ports.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { stepUpMemory } from './step-up-memory.ts';
import { noHeldPosts } from './no-held-posts.ts';
import { fakeNames, fakeToken } from './fake-patients.ts';

export interface OwnPagesOptions {
  /** Made once the gateway's origin is known, because the provider registers it. */
  readonly provider: (origin: string) => Promise<{ readonly issuer: string }>;
  readonly signIn?: Partial<SignInSettings>;
  readonly secondFactor?: Partial<SignInNeeds['settings']['secondFactor']>;
  readonly zones?: readonly string[];
  readonly signOn?: ApplicationSettings['signOn'];
  /** What the EHR asks people for; null, as without it: no password of their own. */
  readonly asks?: readonly string[] | null;
  readonly logo?: SignInNeeds['settings']['clinic']['logo'];
  readonly extendBudget?: SignInNeeds['extendBudget'];
  /** Answers for what is not ours; null, as without it: `EHR` and the address. */
  readonly ehr?: (request: IncomingMessage) => Rendered | null;
}

export type OwnPagesServer = Awaited<ReturnType<typeof startOwnPages>>;

/** Closed when the test is over. */
export async function startOwnPages(options: OwnPagesOptions) {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { issuer } = await options.provider(origin);
  const directory = temporaryDirectory();
  createMasterKey(`${directory}/key`);
  const sealer = new FileSealer(`${directory}/key`);
  const clock = new FakeClock();
  const log = new FakeLog();
  const audit = new FakeAuditLog();
  const db = await openStateDb(directory);
  const settings = settingsFor(origin, issuer, options);
  const provider = new OpenIdProvider({ settings: settings.signIn, applications: settings.applications, clock, log });
  const sessions = await SqliteSessionStore.open(db, clock, log, {
    touchStepMilliseconds: 60_000,
    judge: () => ({ standing: 'active' as const, locksAt: 0, endsAt: 0 }),
  });
  const policy = { current: policyFor([{ emergencyRoles: ['front-desk'] } as unknown as Rule]) };
  const vault = new FakeCredentialVault();
  const ehrTrial = new FakeEhrTrial(options.asks ?? null);
  const needs: SignInNeeds = {
    settings,
    policy: () => policy.current,
    recordedToken: fakeToken,
    patientNames: fakeNames(),
    clock,
    randomness: systemRandomness,
    log,
    audit,
    provider,
    sessions,
    signIns: new SqliteSignInStore(db, clock),
    logouts: new SqliteProviderLogoutStore(db),
    factors: new SqliteFactorStore(db),
    passkeys: new SqlitePasskeyStore(db),
    people: new SqlitePeopleRegister(db),
    remembered: new SqliteRememberedFactors(db),
    pins: new SqliteDevicePins(db, sealer),
    enrolCodes: new SqliteEnrolCodes(db),
    factorNotices: new SqliteFactorNotices(db),
    leavers: new SqliteLeavers(db),
    acknowledgements: new SqliteAcknowledgements(db),
    cases: {
      list: async () => Promise.resolve([]),
      takeAnswer: async () => Promise.resolve('no-case'),
      reply: async () => Promise.resolve('no-case'),
      postpone: async () => Promise.resolve('no-case'),
      seen: async () => Promise.resolve('no-case'),
    },
    openQuestions: { waiting: () => null, newest: () => 0 },
    questionDue: (askedAt) => askedAt,
    localDay: () => '2026-11-30',
    devices: await SqliteDeviceBook.open(db, clock, log),
    passkeyLibrary: readPasskeyLibrary(),
    attempts: await SqliteAttemptLimiter.open(db, clock),
    held: noHeldPosts,
    disclosureRecorder: { record: () => Promise.resolve(null) },
    disclosures: new SqliteDisclosureBook({ db, sealer, log, randomness: systemRandomness }),
    disclosureQuestions: new MemoryDisclosureQuestions(clock, systemRandomness),
    ...stepUpMemory(clock),
    emergency: new SqliteEmergencyStore(db),
    countEmergency: () => undefined,
    watch: { silent: false, down: false, silentSince: null, answersSince: 0 },
    deskPeople: await SqliteDeskPeople.open({ db, clock, log }),
    cutStreams: () => undefined,
    records: { search: () => Promise.resolve({ requests: [], next: null, indexed: 0 }) },
    grants: await SqliteGrantStore.open(db, clock),
    vault,
    ehrTrial,
    sealer,
    interactions: new ExpressSessionStore(db, sealer, clock, 600),
    cookieSecrets: sealer.derive('interaction cookie'),
    keySet: () => ({ keys: [] }),
    mayRecordAnonymous: () => true,
    extendBudget: options.extendBudget ?? (async () => Promise.resolve(true)),
    budgetUse: async () => Promise.resolve([]),
  };
  const pages = createOwnPages({ log, clinic: settings.clinic, parts: [{ routes: signInRoutes, router: createSignIn(needs) }] });
  const zones = { current: options.zones ?? ['clinic'] };
  let requests = 0;
  server.on('request', (request, response) => {
    const target = canonicalize(request.url ?? '', 'generic', 8192);
    if ('reason' in target) {
      response.writeHead(400).end(target.detail);
      return;
    }
    requests += 1;
    const context: OwnPageContext = {
      requestId: `r${requests}`,
      address: '127.0.0.1',
      agent: request.headers['user-agent'] ?? null,
      zones: zones.current,
      application: 'ehr',
      target,
      session: null,
    };
    const reach = (['public', 'session'] as const).find((one) => pages.has(one, request.method ?? '', target.path));
    if (reach === undefined) answerAsEhr(options.ehr?.(request) ?? null, request, response);
    else
      void pages.serve(
        reach,
        new NodeExchange(request, response, null, { bodyBytes: 1e6, minimumBytesPerSecond: 1, stallSeconds: 60 }),
        context,
      );
  });
  onTestFinished(async () => {
    provider.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await sessions.close();
    await db.close();
  });
  return { origin, issuer, needs, audit, clock, log, db, policy, zones, provider, sessions, vault, ehrTrial };
}

function answerAsEhr(rendered: Rendered | null, request: IncomingMessage, response: ServerResponse): void {
  if (rendered === null) response.end(`EHR ${request.url ?? ''}`);
  else response.writeHead(rendered.status, rendered.headers).end(rendered.body);
}

function settingsFor(origin: string, issuer: string, options: OwnPagesOptions): SignInNeeds['settings'] {
  const ehr = {
    name: 'ehr',
    origin,
    host: new URL(origin).host,
    secure: false,
    targetProfile: 'generic',
    signOn: options.signOn ?? { by: 'none' },
  } as unknown as ApplicationSettings;
  return {
    clinic: { name: 'Northside', timezone: 'UTC', hours: [], help: 'ext. 4357', language: 'en', logo: options.logo ?? null },
    applications: new Map([['ehr', ehr]]),
    signIn: {
      provider: 'generic',
      issuer,
      clientId: 'wardgate',
      clientSecret: 'a secret/with+special:characters%',
      clientKeyFile: null,
      trustFile: null,
      rolesClaim: 'groups',
      nameClaim: 'preferred_username',
      scopes: ['openid', 'profile', 'groups'],
      recheckEverySeconds: 900,
      recheckGraceSeconds: 3600,
      takeOver: 'never',
      ...options.signIn,
    },
    secondFactor: {
      methods: ['totp'],
      enrolFrom: 'clinic',
      trustAmr: [],
      trustAcr: [],
      trustAcrs: [],
      trustPhishingResistant: [],
      passkeyDomain: null,
      remember: null,
      acrossApplications: true,
      ...options.secondFactor,
    },
    lock: {
      everywhere: { idleSeconds: 900, absoluteSeconds: 43_200, endAfterLockSeconds: 1800 },
      zones: new Map(),
      roles: new Map(),
      devices: new Map(),
    },
    devices: { registeredBy: ['nurse'], registeredFrom: 'clinic', own: true, pinLastsSeconds: 86_400 },
    desk: { first: 'park', draftSeconds: 1800, switchKey: null },
    breakGlass: { lastsSeconds: 3600 },
    acknowledge: [],
    limits: { targetBytes: 8192 } as unknown as SignInNeeds['settings']['limits'],
  };
}

export function policyFor(rules: readonly Rule[], roles: Readonly<Record<string, readonly string[]>> = {}): Policy {
  const named = { nurse: ['Clinic-Nurses'], physician: ['Clinic-Physicians'], 'front-desk': ['Clinic-FrontDesk'], ...roles };
  return { mode: 'enforce', version: 'v', denyAlways: [], rules, roles: new Map(Object.entries(named)), budgets: new Map() };
}

/** The code an authenticator app shows. */
export function totp(secret: string, milliseconds: number): string {
  return generateSync({ secret, epoch: Math.floor(milliseconds / 1000) });
}
