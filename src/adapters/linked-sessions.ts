// Sessions that one browser has at several addresses of the gateway, as one: seen at one, locked at one, unlocked at one or
// ended at one is so at all. Lies over any store of sessions and keeps nothing itself. Used where there are several
// applications; one alone has nothing to link.

import type { EndReason, LockReason, Session } from '../core/session/session.ts';
import { followsEnd, followsUnlock } from '../core/session/follows-link.ts';
import type { Lookup, SessionStore, Soon } from '../ports.ts';
import type { SessionList, UnconfirmedEnds } from '../session-ports.ts';

type Fields = Parameters<SessionStore['update']>[1];
/** `knownOf` are the sessions of a person that are in memory, without waiting for what others may have begun. */
type Inner = SessionStore & SessionList & { knownOf(issuer: string, sub: string): readonly Session[] };

const againMilliseconds = 1000;

export interface LinkedSessionsNeeds {
  /** A session that ended because of another: for its record. */
  readonly onFollowed: (session: Session, because: Session, reason: EndReason) => void;
  readonly onFailed: (cause: unknown) => void;
}

export class LinkedSessions implements SessionStore, SessionList {
  readonly #inner: Inner;
  readonly #needs: LinkedSessionsNeeds;
  /** Key of an ended session → the ends that follow from it, while they are on their way. */
  readonly #following = new Map<string, Promise<void>>();

  constructor(inner: Inner, needs: LinkedSessionsNeeds) {
    this.#inner = inner;
    this.#needs = needs;
    // The store ends and locks by itself as well, when nobody comes back; hence by what it tells, and not by who asks.
    // What happens elsewhere is followed there.
    inner.onEnd((session, reason, where) => where === 'here' && this.#endOthers(session, reason));
    inner.onLock((session, why, where) => {
      const since = session.lockedAt;
      if (since !== null && where === 'here') this.#each(session, (other) => this.#inner.lock(other.key, since, why));
    });
  }

  find(key: string): Soon<Lookup<Session>> {
    return this.#inner.find(key);
  }

  /** Whoever signs in at a second address is there, and so seen at the first. */
  async create(session: Session): Promise<void> {
    await this.#inner.create(session);
    await this.#settled(session, (other) => this.#inner.touch(other.key, session.lastActiveAt, 'navigation'));
  }

  async update(key: string, fields: Fields): Promise<boolean> {
    const isThere = await this.#inner.update(key, fields);
    if (isThere && fields.lockedAt === null) await this.#unlockOthers(key, fields);
    return isThere;
  }

  async rename(key: string, nextKey: string, fields: Fields): Promise<boolean> {
    const isThere = await this.#inner.rename(key, nextKey, fields);
    const renamed = isThere ? await this.#session(nextKey) : null;
    if (renamed === null) return isThere;
    // A session that is put aside is locked without the store's word for it.
    const { lockedAt } = fields;
    if (lockedAt === null) await this.#unlockOthers(nextKey, fields);
    else if (lockedAt !== undefined) await this.#settled(renamed, (other) => this.#inner.lock(other.key, lockedAt));
    return true;
  }

  touch(key: string, lastActiveAt: number, kind: 'script' | 'navigation'): void {
    this.#inner.touch(key, lastActiveAt, kind);
    void this.#touchOthers(key, lastActiveAt, kind).catch(this.#needs.onFailed);
  }

  lock(key: string, since: number, why?: LockReason): Promise<boolean> {
    return this.#inner.lock(key, since, why);
  }

  /** Resolves once the linked ones have ended as well; rejects while one of them is not confirmed. */
  async end(key: string, reason: EndReason): Promise<boolean> {
    const session = await this.#session(key);
    try {
      return await this.#inner.end(key, reason);
    } finally {
      await this.#following.get(session?.key ?? key);
    }
  }

  get unconfirmedEnds(): UnconfirmedEnds | null {
    return this.#inner.unconfirmedEnds;
  }

  ofSubject(issuer: string, sub: string): Promise<readonly Session[]> {
    return this.#inner.ofSubject(issuer, sub);
  }

  ofProviderSession(issuer: string, providerSession: string): Promise<readonly Session[]> {
    return this.#inner.ofProviderSession(issuer, providerSession);
  }

  onEnd(callback: Parameters<SessionStore['onEnd']>[0]): void {
    this.#inner.onEnd(callback);
  }

  onLock(callback: Parameters<SessionStore['onLock']>[0]): void {
    this.#inner.onLock(callback);
  }

  onRename(callback: Parameters<SessionStore['onRename']>[0]): void {
    this.#inner.onRename(callback);
  }

  onEhrSessions(callback: (session: Session) => void): void {
    this.#inner.onEhrSessions(callback);
  }

  onDevice(id: string): readonly Session[] {
    return this.#inner.onDevice(id);
  }

  locked(): readonly Session[] {
    return this.#inner.locked();
  }

  all(): readonly Session[] {
    return this.#inner.all();
  }

  async #touchOthers(key: string, lastActiveAt: number, kind: 'script' | 'navigation'): Promise<void> {
    const session = await this.#session(key);
    if (session !== null) await this.#settled(session, (other) => this.#inner.touch(other.key, lastActiveAt, kind));
  }

