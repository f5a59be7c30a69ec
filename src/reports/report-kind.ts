// What a kind of report is: a name, what of the law it helps with, what must be asked, and how its tables are made. Everything
// around the tables (coverage, checkpoint, names of patients, drawing) is the frame's, in `make-report.ts`.

import type { ReportContent } from '../core/report/report.ts';
import type { ReportAsks, ReportSources } from '../report-ports.ts';

export interface ReportKind {
  /** On the command line and in the console's address. */
  readonly name: string;
  readonly title: string;
  /** One line for a list of kinds. */
  readonly says: string;
  readonly citations: readonly string[];
  /** Whom it is about and so must be named. */
  readonly wants: 'person' | 'patient' | null;
  /** Years back where no time is asked for; the month that ended last where absent. */
  readonly years?: number;
  /** Has a version to hand to the patient. */
  readonly handedOut?: true;
  readonly build: (asks: ReportAsks, sources: ReportSources) => Promise<ReportContent & { readonly title?: string }>;
}
