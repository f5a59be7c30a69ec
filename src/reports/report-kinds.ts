// Every kind of report. A new one is a file of its own and a line here.

import { integrityReport } from './integrity-report.ts';
import { monthlyReport } from './monthly-report.ts';
import { patientReport } from './patient-report.ts';
import { personReport } from './person-report.ts';
import { recertificationReport } from './recertification-report.ts';
import type { ReportKind } from './report-kind.ts';

export const reportKinds: readonly ReportKind[] = [
  monthlyReport,
  patientReport,
  personReport,
  integrityReport,
  recertificationReport,
];

export function reportKind(name: string): ReportKind | null {
  return reportKinds.find((kind) => kind.name === name) ?? null;
}
