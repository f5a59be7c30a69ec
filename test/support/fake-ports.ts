// Fakes of the ports that tests look into or turn against us: a clock that is set, an audit log that can refuse.

import type { AuditEntry } from '../../src/core/audit/entry.ts';
import { Fault } from '../../src/core/faults.ts';
import type { AuditLog, Clock, OperationsLog, Receipt } from '../../src/ports.ts';

/** Starts at the real time, because providers and tokens live there; tests move it. */
export class FakeClock implements Clock {
  offset = 0;

  now(): number {
    return Date.now() + this.offset;
  }

  monotonic(): number {
    return performance.now() + this.offset;
  }

  advance(milliseconds: number): void {
    this.offset += milliseconds;
  }
}

/** Keeps the entries. `failAppend` and `failDurable` make the disk full. */
export class FakeAuditLog implements AuditLog {
  readonly entries: AuditEntry[] = [];
  readonly directory = '';
  available = true;
  failAppend = false;
  failDurable = false;

  async append(entry: AuditEntry): Promise<Receipt> {
    if (this.failAppend) throw new Fault('audit-unavailable');
    this.entries.push(entry);
    const durable = this.failDurable ? Promise.reject(new Error('No space left on device')) : Promise.resolve();
    durable.catch(() => undefined);
    return Promise.resolve({ sequence: this.entries.length, durable });
  }

  async close(): Promise<void> {
    return Promise.resolve();
  }

  events(): string[] {
    return this.entries.map((entry) => entry.event);
  }
}

/** Keeps what was said. */
export class FakeLog implements OperationsLog {
  readonly said: { level: string; fields: Readonly<Record<string, unknown>>; message: string }[] = [];

  info(fields: Readonly<Record<string, unknown>>, message: string): void {
    this.said.push({ level: 'info', fields, message });
  }

  warn(fields: Readonly<Record<string, unknown>>, message: string): void {
    this.said.push({ level: 'warn', fields, message });
  }

  error(fields: Readonly<Record<string, unknown>>, message: string): void {
    this.said.push({ level: 'error', fields, message });
  }
}
