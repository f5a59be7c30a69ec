// The changes of the rules and of gateway.yaml, as the console sees them and as a command claims them.

import type { ChangedFile, RulesAuthor } from './core/audit/rules-note.ts';

/** One change that was put in force, or is about to be. */
export interface KnownChange {
  readonly of: ChangedFile;
  /** Counts the changes of this file from 1; claims count as well, so numbers may be missing. */
  readonly sequence: number;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** SHA-256, hex. */
  readonly version: string;
  readonly previous: string | null;
  /** Null of a change by hand that nobody has claimed. */
  readonly author: RulesAuthor | null;
  /** Changed in the file itself, whether somebody claimed it since or not. */
  readonly byHand: boolean;
  /** Who gained or lost what, in lines; null where that could not be told. */
  readonly effect: readonly string[] | null;
}

export interface ChangeHistory {
  /** The newest first. `unreadable` counts notes that cannot be believed. */
  changes(of: ChangedFile): { readonly changes: readonly KnownChange[]; readonly unreadable: number };
  /** What a version held; null where it is not kept. */
  text(of: ChangedFile, version: string): string | null;
}

export interface ChangeClaims {
  /** Changes by hand without author, the oldest first. */
  unclaimed(): readonly { readonly of: ChangedFile; readonly note: { readonly sequence: number; readonly time: string } }[];
  /** False where there is no such change. On record when it resolves. */
  claim(of: ChangedFile, sequence: number, claim: Omit<RulesAuthor, 'deed' | 'time'>): Promise<boolean>;
  /** What a person should hear of it: most often nothing. */
  notices(): readonly string[];
}
