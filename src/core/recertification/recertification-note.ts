// The sentences in the records of a recertification. Reports read them back, so writing and reading live side by side.

import type { Decision, RoleUse } from './campaign.ts';
import { decisions } from './campaign.ts';

/** Why a role was decided so. */
export interface DecidedNote {
  readonly quarter: string;
  readonly row: number;
  readonly decision: Decision;
  readonly role: string;
  readonly person: string;
  /** In words. */
  readonly use: string;
  readonly note: string;
}

export interface SignedNote {
  readonly quarter: string;
  readonly rows: number;
  readonly keep: number;
  readonly remove: number;
  readonly change: number;
  /** SHA-256 of the signed text, hex. */
  readonly hash: string;
  readonly checkpoint: { readonly size: number; readonly root: string } | null;
}

export interface ClosedNote {
  readonly quarter: string;
  readonly row: number;
  readonly role: string;
  readonly person: string;
  readonly how: string;
}

/** Characters, so that no sentence is cut in the record. */
const most = { role: 60, person: 80, note: 120, how: 160 } as const;

const decidedPattern = /^Recertification (\S+) row (\d+): (\w+) role "([^"]*)" of "([^"]*)"; last use: ([^;]*); note: "([^"]*)"$/;
const signedPattern =
  /^Recertification (\S+) signed: (\d+) rows, (\d+) keep, (\d+) remove, (\d+) change; list ([0-9a-f]{64}); checkpoint (?:none|(\d+) ([0-9a-f]{64}))$/;
const closedPattern = /^Recertification (\S+) row (\d+): role "([^"]*)" of "([^"]*)" is closed: ([^]*)$/;

export function writeDecided({ quarter, row, decision, role, person, use, note }: DecidedNote): string {
  const what = `${decision} role "${within(role, most.role)}" of "${within(person, most.person)}"`;
  return `Recertification ${quarter} row ${row}: ${what}; last use: ${use.replaceAll(';', ',')}; note: "${within(note, most.note)}"`;
}

export function readDecided(detail: string): DecidedNote | null {
  const match = decidedPattern.exec(detail);
  const [, quarter = '', row = '', word, role = '', person = '', use = '', note = ''] = match ?? [];
  const decision = decisions.find((one) => one === word);
  return decision === undefined ? null : { quarter, row: Number(row), decision, role, person, use, note };
}

export function writeSigned({ quarter, rows, keep, remove, change, hash, checkpoint }: SignedNote): string {
  const under = checkpoint === null ? 'none' : `${checkpoint.size} ${checkpoint.root}`;
  const counts = `${rows} rows, ${keep} keep, ${remove} remove, ${change} change`;
  return `Recertification ${quarter} signed: ${counts}; list ${hash}; checkpoint ${under}`;
}

export function readSigned(detail: string): SignedNote | null {
  const match = signedPattern.exec(detail);
  if (match === null) return null;
  const [, quarter = '', rows, keep, remove, change, hash = '', size, root] = match;
  const checkpoint = root === undefined ? null : { size: Number(size), root };
  return {
    quarter,
    rows: Number(rows),
    keep: Number(keep),
    remove: Number(remove),
    change: Number(change),
    hash,
    checkpoint,
  };
}

export function writeClosed({ quarter, row, role, person, how }: ClosedNote): string {
  const what = `role "${within(role, most.role)}" of "${within(person, most.person)}"`;
  return `Recertification ${quarter} row ${row}: ${what} is closed: ${how.slice(0, most.how)}`;
}

export function readClosed(detail: string): ClosedNote | null {
  const match = closedPattern.exec(detail);
  if (match === null) return null;
  const [, quarter = '', row, role = '', person = '', how = ''] = match;
  return { quarter, row: Number(row), role, person, how };
}

/** `2026-11-20 under rule charts`; the day is UTC. */
export function useWords({ by, at, rule }: RoleUse): string {
  const day = at === null ? 'at an unknown time' : new Date(at).toISOString().slice(0, 10);
  if (by === 'request') return `${day} under rule ${rule ?? 'unknown'}`;
  return by === 'sign-in' ? `${day}, their last sign-in (no rule tells)` : 'none in the period';
}

/** A text that cannot end its quotes. */
function within(text: string, length: number): string {
  return text.replaceAll('"', "'").slice(0, length);
}
