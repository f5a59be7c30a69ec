// The pages of a FHIR search: the first answer names the rest by a number of its own, and whoever asks for the next page
// names neither patient nor question.

import { randomUUID } from 'node:crypto';

/** The oldest searches make room for new ones. */
const MAX_SEARCHES = 500;

export class FhirPages {
  readonly #searches = new Map<string, readonly unknown[]>();

  /** Keeps what a search found; returns its id. */
  keep(found: readonly unknown[]): string {
    const id = randomUUID();
    this.#searches.set(id, found);
    const oldest = this.#searches.keys().next();
    if (this.#searches.size > MAX_SEARCHES && !oldest.done) this.#searches.delete(oldest.value);
    return id;
  }

  find(id: string): readonly unknown[] | null {
    return this.#searches.get(id) ?? null;
  }
}
