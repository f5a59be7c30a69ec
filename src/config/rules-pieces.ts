// How a policy goes from one thread to another: its rules in pieces, because taking in ten thousand at once would hold up
// everybody who is served meanwhile.

import type { Policy, Rule } from '../core/policy/policy.ts';

/** A policy without its rules. */
export type PolicyHead = Omit<Policy, 'rules'>;

/** Some of the rules, in their order. */
export interface RulesPiece {
  readonly rules: readonly Rule[];
  readonly last: boolean;
}

/** Far less than a thousandth of a second's work. */
const rulesInPiece = 50;

export function headOf(policy: Policy): PolicyHead {
  const { rules: _, ...head } = policy;
  return head;
}

/** At least one, which may be empty. */
export function* piecesOf(rules: readonly Rule[]): Generator<RulesPiece> {
  for (let at = 0; at === 0 || at < rules.length; at += rulesInPiece) {
    yield { rules: rules.slice(at, at + rulesInPiece), last: at + rulesInPiece >= rules.length };
  }
}

/** Puts a policy together again from pieces as they come. */
export class ArrivingPolicy {
  readonly #head: PolicyHead;
  readonly #rules: Rule[] = [];

  constructor(head: PolicyHead) {
    this.#head = head;
  }

  /** The policy once the last piece is there. */
  take({ rules, last }: RulesPiece): Policy | null {
    this.#rules.push(...rules);
    return last ? { ...this.#head, rules: this.#rules } : null;
  }
}
