// The sentence in a `disclosure` record: on what ground, what of 164.528(b)(2) was told, how it came to be known, and a commitment
// to the words themselves, which lie sealed beside the log. The register reads it back, so writing and reading live side by side.

import { isBasis } from './disclosure.ts';
import type { Basis } from './disclosure.ts';

/** How it became known: at the download, later for one in an emergency, told by a person, set right, or fixed for a machine. */
const hows = ['at the download', 'after the download', 'told by a person', 'in place of', 'by the rules'] as const;
export type HowKnown = (typeof hows)[number];

export interface DisclosureNote {
  /** Under which the words lie. */
  readonly id: string;
  readonly basis: Basis;
  /** Whether the recipient's address was known. */
  readonly address: boolean;
  /** Patients that nobody named; null where the record names its one. */
  readonly count: number | null;
  readonly how: HowKnown;
  /** The disclosure this one stands in the place of; null for none. */
  readonly replaces: string | null;
  /** Day it was made on, where that is not the day of the record: `2026-11-02`. */
  readonly madeOn: string | null;
  /** HMAC-SHA-256 over the words by a key that lies sealed with them, hex. */
  readonly commitment: string;
}

const pattern =
  /^Disclosure ([\w-]{43}) \(([a-z-]+)\), recipient, (address, )?description and purpose given(?:, (\d{1,7}) patients)?(?:, made on (\d{4}-\d\d-\d\d))?, known (at the download|after the download|told by a person|by the rules|in place of)(?: ([\w-]{43}))?; words ([0-9a-f]{64})$/;

export function writeDisclosureNote(note: DisclosureNote): string {
  const { id, basis, address, count, how, replaces, madeOn, commitment } = note;
  const what = `recipient, ${address ? 'address, ' : ''}description and purpose given`;
  const patients = count === null ? '' : `, ${count} patients`;
  const day = madeOn === null ? '' : `, made on ${madeOn}`;
  return `Disclosure ${id} (${basis}), ${what}${patients}${day}, known ${how}${replaces === null ? '' : ` ${replaces}`}; words ${commitment}`;
}

const insidePattern =
  /^Inside treatment, payment and operations, known (?:at the download|after the download|told by a person|by the rules|in place of(?: ([\w-]{43})))$/;

/** The sentence of a `disclosure-not` record. */
export function writeInsideNote(how: HowKnown, replaces: string | null): string {
  return `Inside treatment, payment and operations, known ${how}${replaces === null ? '' : ` ${replaces}`}`;
}

/** The disclosure that such a record withdraws; null for none. */
export function readWithdrawn(detail: string): string | null {
  return insidePattern.exec(detail)?.[1] ?? null;
}

/** The note, or null when the text is none. */
export function readDisclosureNote(detail: string): DisclosureNote | null {
  const [, id, basis = '', address, count, madeOn, how, replaces, commitment] = pattern.exec(detail) ?? [];
  const known = hows.find((one) => one === how);
  if (id === undefined || commitment === undefined || known === undefined || !isBasis(basis)) return null;
  return {
    id,
    basis,
    address: address !== undefined,
    count: count === undefined ? null : Number(count),
    how: known,
    replaces: replaces ?? null,
    madeOn: madeOn ?? null,
    commitment,
  };
}
