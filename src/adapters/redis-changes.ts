// What gateways tell each other, by one stream in Redis. A round writes what was told since the last one and a heartbeat, waits for
// the replicas, and is followed by the next; one is under way at a time, so that everything stays in order and nothing piles up.
// Whatever is in doubt ends the link: the next one begins at the end of the stream, and everything is read again.

import { randomBytes } from 'node:crypto';
import type { RedisSettings } from '../core/store/store-settings.ts';
import type { Clock, OperationsLog } from '../ports.ts';
import type { ChangeTopic, SharedChanges, StoreTimed } from '../shared-ports.ts';
import type { StreamClaims } from './postgres-streams.ts';
import { RedisAsked } from './redis-asked.ts';
import { entryFields, heartbeatFields, readEntry, toldFields } from './redis-entry.ts';
import type { RedisEntry } from './redis-entry.ts';
import { RedisHeartbeats } from './redis-heartbeats.ts';
import { RedisLinkKeeper } from './redis-link-keeper.ts';
import { redisNotices } from './redis-notices.ts';
import { RedisPeers } from './redis-peers.ts';
import { RedisMistake } from './redis-refused.ts';
import { RedisReloads } from './redis-reloads.ts';
import type { Fields, StreamLink, Written } from './redis-stream-link.ts';
import { RedisTells } from './redis-tells.ts';
import { timed } from './timed.ts';

const beatMilliseconds = 250;
const currentMilliseconds = 1000;
/** Whoever asks for more is answered by the same round as the others. */
const askedApartMilliseconds = 10;
/** A link whose heartbeats do not count is given up after both: this long, and this many of them. */
const patienceMilliseconds = 2000;
const mostUncounted = 6;
/** Keys in one entry of the stream. */
const mostEntries = 200;
/** A clock that was compared over a longer way is not believed. */
const comparableMilliseconds = 200;

export interface RedisFigures {
  /** Null where no heartbeat counts since something may have been missed. */
  readonly secondsSinceHeartbeat: number | null;
  readonly unconfirmed: number;
  readonly reconnects: number;
  readonly skewMilliseconds: number | null;
}

export interface RedisChangesParts {
  readonly clock: Clock;
  readonly log: OperationsLog;
  /** Called when the stream is reached, maybe on another server than before, and when it is lost. */
  readonly onLink?: (isUp: boolean) => void;
  /** Whether all who use the same rows hear the same stream. Left out: nobody else does. */
  readonly streams?: StreamClaims | undefined;
  readonly told?: StoreTimed | undefined;
}

export class RedisChanges implements SharedChanges {
  readonly #settings: RedisSettings;
  readonly #clock: Clock;
  readonly #onLink: (isUp: boolean) => void;
  readonly #streams: StreamClaims | undefined;
  readonly #told: StoreTimed | undefined;
  readonly #gateway = randomBytes(12).toString('base64url');
  readonly #keeper: RedisLinkKeeper;
  readonly #heartbeats = new RedisHeartbeats();
  readonly #tells = new RedisTells(entryFields(this.#gateway, 'everything'));
  readonly #asked = new RedisAsked();
  readonly #peers = new RedisPeers();
  readonly #reloads: RedisReloads;
  #linkedAt = 0;
  #roundAt = Number.NEGATIVE_INFINITY;
  #wake: () => void = () => undefined;
  #closed = false;
  #replicas = 0;
  #skewMilliseconds: number | null = null;

