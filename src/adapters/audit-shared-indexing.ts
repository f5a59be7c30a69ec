// One gateway's part in the index that all share: brings its own rows up to its log, and asks those of all.

import type { DurableSettings } from '../core/store/store-settings.ts';
import type { ReadRecord } from '../core/audit/read-record.ts';
import type { ReportRecords } from '../report-ports.ts';
import type { RecordSearch } from '../search-ports.ts';
import { IndexFollowing } from './audit-index-following.ts';
import type { TallyLimits } from './audit-index-tally.ts';
import { SharedAuditDb } from './audit-shared-db.ts';
import { lateGateways, readSharedLines } from './audit-shared-lines.ts';
import type { LateGateway } from './audit-shared-lines.ts';
import { sharedRecords } from './audit-shared-records.ts';
import { SharedIndexTarget } from './audit-shared-target.ts';

/** Records written in one transaction. */
const batchRecords = 500;

const noLimits = { pause: (): Promise<void> => Promise.resolve(), longest: Infinity };

export interface SharedIndexingTask {
  readonly store: DurableSettings;
  /** This gateway's number, which PostgreSQL has given to its log. */
  readonly gateway: number;
  /** The log's directory first, then the fallback. */
  readonly directories: readonly string[];
}

export class SharedIndexing {
  readonly #db: SharedAuditDb;
  readonly #gateway: number;
  readonly #following: IndexFollowing;

  constructor({ store, gateway, directories }: SharedIndexingTask) {
    this.#db = new SharedAuditDb(store);
    this.#gateway = gateway;
    this.#following = new IndexFollowing(new SharedIndexTarget(this.#db, gateway), directories, batchRecords);
  }

  /** Records of this gateway that are on its disk and not yet in the index, as far as is known. */
  get behind(): number {
    return this.#following.behind;
  }

  /** Adds what is new. `pause` is awaited between two transactions. The next call begins anew where this one rejects. */
  async catchUp(pause: () => Promise<void>): Promise<void> {
    await this.#following.catchUp(pause);
  }

  records(limits: TallyLimits = noLimits): ReportRecords & RecordSearch {
    return sharedRecords(this.#db.ask, this.#gateway, limits);
  }

  /** The records of all gateways since a time, whole; see `readSharedLines`. */
  lines(since: number): AsyncGenerator<ReadRecord> {
    return readSharedLines(this.#db.ask, since);
  }

  /** Other gateways that did not bring what they recorded last. */
  async late(now: number): Promise<readonly LateGateway[]> {
    return lateGateways(this.#db.ask, this.#gateway, now);
  }

  async close(): Promise<void> {
    await this.#db.close();
  }
}
