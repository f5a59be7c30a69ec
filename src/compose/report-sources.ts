// What reports in the console are made of: the thread of the search index, the patients of the state database, and the files
// beside the log.

import { reportEvidence } from '../adapters/report-evidence.ts';
import type { Settings } from '../config/settings.ts';
import type { PatientNames } from '../patient-ports.ts';
import type { Clock } from '../ports.ts';
import type { ReportRecords, ReportSources } from '../report-ports.ts';

/** A page that is longer is read by nobody, and drawn in the thread that serves everybody. */
const mostRows = 2000;

export function reportSources(
  records: ReportRecords,
  patients: PatientNames,
  { clinic, audit }: Settings,
  clock: Clock,
): () => ReportSources {
  return () => ({
    records,
    patients,
    clinic,
    now: clock.now(),
    mostRows,
    evidence: async () => reportEvidence(audit.directory, audit.anchors, clock, null),
  });
}
