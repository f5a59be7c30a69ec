// The tables of the embedded state, and how old files become new ones. Two files: what must survive a power loss
// (`identity`, every commit synced) and what may lose its last second (`sessions`).

import { downloadBudgets } from './budget-tables.ts';
import { cases, restrictions } from './case-tables.ts';
import { ehrSelections, ehrTries } from './ehr-tables.ts';
import { endingTables } from './ending-tables.ts';
import { reviewSeals, reviewTables } from './review-tables.ts';
import { shortNotes } from './short-note-tables.ts';

export type DatabaseName = 'identity' | 'sessions';

export interface Schema {
  readonly file: string;
  readonly synchronous: 'FULL' | 'NORMAL';
  /** One entry per version, oldest first. An entry is never edited once released; a change is a new one. */
  readonly migrations: readonly string[];
  /**
   * How many of them a version must know to work on these tables beside this one, while gateways are upgraded one after the other.
   * It stays while steps only add: tables, indexes, columns that may be left out. A step that takes something away, or gives it
   * another meaning, raises it to its own number, and such an upgrade needs all gateways to stop. So does a step for what an older
   * version would take for damage: another form of what is written within a column.
   */
  readonly oldestUsable: number;
}

const identity = `
  CREATE TABLE totp (
    issuer TEXT NOT NULL, sub TEXT NOT NULL, secret TEXT NOT NULL,
    last_step INTEGER NOT NULL, enrolled_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, sub)) STRICT;
  CREATE TABLE recovery_codes (
    issuer TEXT NOT NULL, sub TEXT NOT NULL, hash TEXT NOT NULL,
    PRIMARY KEY (issuer, sub, hash)) STRICT;
  CREATE TABLE credentials (
    issuer TEXT NOT NULL, sub TEXT NOT NULL, application TEXT NOT NULL, sealed TEXT NOT NULL,
    PRIMARY KEY (issuer, sub, application)) STRICT;
  CREATE TABLE grants (
    id TEXT PRIMARY KEY, issuer TEXT NOT NULL, sub TEXT NOT NULL, reason TEXT NOT NULL,
    opened_at INTEGER NOT NULL, expires_at INTEGER NOT NULL) STRICT;
  CREATE INDEX grants_by_end ON grants (expires_at);
  CREATE TABLE ended_sessions (key TEXT PRIMARY KEY, reason TEXT NOT NULL, ended_at INTEGER NOT NULL) STRICT;
`;

const sessions = `
  CREATE TABLE sessions (
    key TEXT PRIMARY KEY, reference TEXT NOT NULL, subject TEXT NOT NULL, roles TEXT NOT NULL, factor TEXT NOT NULL,
    created_at INTEGER NOT NULL, last_active_at INTEGER NOT NULL, roles_checked_at INTEGER NOT NULL,
    provider_session TEXT, sealed_tokens TEXT, selected_patient TEXT, version INTEGER NOT NULL) STRICT;
  CREATE TABLE sign_ins (
    state TEXT PRIMARY KEY, browser TEXT NOT NULL, expires_at INTEGER NOT NULL, value TEXT NOT NULL) STRICT;
  CREATE INDEX sign_ins_by_browser ON sign_ins (browser, expires_at);
  CREATE INDEX sign_ins_by_end ON sign_ins (expires_at);
  CREATE TABLE interactions (id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL, sealed TEXT NOT NULL) STRICT;
  CREATE INDEX interactions_by_end ON interactions (expires_at);
  CREATE TABLE attempts (
    key TEXT PRIMARY KEY, failures INTEGER NOT NULL, blocked_until INTEGER NOT NULL, forget_at INTEGER NOT NULL) STRICT;
`;

const providerLogouts = `
  CREATE TABLE provider_logouts (id TEXT PRIMARY KEY, sub TEXT, provider_session TEXT, at INTEGER NOT NULL) STRICT;
  CREATE INDEX provider_logouts_by_time ON provider_logouts (at);
`;

