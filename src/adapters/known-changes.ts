// Puts the notes of one file together into its changes: a claim belongs to the change that it claims.

import type { ChangeHistory, KnownChange } from '../change-ports.ts';
import type { ChangedFile, RulesAuthor } from '../core/audit/rules-note.ts';
import type { FoundNote, RuleNote } from './rule-versions.ts';

/** `notes` are the oldest first. */
export function knownChanges(of: ChangedFile, notes: readonly FoundNote[]): ReturnType<ChangeHistory['changes']> {
  const read = notes.flatMap(({ note }) => note ?? []);
  const claims = new Map(read.flatMap((note): [number, RuleNote][] => (note.claims === undefined ? [] : [[note.claims, note]])));
  const changes = read
    .filter(({ deed }) => deed !== 'claimed')
    .map((note): KnownChange => {
      const { sequence, time, version, previous, effect = null } = note;
      const author = authorIn(note) ?? authorIn(claims.get(sequence));
      return { of, sequence, time, version, previous, author, byHand: note.deed === 'by hand', effect };
    });
  return { changes: changes.toReversed(), unreadable: notes.length - read.length };
}

function authorIn(note: RuleNote | undefined): RulesAuthor | null {
  if (note === undefined || note.person === null || note.reason === null || note.deed === 'by hand') return null;
  const { deed, person, reason, approver, time } = note;
  return { deed, person, reason, approver, time };
}
