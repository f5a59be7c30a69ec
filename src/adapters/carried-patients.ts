// The selection book as the stages ask for it: every name says what it means to a request.

import { createHmac } from 'node:crypto';
import type { EhrPlace, SelectedPatient } from '../core/session/ehr-place.ts';
import type { SelectionOutcome } from '../core/session/selection.ts';
import type { Session } from '../core/session/session.ts';
import type { LearnEhrSessions } from '../ehr-ports.ts';
import type { SessionStore, Soon } from '../ports.ts';
import type { SharedParts } from '../shared-ports.ts';
import { SharedSelectionBook } from './selection-book-shared.ts';
import { SelectionBook } from './selection-book.ts';
import type { SelectionRows } from './selection-rows.ts';

export interface CarriedPatients {
  readonly givenEhrSession: (session: Session, application: string, values: readonly string[]) => Soon<string | null>;
  readonly selectedPatient: (place: EhrPlace) => Soon<SelectedPatient>;
  readonly beginSelection: (place: EhrPlace, requestId: string, patient: string | null) => Soon<void>;
  readonly learnEhrSessions: LearnEhrSessions;
  readonly settleSelection: (sessionKey: string, requestId: string, how: SelectionOutcome) => Soon<void>;
}

export interface CarriedPatientsNeeds {
  readonly sessions: SessionStore;
  /** Null where the gateway is alone. */
  readonly rows: SelectionRows | null;
  readonly shared: SharedParts;
  /** For the hash by which rows know an EHR session; it must be the same after a restart, and at all gateways. */
  readonly key: string;
  readonly waitSeconds: number;
}

export function carriedPatients({ sessions, rows, shared, key, waitSeconds }: CarriedPatientsNeeds): CarriedPatients {
  const keyedHash = (text: string): string => createHmac('sha256', key).update(text).digest('base64url').slice(0, 32);
  if (rows !== null) return inCommon(new SharedSelectionBook({ sessions, rows, shared, keyedHash, waitSeconds }));
  const book = new SelectionBook(sessions, keyedHash, waitSeconds);
  return {
    givenEhrSession: (session, application, values) => book.given(session, application, values),
    selectedPatient: (place) => book.selectedPatient(place),
    beginSelection: (place, requestId, patient) => book.begin(place, requestId, patient),
    learnEhrSessions: (place, requestId, values, selects) => book.learn(place, requestId, values, selects),
    settleSelection: (sessionKey, requestId, how) => book.settle(sessionKey, requestId, how),
  };
}

function inCommon(book: SharedSelectionBook): CarriedPatients {
  return {
    givenEhrSession: async (session, application, values) => book.given(session, application, values),
    selectedPatient: async (place) => book.selectedPatient(place),
    beginSelection: async (place, requestId, patient) => book.begin(place, requestId, patient),
    learnEhrSessions: async (place, requestId, values, selects) => book.learn(place, requestId, values, selects),
    settleSelection: async (_sessionKey, requestId, how) => book.settle(requestId, how),
  };
}
