// Tells the gateway who is answerable for the rules or settings it is about to put in force: the newest note of `wardgate
// apply`, where it is of these very ones and was not taken before. Anything else was changed by hand, whoever did it; that
// gets a note of its own, which stays unclaimed until somebody takes it upon them.

import type { ChangedFile, RulesAuthor, RulesNote } from '../core/audit/rules-note.ts';
import { errorCode } from './audit-refused.ts';
import type { RuleNote, RuleVersions } from './rule-versions.ts';

export interface RulesChange {
  readonly note: RulesNote;
  /** Call it once the change is on record, for good. */
  readonly taken: () => void;
}

/** What is known of a change beside its author; `effect` is asked for where it is kept. */
export interface ChangeFacts {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly effect?: (before: string | null) => readonly string[];
}

export type Claim = Pick<RulesAuthor, 'person' | 'reason' | 'approver' | 'time'>;

/** As records name a version. */
const digits = 16;

export class RuleAuthors {
  readonly #versions: RuleVersions;
  readonly #onFailed: (cause: unknown) => void;
  #version: string | null;
  #sequence: number;
  #unclaimed: readonly RuleNote[] | null = null;

  /** `onFailed` is told when it cannot be kept which rules were taken; the next start then records them once more. */
  constructor(versions: RuleVersions, onFailed: (cause: unknown) => void) {
    this.#versions = versions;
    this.#onFailed = onFailed;
    const taken = versions.taken();
    this.#version = taken?.version ?? null;
    this.#sequence = taken?.sequence ?? 0;
  }

  get of(): ChangedFile {
    return this.#versions.of;
  }

  /** Changes whenever these very rules were applied once more. */
  markOf(version: string): string {
    const newest = this.#versions.newestApplied();
    return newest?.version === version ? String(newest.sequence) : '';
  }

  /**
   * Null where these rules were the last to be in force and nobody has applied them again. Throws where the note of a change
   * by hand cannot be kept.
   */
  changeTo(version: string, facts: ChangeFacts): RulesChange | null {
    const newest = this.#versions.newestApplied();
    const isNews = newest !== null && newest.sequence > this.#sequence && newest.version === version;
    if (version === this.#version && !isNews) return null;
    const author = isNews ? authorOf(newest) : null;
    const { sequence } = isNews ? newest : this.#byHand(version, facts);
    const before = this.#version?.slice(0, digits) ?? null;
    return {
      note: { of: this.of, before, after: version.slice(0, digits), author },
      taken: () => this.#take(version, Math.max(this.#sequence, sequence)),
    };
  }

  /** The very first rules of a gateway replace none, and its `start` record names them. */
  begin(version: string, facts: ChangeFacts): RulesChange | null {
    const newest = this.#versions.newestApplied();
    if (this.#version !== null || newest?.version === version) return this.changeTo(version, facts);
    this.#take(version, this.#sequence);
    return null;
  }

  /** Changes by hand that nobody has taken upon them, the oldest first. */
  unclaimed(): readonly RuleNote[] {
    this.#unclaimed ??= unclaimedIn(this.#versions.notes().flatMap(({ note }) => note ?? []));
    return this.#unclaimed;
  }

  /** What a record says of the claim; null where there is no such change without an author. */
  claim(sequence: number, claim: Claim): RulesNote | null {
    const change = this.unclaimed().find((note) => note.sequence === sequence);
    if (change === undefined) return null;
    const { version, previous } = change;
    this.#versions.write({ ...claim, deed: 'claimed', version, previous, claims: sequence });
    this.#unclaimed = null;
    const author = { ...claim, deed: 'claimed' } as const;
    return { of: this.of, before: previous?.slice(0, digits) ?? null, after: version.slice(0, digits), author };
  }

  /** One that was written and whose record then failed is not written twice. */
  #byHand(version: string, { time, effect }: ChangeFacts): RuleNote {
    const newest = this.#versions.newest();
    if (newest?.deed === 'by hand' && newest.sequence > this.#sequence && newest.version === version) return newest;
    this.#unclaimed = null;
    const previous = this.#version;
    const lines = effect?.(previous);
    const fields = { version, previous, deed: 'by hand', person: null, reason: null, approver: null, time } as const;
    return this.#versions.write({ ...fields, ...(lines === undefined ? {} : { effect: lines }) });
  }

  #take(version: string, sequence: number): void {
    this.#version = version;
    this.#sequence = sequence;
    // Whoever applies what somebody had changed by hand takes it upon them.
    this.#unclaimed = null;
    try {
      this.#versions.take({ version, sequence });
    } catch (cause) {
      this.#onFailed(new Error(`Which ${this.of} are in force could not be kept (${errorCode(cause)})`, { cause }));
    }
  }
}

function authorOf({ deed, person, reason, approver, time }: RuleNote): RulesAuthor | null {
  if (person === null || reason === null || deed === 'by hand') return null;
  return { deed, person, reason, approver, time };
}

/** Changes by hand without a claim, and without somebody who applied the very same version right after. */
export function unclaimedIn(notes: readonly RuleNote[]): readonly RuleNote[] {
  const claimed = new Set(notes.map(({ claims }) => claims));
  const changes = notes.filter(({ deed }) => deed !== 'claimed');
  return changes.filter(
    ({ deed, sequence, version }, at) => deed === 'by hand' && !claimed.has(sequence) && changes[at + 1]?.version !== version,
  );
}
