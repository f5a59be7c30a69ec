// Feeds the EHR's log and our record to the one that matches them, the record always ahead.

import { ourEvent } from '../../core/audit/reconcile/our-event.ts';
import type { OurEvent } from '../../core/audit/reconcile/our-event.ts';
import { Reconciler } from '../../core/audit/reconcile/reconciler.ts';
import type { Reconciled } from '../../core/audit/reconcile/reconciler.ts';
import type { TokenOf } from '../../core/patients/hide-ids.ts';
import type { RecordSource } from '../recorded/record-source.ts';
import { comparedForm } from './compared-form.ts';
import type { ComparedForm } from './compared-form.ts';
import { readEhrLogs } from './read-ehr-logs.ts';
import type { EhrLogs } from './read-ehr-logs.ts';

export interface ReconcileQuestion {
  readonly logs: EhrLogs;
  readonly source: RecordSource;
  readonly application: string | null;
  /** Makes the tokens that records have in the place of ids; null where there is no key. */
  readonly tokenOf: TokenOf | null;
  readonly gateways: ReadonlySet<string>;
  readonly toleranceMilliseconds: number;
  readonly since: number;
  readonly until: number;
}

export type ReconcileAnswer = Reconciled & {
  /** Requests in the log that are outside the time that was asked for. */
  readonly outside: number;
};

const mostListed = 10_000;
/** Of each stream; some 500 bytes each. */
const mostWaiting = 200_000;
const day = 86_400_000;

/** Rejects with system errors. */
export async function reconcileLogs(question: ReconcileQuestion): Promise<ReconcileAnswer> {
  const { logs, toleranceMilliseconds, gateways, since, until } = question;
  const reconciler = new Reconciler({ toleranceMilliseconds, gateways, mostListed, mostWaiting });
  const form = comparedForm(logs.format, question.tokenOf);
  let records: AsyncGenerator<OurEvent, void> | null = null;
  let outside = 0;
  for await (const request of readEhrLogs(logs)) {
    if (request.time < since || request.time >= until) {
      outside += 1;
      continue;
    }
    records ??= eventsOf(question, form, request.time);
    await feed(reconciler, records, request.time);
    reconciler.addRequest(form.request(request));
  }
  await records?.return();
  return { ...reconciler.finish(), outside };
}

/** Until the records are ahead of that time, or at their end. */
async function feed(reconciler: Reconciler, records: AsyncGenerator<OurEvent, void>, time: number): Promise<void> {
  while (reconciler.wantsRecords(time)) {
    const next = await records.next();
    if (next.done === true) return;
    reconciler.addRecord(next.value);
  }
}

/** From the day before the first request on: the record is by the day on which a request began. */
async function* eventsOf(
  { source, logs, application, toleranceMilliseconds }: ReconcileQuestion,
  form: ComparedForm,
  first: number,
): AsyncGenerator<OurEvent, void> {
  for await (const record of source.read(first - day - toleranceMilliseconds)) {
    const event = ourEvent(record, logs.format, application);
    if (event !== null) yield form.event(event);
  }
}
