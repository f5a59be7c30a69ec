// The state of one gateway, opened as a whole: what it stands on, and every store over it. A second gateway on the same directory
// is refused.

import type { SessionStanding } from '../core/session/judge-standing.ts';
import type { Session } from '../core/session/session.ts';
import type { StoreSettings } from '../core/store/store-settings.ts';
import type { HeldSummary } from '../held-ports.ts';
import type { Clock, OperationsLog, Sealer } from '../ports.ts';
import type { StoreTimed } from '../shared-ports.ts';
import { SqliteAcknowledgements } from './acknowledgements-sqlite.ts';
import { SqliteAttemptLimiter } from './attempt-limiter-sqlite.ts';
import { MemoryBudgetBook } from './budget-book.ts';
import { RedisBudgetBook } from './budget-book-redis.ts';
import { SqliteCaseStore } from './case-store-sqlite.ts';
import { SqliteCredentialVault } from './credential-vault-sqlite.ts';
import { SqliteEmergencyStore } from './emergency-store-sqlite.ts';
import { SqliteDeskPeople } from './desk-people-sqlite.ts';
import { SqliteDisclosureBook } from './disclosure-book-sqlite.ts';
import { SqliteDeviceBook } from './device-book-sqlite.ts';
import { SqliteDevicePins } from './device-pins-sqlite.ts';
import { SqliteEndings } from './endings-sqlite.ts';
import { SqliteEnrolCodes } from './enrol-codes-sqlite.ts';
import { ExpressSessionStore } from './express-session-store.ts';
import { SqliteFactorNotices } from './factor-notices-sqlite.ts';
import { SqliteFactorStore } from './factor-store-sqlite.ts';
import { SqliteGrantStore } from './grant-store-sqlite.ts';
import type { HeldPostsLimits } from './held-posts-sqlite.ts';
import { SqliteLeavers } from './leavers-sqlite.ts';
import { mirrorPatientKey } from './mirror-patient-key.ts';
import { SqlitePatientDirectory } from './patient-directory-sqlite.ts';
import { SqlitePatientImports } from './patient-imports-sqlite.ts';
import { SqlitePatientNames } from './patient-names-sqlite.ts';
import { SqlitePatientTokens } from './patient-tokens-sqlite.ts';
import { SqlitePasskeyStore } from './passkey-store-sqlite.ts';
import { SqlitePeopleRegister } from './people-register-sqlite.ts';
import { SqliteProviderLogoutStore } from './provider-logout-store-sqlite.ts';
import { SqliteRecertifications } from './recertification-sqlite.ts';
import { SqliteReviews } from './reviews-sqlite.ts';
import { systemRandomness } from './randomness-system.ts';
import { SqliteRelationImports } from './relation-imports-sqlite.ts';
import { SqliteRememberedFactors } from './remembered-factors-sqlite.ts';
import { SqliteRestrictions } from './restrictions-sqlite.ts';
import { SqliteSessionStore } from './session-store-sqlite.ts';
import { SqliteShortNotes } from './short-notes-sqlite.ts';
import { SqliteSignInStore } from './sign-in-store-sqlite.ts';
import { openEhrState } from './open-ehr-state.ts';
import { openHeldPosts } from './open-held-posts.ts';
import { storeStanding } from './store-standing.ts';
import { openStateEngine } from './state-engine.ts';
import type { StateEngine } from './state-engine.ts';
import type { StateDb } from './state-db.ts';

export interface EmbeddedStateOptions {
  readonly directory: string;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: OperationsLog;
  readonly touchStepMilliseconds: number;
  /** Where rows stand that gateways share. Null or absent: beside this one, which is alone. */
  readonly store?: StoreSettings | null;
  /** Sign-ons at one EHR that may fail within a minute, over all gateways. */
  readonly signOnFailuresPerMinute?: number;
  /** The same at all gateways, for what Redis shall not be read for. Needed with a store that has a Redis. */
  readonly budgetSecret?: string | undefined;
  /** Absent: no post is held. */
  readonly held?: {
    readonly limits: HeldPostsLimits;
    readonly draftSeconds?: number;
    readonly onExpired: (post: HeldSummary) => void;
  };
  readonly judge: (session: Session, now: number) => SessionStanding;
  /** How long the shared stores take. */
  readonly told?: StoreTimed;
}

const noneHeld = { limits: { heldPostsPerPerson: 0, heldPostBytesInAll: 0 }, onExpired: (): void => undefined };

/** Minutes that a person may take between the provider's answer and their second factor. */
const interactionSeconds = 600;

