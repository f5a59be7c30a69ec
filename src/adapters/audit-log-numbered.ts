// The log of one of several gateways, as everybody else in the gateway sees it: what it wrote is called by the number that the
// record has among all of them. The log itself counts from 1 and knows nothing of it.

import type { AuditEntry } from '../core/audit/entry.ts';
import { recordNumber } from '../core/audit/record-number.ts';
import type { Receipt } from '../ports.ts';
import type { SignedAuditLog } from './audit-log-file.ts';

/** The first gateway's numbers are those of its log. */
export function numberedLog(log: SignedAuditLog, gateway: number): SignedAuditLog {
  return gateway === 1 ? log : new NumberedAuditLog(log, gateway);
}

class NumberedAuditLog implements SignedAuditLog {
  readonly #log: SignedAuditLog;
  readonly #gateway: number;

  constructor(log: SignedAuditLog, gateway: number) {
    this.#log = log;
    this.#gateway = gateway;
  }

  async append(entry: AuditEntry): Promise<Receipt> {
    const { sequence, durable } = await this.#log.append(entry);
    return { sequence: recordNumber({ gateway: this.#gateway, sequence }), durable };
  }

  get available(): boolean {
    return this.#log.available;
  }

  get directory(): string {
    return this.#log.directory;
  }

  get counts(): SignedAuditLog['counts'] {
    return this.#log.counts;
  }

  signWithNext(): void {
    this.#log.signWithNext();
  }

  async close(): Promise<void> {
    await this.#log.close();
  }
}
