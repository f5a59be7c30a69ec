// Where posts wait that met an ended or locked session: whose they are, what they were, and how each is sent once at most.

import type { Carried } from './core/held/carried-patient.ts';
import type { Soon } from './session-ports.ts';

/** The person a post belongs to. */
export interface HeldOwner {
  readonly issuer: string;
  readonly sub: string;
}

/** Whose session has just ended, and which patient its EHR session carried. */
export interface LateOwner extends HeldOwner {
  readonly carried: Carried;
}

/** What was typed, as the browser sent it. Lies sealed to its person, its application and its id. */
export interface HeldContent {
  /** The canonical path and query it was for. */
  readonly target: string;
  /** The origin of the page whose form it was; always our own. */
  readonly origin: string;
  readonly contentType: string | null;
  /** The patient who was open in the EHR when it was written. */
  readonly carried?: Carried;
  readonly body: Buffer;
  /** Reference of the session that sent it and has only to confirm; absent where it had ended or was locked. */
  readonly confirming?: string;
}

/** What is known of a held post without opening it. Times are epoch milliseconds. */
export interface HeldSummary extends HeldOwner {
  readonly id: string;
  readonly application: string;
  readonly heldAt: number;
  readonly bytes: number;
  /** When sending it began; null while it never did. Once set it is not sent again. */
  readonly takenAt: number | null;
  /** What the EHR answered; null where it did not, or nobody was left to hear it. */
  readonly status: number | null;
  /** Typed in a page that was left, and never sent: text to be copied, which nothing sends. */
  readonly draft: boolean;
  /** When it is removed. */
  readonly until: number;
}

export interface HeldPosts {
  /** Whose session that was, where it ended less than half an hour ago. `key` is the SHA-256 of the cookie's id. */
  endedLately(key: string): LateOwner | null;
  /** Sets room aside for a post that is still on its way; null where the person, or the whole place, has no more. Drafts
   * take no room of posts. */
  reserve(who: HeldOwner, bytes: number, draft?: 'draft'): (() => void) | null;
  /** On disk before it returns. Rejects with Fault `session-store-unavailable`. */
  hold(id: string, who: HeldOwner, application: string, content: HeldContent, draft?: 'draft'): Promise<void>;
  /** This person's, of this application, the oldest first. Rejects with Fault `session-store-unavailable`. */
  of(who: HeldOwner, application: string): Soon<readonly HeldSummary[]>;
  /** Null where this person has none of this id, or it cannot be opened. */
  open(who: HeldOwner, application: string, id: string): Promise<HeldContent | null>;
  /** Marks it as being sent, for good, before this returns; false where it is gone or somebody was quicker. */
  take(id: string): Promise<boolean>;
  /** What the EHR answered to a post that was taken. */
  answered(id: string, status: number): Promise<void>;
  /** False where this person has none of this id. */
  discard(who: HeldOwner, application: string, id: string): Promise<boolean>;
  /** Everything of theirs, of every application. Says how many that were. */
  discardAll(who: HeldOwner): Promise<number>;
}
