// What reports in the console are made of: the thread of the search index, the patients of the state database, and the files
// beside the log.

import { reportEvidence } from '../adapters/report-evidence.ts';
import type { ChangeHistory } from '../change-ports.ts';
import type { Settings } from '../config/settings.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { Clock } from '../ports.ts';
import type { ReportRecords, ReportSources } from '../report-ports.ts';
import { reportSetup } from './report-setup.ts';

/** A page that is longer is read by nobody, and drawn in the thread that serves everybody. */
const mostRows = 2000;

export function reportSources(
  records: ReportRecords,
  shown: Pick<ReportSources, 'patients' | 'disclosures'>,
  settings: Settings,
  clock: Clock,
  policy: () => Policy,
  history: ChangeHistory,
): () => ReportSources {
  const { clinic, audit } = settings;
  return () => ({
    records,
    ...shown,
    clinic,
    setup: reportSetup({ settings, policy: policy() }, history),
    now: clock.now(),
    mostRows,
    evidence: async () => reportEvidence(audit.directory, audit.anchors, clock, null),
  });
}
