// Who is told when a session ends, locks or goes on under another key.

import type { EndReason, LockReason, Session } from '../core/session/session.ts';
import type { Renamed, Where } from '../session-ports.ts';

export class SessionListeners {
  readonly #onEnd: ((session: Session, reason: EndReason, where: Where) => void)[] = [];
  readonly #onLock: ((session: Session, why: LockReason, where: Where) => void)[] = [];
  readonly #onRename: ((from: string, to: string, where: Where, session: Renamed) => void)[] = [];
  readonly #onEhrSessions: ((session: Session) => void)[] = [];

  onEnd(callback: (session: Session, reason: EndReason, where: Where) => void): void {
    this.#onEnd.push(callback);
  }

  onLock(callback: (session: Session, why: LockReason, where: Where) => void): void {
    this.#onLock.push(callback);
  }

  onRename(callback: (from: string, to: string, where: Where, session: Renamed) => void): void {
    this.#onRename.push(callback);
  }

  onEhrSessions(callback: (session: Session) => void): void {
    this.#onEhrSessions.push(callback);
  }

  ended(session: Session, reason: EndReason, where: Where): void {
    for (const listener of this.#onEnd) listener(session, reason, where);
  }

  locked(session: Session, why: LockReason, where: Where): void {
    for (const listener of this.#onLock) listener(session, why, where);
  }

  renamed(before: Session, after: Session, where: Where): void {
    for (const listener of this.#onRename) listener(before.key, after.key, where, { before, after });
  }

  /** Told where they differ. */
  ehrSessions(before: Session, after: Session): void {
    if (this.#onEhrSessions.length === 0) return;
    if (JSON.stringify(before.ehrSessions) === JSON.stringify(after.ehrSessions)) return;
    for (const listener of this.#onEhrSessions) listener(after);
  }
}