const heldEhrSessions = `
  ALTER TABLE sessions DROP COLUMN selected_patient;
  ALTER TABLE sessions ADD COLUMN ehr_sessions TEXT NOT NULL DEFAULT '[]';
`;

const signInSources = `
  ALTER TABLE sign_ins ADD COLUMN source TEXT NOT NULL DEFAULT '';
  CREATE INDEX sign_ins_by_source ON sign_ins (source, expires_at);
`;

// Who was refused by the EHR is not tried again; what IT imported waits under a login name until that person comes.
const refusedAndImported = `
  ALTER TABLE credentials ADD COLUMN name TEXT;
  ALTER TABLE credentials ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE imported_credentials (
    issuer TEXT NOT NULL, name TEXT NOT NULL, application TEXT NOT NULL, sealed TEXT NOT NULL,
    PRIMARY KEY (issuer, name, application)) STRICT;
`;

const ehrStandings = `
  CREATE TABLE ehr_standings (
    reference TEXT NOT NULL, application TEXT NOT NULL, sealed TEXT NOT NULL,
    PRIMARY KEY (reference, application)) STRICT;
`;

// Sessions of before were ended where they are locked now.
const locks = `
  ALTER TABLE sessions ADD COLUMN locked_at INTEGER;
  ALTER TABLE sessions ADD COLUMN activity TEXT NOT NULL DEFAULT '{"last":"sign-in","pings":0,"navigations":0}';
`;

// In this file, because a post that has been sent must not be found unsent after a power loss.
const heldPosts = `
  CREATE TABLE held_posts (
    id TEXT PRIMARY KEY, issuer TEXT NOT NULL, sub TEXT NOT NULL, application TEXT NOT NULL, held_at INTEGER NOT NULL,
    bytes INTEGER NOT NULL, taken_at INTEGER, status INTEGER, sealed TEXT NOT NULL) STRICT;
  CREATE TABLE session_tombstones (
    key TEXT PRIMARY KEY, issuer TEXT NOT NULL, sub TEXT NOT NULL, ended_at INTEGER NOT NULL) STRICT;
`;

// Public keys and counters: nothing in here signs, so nothing is sealed.
const passkeys = `
  CREATE TABLE passkeys (
    id TEXT PRIMARY KEY, issuer TEXT NOT NULL, sub TEXT NOT NULL, name TEXT NOT NULL, public_key TEXT NOT NULL,
    counter INTEGER NOT NULL, transports TEXT NOT NULL, added_at INTEGER NOT NULL, used_at INTEGER) STRICT;
  CREATE INDEX passkeys_by_person ON passkeys (issuer, sub);
`;

// Who people are for a command, and what stands around their second factors: codes that IT gave out (hashes alone), changes
// that the person has yet to see, and who must not come in any more. `sub` is empty for a leaver who never signed in.
const people = `
  CREATE TABLE people (
    issuer TEXT NOT NULL, sub TEXT NOT NULL, name TEXT NOT NULL, display_name TEXT NOT NULL, seen_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, sub)) STRICT;
  CREATE TABLE enrol_codes (
    issuer TEXT NOT NULL, name TEXT NOT NULL, hash TEXT NOT NULL, expires_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, name)) STRICT;
  CREATE TABLE factor_notices (
    id TEXT PRIMARY KEY, issuer TEXT NOT NULL, sub TEXT NOT NULL, at INTEGER NOT NULL, change TEXT NOT NULL) STRICT;
  CREATE INDEX factor_notices_by_person ON factor_notices (issuer, sub, at);
  CREATE TABLE offboarded (
    issuer TEXT NOT NULL, sub TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (issuer, sub, name)) STRICT;
`;

