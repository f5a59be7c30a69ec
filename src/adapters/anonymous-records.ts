// A budget of audit records per address for requests that nobody has signed in for. What goes over it is counted and
// written once a minute as one record per address, so that a stranger can neither fill the disk nor vanish.

import { auditEntry } from '../core/audit/entry.ts';
import type { AuditLog, Clock } from '../ports.ts';

const windowMilliseconds = 60_000;
const addressesMax = 10_000;

export class AnonymousRecords {
  readonly #perMinute: number;
  readonly #audit: AuditLog;
  readonly #clock: Clock;
  readonly #counts = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(perMinute: number, audit: AuditLog, clock: Clock) {
    this.#perMinute = perMinute;
    this.#audit = audit;
    this.#clock = clock;
    this.#timer = setInterval(() => void this.flush().catch(() => undefined), windowMilliseconds);
    this.#timer.unref();
  }

  /** True while this address may still have a record of its own in this minute. */
  mayRecord(address: string): boolean {
    const key = this.#counts.size < addressesMax || this.#counts.has(address) ? address : 'others';
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return count <= this.#perMinute;
  }

  /** Writes the sums of the minute and starts the next one. */
  async flush(): Promise<void> {
    const over = [...this.#counts].filter(([, count]) => count > this.#perMinute);
    this.#counts.clear();
    for (const [address, count] of over) {
      const detail = `${count - this.#perMinute} further refused requests from this address in a minute`;
      await this.#audit.append(auditEntry('refusals-summed', this.#clock.now(), { address, decision: 'refused', detail }));
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
