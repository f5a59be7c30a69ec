// Reads everything again where something may have been missed, and keeps what others tell meanwhile until that is done: what is
// read might be older than what was told.

import type { OperationsLog } from '../ports.ts';
import type { ChangeTopic } from '../shared-ports.ts';

type Heard = (entries: readonly string[]) => void;

interface Reload {
  readonly run: () => Promise<void>;
  isOwed: boolean;
}

interface Kept {
  readonly topic: ChangeTopic;
  readonly entries: readonly string[];
}

/** Each of them may hold some hundred keys. */
const mostKept = 5000;
const againMilliseconds = 250;

export class RedisReloads {
  readonly #log: OperationsLog;
  readonly #whole: () => void;
  readonly #reloads: Reload[] = [];
  readonly #followers = new Map<ChangeTopic, Heard[]>();
  #kept: Kept[] = [];
  #isRunning = false;
  #isFailing = false;
  #isClosed = false;

  /** `whole` is called when nothing is owed any more. */
  constructor(log: OperationsLog, whole: () => void) {
    this.#log = log;
    this.#whole = whole;
  }

  /** Whether something in memory may be older than what was told. */
  get outstanding(): boolean {
    return this.#isRunning;
  }

  follow(topic: ChangeTopic, heard: Heard): void {
    this.#followers.set(topic, [...(this.#followers.get(topic) ?? []), heard]);
  }

  /** Runs it once at once: what was told before it was known, it has not heard. */
  add(run: () => Promise<void>): void {
    this.#reloads.push({ run, isOwed: true });
    this.#begin();
  }

  /** Something may have been missed; what was kept until now is read as well. */
  missed(): void {
    this.#kept = [];
    for (const reload of this.#reloads) reload.isOwed = true;
    this.#begin();
  }

  hear(topic: ChangeTopic, entries: readonly string[]): void {
    if (!this.#isRunning) return this.#tell({ topic, entries });
    this.#kept.push({ topic, entries });
    if (this.#kept.length > mostKept) this.missed();
  }

  close(): void {
    this.#isClosed = true;
  }

  #begin(): void {
    if (this.#isRunning || this.#reloads.length === 0) return;
    this.#isRunning = true;
    // In a turn of its own: whoever adds a reload may not be made to its end yet.
    setImmediate(() => void this.#runAll());
  }

  async #runAll(): Promise<void> {
    for (let owed = this.#owed(); owed !== undefined && !this.#isClosed; owed = this.#owed()) await this.#run(owed);
    this.#isRunning = false;
    for (const kept of this.#kept.splice(0)) this.hear(kept.topic, kept.entries);
    if (!this.#isRunning) this.#whole();
  }

  #owed(): Reload | undefined {
    return this.#reloads.find(({ isOwed }) => isOwed);
  }

  /** Whatever is missed from here on is owed again. */
  async #run(reload: Reload): Promise<void> {
    reload.isOwed = false;
    try {
      await reload.run();
      this.#isFailing = false;
    } catch (cause) {
      reload.isOwed = true;
      if (!this.#isFailing)
        this.#log.warn({ error: String(cause) }, 'What other gateways changed cannot be read; it is tried again');
      this.#isFailing = true;
      await new Promise((resolve) => setTimeout(resolve, againMilliseconds));
    }
  }

  /** One that fails to mark what changed has missed it. */
  #tell({ topic, entries }: Kept): void {
    for (const heard of this.#followers.get(topic) ?? []) {
      try {
        heard(entries);
      } catch (cause) {
        this.#log.error({ error: String(cause), topic }, 'What another gateway changed was not taken; everything is read again');
        this.missed();
      }
    }
  }
}
