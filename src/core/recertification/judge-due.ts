// Whether somebody has to be reminded: no recertification was signed for too long, or a role that was to be removed is still
// there. Says so in sentences without their full stop.

import type { Campaign } from './campaign.ts';

export interface DueSettings {
  /** Null: nobody is reminded. */
  readonly everySeconds: number | null;
  /** How long a role that was decided against may still be there before somebody is reminded. */
  readonly removeWithinSeconds: number;
}

export interface DueFacts {
  /** The newest campaign. */
  readonly current: Campaign | null;
  /** When one was signed last; null where none was. */
  readonly signedAt: number | null;
  /** Since when roles are known here; null where none is. */
  readonly knownSince: number | null;
  readonly now: number;
}

const dayMilliseconds = 86_400_000;

export function dueNotices({ everySeconds, removeWithinSeconds }: DueSettings, facts: DueFacts): readonly string[] {
  const { current, now } = facts;
  return [
    ...(everySeconds === null ? [] : overdue(everySeconds * 1000, facts)),
    ...(current === null ? [] : stillThere(current, removeWithinSeconds * 1000, now)),
  ];
}

function overdue(every: number, { current, signedAt, knownSince, now }: DueFacts): readonly string[] {
  const since = signedAt ?? knownSince;
  if (since === null || now - since <= every) return [];
  const days = Math.floor((now - since) / dayMilliseconds);
  const open = current !== null && current.signedAt === null;
  const how = open
    ? `recertification ${current.quarter} is open at /.wardgate/console/recertification`
    : 'start one with "wardgate recertify start"';
  return [`Nobody has signed for who has which role for ${days} days: ${how}`];
}

function stillThere({ quarter, rows, signedAt }: Campaign, within: number, now: number): readonly string[] {
  if (signedAt === null || now - signedAt <= within) return [];
  const open = openRows(rows);
  const [first] = open;
  if (first === undefined) return [];
  const more = open.length === 1 ? '' : ` and ${open.length - 1} more`;
  return [
    `Recertification ${quarter} decided against role "${first.role}" of ${first.person.name}${more}, and nobody has seen that done: "wardgate recertify status" tells`,
  ];
}

/** Rows that something is still to be done about at the identity provider. */
export function openRows(rows: Campaign['rows']): Campaign['rows'] {
  return rows.filter(({ decided, closed }) => decided !== null && decided.decision !== 'keep' && closed === null);
}
