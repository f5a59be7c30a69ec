// Tells the gateway who is answerable for the rules it is about to put in force: the newest note of `wardgate apply`, where
// it is of these very rules and was not taken before. Anything else was changed by hand, whoever did it.

import type { RulesNote } from '../core/audit/rules-note.ts';
import { errorCode } from './audit-refused.ts';
import type { RuleVersions } from './rule-versions.ts';

export interface RulesChange {
  readonly note: RulesNote;
  /** Call it once the change is on record, for good. */
  readonly taken: () => void;
}

/** As records name a version. */
const digits = 16;

export class RuleAuthors {
  readonly #versions: RuleVersions;
  readonly #onFailed: (cause: unknown) => void;
  #version: string | null;
  #sequence: number;

  /** `onFailed` is told when it cannot be kept which rules were taken; the next start then records them once more. */
  constructor(versions: RuleVersions, onFailed: (cause: unknown) => void) {
    this.#versions = versions;
    this.#onFailed = onFailed;
    const taken = versions.taken();
    this.#version = taken?.version ?? null;
    this.#sequence = taken?.sequence ?? 0;
  }

  /** Changes whenever these very rules were applied once more. */
  markOf(version: string): string {
    const newest = this.#versions.newest();
    return newest?.version === version ? String(newest.sequence) : '';
  }

  /** Null where these rules were the last to be in force and nobody has applied them again. */
  changeTo(version: string): RulesChange | null {
    const newest = this.#versions.newest();
    const isNews = newest !== null && newest.sequence > this.#sequence && newest.version === version;
    if (version === this.#version && !isNews) return null;
    const author = isNews ? newest : null;
    const before = this.#version?.slice(0, digits) ?? null;
    return {
      note: { before, after: version.slice(0, digits), author },
      taken: () => this.#take(version, Math.max(this.#sequence, isNews ? newest.sequence : 0)),
    };
  }

  /** The very first rules of a gateway replace none, and its `start` record names them. */
  begin(version: string): RulesChange | null {
    const change = this.changeTo(version);
    if (this.#version !== null || change === null || change.note.author !== null) return change;
    this.#take(version, this.#sequence);
    return null;
  }

  #take(version: string, sequence: number): void {
    this.#version = version;
    this.#sequence = sequence;
    try {
      this.#versions.take({ version, sequence });
    } catch (cause) {
      this.#onFailed(new Error(`Which rules are in force could not be kept (${errorCode(cause)})`, { cause }));
    }
  }
}
