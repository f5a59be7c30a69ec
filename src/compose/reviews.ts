// Gives the certified reviews the parts they work on.

import { hash } from 'node:crypto';
import { clinicTime } from '../adapters/clinic-time.ts';
import { systemClock } from '../adapters/clock-system.ts';
import { reportEvidence } from '../adapters/report-evidence.ts';
import { treeAt } from '../adapters/tree-at.ts';
import type { Cases } from '../case-ports.ts';
import type { ChangeHistory } from '../change-ports.ts';
import type { Settings } from '../config/settings.ts';
import { ReviewDesk } from '../control/review-desk.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { OperationsLog } from '../ports.ts';
import { knownReviewers } from './known-reviewers.ts';
import type { Parts } from './open-parts.ts';

/** Of 35 days: 140 a day. */
const mostEmergencies = 5000;

export function reviewDesk(
  { audit, clock, search, state }: Parts,
  { alerts, audit: settings, clinic }: Settings,
  changes: Pick<ChangeHistory, 'changes'>,
  policy: () => Policy,
  log: OperationsLog,
  cases: Cases,
): ReviewDesk {
  const checkpoint = () => reportEvidence(settings.directory, [], systemClock, null).checkpoint;
  return new ReviewDesk({
    audit,
    clock,
    shared: state.shared,
    search,
    store: state.reviews,
    cases,
    settings: alerts.review,
    mostEmergencies,
    hours: clinic.hours,
    holidays: alerts.review.holidays,
    ...clinicTime(clinic.timezone),
    hash: (text) => hash('sha256', text, 'hex'),
    checkpoint,
    treeOf: (size) => treeAt(settings.directory, checkpoint()?.size ?? 0, size),
    changes,
    isReviewer: knownReviewers(search, policy),
    onFailed: (cause) => log.error({ error: String(cause) }, 'What is to be reviewed could not be looked at'),
  });
}
