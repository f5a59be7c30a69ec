// What the two YAML files mean, once read, checked and completed with defaults: frozen, passed to every factory by
// `compose.ts`. Times are seconds, sizes bytes. Only `config/` makes one.

import type { ClinicText } from '../core/acknowledgement/clinic-text.ts';
import type { FeedSettings } from '../core/audit/feed/feed-settings.ts';
import type { S3Signing } from '../core/s3/sign-request.ts';
import type { Limits } from './edge-limits.ts';
import type { Retention } from '../core/audit/retention-note.ts';
import type { CookieClasses, ExpiredReply, Recipe } from '../core/ehr/recipe.ts';
import type { Language } from '../core/language/language.ts';
import type { Machine } from '../core/machines/machine.ts';
import type { LimitTable } from '../core/session/limits-for.ts';
import type { FirstPerson } from '../core/session/leave-desk.ts';
import type { TakeOver } from '../core/session/judge-take-over.ts';
import type { LockedReply } from '../core/session/while-locked.ts';
import type { ParameterDialect, PatientIdForm, Policy } from '../core/policy/policy.ts';
import type { StoreSettings } from '../core/store/store-settings.ts';
import type { TargetProfile } from '../core/target/canonical-target.ts';
import type { DueSettings } from '../core/recertification/judge-due.ts';
import type { AlertSettings } from '../core/respond/alert-settings.ts';

export interface Settings {
  /** Absolute path of gateway.yaml, for messages. */
  readonly file: string;
  readonly clinic: ClinicSettings;
  readonly listen: ListenSettings;
  /** Zone name → CIDR ranges. */
  readonly zones: ReadonlyMap<string, readonly string[]>;
  readonly applications: ReadonlyMap<string, ApplicationSettings>;
  /** Named callers that are no people; absent or empty where there are none. */
  readonly machines: ReadonlyMap<string, MachineSettings>;
  readonly signIn: SignInSettings;
  readonly secondFactor: SecondFactorSettings;
  readonly lock: LockSettings;
  readonly devices: DeviceSettings;
  readonly desk: DeskSettings;
  readonly audit: AuditSettings;
  readonly limits: Limits;
  /** What gateways share; null: everything stands beside this one, which is alone. */
  readonly store: StoreSettings | null;
  /** Directory of our own state; created with mode 0700. */
  readonly dataDirectory: string;
  readonly masterKeyFile: string;
  readonly breakGlass: { readonly lastsSeconds: number };
  readonly acknowledge: readonly ClinicText[];
  readonly alerts: AlertSettings;
}

export interface ClinicSettings {
  readonly name: string;
  readonly timezone: string;
  readonly hours: readonly { readonly days: readonly number[]; readonly fromMinute: number; readonly toMinute: number }[];
  /** Whom to ask, shown on every refusal. */
  readonly help: string;
  /** For browsers that ask for no language our pages speak. */
  readonly language: Language;
  /** Shown above every page of ours; null for the name alone. */
  readonly logo: ClinicLogo | null;
}

/** A picture that every page of ours shows. */
export interface ClinicLogo {
  /** Absolute path. */
  readonly file: string;
  /** Named after its content, so that browsers may keep it for a year. */
  readonly address: string;
  readonly type: 'image/svg+xml' | 'image/png';
  readonly base64: string;
}

export interface ListenSettings {
  readonly host: string;
  readonly port: number;
  /** PEM, or a PFX, which holds its key itself: then `keyFile` is null. Null where no TLS ends here. */
  readonly certificateFile: string | null;
  readonly keyFile: string | null;
  /** What opens the key or the PFX; null or absent where neither is locked. */
  readonly passphraseFile?: string | null;
  /** Proxies whose X-Forwarded-For is believed, as CIDR; `0.0.0.0/0` refuses to start. */
  readonly trustedProxies: readonly string[];
  readonly health: { readonly host: string; readonly port: number };
  /** The listener at which machines show a certificate; null where none does. */
  readonly machinePort: number | null;
}

export interface MachineSettings extends Machine {
  /** Addresses it may come from, CIDR; null: from anywhere, which only a certificate may. */
  readonly ranges: readonly string[] | null;
  /** Its own account at the EHRs that take one. */
  readonly account: { readonly account: string; readonly password: string } | null;
}

