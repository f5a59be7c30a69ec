// Whether a reviewer may decide these rows so. Nobody decides about themselves, and several rows at once only where that was
// said.

import type { Campaign, CampaignRow, Decision, Person } from './campaign.ts';
import { decisions, mostDecisionNote } from './campaign.ts';

export interface AskedDecision {
  readonly rows: readonly number[];
  readonly decision: string;
  readonly note: string;
  /** The reviewer said that all of them are meant. */
  readonly several: boolean;
}

export type DecisionRefused =
  'none-chosen' | 'several' | 'no-decision' | 'no-note' | 'note-too-long' | 'unknown-row' | 'yourself' | 'signed';

export type DecisionVerdict =
  | { readonly may: true; readonly rows: readonly CampaignRow[]; readonly decision: Decision; readonly note: string }
  | { readonly may: false; readonly why: DecisionRefused };

export function judgeDecision(campaign: Campaign, asked: AskedDecision, reviewer: Person): DecisionVerdict {
  if (campaign.signedAt !== null) return no('signed');
  const numbers = [...new Set(asked.rows)];
  if (numbers.length === 0) return no('none-chosen');
  if (numbers.length > 1 && !asked.several) return no('several');
  const decision = decisions.find((one) => one === asked.decision);
  if (decision === undefined) return no('no-decision');
  const note = asked.note.trim();
  if (note === '' && decision !== 'keep') return no('no-note');
  if (note.length > mostDecisionNote) return no('note-too-long');
  const rows = campaign.rows.filter(({ row }) => numbers.includes(row));
  if (rows.length !== numbers.length) return no('unknown-row');
  if (rows.some(({ person }) => isSame(person, reviewer))) return no('yourself');
  return { may: true, rows, decision, note };
}

/** (issuer, sub) names a person, and nothing else does. */
export function isSame(one: Pick<Person, 'issuer' | 'sub'>, other: Pick<Person, 'issuer' | 'sub'>): boolean {
  return one.issuer === other.issuer && one.sub === other.sub;
}

function no(why: DecisionRefused): DecisionVerdict {
  return { may: false, why };
}
