// Remembers which rule asked which session to confirm, so that the record of the confirmation names it on our word and not on
// the browser's. Several gateways have it as a short note as well: nobody waits for it, and where it cannot be had the record of the
// confirmation names no rule; that of the refusal before it does.

import { forgetOldest } from '../core/forget-oldest.ts';
import type { Clock } from '../ports.ts';
import type { ShortNotes } from '../short-note-ports.ts';
import type { AskedConfirmations } from '../step-up-ports.ts';

/** As long as somebody may take to find their phone, milliseconds. */
const rememberMilliseconds = 15 * 60_000;
const most = 10_000;
/** A script that asks again and again is told to the other gateways once in so long. */
const betweenNotesMilliseconds = 60_000;
const kind = 'asked';

export class MemoryAskedConfirmations implements AskedConfirmations {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #notes: ShortNotes | null;
  readonly #asked = new Map<string, { readonly rule: string; readonly at: number; readonly notedAt: number }>();

  /** `notes`: null where this gateway is alone. */
  constructor(clock: Pick<Clock, 'now'>, notes: ShortNotes | null = null) {
    this.#clock = clock;
    this.#notes = notes;
  }

  note(reference: string, rule: string): void {
    const at = this.#clock.now();
    const before = this.#asked.get(reference);
    const isNoted = before?.rule === rule && Math.abs(at - before.notedAt) < betweenNotesMilliseconds;
    this.#asked.delete(reference);
    this.#asked.set(reference, { rule, at, notedAt: isNoted ? before.notedAt : at });
    forgetOldest(this.#asked, most);
    if (isNoted) return;
    const note = { kind, owner: reference, id: kind, text: rule, until: at + rememberMilliseconds };
    this.#notes?.put(note, 1).catch(() => undefined);
  }

  async of(reference: string): Promise<string | null> {
    const noted = await this.#notes?.list(kind, reference).catch(() => []);
    const [last] = noted ?? [];
    if (last !== undefined) return last.text;
    const asked = this.#asked.get(reference);
    return asked !== undefined && this.#clock.now() - asked.at < rememberMilliseconds ? asked.rule : null;
  }
}
