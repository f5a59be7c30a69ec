// Gives cases the parts they work on.

import { AuditDurableEnd } from '../adapters/audit-durable-end.ts';
import { systemRandomness } from '../adapters/randomness-system.ts';
import type { ChangeHistory } from '../change-ports.ts';
import type { Settings } from '../config/settings.ts';
import { CaseDesk } from '../control/case-desk.ts';
import type { Policy } from '../core/policy/policy.ts';
import { knownReviewers } from './known-reviewers.ts';
import type { Parts } from './open-parts.ts';

/** 96 bits: an id of a case stands in addresses and records, and opens nothing. */
const idCharacters = 16;

export function caseDesk(
  { audit, clock, search, state }: Pick<Parts, 'audit' | 'clock' | 'search' | 'state'>,
  { alerts, audit: { directory, fallbackDirectory } }: Settings,
  changes: Pick<ChangeHistory, 'changes'>,
  policy: () => Policy,
): CaseDesk {
  const directories = fallbackDirectory === null ? [directory] : [directory, fallbackDirectory];
  return new CaseDesk({
    audit,
    clock,
    store: state.cases,
    search,
    changes,
    deputy: alerts.review.deputy,
    isReviewer: knownReviewers(search, policy),
    newId: () => systemRandomness.id().slice(0, idCharacters),
    lastRecord: () => {
      const end = new AuditDurableEnd(directories);
      end.look();
      return end.last;
    },
  });
}
