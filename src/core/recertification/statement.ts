// The exact text that a reviewer signs: every row with its decision and who decided it, what each role permits, the rules, and
// the checkpoint of the access record. The record keeps its hash, so that a text that was changed afterwards fits nothing.

import type { Campaign, Person } from './campaign.ts';

export const statementFormat = 'wardgate-recertification/1';

export interface Signature {
  readonly reviewer: Person;
  readonly at: number;
  readonly factor: { readonly method: string; readonly at: number };
  /** Of the access record; null where there is none yet. */
  readonly checkpoint: { readonly size: number; readonly root: string } | null;
}

/** What the reviewer is shown before they sign. */
export function listText({ id, quarter, startedAt, since, policy, roles, unknownPeople, rows }: Campaign): string {
  const listed = rows.map(({ closed: _closed, ...row }) => row);
  return JSON.stringify({ id, quarter, startedAt, since, policy, unknownPeople, roles, rows: listed });
}

/** The text that is kept and hashed. */
export function statementText(campaign: Campaign, signature: Signature): string {
  const { reviewer, at, factor, checkpoint } = signature;
  const list: unknown = JSON.parse(listText(campaign));
  return JSON.stringify({ format: statementFormat, reviewer, at, factor, checkpoint, list });
}