export interface ApplicationSettings {
  readonly name: string;
  /** Public origin, `https://ehr.northside.example`, no trailing slash. */
  readonly origin: string;
  /** Lower-case host with its port where that is not the scheme's own. */
  readonly host: string;
  readonly secure: boolean;
  /** Upstream origin, no path. */
  readonly upstream: string;
  /** Why it is reached without encryption, as IT wrote it; null or absent where that needs no reason. */
  readonly plainHttpBecause?: string | null;
  readonly trustFile: string | null;
  readonly targetProfile: TargetProfile;
  readonly parameters: ParameterDialect;
  /** Whether the EHR sees the public host name or its own. */
  readonly hostHeader: 'external' | 'upstream' | { readonly literal: string };
  /** Absolute path of the preset's file, read again with the rules; null or absent without one. */
  readonly preset?: string | null;
  /** What stands before every path of the preset, `/openemr`; '' or absent for nothing. */
  readonly root?: string;
  readonly signOn: SignOnSettings;
  /** Which cookies of the EHR stay with the gateway; null or absent: they pass between browser and EHR. */
  readonly cookies?: CookieClasses | null;
  /** What the EHR's own scripts are told when a session has ended. */
  readonly expired?: readonly ExpiredReply[];
  /** What its pages' own requests hear while a session is locked. */
  readonly whileLocked?: readonly LockedReply[];
  /** A request that keeps the EHR's session open while ours is locked; null or absent where the preset knows none. */
  readonly keepWarm?: KeepWarm | null;
  /** False where the EHR's pages go on without the script that tells of people and covers them. */
  readonly pageScript?: boolean;
  /** False where the console is not at this address; absent: it is. */
  readonly console?: boolean;
  readonly identityHeaders: IdentityHeaderSettings;
  /** Names of parameters with which the upstream would override the method (`_method`). */
  readonly methodOverrideParameters: readonly string[];
  /** The cookie that names the EHR's session, which carries the patient; null or absent where it is not known or there is none. */
  readonly sessionCookie?: string | null;
  /** True where the EHR has no such cookie: it knows people by the sign-on of each request, and carries the patient per person. */
  readonly patientPerPerson?: boolean;
  /** How the EHR writes patients' ids; exact where absent. */
  readonly patientId?: PatientIdForm;
  /** Names of request headers that pass to the EHR beyond the built-in list. */
  readonly passHeaders: readonly string[];
  readonly webSocketProtocols: readonly string[];
}

/** A GET request line, and how often. */
export interface KeepWarm {
  readonly target: string;
  readonly everySeconds: number;
}

export type SignOnSettings =
  | { readonly by: 'none' }
  | { readonly by: 'header'; readonly name: string }
  | { readonly by: 'basic-account'; readonly account: string; readonly password: string }
  | { readonly by: 'basic-own-password' }
  /** Basic with an account for each role, the first of the map that the person has. */
  | { readonly by: 'basic-roles'; readonly roles: RoleAccounts }
  /** A recipe with each person's own password, one account, or an account for each role. */
  | {
      readonly by: 'recipe';
      readonly recipe: Recipe;
      readonly values: ReadonlyMap<string, string>;
      readonly account: RecipeAccount;
    };

export type RecipeAccount =
  | { readonly of: 'own' }
  | { readonly of: 'everyone'; readonly account: string; readonly password: string }
  | { readonly of: 'role'; readonly roles: RoleAccounts };

/** Role → account at the EHR, in the order of the file. */
export type RoleAccounts = ReadonlyMap<string, { readonly account: string; readonly password: string }>;

/** Names of the headers that tell the EHR who it is; null where one is not sent. */
export interface IdentityHeaderSettings {
  readonly name: string | null;
  readonly subject: string | null;
  readonly roles: string | null;
  readonly session: string | null;
  readonly jwt: string | null;
}

