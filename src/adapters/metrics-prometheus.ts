// Counts for Prometheus. Labels are stage names and status classes only: no person, patient or path is ever a label.

import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Metrics } from '../ports.ts';

export class PrometheusMetrics implements Metrics {
  readonly #registry = new Registry();
  readonly #requests: Counter<'ended_by' | 'status'>;
  readonly #seconds: Histogram<'ended_by'>;
  readonly #events: Counter<'event'>;
  readonly #children = new Map<string, Counter.Internal>();

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
    if (!child) this.#children.set(key, (child = this.#requests.labels(endedBy, String(status))));
    child.inc();
    this.#seconds.labels(endedBy).observe(seconds);
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
        for (const [of, value] of read()) this.set({ [label]: of }, value);
      },
    });
  }

  async text(): Promise<{ type: string; text: string }> {
    return { type: this.#registry.contentType, text: await this.#registry.metrics() };
  }
}