  #endOthers(session: Session, reason: EndReason): void {
    if (!followsEnd(session, reason)) return;
    const end = async (other: Session): Promise<void> => {
      if (await this.#inner.end(other.key, reason)) this.#needs.onFollowed(other, session, reason);
    };
    // Those that this gateway knows end at once, whatever does not answer at this moment.
    const known = allOf(linkedTo(session, this.#inner.knownOf(session.subject.issuer, session.subject.sub)), end);
    const ends = Promise.all([known, this.#endFound(session, end)]).then(() => undefined);
    this.#following.set(session.key, ends);
    void ends.catch(this.#needs.onFailed).finally(() => this.#following.delete(session.key));
  }

  /** One that began at another gateway a moment ago may be known to nobody who answers: it is looked for until somebody does. */
  async #endFound(session: Session, end: (other: Session) => Promise<void>): Promise<void> {
    try {
      await this.#settled(session, end);
    } catch (cause) {
      this.#needs.onFailed(cause);
      setTimeout(() => void this.#endFound(session, end), againMilliseconds).unref();
    }
  }

  async #unlockOthers(key: string, { lastActiveAt, activity }: Fields): Promise<void> {
    const session = await this.#session(key);
    if (session === null) return;
    const unlocked = {
      lockedAt: null,
      lastActiveAt: lastActiveAt ?? session.lastActiveAt,
      activity: activity ?? session.activity,
    };
    await this.#settled(session, async (other) => followsUnlock(other) && this.#inner.update(other.key, unlocked));
  }

  async #session(key: string): Promise<Session | null> {
    const found = await this.#inner.find(key);
    return found.found === 'yes' ? found.value : null;
  }

  #each(session: Session, act: (other: Session) => unknown): void {
    void this.#settled(session, act).catch(this.#needs.onFailed);
  }

  /** Does it to every linked one; rejects with the first failure once all are done. */
  async #settled(session: Session, act: (other: Session) => unknown): Promise<void> {
    if (session.place === undefined) return;
    const { issuer, sub } = session.subject;
    await allOf(linkedTo(session, await this.#inner.ofSubject(issuer, sub)), act);
  }
}

function linkedTo({ place, reference }: Session, all: readonly Session[]): readonly Session[] {
  return place === undefined ? [] : all.filter((one) => one.place?.link === place.link && one.reference !== reference);
}

/** Rejects with the first failure once all are done. */
async function allOf(others: readonly Session[], act: (other: Session) => unknown): Promise<void> {
  const done = await Promise.allSettled(others.map(async (other) => act(other)));
  for (const one of done) if (one.status === 'rejected') throw one.reason;
}
