// The gateway's own side of retention: it alone writes records, and `retention.json` beside them. A hold is in force before its
// record says so, and until after its release does, so that nothing goes in between.

import { auditEntry } from '../core/audit/entry.ts';
import type { AuditEvent } from '../core/audit/entry.ts';
import { holds, writeHoldNote, writeReleaseNote } from '../core/audit/hold.ts';
import type { ToldHold } from '../core/audit/hold.ts';
import { prunedDays, readPruneNote } from '../core/audit/prune-note.ts';
import type { Retention } from '../core/audit/retention-note.ts';
import type { AuditLog, Clock } from '../ports.ts';
import type { Holds, KeptHold } from '../retention-ports.ts';
import type { RetentionLog } from './audit-retention.ts';
import { mostHolds, readRetentionState, writeRetentionState } from './audit-retention-state.ts';
import type { RetentionState } from './audit-retention-state.ts';

export class AuditRetentionDesk implements Holds, RetentionLog {
  readonly #directory: string;
  readonly #audit: Pick<AuditLog, 'append'>;
  readonly #clock: Clock;

  constructor(directory: string, audit: Pick<AuditLog, 'append'>, clock: Clock) {
    this.#directory = directory;
    this.#audit = audit;
    this.#clock = clock;
  }

  list(): readonly KeptHold[] | null {
    const state = readRetentionState(this.#directory);
    return typeof state === 'string' ? null : state.holds;
  }

  async add(hold: ToldHold): Promise<void> {
    const state = this.#state();
    if (state.holds.length >= mostHolds) throw new Error(`there are ${mostHolds} holds already`);
    const at = new Date(this.#clock.now()).toISOString();
    writeRetentionState(this.#directory, { ...state, holds: [...state.holds, { ...hold, at }] });
    await this.#record('audit-hold', writeHoldNote(hold, hold.by, hold.because));
  }

  async release(name: string, by: string, because: string): Promise<void> {
    await this.#record('audit-hold-released', writeReleaseNote(name, by, because));
    const state = this.#state();
    writeRetentionState(this.#directory, { ...state, holds: state.holds.filter((hold) => hold.name !== name) });
  }

  async pruned(detail: string): Promise<void> {
    const note = readPruneNote(detail);
    // A hold may have come since the thread looked; between here and the record nothing can.
    const days = note === null ? { first: '', last: '9999' } : prunedDays(note);
    const hold = this.#state().holds.find((one) => holds(one, days.first, days.last));
    if (hold !== undefined) throw new Error(`hold "${hold.name}" keeps what was to go`);
    await this.#record('audit-pruned', detail);
  }

  async stated(detail: string, retention: Retention): Promise<void> {
    await this.#record('configuration', detail);
    writeRetentionState(this.#directory, { ...this.#state(), retention });
  }

  async found(state: RetentionState): Promise<void> {
    if (readRetentionState(this.#directory) === 'absent') writeRetentionState(this.#directory, state);
  }

  #state(): RetentionState {
    const state = readRetentionState(this.#directory);
    if (state === 'unreadable') throw new Error(`the holds in "${this.#directory}" cannot be read`);
    if (state === 'absent') throw new Error('the holds are being made anew from the record; try again in a minute');
    return state;
  }

  async #record(event: AuditEvent, detail: string): Promise<void> {
    const receipt = await this.#audit.append(auditEntry(event, this.#clock.now(), { detail }));
    await receipt.durable;
  }
}
