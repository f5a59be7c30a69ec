// Every kind of report. A new one is a file of its own and a line here.

import { acknowledgementsReport } from './acknowledgements-report.ts';
import { afterHoursReport } from './after-hours-report.ts';
import { breakGlassReport } from './break-glass-report.ts';
import { changesReport } from './changes-report.ts';
import { coverageReport } from './coverage-report.ts';
import { exportsReport } from './exports-report.ts';
import { factorsReport } from './factors-report.ts';
import { peopleReport } from './people-report.ts';
import { signInsReport } from './sign-ins-report.ts';
import { terminationsReport } from './terminations-report.ts';
import { timeOutReport } from './time-out-report.ts';
import { integrityReport } from './integrity-report.ts';
import { monthlyReport } from './monthly-report.ts';
import { disclosureRegisterReport } from './disclosure-register-report.ts';
import { disclosuresReport } from './disclosures-report.ts';
import { patientReport } from './patient-report.ts';
import { personReport } from './person-report.ts';
import { recertificationReport } from './recertification-report.ts';
import type { ReportKind } from './report-kind.ts';

export const reportKinds: readonly ReportKind[] = [
  monthlyReport,
  patientReport,
  personReport,
  signInsReport,
  afterHoursReport,
  exportsReport,
  breakGlassReport,
  terminationsReport,
  acknowledgementsReport,
  factorsReport,
  changesReport,
  timeOutReport,
  peopleReport,
  coverageReport,
  disclosuresReport,
  disclosureRegisterReport,
  integrityReport,
  recertificationReport,
];

export function reportKind(name: string): ReportKind | null {
  return reportKinds.find((kind) => kind.name === name) ?? null;
}
