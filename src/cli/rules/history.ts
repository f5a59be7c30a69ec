// The applied versions of the rules, newest first, in lines for people or as JSON.

import { unclaimedIn } from '../../adapters/rule-authors.ts';
import { versionOf } from '../../adapters/rule-versions.ts';
import type { FoundNote, TakenRules } from '../../adapters/rule-versions.ts';
import { plainText } from '../plain-text.ts';

const shownDigits = 16;

/** `current` are the bytes of the rule file, `taken` what a gateway had in force last. */
export function historyLines(
  notes: readonly FoundNote[],
  current: Buffer | null,
  taken: TakenRules | null,
  { json, settings }: { readonly json: boolean; readonly settings: boolean },
): readonly string[] {
  const version = current === null ? null : versionOf(current);
  const newest = notes.findLast(({ note }) => note !== null)?.note ?? null;
  const unclaimed = unclaimedIn(notes.flatMap(({ note }) => note ?? []));
  const byHand = version !== null && (version !== newest?.version || unclaimed.some((note) => note.version === version));
  if (json) return [JSON.stringify({ file: version, byHand, inForce: taken?.version ?? null, notes })];
  const lines = notes.toReversed().map((found) => lineOf(found, version));
  const inForce =
    taken === null ? 'No settings were in force yet' : `The settings in force are version ${taken.version.slice(0, shownDigits)}`;
  if (settings) return [inForce, ...(lines.length === 0 ? ['They never changed'] : lines)];
  const now = version === null ? 'There is no rule file' : `The rule file is version ${version.slice(0, shownDigits)}`;
  const author = byHand ? ', author not recorded: "wardgate rules claim --because" records one' : '';
  return [`${now}${author}`, ...(lines.length === 0 ? ['No version was applied yet'] : lines)];
}

function lineOf({ sequence, note }: FoundNote, version: string | null): string {
  if (note === null) return `${sequence}  cannot be believed: the note was changed or forged, or its master key is gone`;
  const { time, deed, person, approver, reason, claims } = note;
  const approved = approver === null ? '' : `, approved by ${plainText(approver)}`;
  const mark = note.version === version && deed !== 'claimed' ? '  (this is the rule file)' : '';
  const who =
    person === null
      ? 'by hand, author not recorded'
      : `${claims === undefined ? deed : `number ${claims} claimed`} by ${plainText(person)}`;
  const why = reason === null ? '' : `: ${plainText(reason)}`;
  return `${sequence}  ${note.version.slice(0, shownDigits)}  ${time}  ${who}${approved}${why}${mark}`;
}
