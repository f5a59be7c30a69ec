// The audit log in files of JSON lines: hash-chained, one file a day, with a signed head beside them. A receipt means that
// write(2) has returned; one write carries all records of a turn of the event loop, one fdatasync all that was written
// meanwhile. Nothing is ever let through unrecorded: while records cannot be made durable the log says so and rejects.
// The format is told in docs/audit-format.md.

import { auditEntry } from '../core/audit/entry.ts';
import type { AuditEntry } from '../core/audit/entry.ts';
import { Fault } from '../core/faults.ts';
import type { AuditLog, Receipt } from '../ports.ts';
import type { Batch } from './audit-batch.ts';
import { AuditDirectories } from './audit-directories.ts';
import { readNextKey } from './audit-key-files.ts';
import { auditLogNeeds } from './audit-log-options.ts';
import type { AuditLogNeeds, AuditLogOptions } from './audit-log-options.ts';
import { AuditLogRefused, causeInWords, errorCode } from './audit-refused.ts';
import type { TornEnd } from './audit-walk.ts';
import { AuditWriter } from './audit-writer.ts';

/**
 * Opens the log. Rejects with AuditLogRefused when another process holds it or when what is there is not sound behind its
 * signed head. Trouble with the disk does not reject: the log opens as unavailable and keeps trying.
 */
export async function openAuditLog(options: AuditLogOptions): Promise<SignedAuditLog> {
  const log = new FileAuditLog(auditLogNeeds(options));
  await log.begin();
  return log;
}

/** Its head can be signed with the key of the next day. */
export interface SignedAuditLog extends AuditLog {
  /** Signs with the key that follows, the head on the disk first. Throws where there is none or the head cannot be written. */
  signWithNext(): void;
  /** Records written since it was opened, and how many of them are refusals. */
  readonly counts: { readonly records: number; readonly refusals: number };
}

interface Waiting {
  readonly entry: AuditEntry;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (cause: Fault) => void;
}

/** A time during which records cannot be made durable. */
interface Outage {
  readonly cause: unknown;
  /** Epoch milliseconds. */
  readonly time: number;
  /** Monotonic milliseconds. */
  readonly since: number;
  /** The record of it, and all it repeats, are on the disk. */
  recorded: boolean;
  reserveGivenUp: boolean;
  refused: number;
  /** The failure reported last, so that a lasting one is reported once. */
  reported: string;
}

