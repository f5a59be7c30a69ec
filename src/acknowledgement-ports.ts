// Where it is kept who has acknowledged which text of the clinic.

import type { TextMark } from './core/acknowledgement/clinic-text.ts';
import type { Said } from './core/acknowledgement/due-texts.ts';
import type { Subject } from './core/session/session.ts';
import type { Soon } from './session-ports.ts';

type Person = Pick<Subject, 'issuer' | 'sub'>;

/** All of it rejects with Fault `session-store-unavailable`. */
export interface Acknowledgements {
  /** At once where the person was asked before. */
  said(person: Person): Soon<Said>;
  /** As it is in the store, before anything is said to be due: it may have been acknowledged at another gateway. */
  latest(person: Person): Promise<Said>;
  /** On disk before it returns. */
  acknowledge(person: Person, text: TextMark, at: number): Promise<void>;
  /** Counts one more time. */
  putOff(person: Person, text: TextMark, at: number): Promise<void>;
}
