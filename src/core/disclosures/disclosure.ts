// What 45 CFR 164.528(b)(2) wants to be told of a disclosure, and the grounds on which one may be made outside treatment, payment
// and operations. What is not accounted for to the patient (164.528(a)(1)) is recorded all the same.

/** One ground each, in the order in which they are offered. The section is that of 45 CFR that permits it. */
export const basisSections = {
  'public-health': '164.512(b)',
  'required-by-law': '164.512(a)',
  'health-oversight': '164.512(d)',
  'law-enforcement': '164.512(f)',
  court: '164.512(e)',
  'abuse-or-neglect': '164.512(c)',
  research: '164.512(i)',
  'workers-compensation': '164.512(l)',
  deceased: '164.512(g)',
  'organ-donation': '164.512(h)',
  'threat-to-safety': '164.512(j)',
  'government-function': '164.512(k)',
  mistake: 'none: it should not have been made',
  other: 'none of these',
  authorization: '164.508',
  'to-the-patient': '164.502(a)(1)(i)',
} as const;

export type Basis = keyof typeof basisSections;

export const bases = Object.keys(basisSections) as readonly Basis[];

/** Not accounted for: the patient signed for it, or has it themselves (164.528(a)(1)(i) and (iv)). */
const unaccounted: readonly Basis[] = ['authorization', 'to-the-patient'];

export function isAccounted(basis: Basis): boolean {
  return !unaccounted.includes(basis);
}

/** The agencies whose disclosures may be held back for a time (164.528(a)(2)). */
export function maySuspend(basis: Basis): boolean {
  return basis === 'law-enforcement' || basis === 'health-oversight';
}

/** The words of one disclosure. Kept sealed, because a purpose may name anybody. */
export interface DisclosureWords {
  readonly recipient: string;
  /** Where it is known. */
  readonly address: string | null;
  /** What of the record was disclosed, in a few words. */
  readonly description: string;
  /** What it was for, or where the written request lies that stands in its place. */
  readonly purpose: string;
}

export interface Disclosure extends DisclosureWords {
  readonly basis: Basis;
  /** Patients in it whom nobody names one by one; null where they are named. */
  readonly count: number | null;
}

export function isBasis(text: string): text is Basis {
  return Object.hasOwn(basisSections, text);
}
