// The selection book as the stages ask for it: every name says what it means to a request.

import { createHmac } from 'node:crypto';
import type { EhrPlace, SelectedPatient } from '../core/session/ehr-place.ts';
import type { SelectionOutcome } from '../core/session/selection.ts';
import type { Session } from '../core/session/session.ts';
import type { LearnEhrSessions } from '../ehr-ports.ts';
import type { SessionStore, Soon } from '../ports.ts';
import { SelectionBook } from './selection-book.ts';

export interface CarriedPatients {
  readonly givenEhrSession: (session: Session, application: string, values: readonly string[]) => string | null;
  readonly selectedPatient: (place: EhrPlace) => Soon<SelectedPatient>;
  readonly beginSelection: (place: EhrPlace, requestId: string, patient: string | null) => void;
  readonly learnEhrSessions: LearnEhrSessions;
  readonly settleSelection: (sessionKey: string, requestId: string, how: SelectionOutcome) => void;
}

/** `key` is for the hash by which rows know an EHR session; it must be the same after a restart. */
export function carriedPatients(sessions: SessionStore, key: string, waitSeconds: number): CarriedPatients {
  const keyed = (text: string): string => createHmac('sha256', key).update(text).digest('base64url').slice(0, 32);
  const book = new SelectionBook(sessions, keyed, waitSeconds);
  return {
    givenEhrSession: (session, application, values) => book.given(session, application, values),
    selectedPatient: (place) => book.selectedPatient(place),
    beginSelection: (place, requestId, patient) => book.begin(place, requestId, patient),
    learnEhrSessions: (place, requestId, values, selects) => book.learn(place, requestId, values, selects),
    settleSelection: (sessionKey, requestId, how) => book.settle(sessionKey, requestId, how),
  };
}