class FileAuditLog implements SignedAuditLog {
  readonly directory: string;
  readonly counts = { records: 0, refusals: 0 };
  readonly #needs: AuditLogNeeds;
  readonly #directories: AuditDirectories;
  readonly #writer: AuditWriter;
  #queue: Waiting[] = [];
  #outage: Outage | null = null;
  #recovering: Promise<void> | null = null;
  #retry: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(needs: AuditLogNeeds) {
    this.directory = needs.directory;
    this.#needs = needs;
    this.#directories = new AuditDirectories({ ...needs, reserveBytes: needs.limits.reserveBytes });
    this.#writer = new AuditWriter(needs, this.#directories, (cause) => this.#lose(cause));
  }

  get available(): boolean {
    return this.#outage === null && !this.#closed && !this.#writer.stalled;
  }

  append(entry: AuditEntry): Promise<Receipt> {
    const { waitingRecords, waitingBytes } = this.#needs.limits;
    const { backlog } = this.#writer;
    const isFull = this.#queue.length + backlog.records >= waitingRecords || backlog.bytes >= waitingBytes;
    if (!isFull && this.available) return this.#enqueue(entry);
    if (this.#outage !== null) this.#outage.refused += 1;
    return Promise.reject(this.#fault());
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#flush();
    await this.#drained();
    if (this.#retry !== null) clearTimeout(this.#retry);
    await this.#recovering;
    await this.#recover();
    this.#flush();
    await this.#drained();
    this.#writer.backlog.giveUpWaiting(this.#fault());
    this.#writer.close();
    this.#directories.release();
  }

  signWithNext(): void {
    const next = readNextKey(this.#needs.signingKeyFile);
    if (next === null) throw new Error('there is no next signing key');
    this.#writer.signWith(next);
  }

  /** Finds the end of the log and gets ready to write. */
  async begin(): Promise<void> {
    try {
      const start = await this.#writer.locate();
      if (start.unfinished !== null) return this.#lose(new Error('an earlier recovery was cut short'));
      this.#writer.open();
      await Promise.all(start.torn.map((torn) => this.#repaired(torn)));
    } catch (cause) {
      if (cause instanceof AuditLogRefused) {
        this.#directories.release();
        throw cause;
      }
      this.#lose(cause);
    }
  }

  async #repaired({ file, bytes }: TornEnd): Promise<void> {
    this.#needs.log.warn({ file: file.name, bytes }, 'The audit log ended in a torn line, which was cut');
    const detail = `${bytes} bytes of a torn last line were cut from "${file.name}"`;
    await this.#note(auditEntry('audit-repaired', this.#needs.clock.now(), { detail }));
  }

  #enqueue(entry: AuditEntry): Promise<Receipt> {
    return new Promise((resolve, reject) => {
      if (this.#queue.push({ entry, resolve, reject }) === 1) setImmediate(() => this.#flush());
    });
  }

  /** A record of our own; where it cannot be written, the outage that follows tells more than it would. */
  async #note(entry: AuditEntry): Promise<void> {
    await this.#enqueue(entry).catch(() => {});
  }

  /** Writes everything that is waiting with one write. */
  #flush(): void {
    const waiting = this.#queue;
    this.#queue = [];
    if (waiting.length === 0) return;
    if (this.#outage !== null) return this.#rejectAll(waiting);
    try {
      const { kept, error } = this.#writer.write(waiting.map(({ entry }) => entry));
      if (kept !== null) this.#settle(waiting, kept);
      if (error === null) return this.#writer.sync();
      this.#lose(error);
      this.#rejectAll(waiting.slice(kept?.records ?? 0));
    } catch (cause) {
      this.#lose(cause);
      this.#rejectAll(waiting);
    }
  }

  /** Tells everybody whose record is in the file. One promise of durability serves the whole batch. */
  #settle(waiting: readonly Waiting[], { firstSequence, records, durable }: Batch): void {
    this.counts.records += records;
    for (const [index, { entry, resolve }] of waiting.slice(0, records).entries()) {
      if (entry.event === 'refusal') this.counts.refusals += 1;
      resolve({ sequence: firstSequence + index, durable });
    }
  }

  #rejectAll(waiting: readonly Waiting[]): void {
    for (const { reject } of waiting) reject(this.#fault());
  }

  /** From now on nothing may be recorded, and so nothing may be opened, until all that was written is on a disk. */
  #lose(cause: unknown): void {
    if (this.#outage !== null) return;
    const { clock, log } = this.#needs;
    const error = causeInWords(cause);
    this.#outage = {
      cause,
      time: clock.now(),
      since: clock.monotonic(),
      recorded: false,
      reserveGivenUp: false,
      refused: 0,
      reported: error,
    };
    log.error({ directory: this.directory, error }, 'The audit log cannot be written; requests are refused until it can');
    this.#makeRoom(this.#outage, cause);
    this.#writer.giveUpSegments(error, this.#outage.time);
    this.#retry = setTimeout(() => this.#startRecovery(), 0);
  }

  #startRecovery(): void {
    this.#recovering = this.#recover();
  }

  /** Never rejects. */
  async #recover(): Promise<void> {
    const outage = this.#outage;
    if (outage === null) return;
    try {
      if (!this.#writer.located) {
        await this.#writer.locate();
        this.#writer.giveUpSegments(causeInWords(outage.cause), outage.time);
      }
      if (!outage.recorded) await this.#writer.rewrite(!outage.reserveGivenUp);
      outage.recorded = true;
      if (outage.reserveGivenUp) this.#writer.regainReserve();
      this.#resume(outage);
    } catch (cause) {
      this.#stayOut(outage, cause);
    }
  }

  #resume(outage: Outage): void {
    const { clock, log } = this.#needs;
    const seconds = Math.round((clock.monotonic() - outage.since) / 1000);
    this.#outage = null;
    log.warn({ directory: this.directory, seconds, refused: outage.refused }, 'The audit log can be written again');
    const detail = `Recording goes on after ${seconds} s, ${outage.refused} records were refused meanwhile`;
    void this.#note(auditEntry('audit-outage', clock.now(), { detail }));
  }

  #stayOut(outage: Outage, cause: unknown): void {
    const { clock, log, limits } = this.#needs;
    const error = causeInWords(cause);
    if (error !== outage.reported) log.error({ directory: this.directory, error }, 'The audit log still cannot be written');
    outage.reported = error;
    this.#makeRoom(outage, cause);
    const isOverdue = clock.monotonic() - outage.since > limits.outageWaitMilliseconds;
    if (isOverdue || this.#closed) this.#writer.backlog.giveUpWaiting(this.#fault());
    if (!this.#closed) this.#retry = setTimeout(() => this.#startRecovery(), limits.retryEveryMilliseconds);
  }

  /** Without room on the disk the reserve is given up, so that at least the outage can be recorded. */
  #makeRoom(outage: Outage, cause: unknown): void {
    if (outage.reserveGivenUp || !['ENOSPC', 'EDQUOT'].includes(errorCode(cause))) return;
    outage.reserveGivenUp = true;
    this.#directories.releaseReserves();
  }

  /** Resolves when everything written is on the disk, or when an outage stands in the way. */
  async #drained(): Promise<void> {
    let { newest } = this.#writer.backlog;
    while (newest !== undefined && this.#outage === null) {
      await newest.batch.durable.catch(() => {});
      ({ newest } = this.#writer.backlog);
    }
  }

  #fault(): Fault {
    return new Fault('audit-unavailable', this.#outage === null ? {} : { cause: this.#outage.cause });
  }
}
