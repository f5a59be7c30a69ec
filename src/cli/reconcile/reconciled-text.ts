// What a comparison found, in words, as CSV or as JSON. Values of queries are never shown: they may name a patient, and the
// line in the EHR's log, which is named, has them.

import type { ShownAddress } from '../../core/audit/reconcile/ehr-request.ts';
import type { LoggedRequest, Reconciled } from '../../core/audit/reconcile/reconciler.ts';
import type { Asked } from '../../core/audit/reconcile/our-event.ts';
import { recordName } from '../../core/audit/record-number.ts';
import { plainText } from '../plain-text.ts';
import type { LogCounts } from './read-ehr-logs.ts';
import type { ReconcileAnswer } from './reconcile-logs.ts';

export interface Told {
  readonly answer: ReconcileAnswer;
  readonly counts: LogCounts;
  readonly format: string;
  readonly toleranceSeconds: number;
  readonly gateways: readonly string[];
  readonly timezone: string;
  /** Sentences about records that could not be read. */
  readonly missing: readonly string[];
}

const blind = [
  'a way to the EHR that its own log does not record either (its database, a file share, a server in front that answers by itself)',
  'what a cache answered, so that the EHR never saw it',
  'log files that were rotated away, switched off or edited, and requests that the log leaves out',
  'which values a query had: two requests that differ only in them count as alike',
];

/** What makes the command end with 1. A line that cannot be read may be a request past the gateway. */
export function unexplained({ answer, counts }: Pick<Told, 'answer' | 'counts'>): number {
  return answer.roundUs.count + answer.fromGateway.count + counts.unreadable;
}

export function asText(told: Told): string[] {
  const { answer, counts, timezone } = told;
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' });
  const span = (period: Reconciled['log']): string =>
    period === null ? 'nothing' : `${clock.format(period.since)} to ${clock.format(period.until)}`;
  const logged = (one: LoggedRequest): string =>
    `  ${clock.format(one.time)}  ${plainText(one.address ?? '-')}  ${plainText(requestText(one))}  ${one.status ?? '-'}  ${plainText(one.where)}`;
  const recorded = (one: Asked): string =>
    `  ${clock.format(one.time)}  record ${recordName(one.sequence)}  ${plainText(requestText(one))}`;
  return [
    ...block('Requests in the log of the EHR that no record explains', answer.roundUs, logged),
    ...block("Requests from the gateway's address that no record explains", answer.fromGateway, logged),
    ...block(
      "Requests from the gateway's address beside a sign-on or the end of a session, as it sends them itself",
      answer.besideOwnWork,
      logged,
    ),
    ...block('Requests on record that the log does not show (they may not have reached the EHR)', answer.notInLog, recorded),
    ...(counts.unreadable === 0 ? [] : [`Lines that cannot be read: ${counts.unreadable}`]),
    ...counts.unreadableAt.map((where) => `  ${plainText(where)}`),
    `Read: ${counts.lines} lines (${told.format}), ${counts.requests} requests, ${counts.others} other lines, ${counts.unreadable} unreadable; ${answer.outside} requests outside the time asked for`,
    `Matched: ${answer.matched} of ${counts.requests - answer.outside}, within ${told.toleranceSeconds} seconds`,
    `The log reaches from ${span(answer.log)}; the record as far as it was read from ${span(answer.record)} (${timezone})`,
    clockText(told),
    ...warnings(told),
    `This cannot see: ${blind.join('; ')}`,
    `Unexplained: ${unexplained(told)}`,
  ];
}

function block<T>(title: string, { count, rows }: { count: number; rows: readonly T[] }, line: (row: T) => string): string[] {
  if (count === 0) return [];
  const more = count > rows.length ? [`  and ${count - rows.length} more`] : [];
  return [`${title}: ${count}`, ...rows.map(line), ...more];
}

function clockText({ answer: { difference } }: Told): string {
  if (difference === null) return 'The clocks cannot be compared: nothing was matched';
  const { seconds, matches } = difference;
  const how =
    seconds === 0 ? 'agree to the second' : `differ: the EHR's is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}`;
  return `The clocks ${how} (middle of ${matches} matches)`;
}

function warnings({ answer, gateways, toleranceSeconds, missing }: Told): string[] {
  const { difference, pushedOut, log, record } = answer;
  const said = [...missing];
  if (gateways.length === 0)
    said.push(
      'No --gateway was named: a request past the gateway that looks like one on record counts as that one, and its own sign-on requests are not told apart',
    );
  if (difference !== null && Math.abs(difference.seconds) * 2 > toleranceSeconds)
    said.push('The clocks differ by more than half the tolerance: set them right, or widen --tolerance');
  if (pushedOut > 0) said.push(`${pushedOut} records waited for too long and were given up: take a shorter --since to --until`);
  if (log !== null && (record === null || record.since > log.since))
    said.push('The log begins before the record: nothing from before it can be explained');
  return said.map((line) => `Note: ${line}`);
}

export function asJson(told: Told): string {
  const { answer, counts, format, toleranceSeconds, gateways, timezone, missing } = told;
  const { roundUs, fromGateway, besideOwnWork, notInLog, log, record, ...rest } = answer;
  const logged = { count: roundUs.count, rows: roundUs.rows.map(loggedJson) };
  return JSON.stringify({
    unexplained: unexplained(told),
    roundUs: logged,
    fromGateway: { count: fromGateway.count, rows: fromGateway.rows.map(loggedJson) },
    besideOwnWork: { count: besideOwnWork.count, rows: besideOwnWork.rows.map(loggedJson) },
    notInLog: { count: notInLog.count, rows: notInLog.rows.map(recordJson) },
    ...rest,
    log: periodJson(log),
    record: periodJson(record),
    counts,
    format,
    toleranceSeconds,
    gateways,
    timezone,
    missing,
    cannotSee: blind,
  });
}

const loggedJson = (one: LoggedRequest) => ({
  time: iso(one.time),
  address: one.address,
  request: requestText(one),
  status: one.status,
  where: one.where,
});
const recordJson = (one: Asked) => ({ time: iso(one.time), record: one.sequence, request: requestText(one) });

function periodJson(period: Reconciled['log']) {
  return period && { since: iso(period.since), until: iso(period.until) };
}

/** With the names of the query, and no value. */
export function requestText(request: ShownAddress & { readonly method: string; readonly shown?: ShownAddress }): string {
  const { method } = request;
  const { path, names } = request.shown ?? request;
  return `${method === '' ? '(unreadable request)' : method} ${path}${names === null || names === '' ? '' : `?${names}`}`;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
