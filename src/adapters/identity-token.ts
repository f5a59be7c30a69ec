// Signs the statement of who is asking, for EHRs that can check one: a short-lived EdDSA JWT (RFC 7519, RFC 8037) whose
// public key is published under our prefix. A gateway alone has a key as long as its process lives; several derive theirs from the
// master keys that all of them have, because an EHR asks whichever the balancer chooses. EHRs fetch a new one by its `kid`.

import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Caller } from '../core/session/machine-session.ts';

const lifetimeSeconds = 60;
/** What stands before the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410, section 7). */
const ed25519Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

interface SigningKey {
  readonly privateKey: KeyObject;
  readonly kid: string;
  /** Public, as it is published (RFC 7517). */
  readonly jwk: Record<string, unknown>;
}

export class IdentityTokens {
  readonly #signing: SigningKey;
  readonly #published: readonly SigningKey[];
  readonly #header: string;

  /** `seeds`: 32 bytes each in base64url, the one to sign with first. Empty: a key of this process alone. */
  constructor(seeds: readonly string[] = []) {
    const [first, ...others] = seeds.map((seed) =>
      createPrivateKey({ key: Buffer.concat([ed25519Prefix, Buffer.from(seed, 'base64url')]), format: 'der', type: 'pkcs8' }),
    );
    this.#signing = signingKey(first ?? generateKeyPairSync('ed25519').privateKey);
    this.#published = [this.#signing, ...others.map(signingKey)];
    this.#header = encode({ alg: 'EdDSA', typ: 'JWT', kid: this.#signing.kid });
  }

  /** A token for one request: `iss` the public address, `aud` the application, times in epoch seconds. */
  sign(session: Caller, issuer: string, application: string, now: number): string {
    const seconds = Math.floor(now / 1000);
    const claims = {
      iss: issuer, aud: application, sub: session.subject.sub, provider: session.subject.issuer, name: session.subject.name,
      roles: session.roles, sid: session.reference, iat: seconds, exp: seconds + lifetimeSeconds,
    }; // prettier-ignore
    const signed = `${this.#header}.${encode(claims)}`;
    return `${signed}.${sign(null, Buffer.from(signed), this.#signing.privateKey).toString('base64url')}`;
  }

  /** The published key set (RFC 7517). */
  keySet(): { readonly keys: readonly Record<string, unknown>[] } {
    return { keys: this.#published.map(({ jwk }) => jwk) };
  }
}

function signingKey(privateKey: KeyObject): SigningKey {
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' });
  const kid = createHash('sha256').update(String(jwk['x'])).digest('base64url').slice(0, 16);
  return { privateKey, kid, jwk: { ...jwk, kid, use: 'sig', alg: 'EdDSA' } };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
