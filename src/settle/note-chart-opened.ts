// One opening of a chart is ten or more requests. Beside their records it gets one of its own, so that a reviewer reads
// what a person did instead of what their browser fetched. Never written where the EHR did not answer with success, or
// where its answer went to nobody.

import { writeOrderNote } from '../core/patients/order-note.ts';
import type { PatientOrder } from '../core/patients/order-note.ts';
import type { AuditLog, Subject } from '../ports.ts';
import { describeRequest } from '../stages/describe-request.ts';
import type { DescribeNeeds } from '../stages/describe-request.ts';
import type { NamedSettleStep } from './settle-step.ts';

export interface NoteChartOpenedNeeds extends DescribeNeeds {
  readonly audit: AuditLog;
  /** True where this person has not had this patient's chart open just before; from then on it counts as open. */
  readonly opensChart: (subject: Subject, application: string, patient: string, now: number) => boolean;
  /** How the patient's number lies to that of the chart opened before in this session; no id leaves it. */
  readonly chartOrder: (session: string, application: string, patient: string) => PatientOrder | null;
  readonly onLost: (cause: unknown, request?: string) => void;
}

export function noteChartOpened(needs: NoteChartOpenedNeeds): NamedSettleStep['run'] {
  return (facts, { answer }) => {
    const { session, application, reply, receipt, arrivedAt } = facts;
    const patient = facts.patient ?? facts.selects ?? null;
    if (!session || !application || !receipt || patient === null || arrivedAt === undefined) return;
    if (answer !== null || reply === undefined || reply.status >= 400) return;
    if (!needs.opensChart(session.subject, application.name, patient, arrivedAt)) return;
    const detail = writeOrderNote(needs.chartOrder(session.key, application.name, patient));
    const entry = describeRequest(needs, 'chart-opened', facts, { detail });
    needs.audit.append(entry).catch((cause: unknown) => needs.onLost(cause, facts.id));
  };
}
