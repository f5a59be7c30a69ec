// Every kind of report. A new one is a file of its own and a line here.

import { patientReport } from './patient-report.ts';
import type { ReportKind } from './report-kind.ts';

export const reportKinds: readonly ReportKind[] = [patientReport];

export function reportKind(name: string): ReportKind | null {
  return reportKinds.find((kind) => kind.name === name) ?? null;
}
