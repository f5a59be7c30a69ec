// What can be said of one opening of a chart: there is a reason for it in the schedule or the roster, there is a reason to ask
// about it, or neither. It is no finding: whoever reviews decides.

export type ExplainedBy = 'own-appointment' | 'department-encounter' | 'own-note' | 'on-duty';
export type SuspiciousBecause = 'own-chart' | 'colleague' | 'household' | 'confidential-patient' | 'no-relationship';

export type Explanation =
  | {
      readonly state: 'explained';
      readonly because: ExplainedBy;
      /** An appointment of the person's own, on that day or one beside it: reason enough to leave it out of a count. */
      readonly own: boolean;
      /** A visit of the next day, that day or the week before; else it is one further off, or a note. */
      readonly near: boolean;
      /** A sentence without its full stop; names staff, never a patient. */
      readonly words: string;
    }
  | { readonly state: 'suspicious'; readonly because: SuspiciousBecause; readonly words: string }
  | { readonly state: 'unexplained'; readonly words: string };