// Who may come in without the provider, as it last told of them, and the hashes of their sealed codes.
const emergencyPeople = `
  CREATE TABLE emergency_people (
    issuer TEXT NOT NULL, sub TEXT NOT NULL, name TEXT NOT NULL, display_name TEXT NOT NULL, roles TEXT NOT NULL,
    seen_at INTEGER NOT NULL, PRIMARY KEY (issuer, sub)) STRICT;
  CREATE INDEX emergency_people_by_name ON emergency_people (name);
  CREATE TABLE emergency_codes (
    issuer TEXT NOT NULL, sub TEXT NOT NULL, salt TEXT NOT NULL, hash TEXT NOT NULL, made_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, sub, hash)) STRICT;
`;

const emergencySessions = `
  ALTER TABLE sessions ADD COLUMN emergency_until INTEGER;
`;
// The cookie's id is not in here, only its hash. In this file, because a removed device must not come back.
const devices = `
  CREATE TABLE devices (
    key TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, name TEXT NOT NULL, application TEXT NOT NULL,
    issuer TEXT, sub TEXT, registered_at INTEGER NOT NULL, seen_at INTEGER NOT NULL) STRICT;
`;

const sessionDevices = `ALTER TABLE sessions ADD COLUMN device TEXT;`;

// What is sealed is a slow hash of six digits.
const devicePins = `
  CREATE TABLE device_pins (
    device TEXT NOT NULL, issuer TEXT NOT NULL, sub TEXT NOT NULL, sealed TEXT NOT NULL, failures INTEGER NOT NULL,
    set_at INTEGER NOT NULL, PRIMARY KEY (device, issuer, sub)) STRICT;
`;

const rememberedFactors = `
  CREATE TABLE remembered_factors (
    device TEXT NOT NULL, issuer TEXT NOT NULL, sub TEXT NOT NULL, token TEXT NOT NULL, method TEXT NOT NULL,
    shown_at INTEGER NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (device, issuer, sub)) STRICT;
`;

// Where people signed in, for whoever signs in elsewhere; and sessions that wait at a desk for their person.
const desks = `
  ALTER TABLE sessions ADD COLUMN signed_in_from TEXT;
  ALTER TABLE sessions ADD COLUMN parked_on TEXT;
`;

const drafts = `ALTER TABLE held_posts ADD COLUMN draft INTEGER NOT NULL DEFAULT 0;`;

const deskPeople = `
  CREATE TABLE desk_people (
    device TEXT NOT NULL, issuer TEXT NOT NULL, sub TEXT NOT NULL, name TEXT NOT NULL, display_name TEXT NOT NULL,
    at INTEGER NOT NULL, PRIMARY KEY (device, issuer, sub)) STRICT;
`;
const sessionPlaces = `ALTER TABLE sessions ADD COLUMN place TEXT;`;

// In this file, because a patient whose token stands in the record must be known by it after a power loss.
const patients = `
  CREATE TABLE patient_key (id INTEGER PRIMARY KEY CHECK (id = 1), sealed TEXT NOT NULL) STRICT;
  CREATE TABLE patients (token TEXT PRIMARY KEY, sealed TEXT NOT NULL) STRICT;
`;

// Who had which role at their last sign-in, and the reviews of it. Nothing in here is a secret; what was signed is held against
// its hash in the record.
const recertifications = `
  CREATE TABLE person_roles (
    issuer TEXT NOT NULL, sub TEXT NOT NULL, role TEXT NOT NULL, granted_at INTEGER NOT NULL, seen_at INTEGER NOT NULL,
    gone_at INTEGER, PRIMARY KEY (issuer, sub, role)) STRICT;
  CREATE TABLE recertifications (
    id TEXT PRIMARY KEY, started_at INTEGER NOT NULL, facts TEXT NOT NULL, statement TEXT, signed_at INTEGER) STRICT;
  CREATE TABLE recertification_rows (
    campaign TEXT NOT NULL, number INTEGER NOT NULL, facts TEXT NOT NULL, decided TEXT, closed TEXT,
    PRIMARY KEY (campaign, number)) STRICT;
`;

