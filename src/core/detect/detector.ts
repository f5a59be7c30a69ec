// A detector looks at one record after the other and says when something wants a person's eyes, in words. It decides
// nothing: an alert is a question, and the answer is a reviewer's.

import type { RelationContext } from './relation-context.ts';
import type { Seen, SeenPerson } from './seen.ts';

export type DetectorName =
  | 'failed-sign-ins'
  | 'sign-in-spray'
  | 'many-patients'
  | 'after-hours'
  | 'large-transfer'
  | 'two-places'
  | 'patient-surge'
  | 'dormant-account'
  | 'after-termination'
  | 'new-network'
  | 'emergency-access-often'
  | 'record-in-doubt'
  | 'own-chart'
  | 'colleague'
  | 'household'
  | 'confidential-patient'
  | 'no-relationship'
  | 'leaver'
  | 'patients-in-order'
  | 'search-peek'
  | 'shared-desk'
  | 'factor-fatigue'
  | 'impossible-travel'
  | 'new-device'
  | 'unusual-category'
  | 'emergency-same-patient'
  | 'print-storm'
  | 'export-burst'
  | 'rules-then-access'
  | 'clock-jump'
  | 'record-gap'
  | 'record-unanchored';

export interface Finding {
  readonly detector: DetectorName;
  /** Whose doing it is; null where that is not one person. */
  readonly person: SeenPerson | null;
  /** Token of the patient whom it is about; null where it is about no single one. */
  readonly patient: string | null;
  /** Why, as a sentence without its full stop, with figures and without any patient's id or name. */
  readonly words: string;
}

/** Makes one detector with a memory of its own, which is bounded. What it is handed comes in the order of the record. */
export type Detector = (seen: Seen, told?: RelationContext) => Finding | null;
