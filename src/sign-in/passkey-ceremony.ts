// What a browser is asked to do with a passkey, and whether what it answers may be believed. Origin and domain come from the
// configuration and never from a header; the device must have verified its person (WebAuthn Level 3, 7.1 and 7.2).

import { hash } from 'node:crypto';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { passkeyDomain } from '../core/second-factor/passkey-domain.ts';
import { passkeyName } from '../core/second-factor/passkey-name.ts';
import type { Passkey } from '../passkey-ports.ts';
import type { OwnPageContext, Subject } from '../ports.ts';
import type { Challenges } from './challenges.ts';
import { challengeSeconds } from './challenges.ts';
import { personKey } from './person-key.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** Ed25519, ES256 and RS256: what devices in use offer, and what every runtime verifies. */
const algorithms = [-8, -7, -257];

type Needs = Pick<SignInNeeds, 'settings' | 'passkeys' | 'clock'>;

/** Where and for whom: `owner` names the purpose and the browser's session, as `Challenges` wants it. */
export interface Ceremony {
  readonly challenges: Challenges;
  readonly owner: string;
  readonly subject: Subject;
  readonly context: Pick<OwnPageContext, 'application'>;
}

/** What `navigator.credentials.get` is given, as JSON. */
export async function askOptions(needs: Needs, { challenges, owner, subject, context }: Ceremony) {
  // Loaded when it is first needed: it is large, and many clinics ask for codes alone.
  const { generateAuthenticationOptions } = await import('@simplewebauthn/server');
  const known = await needs.passkeys.list(subject.issuer, subject.sub);
  return generateAuthenticationOptions({
    rpID: placeOf(needs, context).domain,
    challenge: bytesOf(await challenges.issue(owner)),
    timeout: challengeSeconds * 1000,
    userVerification: 'required',
    allowCredentials: known.map(described),
  });
}

/** What `navigator.credentials.create` is given, as JSON. */
export async function addOptions(needs: Needs, { challenges, owner, subject, context }: Ceremony) {
  const { generateRegistrationOptions } = await import('@simplewebauthn/server');
  const known = await needs.passkeys.list(subject.issuer, subject.sub);
  return generateRegistrationOptions({
    rpName: needs.settings.clinic.name,
    rpID: placeOf(needs, context).domain,
    // Nothing on the device says who the person is at the provider.
    userID: new Uint8Array(hash('sha256', `passkey ${personKey(subject)}`, 'buffer')),
    userName: subject.name,
    userDisplayName: subject.displayName,
    challenge: bytesOf(await challenges.issue(owner)),
    timeout: challengeSeconds * 1000,
    attestationType: 'none',
    excludeCredentials: known.map(described),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    supportedAlgorithmIDs: algorithms,
  });
}

export type Asserted =
  | { readonly proved: true; readonly passkey: Passkey }
  | { readonly proved: false; readonly why: string }
  /** Signed by its key, but counting backwards: there are two of it. */
  | { readonly proved: false; readonly why: string; readonly copied: true };

/** Judges the answer to `askOptions`. `answer` is what the browser sent, believed in nothing. */
export async function judgeAssertion(needs: Needs, ceremony: Ceremony, answer: unknown): Promise<Asserted> {
  const { challenges, owner, subject, context } = ceremony;
  const response = parsed(answer) as AuthenticationResponseJSON | null;
  if (response === null) return { proved: false, why: 'the answer of the browser cannot be read' };
  const theirs = await needs.passkeys.list(subject.issuer, subject.sub);
  const passkey = theirs.find(({ id }) => id === response.id);
  if (passkey === undefined) return { proved: false, why: 'the passkey is not one of theirs' };
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  const place = placeOf(needs, context);
  const credential = { id: passkey.id, publicKey: bytesOf(passkey.publicKey), counter: 0 };
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: async (challenge) => challenges.take(owner, challenge),
      expectedOrigin: place.origin,
      expectedRPID: place.domain,
      requireUserVerification: true,
      credential,
    });
    if (!verified) return { proved: false, why: 'its signature is wrong' };
    const { newCounter } = authenticationInfo;
    // The counter is judged here, after the signature, so that nobody without the key can make a passkey look copied.
    if (await needs.passkeys.use(subject.issuer, subject.sub, passkey.id, newCounter, needs.clock.now()))
      return { proved: true, passkey };
    const why = `passkey "${passkey.name}" counts ${newCounter} after ${passkey.counter}, so there may be a copy of it`;
    return { proved: false, why, copied: true };
  } catch (cause) {
    return { proved: false, why: whyOf(cause) };
  }
}

export type Registered = { readonly ok: true; readonly passkey: Passkey } | { readonly ok: false; readonly why: string };

/** Judges the answer to `addOptions`. Nothing is kept yet. */
export async function judgeRegistration(needs: Needs, ceremony: Ceremony, answer: unknown, name: unknown): Promise<Registered> {
  const { challenges, owner, context } = ceremony;
  const response = parsed(answer) as RegistrationResponseJSON | null;
  if (response === null) return { ok: false, why: 'the answer of the browser cannot be read' };
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  const place = placeOf(needs, context);
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: async (challenge) => challenges.take(owner, challenge),
      expectedOrigin: place.origin,
      expectedRPID: place.domain,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    });
    if (!verified) return { ok: false, why: 'its attestation is wrong' };
    const { id, publicKey, counter } = registrationInfo.credential;
    return {
      ok: true,
      passkey: {
        id,
        name: passkeyName(name),
        publicKey: Buffer.from(publicKey).toString('base64url'),
        counter,
        transports: plainTransports(response),
        addedAt: needs.clock.now(),
        usedAt: null,
      },
    };
  } catch (cause) {
    return { ok: false, why: whyOf(cause) };
  }
}

function placeOf({ settings }: Needs, { application }: Pick<OwnPageContext, 'application'>) {
  const origin = settings.applications.get(application)?.origin ?? '';
  return { origin, domain: passkeyDomain(settings.secondFactor.passkeyDomain, new URL(origin).hostname) };
}

function described({ id, transports }: Passkey) {
  return { id, transports: transports as ('usb' | 'nfc' | 'ble' | 'internal' | 'hybrid')[] };
}

/** A credential as browsers write it (WebAuthn Level 3, 5.1.6), as far as it is looked at here; null where it is none. */
function parsed(answer: unknown): { readonly id: string; readonly response: object } | null {
  if (typeof answer !== 'string') return null;
  try {
    const value: unknown = JSON.parse(answer);
    if (typeof value !== 'object' || value === null || !('id' in value) || !('response' in value)) return null;
    const { id, response } = value;
    return typeof id === 'string' && typeof response === 'object' && response !== null ? { ...value, id, response } : null;
  } catch {
    // Not JSON: the same as no answer.
    return null;
  }
}

function plainTransports(response: RegistrationResponseJSON): readonly string[] {
  const given: unknown = response.response.transports;
  if (!Array.isArray(given)) return [];
  return given.filter((one): one is string => typeof one === 'string' && /^[a-z-]{1,20}$/.test(one)).slice(0, 6);
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(base64url, 'base64url'));
}

/** The package quotes what was sent; a record keeps one short line of it. */
function whyOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : 'it cannot be read';
  return text.replaceAll(/[^\x20-\x7e]+/g, ' ').slice(0, 200);
}
