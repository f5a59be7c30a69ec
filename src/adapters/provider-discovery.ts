// Finds the provider's endpoints, and goes on trying while it is down: the gateway starts without it, and people who are
// signed in never notice. After a failure it tries again at most every two seconds.

import { readFileSync } from 'node:fs';
import {
  allowInsecureRequests,
  clockTolerance,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  None,
  PrivateKeyJwt,
} from 'openid-client';
import type { ClientAuth, ServerMetadata } from 'openid-client';
import { createPrivateKey } from 'node:crypto';
import type { SignInSettings } from '../config/settings.ts';
import { Fault } from '../core/faults.ts';
import type { Clock, OperationsLog } from '../ports.ts';
import { acceptedAlgorithms, clockToleranceSeconds } from './id-token-checks.ts';
import { providerFault } from './provider-faults.ts';
import type { ProviderFetch } from './provider-fetch.ts';

const requestSeconds = 5;
const pauseMilliseconds = 2000;
const longestPauseMilliseconds = 60_000;

export interface DiscoveryNeeds {
  readonly settings: SignInSettings;
  readonly clock: Clock;
  readonly log: OperationsLog;
  readonly fetch: ProviderFetch;
}

export class ProviderDiscovery {
  readonly #needs: DiscoveryNeeds;
  readonly #insecure: boolean;
  #found: Configuration | null = null;
  #trying: Promise<Configuration> | null = null;
  #failedAt = Number.NEGATIVE_INFINITY;
  #lastFailure: Fault | null = null;
  #pause = pauseMilliseconds;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  /** Throws when the issuer is neither https nor on loopback. */
  constructor(needs: DiscoveryNeeds) {
    this.#needs = needs;
    this.#insecure = isLoopbackHttp(needs.settings.issuer);
  }

  get ready(): boolean {
    return this.#found !== null;
  }

  /** Tries in the background until it succeeds. */
  begin(): void {
    this.configuration().catch(() => {
      if (this.#stopped) return;
      this.#timer = setTimeout(() => {
        this.begin();
      }, this.#pause).unref();
      this.#pause = Math.min(this.#pause * 2, longestPauseMilliseconds);
    });
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** The provider as discovered. Rejects with a Fault; within two seconds of a failure at once. */
  async configuration(): Promise<Configuration> {
    if (this.#found !== null) return this.#found;
    const resting = this.#trying === null && this.#needs.clock.monotonic() - this.#failedAt < pauseMilliseconds;
    if (resting && this.#lastFailure !== null) throw this.#lastFailure;
    this.#trying ??= this.#discover().finally(() => {
      this.#trying = null;
    });
    return this.#trying;
  }

  /** Where the provider's public keys are. Rejects with a Fault, also where they would come over a line anybody can write on. */
  async keysAddress(): Promise<string> {
    const address = new URL((await this.configuration()).serverMetadata().jwks_uri ?? '');
    if (address.protocol !== 'https:' && !this.#insecure) throw misbehaved(`its key set "${address.href}" is not https`);
    return address.href;
  }

  async #discover(): Promise<Configuration> {
    const { settings, log, clock } = this.#needs;
    try {
      this.#found = await this.#ask();
      log.info({ issuer: settings.issuer }, 'The identity provider was found');
      return this.#found;
    } catch (cause) {
      this.#failedAt = clock.monotonic();
      const fault = providerFault(cause, `discovery of ${settings.issuer}`);
      this.#lastFailure = fault;
      log.warn({ issuer: settings.issuer, why: fault.message }, 'The identity provider was not found; trying again');
      throw fault;
    }
  }

  async #ask(): Promise<Configuration> {
    const { settings, fetch } = this.#needs;
    const found = await discovery(new URL(settings.issuer), settings.clientId, undefined, None(), {
      timeout: requestSeconds,
      [customFetch]: fetch,
      execute: this.#insecure ? [allowInsecureRequests] : [],
    });
    const metadata = accept(found.serverMetadata(), settings.issuer);
    const client = {
      [clockTolerance]: clockToleranceSeconds,
      ...(settings.clientSecret === null ? {} : { client_secret: settings.clientSecret }),
    };
    const configuration = new Configuration(metadata, settings.clientId, client, clientAuthentication(settings, metadata));
    configuration.timeout = requestSeconds;
    configuration[customFetch] = fetch;
    // Without this the library trusts TLS alone for ID tokens from the token endpoint and never looks at the signature.
    enableNonRepudiationChecks(configuration);
    if (this.#insecure) allowInsecureRequests(configuration);
    return configuration;
  }
}

/** The metadata, narrowed to what we accept. Throws what is wrong with it. */
function accept(metadata: Readonly<ServerMetadata>, issuer: string): ServerMetadata {
  if (metadata.issuer !== issuer) {
    throw misbehaved(
      `it calls itself "${metadata.issuer}" and the configuration says "${issuer}"; the two must be equal to the letter`,
    );
  }
  const challenges = metadata.code_challenge_methods_supported;
  if (challenges !== undefined && !challenges.includes('S256')) throw misbehaved('it does not offer PKCE with S256');
  const offered = metadata.id_token_signing_alg_values_supported ?? ['RS256'];
  const algorithms = offered.filter((algorithm) => acceptedAlgorithms.includes(algorithm));
  if (algorithms.length === 0)
    throw misbehaved(`it signs with ${offered.join(', ')}; accepted are ${acceptedAlgorithms.join(', ')}`);
  for (const endpoint of ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const) {
    if (metadata[endpoint] === undefined) throw misbehaved(`its metadata has no ${endpoint}`);
  }
  return { ...metadata, id_token_signing_alg_values_supported: algorithms };
}

function misbehaved(what: string): Fault {
  return new Fault('identity-provider-misbehaved', { detail: `The identity provider cannot be used: ${what}` });
}

function clientAuthentication(settings: SignInSettings, metadata: ServerMetadata): ClientAuth {
  if (settings.clientKeyFile !== null) return keyAuthentication(settings.clientKeyFile);
  if (settings.clientSecret === null) return None();
  // RFC 8414: silence means client_secret_basic.
  const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  return methods.includes('client_secret_basic') || !methods.includes('client_secret_post')
    ? ClientSecretBasic(settings.clientSecret)
    : ClientSecretPost(settings.clientSecret);
}

/** `private_key_jwt`: the PEM's kind decides the algorithm. */
function keyAuthentication(file: string): ClientAuth {
  const key = createPrivateKey(readFileSync(file));
  const algorithm = keyAlgorithms[key.asymmetricKeyType ?? ''];
  if (algorithm === undefined) {
    throw new Error(
      `The client key "${file}" is of type "${key.asymmetricKeyType ?? ''}"; RSA, EC P-256 and Ed25519 can be used`,
    );
  }
  return PrivateKeyJwt(key.toCryptoKey(algorithm, false, ['sign']));
}

const keyAlgorithms: Readonly<Record<string, { name: string; hash?: string; namedCurve?: string }>> = {
  rsa: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  ec: { name: 'ECDSA', namedCurve: 'P-256' },
  ed25519: { name: 'Ed25519' },
};

function isLoopbackHttp(issuer: string): boolean {
  const { protocol, hostname } = new URL(issuer);
  if (protocol === 'https:') return false;
  if (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return true;
  throw new Error(`The issuer "${issuer}" is not https; http is accepted on loopback only, because passwords travel there`);
}
