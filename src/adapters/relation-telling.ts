// What the detectors are told beside each record: the relations that are in force, and whether an opening is explained. Where they
// cannot be read, the detectors go on with what they have, and it is said.

import type { RelationContext } from '../core/detect/relation-context.ts';
import type { Seen, SeenPerson } from '../core/detect/seen.ts';
import { explain } from '../core/relations/explain.ts';
import type { ExplainSettings } from '../core/relations/explain.ts';
import type { Explanation } from '../core/relations/explanation.ts';
import { OwnNotes } from '../core/relations/own-notes.ts';
import type { Relations } from '../core/relations/relations.ts';
import { causeInWords } from './audit-refused.ts';
import { RelationReader } from './relation-reader.ts';
import type { RelationPlace } from './relation-reader.ts';

export interface ToldOpening {
  readonly person: SeenPerson;
  readonly patient: string;
  readonly time: number;
  readonly day: string;
  readonly minute: number;
}

/** Looks that pass before a store that could not be read is read again: half a minute. */
export const looksAfterFailure = 60;

const writing: ReadonlySet<string | null> = new Set(['create', 'update']);

export class RelationTelling {
  readonly #reader: RelationReader | null;
  readonly #days: number;
  readonly #notes: OwnNotes;
  /** Looks that are still let pass. */
  #waits = 0;
  failure: string | null = null;

  constructor(task: (RelationPlace & ExplainSettings) | null) {
    this.#reader = task === null ? null : new RelationReader(task);
    this.#days = task?.days ?? 0;
    this.#notes = new OwnNotes(this.#days);
  }

  /** Whether another import counts now, and a step in reading it. True while there is more to read. Never throws. */
  look(): boolean {
    if (this.#waits > 0) {
      this.#waits -= 1;
      return false;
    }
    try {
      const more = this.#reader?.look() === true;
      if (!more) this.failure = null;
      return more;
    } catch (cause) {
      this.failure = causeInWords(cause);
      this.#waits = looksAfterFailure;
      return false;
    }
  }

  of(seen: Seen): RelationContext {
    const { event, person, patient, time, local, action } = seen;
    const relations = this.#reader?.relations ?? null;
    if (relations === null || person === null || patient === null) return { relations, explanation: null };
    if (event === 'attempt' && writing.has(action)) this.#notes.wrote(person.key, relations.patientOf(patient), time);
    const { day, minute } = local;
    const opening = { person, patient, time, day, minute };
    return { relations, explanation: event === 'chart-opened' ? this.#explain(relations, opening) : null };
  }

  explain(opening: ToldOpening): Explanation | null {
    const relations = this.#reader?.relations ?? null;
    return relations === null ? null : this.#explain(relations, opening);
  }

  close(): void {
    this.#reader?.close();
  }

  #explain(relations: Relations, { person, patient, time, day, minute }: ToldOpening): Explanation {
    const wroteBefore = this.#notes.before(person.key, relations.patientOf(patient), time);
    return explain(relations, { login: person.name, patient, day, minute, wroteBefore }, { days: this.#days });
  }
}
