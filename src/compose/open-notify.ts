// Starts what tells people of alerts, and measures it.

import { AuditFeedThread, alertWords } from '../adapters/audit-feed-thread.ts';
import { systemClock } from '../adapters/clock-system.ts';
import type { PrometheusMetrics } from '../adapters/metrics-prometheus.ts';
import type { Settings } from '../config/settings.ts';
import type { NotifySettings } from '../core/notify/notify-settings.ts';
import type { AlertSettings } from '../core/respond/alert-settings.ts';
import type { OperationsLog } from '../ports.ts';

/** `number`: this gateway's among several. Messages lead to the console at the first address that has it. */
export function openNotify(
  settings: Settings,
  directories: readonly string[],
  number: number,
  log: OperationsLog,
): AuditFeedThread {
  const { clinic, alerts, applications } = settings;
  const first = [...applications.values()].find((one) => one.console !== false);
  const where = { clinic: clinic.name, timezone: clinic.timezone, gateway: first?.origin ?? '', number };
  const task = { directories, feeds: [], notify: { receivers: alerts.notify.map((one) => toldOnly(one, alerts)), ...where } };
  // It sends no patients, so it asks for none.
  const resolve = async () => new Map<string, string>();
  return new AuditFeedThread(task, { clock: systemClock, log, resolve }, alertWords);
}

/** Not of the detectors whose response leaves it out. */
function toldOnly(one: NotifySettings, { responses }: AlertSettings): NotifySettings {
  const told = Object.entries(responses).flatMap(([name, kinds]) => (kinds.includes('notify') ? [name] : []));
  return { ...one, detectors: told.filter((name) => one.detectors?.includes(name) ?? true) };
}

export function measureNotify(metrics: PrometheusMetrics, notify: AuditFeedThread): void {
  const failing = () => notify.status.map(({ where, failure }): [string, number] => [where, failure === null ? 0 : 1]);
  metrics.gauges('wardgate_alerts_receiver_failing', 'Whether the last try to tell each of an alert failed', 'receiver', failing);
  const lag = () => notify.status.map((one): [string, number] => [one.where, notify.lagSeconds(one)]);
  metrics.gauges('wardgate_alerts_receiver_lag_seconds', 'Since the oldest alert that it has not been told', 'receiver', lag);
}
