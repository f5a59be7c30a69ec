// What gateways tell each other, by one stream in Redis. A round writes what was told since the last one and a heartbeat, waits for
// the replicas, and is followed by the next; one is under way at a time, so that everything stays in order and nothing piles up.
// Whatever is in doubt ends the link: the next one begins at the end of the stream, and everything is read again.

import { randomBytes } from 'node:crypto';
import type { RedisSettings } from '../core/store/store-settings.ts';
import type { Clock, OperationsLog } from '../ports.ts';
import type { ChangeTopic, SharedChanges } from '../shared-ports.ts';
import { RedisAsked } from './redis-asked.ts';
import { everythingFields, heartbeatFields, readEntry, toldFields } from './redis-entry.ts';
import { RedisHeartbeats } from './redis-heartbeats.ts';
import { redisNotices } from './redis-notices.ts';
import type { RedisStanding } from './redis-notices.ts';
import { RedisMistake, explainRedis } from './redis-refused.ts';
import { RedisReloads } from './redis-reloads.ts';
import { StreamLink } from './redis-stream-link.ts';
import type { Fields, Written } from './redis-stream-link.ts';
import { RedisTells } from './redis-tells.ts';

const beatMilliseconds = 250;
const currentMilliseconds = 1000;
/** Whoever asks for more is answered by the same round as the others. */
const askedApartMilliseconds = 20;
/** A link whose heartbeats do not count is given up after both: this long, and this many of them. */
const patienceMilliseconds = 2000;
const mostUncounted = 6;
const reopenMilliseconds = [50, 100, 200, 400];
/** Keys in one entry of the stream. */
const mostEntries = 200;
/** A clock that was compared over a longer way is not believed. */
const comparableMilliseconds = 200;

export interface RedisChangesParts {
  readonly clock: Clock;
  readonly log: OperationsLog;
  /** Called when the stream is reached, maybe on another server than before, and when it is lost. */
  readonly onLink?: (isUp: boolean) => void;
}

export class RedisChanges implements SharedChanges {
  readonly #settings: RedisSettings;
  readonly #clock: Clock;
  readonly #log: OperationsLog;
  readonly #onLink: (isUp: boolean) => void;
  readonly #gateway = randomBytes(12).toString('base64url');
  readonly #heartbeats = new RedisHeartbeats();
  readonly #tells = new RedisTells(everythingFields(this.#gateway));
  readonly #asked = new RedisAsked();
  readonly #reloads: RedisReloads;
  #link: StreamLink | null = null;
  #linkedAt = 0;
  #roundAt = Number.NEGATIVE_INFINITY;
  #wake: () => void = () => undefined;
  #reopening: NodeJS.Timeout | null = null;
  #failures = 0;
  #closed = false;
  #standing: RedisStanding = { trouble: null, replicas: 0, skewMilliseconds: null };
  /** Links after the first one. */
  reconnects = 0;

  private constructor(settings: RedisSettings, { clock, log, onLink }: RedisChangesParts) {
    this.#settings = settings;
    this.#clock = clock;
    this.#log = log;
    this.#onLink = onLink ?? (() => undefined);
    this.#reloads = new RedisReloads(log, () => this.#answer());
  }

  /** Rejects, in words that name the fix, where Redis cannot be used. */
  static async open(settings: RedisSettings, parts: RedisChangesParts): Promise<RedisChanges> {
    const changes = new RedisChanges(settings, parts);
    try {
      changes.#adopt(await changes.#openLink());
    } catch (cause) {
      changes.close();
      throw explainRedis(cause, settings);
    }
    return changes;
  }

