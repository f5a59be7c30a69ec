// Signs the statement of who is asking, for EHRs that can check one: a short-lived EdDSA JWT (RFC 7519, RFC 8037) whose
// public key is published under our prefix. The key lives as long as the process; EHRs fetch the new one by its `kid`.

import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Caller } from '../core/session/machine-session.ts';

const lifetimeSeconds = 60;

export class IdentityTokens {
  readonly #privateKey: KeyObject;
  readonly #jwk: Record<string, unknown>;
  readonly #header: string;

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    this.#privateKey = privateKey;
    const jwk = publicKey.export({ format: 'jwk' });
    const kid = createHash('sha256').update(String(jwk['x'])).digest('base64url').slice(0, 16);
    this.#jwk = { ...jwk, kid, use: 'sig', alg: 'EdDSA' };
    this.#header = encode({ alg: 'EdDSA', typ: 'JWT', kid });
  }

  /** A token for one request: `iss` the public address, `aud` the application, times in epoch seconds. */
  sign(session: Caller, issuer: string, application: string, now: number): string {
    const seconds = Math.floor(now / 1000);
    const claims = {
      iss: issuer, aud: application, sub: session.subject.sub, provider: session.subject.issuer, name: session.subject.name,
      roles: session.roles, sid: session.reference, iat: seconds, exp: seconds + lifetimeSeconds,
    }; // prettier-ignore
    const signed = `${this.#header}.${encode(claims)}`;
    return `${signed}.${sign(null, Buffer.from(signed), this.#privateKey).toString('base64url')}`;
  }

  /** The published key set (RFC 7517). */
  keySet(): { readonly keys: readonly Record<string, unknown>[] } {
    return { keys: [this.#jwk] };
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
