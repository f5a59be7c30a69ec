// The accounting of one patient's disclosures as 164.528(b)(2) and (3) want it: each with its date, recipient, description and
// purpose; several to one recipient for one purpose as the first, how many, and the last.

import { isAccounted } from './disclosure.ts';
import type { Disclosure } from './disclosure.ts';

export interface MadeDisclosure extends Disclosure {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** In force until another record takes its place. */
  readonly replaces: string | null;
}

export interface AccountingLine {
  readonly first: MadeDisclosure;
  readonly times: number;
  /** Of the last; that of the first where there is one. */
  readonly lastAt: number;
}

/** Without those that a later record stands in the place of. The order stays. */
export function inForce<T extends Pick<MadeDisclosure, 'id' | 'replaces'>>(all: readonly T[]): readonly T[] {
  const replaced = new Set(all.map(({ replaces }) => replaces));
  return all.filter(({ id }) => !replaced.has(id));
}

/** In the order of their first. `all` in any order, of one patient. */
export function summariseDisclosures(all: readonly MadeDisclosure[]): readonly AccountingLine[] {
  const lines = new Map<string, AccountingLine>();
  for (const one of inForce(all.filter(({ basis }) => isAccounted(basis))).toSorted((a, b) => a.at - b.at)) {
    const key = JSON.stringify([one.recipient, one.address, one.description, one.purpose, one.basis]);
    const before = lines.get(key);
    lines.set(key, { first: before?.first ?? one, times: (before?.times ?? 0) + 1, lastAt: one.at });
  }
  return [...lines.values()];
}
