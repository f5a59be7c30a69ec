// The versions of the rules that are still known on this machine: the rule file as it stands, and those that `wardgate apply`
// has kept. Records name the version that decided by the first digits of its hash.

import { readFileSync } from 'node:fs';
import { loadConfiguration } from '../../config/load.ts';
import { recordedDigits, rulebook } from './rulebook.ts';
import type { Rulebook } from './rulebook.ts';

/** Versions read at most, each of them once. */
const mostVersions = 50;

export class KnownRules {
  readonly #gatewayFile: string;
  /** The text of a kept version by the first digits of its hash; null where none is kept. */
  readonly #textOf: (digits: string) => string | null;
  readonly #books = new Map<string, Rulebook | null>();

  constructor(gatewayFile: string, current: Rulebook | null, textOf: (digits: string) => string | null) {
    this.#gatewayFile = gatewayFile;
    this.#textOf = textOf;
    if (current !== null) this.#books.set(current.policy.version.slice(0, recordedDigits), current);
  }

  /** Null where the version is not known any more, or no longer fits gateway.yaml. */
  async book(digits: string | null): Promise<Rulebook | null> {
    if (digits === null) return null;
    const known = this.#books.get(digits);
    if (known !== undefined || this.#books.size >= mostVersions) return known ?? null;
    const book = await this.#read(digits);
    this.#books.set(digits, book);
    return book;
  }

  async #read(digits: string): Promise<Rulebook | null> {
    const rules = this.#textOf(digits);
    if (rules === null) return null;
    const gateway = readFileSync(this.#gatewayFile, 'utf8');
    const loaded = await loadConfiguration(this.#gatewayFile, { secrets: 'optional', texts: { gateway, rules } });
    return loaded.ok ? rulebook(loaded.configuration.policy) : null;
  }
}
