// What `wardgate init` knows so far. It is complete from the beginning: what nobody has answered yet stands in for the
// answer, so that the loader itself can judge each new answer among all the others.

import { isNamedPfx } from '../../config/certificate-bytes.ts';
import type { PresetFacts } from './preset-facts.ts';

export const roles = ['physician', 'nurse', 'front-desk', 'billing', 'records', 'it', 'privacy'] as const;
export type RoleName = (typeof roles)[number];

export const providers = ['keycloak', 'entra', 'generic'] as const;
export type ProviderKind = (typeof providers)[number];

/** In which form the provider tells what somebody is. */
export type GroupForm = 'group' | 'realm-role' | 'group-id' | 'group-name' | 'app-role' | 'claim';

export type SignOnAnswer =
  | { readonly by: 'none' | 'own-password' }
  | { readonly by: 'header'; readonly name: string }
  | { readonly by: 'account'; readonly name: string; readonly passwordFile: string };

export interface Answers {
  readonly address: string;
  readonly clinic: string;
  readonly timezone: string;
  readonly help: string;
  /** Null for an EHR that nothing is known of. */
  readonly preset: PresetFacts | null;
  readonly upstream: string;
  /** Null where the way to the EHR is encrypted or stays on this machine. */
  readonly plainHttpBecause: string | null;
  readonly ehrTrust: string | null;
  /** Null for what the preset says. */
  readonly root: string | null;
  readonly signOn: SignOnAnswer;
  readonly signOnValues: ReadonlyMap<string, string>;
  readonly provider: ProviderKind;
  readonly issuer: string;
  readonly issuerTrust: string | null;
  readonly clientId: string;
  readonly secret: { readonly in: 'file' | 'environment'; readonly name: string };
  readonly groupForm: GroupForm;
  readonly rolesClaim: string;
  /** Roles that the clinic does not have are not in it. */
  readonly groups: ReadonlyMap<RoleName, readonly string[]>;
  readonly tlsEndedBy: readonly string[];
  readonly certificate: string;
  /** Of no use beside a PFX, which holds its key itself. */
  readonly keyFile: string;
  readonly passphraseFile: string | null;
  /** Null for the port of the address. */
  readonly port: string | null;
  readonly healthPort: string | null;
  readonly zones: ReadonlyMap<string, readonly string[]>;
  readonly audit: string;
  readonly data: string;
}

export const standIns: Answers = {
  address: 'https://ehr.clinic.example',
  clinic: 'Our clinic',
  timezone: 'UTC',
  help: 'the IT desk',
  preset: null,
  upstream: 'https://192.0.2.1',
  plainHttpBecause: null,
  ehrTrust: null,
  root: null,
  signOn: { by: 'none' },
  signOnValues: new Map(),
  provider: 'generic',
  issuer: 'https://login.clinic.example/realms/clinic',
  issuerTrust: null,
  clientId: 'wardgate',
  secret: { in: 'file', name: 'client-secret' },
  groupForm: 'claim',
  rolesClaim: 'groups',
  groups: new Map(roles.map((role) => [role, [`Clinic ${role}`]])),
  tlsEndedBy: [],
  certificate: 'ehr.pem',
  keyFile: 'ehr.key',
  passphraseFile: null,
  port: null,
  healthPort: null,
  zones: new Map(),
  audit: 'data/audit',
  data: 'data',
};

/** The address as a URL; that of a stand-in where it is none. */
export function addressOf({ address }: Answers): URL {
  return URL.canParse(address) ? new URL(address) : new URL(standIns.address);
}

/** Whether people come to the gateway by https and it ends the encryption itself. */
export function endsTls(answers: Answers): boolean {
  return addressOf(answers).protocol === 'https:' && answers.tlsEndedBy.length === 0;
}

/** Whether a key stands in a file of its own beside the certificate. */
export function hasKeyFile(answers: Answers): boolean {
  return endsTls(answers) && !isNamedPfx(answers.certificate);
}

/** The zone that counts as inside: `clinic`, or the first one. */
export function insideZone({ zones }: Answers): string | null {
  return zones.has('clinic') ? 'clinic' : ([...zones.keys()][0] ?? null);
}
