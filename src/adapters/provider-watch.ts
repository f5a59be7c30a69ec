// Looks at the identity provider every few seconds, by asking for its public discovery document, and says how it stands. An
// answer of any kind is one: only silence, a broken line or a server error is none.

import { isDown, isSilent, look, nothingSeen } from '../core/provider/sight.ts';
import type { Sight } from '../core/provider/sight.ts';
import type { ProviderWatch } from '../emergency-ports.ts';
import type { Clock, OperationsLog } from '../ports.ts';
import { isUnavailable } from './provider-faults.ts';
import type { ProviderFetch } from './provider-fetch.ts';

const answerMilliseconds = 5000;

export interface ProviderWatchNeeds {
  readonly issuer: string;
  readonly fetch: ProviderFetch;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: OperationsLog;
}

export class LookingProviderWatch implements ProviderWatch {
  readonly #needs: ProviderWatchNeeds;
  #sight: Sight = nothingSeen;
  #looking: Promise<void> | null = null;

  constructor(needs: ProviderWatchNeeds) {
    this.#needs = needs;
  }

  get silent(): boolean {
    return isSilent(this.#sight);
  }

  get down(): boolean {
    return isDown(this.#sight, this.#needs.clock.now());
  }

  get silentSince(): number | null {
    return this.#sight.silentSince;
  }

  get answersSince(): number | null {
    return this.#sight.answersSince;
  }

  /** For metrics; 0 while it answers. */
  get silentSeconds(): number {
    const { silentSince } = this.#sight;
    return silentSince === null ? 0 : Math.max(0, this.#needs.clock.now() - silentSince) / 1000;
  }

  notices(): readonly string[] {
    if (!this.silent) return [];
    const minutes = Math.floor(this.silentSeconds / 60);
    return [`the identity provider has not answered for ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`];
  }

  /** One look; those at the same time are one. Never rejects. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { clock, log, issuer } = this.#needs;
    const answered = await this.#answers();
    const before = this.#sight;
    this.#sight = look(before, answered, clock.now());
    if (!isSilent(before) && this.silent) log.warn({ issuer }, 'The identity provider does not answer');
    if (isSilent(before) && answered) log.info({ issuer }, 'The identity provider answers again');
  }

  async #answers(): Promise<boolean> {
    const { issuer, fetch } = this.#needs;
    const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    try {
      const signal = AbortSignal.timeout(answerMilliseconds);
      const { status } = await fetch(address, { method: 'GET', headers: { accept: 'application/json' }, signal });
      return status < 500;
    } catch (cause) {
      return !isUnavailable(cause);
    }
  }
}
