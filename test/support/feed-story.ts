// A log that grows while a feed follows it, for the tests of feeds.

import type { AuditFeed } from '../../src/adapters/audit-feed.ts';
import type { SignedAuditLog } from '../../src/adapters/audit-log-file.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import type { AuditEntry, AuditEvent } from '../../src/core/audit/entry.ts';
import { expect } from 'vitest';
import { auditDirectory, openTestLog } from './audit-log.ts';

export const feedTime = Date.UTC(2026, 10, 23, 12);
/** A receiver that lost its gateway eight times has thousands of records to take, and a slow machine gives it few at a time. */
const soon = { timeout: 90_000 };

/** A chart that somebody read. */
export const asked: Partial<AuditEntry> = {
  subject: { issuer: 'https://idp', sub: 'u-1', name: 'jane' },
  address: '10.0.0.5',
  application: 'ehr',
  method: 'GET',
  target: '/chart/7',
  patient: '7',
  action: 'read',
};

export class FeedStory {
  readonly directory = auditDirectory();
  #log: SignedAuditLog | null = null;
  written = 0;

  async start(): Promise<this> {
    this.#log = await openTestLog(this.directory);
    return this;
  }

  /** As a gateway does that ends in order: the signed head then covers everything. */
  async stop(): Promise<void> {
    await this.#log?.close();
    this.#log = null;
  }

  async record(event: AuditEvent, fields: Partial<AuditEntry> = {}): Promise<void> {
    const receipt = await this.#log?.append(auditEntry(event, feedTime + this.written, fields));
    this.written += 1;
    await receipt?.durable;
  }

  /** So many requests, each with its two records and a name to know it by. */
  async requests(count: number, from = 0): Promise<string[]> {
    const names = Array.from({ length: count }, (_none, at) => `r-${from + at}`);
    for (const request of names) {
      await this.record('attempt', { ...asked, request });
      await this.record('outcome', { ...asked, request, status: 200 });
    }
    return names;
  }
}

/** Looks until every record is told. */
export async function reach<Message>(feed: AuditFeed<Message>, { written }: { readonly written: number }): Promise<void> {
  await expect
    .poll(async () => (await feed.look(), feed.status), soon)
    .toMatchObject({ told: written, behind: 0, failure: null });
}

export async function fail<Message>(feed: AuditFeed<Message>, failure: RegExp): Promise<void> {
  await expect.poll(async () => (await feed.look(), feed.status.failure), soon).toMatch(failure);
}
