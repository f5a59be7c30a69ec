// How reviewers disposed of alerts in a month, and how often each detector was right by that: from the record alone.

import { detectorPrecision } from '../core/cases/precision.ts';
import type { Disposed } from '../core/cases/precision.ts';
import { readDisposed } from '../core/cases/step-note.ts';
import type { Section } from '../core/report/report.ts';
import { column } from './column.ts';
import type { ListedRequests } from './listed-requests.ts';

export function monthlyCases({ requests, total }: ListedRequests): Section {
  const last = new Map<string, Disposed>();
  for (const { reason, decision, detail } of requests) {
    const disposed = reason === 'disposition' && decision !== 'refused' ? readDisposed(detail ?? '') : null;
    // What was disposed of again counts as it was found last.
    if (disposed !== null) last.set(disposed.of, disposed);
  }
  const rows = detectorPrecision([...last.values()]);
  const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
  return {
    key: 'detectors',
    title: 'How often detectors were right',
    notes: [
      `Of ${last.size} cases that reviewers disposed of in this time. Precision is the share of violations among violations and false alarms; what was justified counts for itself.`,
    ],
    columns: [
      column('detector', 'Detector'),
      column('violations', 'Violations', 'number'),
      column('justified', 'Justified', 'number'),
      column('falseAlarms', 'False alarms', 'number'),
      column('unclear', 'Unclear', 'number'),
      column('precision', 'Precision'),
      column('interval', 'Likely between (95 %)'),
    ],
    rows: rows.map(({ detector, counts, precision }) => ({
      detector: detector.replaceAll('-', ' '),
      violations: counts.violation,
      justified: counts.justified,
      falseAlarms: counts['false-alarm'],
      unclear: counts.unclear,
      precision: precision === null ? null : percent(precision.share),
      interval: precision === null ? null : `${percent(precision.low)} and ${percent(precision.high)}`,
    })),
    total: total === null ? null : rows.length,
  };
}
