// The provider's public keys, for tokens that no request of ours asked for. Fetched when they are first needed, believed for
// ten minutes, and asked for again for an unknown key at most once a minute: anybody may send such a token, and none of
// them may make the gateway ask the provider for each. Never takes a key from the token itself (`jwk`, `jku`, `x5u`).

import { createLocalJWKSet, errors } from 'jose';
import type { CryptoKey, FlattenedJWSInput, JSONWebKeySet, JWSHeaderParameters } from 'jose';
import { Fault } from '../core/faults.ts';
import type { Clock } from '../ports.ts';
import { providerFault } from './provider-faults.ts';
import type { ProviderFetch } from './provider-fetch.ts';

const believedMilliseconds = 600_000;
const refetchMilliseconds = 60_000;
/** Pause after a fetch that failed, so that a dead provider is not asked for every token. */
const restMilliseconds = 2000;
const requestSeconds = 5;

export interface ProviderKeysNeeds {
  /** `jwks_uri` as discovered. Rejects with a Fault while there is none. */
  readonly address: () => Promise<string>;
  readonly fetch: ProviderFetch;
  readonly clock: Pick<Clock, 'monotonic'>;
}

type KeySet = ReturnType<typeof createLocalJWKSet>;

export class ProviderKeys {
  readonly #needs: ProviderKeysNeeds;
  #keys: KeySet | null = null;
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #failedAt = Number.NEGATIVE_INFINITY;
  #lastFailure: Fault | null = null;
  #fetching: Promise<KeySet> | null = null;

  constructor(needs: ProviderKeysNeeds) {
    this.#needs = needs;
  }

  /** The key for a token's header. Rejects with a Fault where the keys cannot be had, else with an error of jose. */
  readonly find = async (header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> => {
    const isFresh = this.#needs.clock.monotonic() - this.#fetchedAt < believedMilliseconds;
    const keys = (isFresh ? this.#keys : null) ?? (await this.#fetch());
    try {
      return await keys(header, token);
    } catch (cause) {
      const asked = Math.max(this.#fetchedAt, this.#failedAt);
      const lately = this.#needs.clock.monotonic() - asked < refetchMilliseconds;
      if (!(cause instanceof errors.JWKSNoMatchingKey) || lately) throw cause;
      return (await this.#fetch())(header, token);
    }
  };

  async #fetch(): Promise<KeySet> {
    const resting = this.#fetching === null && this.#needs.clock.monotonic() - this.#failedAt < restMilliseconds;
    if (resting && this.#lastFailure !== null) throw this.#lastFailure;
    this.#fetching ??= this.#ask().finally(() => {
      this.#fetching = null;
    });
    return this.#fetching;
  }

  async #ask(): Promise<KeySet> {
    const { address, fetch, clock } = this.#needs;
    try {
      const url = await address();
      const headers = { accept: 'application/json, application/jwk-set+json' };
      const answer = await fetch(url, { method: 'GET', headers, signal: AbortSignal.timeout(requestSeconds * 1000) });
      if (answer.status >= 500) throw answer;
      if (answer.status !== 200) throw new Error(`The key set was answered with ${answer.status}`);
      this.#keys = createLocalJWKSet((await answer.json()) as JSONWebKeySet);
      this.#fetchedAt = clock.monotonic();
      return this.#keys;
    } catch (cause) {
      this.#failedAt = clock.monotonic();
      this.#lastFailure = providerFault(cause, 'request for its keys');
      throw this.#lastFailure;
    }
  }
}
