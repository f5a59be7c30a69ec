// Ends of sessions until they are certain: in the rows, and heard by the other gateways. What has ended stays ended here from
// its first moment, whatever a row that is read later still says.

import { forgetOldest } from '../core/forget-oldest.ts';
import type { EndReason } from '../core/session/session.ts';
import type { OperationsLog } from '../ports.ts';
import type { UnconfirmedEnds } from '../session-ports.ts';
import type { SharedChanges } from '../shared-ports.ts';
import type { EndedRow, SessionRows } from './session-rows.ts';
import { within } from './within.ts';

/** How long the others wait to hear of an end because a database takes its time. */
const writeFirstMilliseconds = 500;
const remembered = 100_000;
/** An end that is on its way for no longer is nothing to tell of. */
const onItsWayMilliseconds = 3000;

const reasons: readonly EndReason[] = [
  'idle',
  'absolute',
  'signed-out',
  'revoked',
  'provider-refused',
  'roles-stale',
  'provider-logout',
  'pin-failed',
  'taken-over',
  'switched-away',
];

/** One that a newer version knows is a "revoked" here. */
export function endReasonOf(text: string | undefined): EndReason {
  return reasons.find((one) => one === text) ?? 'revoked';
}

interface End extends EndedRow {
  isWritten: boolean;
  /** Whether it was tried. */
  isTold: boolean;
  running: Promise<void> | null;
}

export interface SessionEndsNeeds {
  readonly rows: SessionRows;
  /** Null: there are no others. */
  readonly changes: SharedChanges | null;
  readonly log: OperationsLog;
}

export class SessionEnds {
  readonly #needs: SessionEndsNeeds;
  /** References of what has ended, here or elsewhere. */
  readonly #gone = new Map<string, EndReason>();
  /** Tried again until they are certain: a restart, or another gateway, would go on with those sessions. */
  readonly #unconfirmed = new Set<End>();
  #retrying: Promise<void> | null = null;

  constructor(needs: SessionEndsNeeds) {
    this.#needs = needs;
  }

  has(reference: string): boolean {
    return this.#gone.has(reference);
  }

  /** Elsewhere. */
  heard(reference: string, reason: EndReason): void {
    this.#gone.set(reference, reason);
    forgetOldest(this.#gone, remembered);
  }

  /** From now on; `isWritten`: its rows say so already. */
  begin(row: EndedRow, isWritten = false): End {
    this.heard(row.reference, row.reason);
    const end = { ...row, isWritten, isTold: false, running: null };
    this.#unconfirmed.add(end);
    return end;
  }

  /** A row of a session is still there that is known to have ended: whoever ended it did not come to take it away. */
  finish(reference: string, key: string, at: number): void {
    const reason = this.#gone.get(reference);
    if (reason === undefined || [...this.#unconfirmed].some((end) => end.reference === reference)) return;
    this.begin({ reference, keys: [key], reason, at });
  }

  /** Alone it rejects while the rows do not have it; among several it resolves, and `unconfirmed` tells. */
  async confirm(end: End): Promise<void> {
    end.running ??= this.#confirm(end).finally(() => {
      end.running = null;
    });
    return end.running;
  }

  async retry(): Promise<void> {
    this.#retrying ??= this.#confirmAll().finally(() => {
      this.#retrying = null;
    });
    return this.#retrying;
  }

  get unconfirmed(): UnconfirmedEnds | null {
    const since = Math.min(...[...this.#unconfirmed].map(({ at }) => at));
    return this.#unconfirmed.size === 0 ? null : { count: this.#unconfirmed.size, since };
  }

  /** Sentences without their full stop. `now`: epoch milliseconds. */
  notices(now: number): readonly string[] {
    const { unconfirmed } = this;
    if (unconfirmed === null || now - unconfirmed.since < onItsWayMilliseconds) return [];
    const { count, since } = unconfirmed;
    const ends = count === 1 ? 'The end of one session is' : `The ends of ${count} sessions are`;
    return [`${ends} not confirmed for the other gateways since ${new Date(since).toISOString()}; it is tried again each second`];
  }

  async #confirmAll(): Promise<void> {
    const failed = (cause: unknown): void => this.#needs.log.warn({ cause }, 'The end of a session could not be written');
    for (const end of this.#unconfirmed) await this.confirm(end).catch(failed);
  }

  async #confirm(end: End): Promise<void> {
    const { rows, changes } = this.#needs;
    if (changes === null) await rows.end(end);
    else if (!(await this.#spread(end, changes))) return;
    this.#unconfirmed.delete(end);
  }

  /** First into the rows and then to the others; to them in any case, because an end must not wait for a database. */
  async #spread(end: End, changes: SharedChanges): Promise<boolean> {
    const entry = endedEntry(end);
    const written = end.isWritten ? Promise.resolve(true) : this.#write(end);
    const isInTime = (await within(writeFirstMilliseconds, written)) && end.isWritten;
    // Told once in any case; later only where it can be heard, so that nothing piles up.
    const isTold = (!end.isTold || changes.current) && (await changes.tell('sessions-ended', [entry]));
    end.isTold = true;
    if (isInTime) return isTold;
    // A gateway that started in between has read the row: it is told once more when the row is gone.
    return (await written) && changes.tell('sessions-ended', [entry]);
  }

  async #write(end: End): Promise<boolean> {
    try {
      await this.#needs.rows.end(end);
      end.isWritten = true;
    } catch (cause) {
      this.#needs.log.warn({ cause }, 'The end of a session could not be written');
    }
    return end.isWritten;
  }
}

/** As the others are told: the reference, by which it is known under any key, the reason, and its keys. */
function endedEntry({ reference, reason, keys }: EndedRow): string {
  return [reference, reason, ...keys].join(' ');
}

export function readEndedEntry(entry: string): { readonly reference: string; readonly reason: EndReason } | null {
  const [reference = '', reason] = entry.split(' ');
  return reference === '' ? null : { reference, reason: endReasonOf(reason) };
}
