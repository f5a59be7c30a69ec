// Where the demo's provider keeps its sessions, grants and tokens: in memory, for one run. It answers the questions of
// oidc-provider's adapter, and two of the demo's own: forget what a person was given, and forget one session.

import type { Adapter, AdapterPayload } from 'oidc-provider';

/** Rows of one kind beyond this number push out the oldest. */
const MAX_ROWS = 10_000;

interface Row {
  readonly payload: AdapterPayload;
  readonly expiresAt: number;
}

export class ProviderStore {
  readonly #kinds = new Map<string, Map<string, Row>>();

  /** The adapter for one kind of row; oidc-provider asks for each by its name. */
  readonly adapter = (kind: string): Adapter => ({
    upsert: async (id, payload, expiresIn) => this.#put(kind, id, payload, expiresIn),
    find: async (id) => this.#find(kind, id),
    findByUid: async (uid) => this.#search(kind, (payload) => payload.uid === uid),
    findByUserCode: async (userCode) => this.#search(kind, (payload) => payload.userCode === userCode),
    consume: async (id) => this.#consume(kind, id),
    destroy: async (id) => void this.#rows(kind).delete(id),
    revokeByGrantId: async (grantId) => this.#sweep((payload) => payload.grantId === grantId),
  });

  /** Ends the person's sessions and everything issued to the person: refreshing is refused and `prompt=none` too. */
  forgetAccount(accountId: string): void {
    this.#sweep((payload) => payload.accountId === accountId);
  }

  forgetSession(uid: string): void {
    this.#sweep((payload) => payload.kind === 'Session' && payload.uid === uid);
  }

  #rows(kind: string): Map<string, Row> {
    const rows = this.#kinds.get(kind) ?? new Map<string, Row>();
    this.#kinds.set(kind, rows);
    return rows;
  }

  #put(kind: string, id: string, payload: AdapterPayload, expiresInSeconds: number | undefined): void {
    const rows = this.#rows(kind);
    rows.delete(id);
    rows.set(id, { payload, expiresAt: expiresInSeconds === undefined ? Infinity : Date.now() + expiresInSeconds * 1000 });
    const oldest = rows.keys().next();
    if (rows.size > MAX_ROWS && !oldest.done) rows.delete(oldest.value);
  }

  #find(kind: string, id: string): AdapterPayload | undefined {
    const row = this.#rows(kind).get(id);
    if (row === undefined || row.expiresAt > Date.now()) return row?.payload;
    this.#rows(kind).delete(id);
    return undefined;
  }

  #search(kind: string, fits: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    return [...this.#rows(kind).values()].find((row) => row.expiresAt > Date.now() && fits(row.payload))?.payload;
  }

  #consume(kind: string, id: string): void {
    const row = this.#rows(kind).get(id);
    if (row !== undefined) row.payload.consumed = Math.floor(Date.now() / 1000);
  }

  #sweep(goes: (payload: AdapterPayload) => boolean): void {
    for (const rows of this.#kinds.values()) {
      for (const [id, row] of rows) if (goes(row.payload)) rows.delete(id);
    }
  }
}
