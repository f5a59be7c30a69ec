// Counts for Prometheus. Labels are words of closed sets only (stages, statuses, reasons): no person, patient or path is ever one.

import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Metrics, StageWatch } from '../ports.ts';

/** One request in so many is timed stage by stage: thirty looks at the clock and as many figures cost more than the stages. */
const timedOneIn = 64;

export class PrometheusMetrics implements Metrics {
  readonly #registry = new Registry();
  readonly #requests: Counter<'ended_by' | 'status'>;
  readonly #seconds: Histogram<'ended_by'>;
  readonly #stages: Histogram<'stage'>;
  readonly #events: Counter<'event'>;
  readonly #reasons = new Counter({
    name: 'wardgate_reasons_total',
    help: 'Why requests did not go through (refusal, fault), or not whole (cut)',
    labelNames: ['kind', 'reason'],
    registers: [this.#registry],
  });
  readonly #downloads = new Counter({
    name: 'wardgate_downloads_total',
    help: 'Replies that were downloads',
    registers: [this.#registry],
  });
  readonly #downloadBytes = new Counter({
    name: 'wardgate_download_bytes_total',
    help: 'Bytes of downloads that were sent',
    registers: [this.#registry],
  });
  readonly #children = new Map<
    string,
    { readonly requests: Counter.Internal; readonly seconds: Histogram.Internal<'ended_by'> }
  >();

  #untimed = 0;
  readonly #watch: StageWatch = (stage, milliseconds) => this.#stages.labels(stage).observe(milliseconds / 1000);

  /** Finished since the start, for the heartbeat in the access record. */
  requests = 0;

  constructor() {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#requests = new Counter({
      name: 'wardgate_requests_total',
      help: 'Requests by the stage that ended them',
      labelNames: ['ended_by', 'status'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'wardgate_request_seconds',
      help: 'Time from arrival to the last byte',
      labelNames: ['ended_by'],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600],
      registers,
    });
    this.#stages = new Histogram({
      name: 'wardgate_stage_seconds',
      help: `Time in each stage, of one request in ${timedOneIn}`,
      labelNames: ['stage'],
      buckets: [0.0001, 0.001, 0.01, 0.1, 1, 10],
      registers,
    });
    this.#events = new Counter({
      name: 'wardgate_events_total',
      help: 'Things that happened, by name',
      labelNames: ['event'],
      registers,
    });
  }

  finished(endedBy: string, status: number, seconds: number): void {
    this.requests += 1;
    const key = `${endedBy} ${status}`;
    let child = this.#children.get(key);
    if (!child) {
      child = { requests: this.#requests.labels(endedBy, String(status)), seconds: this.#seconds.labels(endedBy) };
      this.#children.set(key, child);
    }
    child.requests.inc();
    child.seconds.observe(seconds);
  }

  failed(kind: 'refusal' | 'fault' | 'cut', reason: string): void {
    this.#reasons.inc({ kind, reason });
  }

  downloaded(bytes: number): void {
    this.#downloads.inc();
    this.#downloadBytes.inc(bytes);
  }

  /** Who is told how long each stage of the next request takes; undefined for most. */
  nextWatch(): StageWatch | undefined {
    this.#untimed += 1;
    if (this.#untimed < timedOneIn) return undefined;
    this.#untimed = 0;
    return this.#watch;
  }

  count(name: string, by = 1): void {
    this.#events.inc({ event: name }, by);
  }

  /** A gauge that is read when metrics are asked for. */
  gauge(name: string, help: string, read: () => number): void {
    // oxlint-disable-next-line no-new -- registering is its effect
    new Gauge({ name, help, registers: [this.#registry], collect() { this.set(read()); } }); // prettier-ignore
  }

  /** One value for each name in `read`; names are the configuration's. */
  gauges(name: string, help: string, label: string, read: () => readonly (readonly [string, number])[]): void {
    // oxlint-disable-next-line no-new -- registering is its effect
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [this.#registry],
      collect() {
        // What is not told any more is not told as it was.
        this.reset();
        for (const [of, value] of read()) this.set({ [label]: of }, value);
      },
    });
  }

  /** Times of one kind, each told in seconds as it happens, with a value for each label; values are of closed sets. */
  seconds<L extends string = never>(name: string, help: string, buckets: readonly number[], labelNames: readonly L[] = []) {
    const registers = [this.#registry];
    const histogram = new Histogram({ name, help, buckets: [...buckets], labelNames: [...labelNames], registers });
    return (seconds: number, labels: Partial<Readonly<Record<L, string>>> = {}): void => histogram.observe(labels, seconds);
  }

  /** Values of labels are of closed sets. */
  counter<L extends string>(name: string, help: string, labelNames: readonly L[]) {
    const counter = new Counter({ name, help, labelNames: [...labelNames], registers: [this.#registry] });
    return (by: number, labels: Readonly<Record<L, string>>): void => counter.inc(labels, by);
  }

  async text(): Promise<{ type: string; text: string }> {
    return { type: this.#registry.contentType, text: await this.#registry.metrics() };
  }
}
