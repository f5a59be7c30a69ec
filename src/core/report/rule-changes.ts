// What was changed of rules and settings, by whom and why (45 CFR 164.312(b) and 164.316).

import { recordsInOrder } from '../audit/record-number.ts';
import { readRestoreNote } from '../audit/restore-note.ts';
import { readRulesNote } from '../audit/rules-note.ts';
import type { AuthoredDeed, ChangedFile } from '../audit/rules-note.ts';
import type { Told } from './told.ts';

export type SettingsChange = {
  /** In force from then on. */
  readonly time: number;
  readonly what: string;
  /** Which file; null where it is another kind of change. */
  readonly of: ChangedFile | null;
  readonly before: string | null;
  readonly after: string | null;
  readonly author: string | null;
  readonly approver: string | null;
  readonly because: string | null;
  /** When its author gave the command, which is a moment earlier; null where nobody is named. */
  readonly ordered: number | null;
  readonly record: number;
};

const words: Readonly<Record<AuthoredDeed, string>> = {
  applied: 'applied',
  'rolled back': 'rolled back',
  claimed: 'by hand, claimed later',
};

/** `told`: records about settings, in any order; the rows are the oldest first. */
export function settingsChanges(told: readonly Told[]): readonly SettingsChange[] {
  return told.toSorted(recordsInOrder).flatMap((one) => changeOf(one) ?? []);
}

function changeOf(one: Told): SettingsChange | null {
  if (one.event === 'configuration') return rulesChange(one);
  if (one.event === 'configuration-rejected') return { ...unsigned(one, 'rules not taken'), because: one.detail };
  if (one.event !== 'restored') return null;
  const note = readRestoreNote(one.detail ?? '');
  return {
    ...unsigned(one, 'restored from a backup'),
    author: note?.by ?? null,
    because: note === null ? one.detail : `backup of ${note.backup}`,
  };
}

function rulesChange(one: Told): SettingsChange {
  const note = readRulesNote(one.detail ?? '');
  if (note === null) return { ...unsigned(one, 'loaded again'), because: one.detail };
  const { of, before, after, author } = note;
  const replaced = { ...unsigned(one, 'by hand'), of, before, after };
  if (author === null) return replaced;
  const { deed, person, approver, reason, time } = author;
  const ordered = Date.parse(time);
  return {
    ...replaced,
    what: words[deed],
    author: person,
    approver,
    because: reason,
    ordered: Number.isNaN(ordered) ? null : ordered,
  };
}

function unsigned({ time, sequence }: Told, what: string): SettingsChange {
  return {
    time,
    what,
    of: null,
    before: null,
    after: null,
    author: null,
    approver: null,
    because: null,
    ordered: null,
    record: sequence,
  };
}
