// Recertification as its parts see each other: what is kept, who has which role, and what the console's pages may do.

import type { Campaign, CampaignFacts, Closed, Decided, Person, RowFacts } from './core/recertification/campaign.ts';
import type { AskedDecision, DecisionRefused } from './core/recertification/judge-decision.ts';
import type { SignatureRefused } from './core/recertification/judge-signature.ts';

/** A role that somebody had at a sign-in. Times are epoch milliseconds. */
export interface KnownRole {
  readonly issuer: string;
  readonly sub: string;
  readonly role: string;
  readonly grantedAt: number;
  readonly seenAt: number;
  /** When they came without it; null where they have it. */
  readonly goneAt: number | null;
}

/** Everything rejects with Fault `session-store-unavailable`. */
export interface RecertificationStore {
  /** Roles of everybody, those that are gone among them. */
  roles(): Promise<readonly KnownRole[]>;
  begin(campaign: CampaignFacts, rows: readonly RowFacts[]): Promise<void>;
  /** The newest campaign. */
  current(): Promise<Campaign | null>;
  /** When one was signed last. */
  lastSignedAt(): Promise<number | null>;
  decide(id: string, rows: readonly number[], decided: Decided): Promise<void>;
  /** Before it is on record. */
  keepStatement(id: string, statement: string): Promise<void>;
  /** Behind its record. False where it was signed before. */
  sign(id: string, at: number): Promise<boolean>;
  close(id: string, row: number, closed: Closed): Promise<void>;
}

/** Who acts, from where: what the record names. */
export interface Reviewer {
  readonly person: Person;
  readonly roles: readonly string[];
  readonly session: string;
  readonly factor: { readonly method: string; readonly at: number };
  readonly request: string;
  readonly address: string;
  readonly agent: string | null;
  readonly application: string;
}

export interface CampaignView {
  readonly campaign: Campaign;
  /** Hash of the list as it is. */
  readonly list: string;
  /** Of a signed one, whether the text that was kept is the one on record; null where the record does not show it yet. */
  readonly unaltered: boolean | null;
}

export interface Recertifications {
  view(): Promise<CampaignView | null>;
  /** Null where it was done, and is on record. */
  decide(reviewer: Reviewer, asked: AskedDecision): Promise<DecisionRefused | 'no-campaign' | null>;
  sign(reviewer: Reviewer, shown: string): Promise<SignatureRefused | 'no-campaign' | null>;
  /** The reviewer has confirmed for this signature. */
  isConfirmed(campaign: Campaign, reviewer: Reviewer): boolean;
}