  async tell(topic: ChangeTopic, entries: readonly string[]): Promise<boolean> {
    if (this.#closed) return false;
    const parts = Array.from({ length: Math.max(1, Math.ceil(entries.length / mostEntries)) }, (_one, index) =>
      entries.slice(index * mostEntries, (index + 1) * mostEntries),
    );
    const now = this.#clock.monotonic();
    const told = parts.map((part) => this.#tells.add(toldFields(this.#gateway, topic, part), now));
    this.#wake();
    return (await Promise.all(told)).every((one) => one);
  }

  follow(topic: ChangeTopic, heard: (entries: readonly string[]) => void): void {
    this.#reloads.follow(topic, heard);
  }

  onMissed(reload: () => Promise<void>): void {
    this.#reloads.add(reload);
  }

  get current(): boolean {
    const since = this.#clock.monotonic() - this.#heartbeats.countedAt;
    return since < currentMilliseconds && !this.#reloads.outstanding && !this.#closed;
  }

  async caughtUp(): Promise<boolean> {
    if (this.#closed) return false;
    const answer = this.#asked.ask();
    this.#wake();
    return answer;
  }

  /** For metrics. The first is null where no heartbeat counts since something may have been missed. */
  figures(): {
    readonly secondsSinceHeartbeat: number | null;
    readonly unconfirmed: number;
    readonly reconnects: number;
    readonly skewMilliseconds: number | null;
  } {
    const since = this.#clock.monotonic() - this.#heartbeats.countedAt;
    return {
      secondsSinceHeartbeat: Number.isFinite(since) ? since / 1000 : null,
      unconfirmed: this.#tells.unconfirmed,
      reconnects: this.reconnects,
      skewMilliseconds: this.#standing.skewMilliseconds,
    };
  }

  /** What is wrong and whom it affects; empty where all is well. */
  notices(): readonly string[] {
    const oldest = this.#tells.oldestSince;
    return redisNotices(this.#settings, this.#standing, {
      isCurrent: this.current,
      unconfirmed: this.#tells.unconfirmed,
      unconfirmedMilliseconds: oldest === null ? 0 : this.#clock.monotonic() - oldest,
    });
  }

  close(): void {
    this.#closed = true;
    if (this.#reopening !== null) clearTimeout(this.#reopening);
    this.#link?.close();
    this.#link = null;
    this.#reloads.close();
    this.#tells.close();
    this.#asked.close();
    this.#wake();
  }

  async #openLink(): Promise<StreamLink> {
    const key = `${this.#settings.prefix}{changes}`;
    return StreamLink.open(this.#settings, key, heartbeatFields(this.#gateway, 0));
  }

  /** From here on everything is heard; what was told before is in the rows that are read again. */
  #adopt(link: StreamLink): void {
    if (this.#closed) return link.close();
    this.#link = link;
    this.#linkedAt = this.#clock.monotonic();
    this.#failures = 0;
    this.#standing = { ...this.#standing, trouble: null, replicas: link.begun.replicas };
    this.#heartbeats.doubt();
    this.#reloads.missed();
    this.#onLink(true);
    link.follow(
      (fields, count) => this.#hear(link, fields, count),
      (cause) => this.#lose(link, cause),
    );
    this.#rounds(link).catch((cause: unknown) => this.#lose(link, cause));
  }

  #lose(link: StreamLink, cause: unknown): void {
    if (link !== this.#link) return;
    link.close();
    this.#link = null;
    this.#heartbeats.forget();
    this.#tells.unsend();
    this.#onLink(false);
    this.#trouble(cause);
    this.#wake();
    this.#reopen();
  }

  #trouble(cause: unknown): void {
    const trouble = explainRedis(cause, this.#settings).message;
    if (trouble !== this.#standing.trouble) this.#log.warn({ error: trouble }, 'What gateways tell each other is interrupted');
    this.#standing = { ...this.#standing, trouble };
  }

  #reopen(): void {
    if (this.#closed) return;
    const wait = reopenMilliseconds[Math.min(this.#failures, reopenMilliseconds.length - 1)];
    this.#failures += 1;
    this.#reopening = setTimeout(() => {
      this.#openLink().then(
        (link) => {
          this.reconnects += 1;
          return this.#adopt(link);
        },
        (cause: unknown) => {
          if (this.#closed) return;
          this.#trouble(cause);
          this.#reopen();
        },
      );
    }, wait);
  }

  async #rounds(link: StreamLink): Promise<void> {
    for (;;) {
      await this.#due();
      if (link !== this.#link) return;
      await this.#round(link);
      if (link !== this.#link) return;
      this.#judgePatience();
    }
  }

  async #due(): Promise<void> {
    for (;;) {
      const wait = this.#closed ? 0 : this.#roundAt + this.#apart() - this.#clock.monotonic();
      if (wait <= 0) return;
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        timer = setTimeout(resolve, wait);
      });
      clearTimeout(timer);
    }
  }

  #apart(): number {
    if (this.#tells.wantsSending || this.#link === null) return 0;
    return this.#asked.isWanted ? askedApartMilliseconds : beatMilliseconds;
  }

  async #round(link: StreamLink): Promise<void> {
    const begunAt = this.#clock.monotonic();
    this.#roundAt = begunAt;
    const number = this.#heartbeats.begin(begunAt);
    this.#asked.begin(number);
    const written = await link.write([...this.#tells.send(), heartbeatFields(this.#gateway, number)]);
    if (link !== this.#link) return;
    this.#compareClocks(written, begunAt);
    this.#standing = { ...this.#standing, replicas: written.replicas };
    if (!this.#heartbeats.written(number, written.added)) throw new RedisMistake('Something in the stream of Redis was missed');
    const kept = await link.acknowledged(this.#settings.replicas);
    if (link !== this.#link || kept < this.#settings.replicas) return;
    this.#tells.confirm();
    this.#heartbeats.confirm();
    this.#answer();
  }

  #judgePatience(): void {
    const last = Math.max(this.#linkedAt, this.#heartbeats.countedAt);
    if (this.#heartbeats.uncounted < mostUncounted || this.#clock.monotonic() - last < patienceMilliseconds) return;
    throw new RedisMistake(
      `Redis does not confirm what is written by ${this.#settings.replicas} replicas, or it cannot be read back; look at its replicas`,
    );
  }

  #compareClocks({ redisTime }: Written, begunAt: number): void {
    const way = this.#clock.monotonic() - begunAt;
    if (way > comparableMilliseconds) return;
    this.#standing = { ...this.#standing, skewMilliseconds: Math.round(this.#clock.now() - way / 2 - redisTime) };
  }

  #hear(link: StreamLink, fields: Fields, count: number): void {
    if (link !== this.#link) return;
    const entry = readEntry(fields);
    if (entry.gateway === this.#gateway) {
      if (entry.kind !== 'heartbeat') return;
      if (!this.#heartbeats.heard(entry.number, count))
        return this.#lose(link, new RedisMistake('Something in the stream of Redis was missed'));
      return this.#answer();
    }
    if (entry.kind === 'told') this.#reloads.hear(entry.topic, entry.entries);
    if (entry.kind === 'everything') {
      this.#heartbeats.doubt();
      this.#reloads.missed();
    }
  }

  /** Whoever asked whether everything was heard. */
  #answer(): void {
    if (!this.#reloads.outstanding) this.#asked.answer(this.#heartbeats.counted);
  }
}