// What was disclosed outside treatment, payment and operations, in words; what is owed; and what is held back for an agency.
const disclosures = `
  CREATE TABLE disclosures (
    id TEXT PRIMARY KEY, issuer TEXT NOT NULL, sub TEXT NOT NULL, made_at INTEGER NOT NULL, sealed TEXT NOT NULL) STRICT;
  CREATE TABLE owed_disclosures (
    id TEXT PRIMARY KEY, issuer TEXT NOT NULL, sub TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL,
    sealed TEXT NOT NULL) STRICT;
  CREATE INDEX owed_disclosures_by_person ON owed_disclosures (issuer, sub, at);
  CREATE TABLE disclosure_suspensions (
    id TEXT PRIMARY KEY, until INTEGER NOT NULL, lifted_at INTEGER, sealed TEXT NOT NULL) STRICT;
`;

// The directory of patients: one import at a time is `current`. Who stands behind an id, and what they are called, is sealed;
// ids are found by their token, and names by keyed hashes of their parts.
const patientDirectory = `
  CREATE TABLE patient_imports (
    generation INTEGER PRIMARY KEY, state TEXT NOT NULL, based_on INTEGER NOT NULL, sealed_key TEXT NOT NULL,
    file_digest TEXT NOT NULL, began_at INTEGER NOT NULL, patients INTEGER, gone INTEGER, imported_at INTEGER,
    imported_by TEXT) STRICT;
  CREATE TABLE patient_directory (
    generation INTEGER NOT NULL, patient INTEGER NOT NULL, gone_at INTEGER, sealed TEXT NOT NULL,
    PRIMARY KEY (generation, patient)) STRICT;
  CREATE TABLE patient_directory_ids (
    generation INTEGER NOT NULL, token TEXT NOT NULL, patient INTEGER NOT NULL, place INTEGER NOT NULL,
    PRIMARY KEY (generation, token)) STRICT, WITHOUT ROWID;
  CREATE TABLE patient_directory_names (
    generation INTEGER NOT NULL, part BLOB NOT NULL, patient INTEGER NOT NULL,
    PRIMARY KEY (generation, part, patient)) STRICT, WITHOUT ROWID;
`;

// Appointments, roster, demographics and confidential patients: an import at a time is `current` of each kind. Rows stand sealed,
// some hundreds together: nothing is looked up in them here, whoever needs them reads them whole.
const relations = `
  CREATE TABLE relation_imports (
    generation INTEGER PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, file_digest TEXT NOT NULL, began_at INTEGER NOT NULL,
    rows INTEGER, imported_at INTEGER, imported_by TEXT) STRICT;
  CREATE TABLE relation_rows (
    generation INTEGER NOT NULL, place INTEGER NOT NULL, kind TEXT NOT NULL, sealed TEXT NOT NULL,
    PRIMARY KEY (generation, place)) STRICT;
`;

export const schemas: Readonly<Record<DatabaseName, Schema>> = {
  identity: {
    file: 'identity.db',
    synchronous: 'FULL',
    oldestUsable: 21,
    migrations: [
      identity,
      providerLogouts,
      refusedAndImported,
      heldPosts,
      passkeys,
      people,
      devices,
      devicePins,
      rememberedFactors,
      emergencyPeople,
      drafts,
      patients,
      recertifications,
      disclosures,
      patientDirectory,
      relations,
      cases,
      restrictions,
      endingTables,
      reviewTables,
      reviewSeals,
    ],
  },
  sessions: {
    file: 'sessions.db',
    synchronous: 'NORMAL',
    oldestUsable: 11,
    migrations: [
      sessions,
      heldEhrSessions,
      signInSources,
      ehrStandings,
      locks,
      sessionDevices,
      emergencySessions,
      desks,
      deskPeople,
      sessionPlaces,
      downloadBudgets,
      ehrTries,
      shortNotes,
      ehrSelections,
    ],
  },
};
