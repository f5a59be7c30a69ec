// One recertification: for every person and role of theirs, whether it is still right, decided by a reviewer and signed.
// Plain values; times are epoch milliseconds.

export interface Person {
  readonly issuer: string;
  readonly sub: string;
  readonly name: string;
}

/** Which role permits what, in words, and which groups of the identity provider give it. */
export interface ReviewedRole {
  readonly role: string;
  readonly groups: readonly string[];
  readonly rights: readonly string[];
}

/**
 * `request`: the last one under a rule that only this role of theirs opens. `sign-in`: their last sign-in with it, where no
 * such rule exists. `none`: such rules exist, and none was used since the period began.
 */
export interface RoleUse {
  readonly by: 'request' | 'sign-in' | 'none';
  readonly at: number | null;
  readonly rule: string | null;
}

export interface RowFacts {
  readonly row: number;
  readonly person: Person;
  readonly displayName: string;
  readonly role: string;
  /** Since when they have it, as far as the gateway knows. */
  readonly grantedAt: number;
  /** Their last sign-in. */
  readonly seenAt: number;
  readonly use: RoleUse;
  /** Rules that the role opens and under which they did nothing in the period. */
  readonly unused: readonly string[];
}

export const decisions = ['keep', 'remove', 'change'] as const;
export type Decision = (typeof decisions)[number];

export interface Decided {
  readonly decision: Decision;
  readonly note: string;
  readonly by: Person;
  readonly at: number;
}

/** What became of a role that was to be removed or changed. */
export interface Closed {
  /** `seen-gone`: they signed in without it. `done`: IT said so. */
  readonly how: 'seen-gone' | 'done';
  readonly at: number;
  readonly by: string | null;
}

export interface CampaignRow extends RowFacts {
  readonly decided: Decided | null;
  readonly closed: Closed | null;
}

export interface CampaignFacts {
  readonly id: string;
  /** `2026-Q4`. */
  readonly quarter: string;
  readonly startedAt: number;
  /** Use is told of this time. */
  readonly since: number;
  /** SHA-256 of the rules in force at the start, hex. */
  readonly policy: string;
  readonly roles: readonly ReviewedRole[];
  /** People of whom no role is known, because they were last here before roles were kept. */
  readonly unknownPeople: number;
}

export interface Campaign extends CampaignFacts {
  readonly rows: readonly CampaignRow[];
  /** The exact text that was signed; null before. */
  readonly statement: string | null;
  readonly signedAt: number | null;
}

/** Characters of a note; the record keeps it whole. */
export const mostDecisionNote = 120;
