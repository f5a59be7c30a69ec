// How far a log is known to be on the disk, asked again and again by whoever follows it from outside.

import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { knownKeys } from './audit-epochs.ts';
import { durableSequence } from './audit-follow.ts';

export class AuditDurableEnd {
  readonly #directories: readonly string[];
  #publicKey: KeyObject | null = null;
  #last = 0;

  /** The log's directory first, then the fallback. */
  constructor(directories: readonly string[]) {
    this.#directories = directories;
  }

  /** The log's first public key, which names it. Throws system errors until there is one. */
  get publicKey(): KeyObject {
    this.#publicKey ??= createPublicKey(readFileSync(join(this.#directories[0] ?? '', 'audit-signing.pub')));
    return this.#publicKey;
  }

  /** As it was found last; 0 before. */
  get last(): number {
    return this.#last;
  }

  /** The last record that a signed head vouches for; null while a head is just being written. Throws system errors. */
  look(): number | null {
    // The keys change every day; the head may be signed with any that this log had.
    const found = durableSequence(this.#directories, knownKeys(this.#directories[0] ?? '', this.publicKey));
    this.#last = found ?? this.#last;
    return found;
  }
}
