// An alert as cases know it, of what the search finds.

import type { CaseAlert } from '../core/cases/case.ts';
import type { DetectorName } from '../core/detect/detector.ts';
import { personKey } from '../core/downloads/person-key.ts';
import type { FoundRequest } from '../search-ports.ts';

/** Null for a record that is no alert. */
export function caseAlert({ sequence, time, event, reason, subject, person, patient, detail }: FoundRequest): CaseAlert | null {
  if (event !== 'alert' || reason === null) return null;
  const whose = subject === null ? null : { ...subject, name: person ?? subject.sub, key: personKey(subject) };
  // A detector that this version does not know, of an earlier or a later one, is named all the same.
  return { sequence, time, detector: reason as DetectorName, person: whose, patient, words: detail ?? '' };
}