  private constructor(settings: RedisSettings, { clock, log, onLink, told, streams }: RedisChangesParts) {
    this.#settings = settings;
    this.#clock = clock;
    this.#onLink = onLink ?? (() => undefined);
    this.#told = told;
    this.#streams = streams;
    this.#reloads = new RedisReloads(log, () => this.#answer());
    this.#keeper = new RedisLinkKeeper(settings, heartbeatFields(this.#gateway, 0), log, {
      begun: (link) => this.#begun(link),
      lost: () => this.#lost(),
    });
  }

  /** Rejects, in words that name the fix, where Redis cannot be used. */
  static async open(settings: RedisSettings, parts: RedisChangesParts): Promise<RedisChanges> {
    const changes = new RedisChanges(settings, parts);
    await changes.#keeper.open();
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
    return this.#isHeard && this.#isCommon;
  }

  get #isCommon(): boolean {
    return this.#streams?.isCommon ?? true;
  }

  get #isHeard(): boolean {
    const since = this.#clock.monotonic() - this.#heartbeats.countedAt;
    return since < currentMilliseconds && !this.#reloads.outstanding && !this.#closed;
  }

  async caughtUp(): Promise<boolean> {
    if (this.#closed) return false;
    const answer = this.#asked.ask();
    this.#wake();
    return (await answer) && this.#isCommon;
  }

  /** For metrics. */
  figures(): RedisFigures {
    const since = this.#clock.monotonic() - this.#heartbeats.countedAt;
    return {
      secondsSinceHeartbeat: Number.isFinite(since) ? since / 1000 : null,
      unconfirmed: this.#tells.unconfirmed,
      reconnects: this.#keeper.reconnects,
      skewMilliseconds: this.#skewMilliseconds,
    };
  }

  /** What is wrong and whom it affects; empty where all is well. */
  notices(): readonly string[] {
    const oldest = this.#tells.oldestSince;
    return redisNotices(this.#settings, {
      trouble: this.#keeper.trouble ?? this.#streams?.trouble ?? null,
      replicas: this.#replicas,
      skewMilliseconds: this.#skewMilliseconds,
      isCurrent: this.#isHeard,
      unconfirmed: this.#tells.unconfirmed,
      unconfirmedMilliseconds: oldest === null ? 0 : this.#clock.monotonic() - oldest,
    });
  }

  close(): void {
    this.#closed = true;
    const hasTold = this.#tells.unconfirmed === 0;
    const link = this.#keeper.close();
    this.#streams?.hears(null);
    this.#reloads.close();
    this.#tells.close();
    this.#asked.close();
    this.#wake();
    if (!hasTold) return link?.close();
    // Whether it arrives or not, the link goes: others read everything again where it did not.
    const closed = (): void => link?.close();
    link?.write([entryFields(this.#gateway, 'leaving')]).then(closed, closed);
  }

  /** From here on everything is heard; what was told before is in the rows that are read again. */
  #begun(link: StreamLink): void {
    this.#linkedAt = this.#clock.monotonic();
    this.#replicas = link.begun.replicas;
    this.#peers.forget();
    this.#heartbeats.doubt();
    this.#onLink(true);
    // What gateways with another stream did is in the rows once they are known to have none any more.
    if (this.#streams === undefined) this.#missed();
    else this.#streams.hears({ id: link.id, place: placeOf(this.#settings) }, () => this.#missed());
    const lost = (cause: unknown): void => this.#keeper.lose(link, cause);
    link.follow((fields, count) => this.#hear(link, fields, count), lost);
    this.#rounds(link).catch(lost);
  }

  #lost(): void {
    this.#heartbeats.forget();
    this.#tells.unsend();
    this.#streams?.hears(null);
    this.#onLink(false);
    this.#wake();
  }

  #missed(): void {
    this.#heartbeats.doubt();
    this.#reloads.missed();
  }

  async #rounds(link: StreamLink): Promise<void> {
    for (;;) {
      await this.#due();
      if (link !== this.#keeper.link) return;
      await timed(this.#told, 'redis-round', this.#round(link));
      if (link !== this.#keeper.link) return;
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
    if (this.#tells.wantsSending || this.#keeper.link === null) return 0;
    return this.#asked.isWanted ? askedApartMilliseconds : beatMilliseconds;
  }

  async #round(link: StreamLink): Promise<void> {
    const begunAt = this.#clock.monotonic();
    this.#roundAt = begunAt;
    const number = this.#heartbeats.begin(begunAt);
    this.#asked.begin(number);
    const written = await link.write([...this.#tells.send(), heartbeatFields(this.#gateway, number)]);
    if (link !== this.#keeper.link) return;
    this.#compareClocks(written, begunAt);
    this.#replicas = written.replicas;
    if (!this.#heartbeats.written(number, written.added)) throw gap();
    const kept = await link.acknowledged(this.#settings.replicas);
    if (link !== this.#keeper.link || kept < this.#settings.replicas) return;
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
    this.#skewMilliseconds = Math.round(this.#clock.now() - way / 2 - redisTime);
  }

  #hear(link: StreamLink, fields: Fields, count: number): void {
    if (link !== this.#keeper.link) return;
    const entry = readEntry(fields);
    if (entry.gateway === this.#gateway) return this.#hearOwn(link, entry, count);
    this.#peers.heard(entry.gateway, this.#clock.monotonic());
    if (entry.kind === 'told') this.#reloads.hear(entry.topic, entry.entries);
    if (entry.kind === 'leaving') this.#peers.left(entry.gateway);
    if (entry.kind === 'everything') this.#missed();
  }

  #hearOwn(link: StreamLink, entry: RedisEntry, count: number): void {
    if (entry.kind !== 'heartbeat') return;
    if (!this.#heartbeats.heard(entry.number, count)) return this.#keeper.lose(link, gap());
    this.#answer();
  }

  /** A heartbeat counts, or everything was read. */
  #answer(): void {
    if (this.#keeper.link !== null && Number.isFinite(this.#heartbeats.countedAt)) this.#keeper.proved();
    if (this.#peers.haveFallenSilent(this.#heartbeats.countedAt)) this.#missed();
    if (!this.#reloads.outstanding) this.#asked.answer(this.#heartbeats.counted);
  }
}

/** As the configuration names it: gateways with other prefixes hear other streams of one server. */
function placeOf({ servers, sentinelName, prefix }: RedisSettings): string {
  const [{ host, port } = { host: '', port: 0 }] = servers;
  return `${host}:${port}/${sentinelName === null ? '' : `${sentinelName}/`}${prefix}`;
}

function gap(): RedisMistake {
  return new RedisMistake('Something in the stream of Redis was missed');
}