/** Rejects, naming the process, when another instance holds the directory; and where a shared store cannot be reached. */
export async function openEmbeddedState(options: EmbeddedStateOptions) {
  const { directory, store = null, clock, log, told } = options;
  const engine = await openStateEngine({ directory, store, clock, log, told });
  // What is open already is closed when something after it cannot be opened; else its thread would keep the process alive.
  const opened: Opened = [engine];
  const close = async (): Promise<void> => {
    for (const one of opened.splice(0).reverse()) await one.close();
  };
  const { db, imported, shared, redis } = engine;
  try {
    // First of all: with another master key than the others this gateway must touch nothing.
    if (imported !== db) await mirrorPatientKey(db, imported, options.sealer, log);
    // One that is alone has in memory what others would have to find in the store.
    const notes = redis === null ? null : new SqliteShortNotes(db, options.sealer, clock);
    return { ...(await openStores(engine, options, opened)), shared, notes, standing: storeStanding(engine), close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

type Opened = { close(): Promise<void> }[];

async function openStores(engine: StateEngine, options: EmbeddedStateOptions, opened: Opened) {
  const { db, shared } = engine;
  const { sealer, clock, log, touchStepMilliseconds, judge } = options;
  const sessions = await SqliteSessionStore.open(db, clock, log, { touchStepMilliseconds, judge, shared });
  opened.push(sessions);
  const budgets = await openBudgets(engine, options);
  opened.push(budgets);
  const ehr = await openEhrState({ ...options, db, sessions }, shared);
  opened.push(ehr.standings);
  const held = await openHeldPosts({ db, sessions, sealer, clock, log, ...(options.held ?? noneHeld) }, shared);
  opened.push(held);
  return {
    sessions,
    ...(await openPatients(engine, options)),
    held,
    budgets,
    ...ehr,
    attempts: await SqliteAttemptLimiter.open(db, clock),
    signIns: new SqliteSignInStore(db, clock),
    logouts: new SqliteProviderLogoutStore(db),
    ...personStores(db, sealer),
    recertifications: new SqliteRecertifications(db),
    reviews: new SqliteReviews(db, sealer),
    restrictions: await SqliteRestrictions.open(db, clock, shared),
    devices: await SqliteDeviceBook.open(db, clock, log, shared),
    deskPeople: await SqliteDeskPeople.open({ db, clock, log }),
    grants: await SqliteGrantStore.open(db, clock, shared),
    disclosures: new SqliteDisclosureBook({ db, sealer, log, randomness: systemRandomness }),
    cases: new SqliteCaseStore(db, sealer),
    vault: new SqliteCredentialVault(db, sealer),
    interactions: new ExpressSessionStore(db, sealer, clock, interactionSeconds),
  };
}

/** In memory where this gateway is alone; over Redis where others count for the same people. */
async function openBudgets({ db, redis }: StateEngine, { clock, log, budgetSecret: secret }: EmbeddedStateOptions) {
  const onFlushFailed = (cause: unknown): void =>
    log.error({ error: String(cause) }, 'Budgets could not be written; they are tried again');
  if (redis === null) return MemoryBudgetBook.open({ db, clock, onFlushFailed });
  if (secret === undefined) throw new Error('Budgets cannot stand in Redis without what hides patients there');
  return new RedisBudgetBook({ db, redis: redis.client, secret, clock, onFlushFailed, gateway: systemRandomness.id() });
}

/** Who people are, what they proved and what they know; nothing of it is held in memory. */
function personStores(db: StateDb, sealer: Sealer) {
  return {
    factors: new SqliteFactorStore(db),
    passkeys: new SqlitePasskeyStore(db),
    people: new SqlitePeopleRegister(db),
    remembered: new SqliteRememberedFactors(db),
    pins: new SqliteDevicePins(db, sealer),
    emergency: new SqliteEmergencyStore(db),
    enrolCodes: new SqliteEnrolCodes(db),
    factorNotices: new SqliteFactorNotices(db),
    leavers: new SqliteLeavers(db),
    endings: new SqliteEndings(db),
    acknowledgements: new SqliteAcknowledgements(db),
  };
}

/** Who patients are, and what is imported of them and of schedules: beside this gateway, apart from the ids behind tokens. */
async function openPatients({ db, imported }: StateEngine, { sealer, clock, log }: EmbeddedStateOptions) {
  const patientTokens = await SqlitePatientTokens.open({ db, sealer, clock, log });
  const patientDirectory = new SqlitePatientDirectory(imported, sealer, patientTokens);
  return {
    patientTokens,
    patientNames: new SqlitePatientNames(db, sealer, patientTokens, patientDirectory),
    patientDirectory,
    patientImports: new SqlitePatientImports(imported),
    relationImports: new SqliteRelationImports(imported),
  };
}
