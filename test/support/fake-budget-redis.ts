// A Redis as far as the budgets of several gateways see it: it writes over the version that was expected, and says what stands
// otherwise. A test makes it slow, deaf or forgetful, each at the moment it chooses; the real one is tried beside it.

import type { BudgetRedis } from '../../src/adapters/shared-budget-place.ts';

interface Kept {
  readonly version: string;
  readonly value: string;
}

export class FakeBudgetRedis implements BudgetRedis {
  readonly kept = new Map<string, Kept>();
  asked = 0;
  written = 0;
  /** What happens to a question: answered; refused; done and never answered; or never heard. */
  mode: 'up' | 'down' | 'answer-lost' | 'silent' = 'up';
  /** Waited for before each question is looked at, and before its answer is given. */
  lag: () => Promise<void> = () => Promise.resolve();

  async eval(_script: string, key: string, [expected = '', version = '', value = '']: readonly (string | number)[]) {
    this.asked += 1;
    const { mode } = this;
    await this.lag();
    if (mode === 'down') throw new Error('Connection is closed');
    const answer =
      mode === 'silent' ? null : this.#step(key, String(expected), { version: String(version), value: String(value) });
    if (mode !== 'up') return new Promise<never>(() => undefined);
    await this.lag();
    return answer;
  }

  /** As after a fail-over to a replica that was behind. */
  setBack(to: ReadonlyMap<string, Kept>): void {
    this.kept.clear();
    for (const [key, kept] of to) this.kept.set(key, kept);
  }

  #step(key: string, expected: string, next: Kept): 1 | readonly [string, string] {
    const stands = this.kept.get(key) ?? { version: '', value: '' };
    if (stands.version !== expected) return [stands.version, stands.value];
    if (next.version !== '') {
      this.kept.set(key, next);
      this.written += 1;
    }
    return 1;
  }
}