export interface SignInSettings {
  readonly provider: 'keycloak' | 'entra' | 'generic';
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | null;
  /** PEM file of the key for `private_key_jwt`, when no secret is used. */
  readonly clientKeyFile: string | null;
  readonly trustFile: string | null;
  /** Dotted path of the claim that holds groups or roles, e.g. `realm_access.roles`. */
  readonly rolesClaim: string;
  /** Claim with the login name people type. */
  readonly nameClaim: string;
  readonly scopes: readonly string[];
  readonly recheckEverySeconds: number;
  readonly recheckGraceSeconds: number;
  /** Who may come in while the provider is down; null or absent: nobody. */
  readonly emergency?: EmergencySettings | null;
  /** What becomes of a session of the same person elsewhere. */
  readonly takeOver: TakeOver;
}

export interface EmergencySettings {
  /** Login names. */
  readonly people: readonly string[];
  /** Of the roles they had last, only these; null: all of them. */
  readonly roles: readonly string[] | null;
  /** Zone they must be in; null: anywhere. */
  readonly from: string | null;
  readonly lastsSeconds: number;
}

export interface SecondFactorSettings {
  readonly methods: readonly ('totp' | 'passkey')[];
  /** Zone a person must be in to enrol without IT's code, or `anywhere` or `nowhere`; null: at a private address. */
  readonly enrolFrom: string | null;
  /** `amr`, `acr` or `acrs` values of the provider that count as the second factor; the latter two are also asked for. */
  readonly trustAmr: readonly string[];
  readonly trustAcr: readonly string[];
  readonly trustAcrs: readonly string[];
  /** Those of all three that no look-alike page can ask for. */
  readonly trustPhishingResistant: readonly string[];
  /** The domain that passkeys belong to (RP ID); null: the one host of all applications. */
  readonly passkeyDomain: string | null;
  /** Where a factor is not asked for again, and how long; null: it always is. */
  readonly remember: { readonly from: string; readonly lastsSeconds: number } | null;
  /** Whether one shown at an application counts at another for the same browser. */
  readonly acrossApplications: boolean;
}

/** Browsers that the gateway knows. */
export interface DeviceSettings {
  /** Roles that may make a browser a shared device; none: nobody may. */
  readonly registeredBy: readonly string[];
  /** Zone one must be in for that; null: anywhere. */
  readonly registeredFrom: string | null;
  /** Whether people may call a browser their own. */
  readonly own: boolean;
  /** How long a person's PIN for a known device lasts; null: there are none. */
  readonly pinLastsSeconds: number | null;
}

/** What happens when one person makes room for the next at a desk. */
export interface DeskSettings {
  /** What becomes of the first person's session. */
  readonly first: FirstPerson;
  /** How long what they left half typed is kept for them. */
  readonly draftSeconds: number;
  /** Keys with `+` between them, the last one a letter, a digit or F1 to F12; null: none. */
  readonly switchKey: string | null;
}

/** When sessions lock and end; zones, roles and kinds of device only ever narrow it. */
export type LockSettings = LimitTable;

export type AnchorSettings =
  | { readonly kind: 'directory'; readonly path: string }
  | {
      readonly kind: 'put';
      /** Ends with `/`; the name of each checkpoint follows. */
      readonly url: string;
      /** Name and value; `{retain-until}` in a value stands for the time until which records are kept. */
      readonly headers: readonly (readonly [string, string])[];
      readonly trustFile: string | null;
      readonly s3?: S3Signing;
    }
  | { readonly kind: 'syslog'; readonly host: string; readonly port: number; readonly trustFile: string | null };

export interface AuditSettings {
  readonly directory: string;
  /** A second directory that takes over, with an alarm, when the first cannot be written. */
  readonly fallbackDirectory: string | null;
  /** How long records are kept: days, or without limit. */
  readonly retention: Retention;
  /** The same for places that want an end of it. */
  readonly keepSeconds: number;
  /** Places on other machines for the checkpoints. */
  readonly anchors: readonly AnchorSettings[];
  readonly feeds: readonly FeedSettings[];
  /** When somebody is reminded that nobody has reviewed who has which role. */
  readonly recertification: DueSettings;
}

/** Both files, read together. */
export interface Configuration {
  readonly settings: Settings;
  readonly policy: Policy;
  /** What was read; absent where it came from no file. */
  readonly read?: ReadFiles;
}

/** What the two files hold, to be kept under the hash of it. */
export interface ReadFiles {
  readonly rules: Uint8Array;
  /** What gateway.yaml says, in lines (`settings-text.ts`). */
  readonly settings: string;
}
