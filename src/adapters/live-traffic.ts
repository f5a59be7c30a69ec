// Counts the requests of the last ten minutes in memory, for whoever watches them: two additions a request, and nothing that
// grows. Passes every count on to the metrics.

import type { LiveTraffic, TrafficSpan } from '../console-ports.ts';
import type { Clock, Metrics } from '../ports.ts';

export const spanMilliseconds = 10_000;
const spans = 60;

/** Stages that answer with pages of ours, which are no traffic of the EHR. */
const own = new Set(['serve-public-routes', 'serve-session-routes', 'serve-console']);

export class CountedTraffic implements LiveTraffic, Metrics {
  readonly #metrics: Metrics;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #requests = new Float64Array(spans);
  readonly #refused = new Float64Array(spans);
  /** Number of the newest span since 1970. */
  #newest: number;

  constructor(metrics: Metrics, clock: Pick<Clock, 'now'>) {
    this.#metrics = metrics;
    this.#clock = clock;
    this.#newest = this.#spanNow();
  }

  finished(endedBy: string, status: number, seconds: number): void {
    this.#metrics.finished(endedBy, status, seconds);
    if (own.has(endedBy)) return;
    const at = this.#goOn() % spans;
    this.#requests[at] = (this.#requests[at] ?? 0) + 1;
    if (endedBy !== 'forward' && status >= 400 && status < 500) this.#refused[at] = (this.#refused[at] ?? 0) + 1;
  }

  count(name: string, by?: number): void {
    this.#metrics.count(name, by);
  }

  failed(...[kind, reason]: Parameters<Metrics['failed']>): void {
    this.#metrics.failed(kind, reason);
  }

  downloaded(bytes: number): void {
    this.#metrics.downloaded(bytes);
  }

  spans(): readonly TrafficSpan[] {
    const newest = this.#goOn();
    return Array.from({ length: spans }, (_none, index) => {
      const span = newest - spans + 1 + index;
      const at = span % spans;
      return { at: span * spanMilliseconds, requests: this.#requests[at] ?? 0, refused: this.#refused[at] ?? 0 };
    });
  }

  #spanNow(): number {
    return Math.floor(this.#clock.now() / spanMilliseconds);
  }

  /** Empties the spans that have begun since; a clock that was set back counts on in the newest. */
  #goOn(): number {
    const now = this.#spanNow();
    for (let span = Math.max(this.#newest + 1, now - spans + 1); span <= now; span += 1) {
      this.#requests[span % spans] = 0;
      this.#refused[span % spans] = 0;
    }
    this.#newest = Math.max(this.#newest, now);
    return this.#newest;
  }
}
