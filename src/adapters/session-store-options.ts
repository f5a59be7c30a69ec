// What the store of sessions is told when it is opened.

import type { SessionStanding } from '../core/session/judge-standing.ts';
import type { Session } from '../core/session/session.ts';
import type { SharedParts } from '../shared-ports.ts';

export interface SessionStoreOptions {
  /** A touch is written when it moved by more than this: a tenth of the shortest idle limit. Milliseconds. */
  readonly touchStepMilliseconds: number;
  /** Sessions at most, at all gateways together; the next sign-in is refused. 100,000 unless told. */
  readonly maximumSessions?: number;
  /** How a session stands that nobody asks for any more; looked at once a minute. */
  readonly judge: (session: Session, now: number) => SessionStanding;
  /** What other gateways over the same rows are told and tell. Absent: this one is alone. */
  readonly shared?: SharedParts | undefined;
}
