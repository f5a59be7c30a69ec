// Everything our own pages need from the world and from the configuration, in one place for `compose.ts` to fill.

import type { Store } from 'express-session';
import type { Acknowledgements } from '../acknowledgement-ports.ts';
import type { Settings } from '../config/settings.ts';
import type { UsedBudget } from '../core/downloads/used-so-far.ts';
import type { TokenOf } from '../core/patients/hide-ids.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { DeskPeople } from '../desk-ports.ts';
import type { DeviceBook, DevicePins, RememberedFactors } from '../device-ports.ts';
import type { DisclosureBook, DisclosureQuestions, DisclosureRecorder } from '../disclosure-ports.ts';
import type { CredentialVault, EhrTrial } from '../ehr-ports.ts';
import type { Cases, OpenQuestions } from '../case-ports.ts';
import type { EmergencyStore, ProviderWatch } from '../emergency-ports.ts';
import type { HeldPosts } from '../held-ports.ts';
import type { AttemptLimiter, FactorStore, IdentityProvider, ProviderLogoutStore, SignInStore } from '../identity-ports.ts';
import type { EnrolCodes, FactorNotices, Leavers, PeopleRegister } from '../people-ports.ts';
import type { PatientNames } from '../patient-ports.ts';
import type { PasskeyStore } from '../passkey-ports.ts';
import type { AuditLog, Clock, GrantStore, OperationsLog, Randomness, Sealer, Session, SessionStore } from '../ports.ts';
import type { SharedParts } from '../shared-ports.ts';
import type { ShortNotes } from '../short-note-ports.ts';
import type { AskedConfirmations, FormerIds } from '../step-up-ports.ts';
import type { RecordSearch } from '../search-ports.ts';
import type { ExtendedFrom } from './extend-budget.ts';

export interface SignInNeeds {
  readonly settings: Pick<
    Settings,
    'clinic' | 'applications' | 'signIn' | 'secondFactor' | 'lock' | 'devices' | 'desk' | 'breakGlass' | 'limits' | 'acknowledge'
  >;
  /** The rules now in force. */
  readonly policy: () => Policy;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: OperationsLog;
  readonly audit: AuditLog;
  /** What stands in a record in the place of an id. */
  readonly recordedToken: TokenOf;
  /** Who stands behind tokens, for a person who sees their own records. */
  readonly patientNames: PatientNames;
  readonly provider: IdentityProvider;
  readonly sessions: SessionStore;
  readonly signIns: SignInStore;
  readonly logouts: ProviderLogoutStore;
  readonly factors: FactorStore;
  readonly passkeys: PasskeyStore;
  readonly people: PeopleRegister;
  /** Changes of second factors that their person has yet to see. */
  readonly factorNotices: FactorNotices;
  /** IT's codes for a first factor away from the zone for it. */
  readonly enrolCodes: EnrolCodes;
  readonly leavers: Leavers;
  readonly acknowledgements: Acknowledgements;
  /** What reviewers ask of people. */
  readonly cases: Pick<Cases, 'list' | 'takeAnswer' | 'reply' | 'postpone' | 'seen'>;
  /** Who has something of it waiting. */
  readonly openQuestions: OpenQuestions;
  /** Until when a question of this moment may be put off. */
  readonly questionDue: (askedAt: number) => number;
  /** `YYYY-MM-DD` in the clinic. */
  readonly localDay: (now: number) => string;
  readonly devices: DeviceBook;
  readonly pins: DevicePins;
  readonly remembered: RememberedFactors;
  /** The browser's half of passkeys, a script that is served as one of our assets. */
  readonly passkeyLibrary: string;
  readonly attempts: AttemptLimiter;
  /** What several gateways remember together for minutes; null or absent: this one is alone. */
  readonly notes?: ShortNotes | null;
  /** Absent: this gateway is alone. */
  readonly shared?: Pick<SharedParts, 'turns'>;
  readonly grants: GrantStore;
  readonly vault: CredentialVault;
  /** Tries a person's own name and password at the EHR before they are kept. */
  readonly ehrTrial: EhrTrial;
  readonly held: HeldPosts;
  readonly disclosureQuestions: DisclosureQuestions;
  readonly disclosures: Pick<DisclosureBook, 'owed' | 'settle'>;
  readonly disclosureRecorder: DisclosureRecorder;
  readonly watch: ProviderWatch;
  readonly emergency: EmergencyStore;
  /** Somebody has come in without the provider. */
  readonly countEmergency: () => void;
  readonly asked: AskedConfirmations;
  readonly formerIds: FormerIds;
  /** Who signed in lately on each shared device. */
  readonly deskPeople: DeskPeople;
  /** Cuts what is under way in a session that goes on without its browser. */
  readonly cutStreams: (sessionKey: string) => void;
  /** The newest records, for a person's own page. */
  readonly records: Pick<RecordSearch, 'search'>;
  readonly sealer: Sealer;
  /** Where express-session keeps the minutes between the provider's answer and the second factor. */
  readonly interactions: Store;
  /** Keys that sign the interaction cookie, newest first. */
  readonly cookieSecrets: readonly string[];
  /** The public keys of the tokens that tell the EHR who it is (RFC 7517). */
  readonly keySet: () => { readonly keys: readonly Record<string, unknown>[] };
  /** False when this address has used up its records of failures that name nobody; the sum is written later. */
  readonly mayRecordAnonymous: (address: string) => boolean;
  /** Extends the person's download budget once a day and records the reason first; false when it may not be extended. */
  readonly extendBudget: (session: Session, reason: string, from: ExtendedFrom) => Promise<boolean>;
  /** What the person has used of their download budgets; empty where nothing is limited. */
  readonly budgetUse: (session: Session) => Promise<readonly UsedBudget[]>;
}
