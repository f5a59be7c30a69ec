// What a replay found, in lines for people and as JSON. Names people by their login names, as the record does.

import type { Change, ChangeKind, Replayed } from '../recorded/replay.ts';
import { plainText } from '../plain-text.ts';

const headings: Readonly<Record<ChangeKind, string>> = {
  loses: 'Would lose',
  gains: 'Would gain',
  stops: 'Passes while the rules are observed, and would be stopped once they are enforced',
};
const kinds: readonly ChangeKind[] = ['loses', 'gains', 'stops'];

const openWords: Readonly<Record<keyof Replayed['undecided'], string>> = {
  query: 'the value of a query field was not kept',
  form: 'the fields of the form were not kept',
  file: 'whether the reply was a file was not kept',
  roles: 'only some groups of a role give the new one, and groups are not kept',
  'too-many-fields': 'too many fields are asked for that were not kept',
  application: 'the application or the method is none any more',
  target: 'the address is none any more',
};

const notJudgedWords: Readonly<Record<keyof Replayed['counts']['notJudged'], string>> = {
  'other-refusal': 'refused by something else than the rules (sign-in, second factor, budget, EHR)',
  stranger: 'of nobody who was signed in',
  summed: 'summed records of refusals, without their addresses',
  cut: 'too long to be kept whole',
  unreadable: 'not readable as a request',
};

/** At most so many rows of each kind; all of them stand in the JSON. */
const shownRows = 100;

/** True where nobody gains or loses anything, and that is certain. */
export function isUnchanged({ changes, undecided, counts }: Replayed): boolean {
  return changes.length === 0 && counts.missing.length === 0 && Object.values(undecided).every((count) => count === 0);
}

export function replayLines(replayed: Replayed): readonly string[] {
  const { counts, unchanged, mode, unlisted, since } = replayed;
  const lines = [`${counts.requests} recorded requests since ${since}, ${unchanged} of them decided as they were`];
  if (mode === 'observe') lines.push('The new rules only observe: whoever "would lose" passes, and is marked in the record');
  for (const kind of kinds) lines.push(...kindLines(kind, replayed.changes));
  if (unlisted > 0) lines.push(`${unlisted} further requests of changes that are not listed, there are too many`);
  lines.push(...countLines('Cannot be told', replayed.undecided, openWords));
  lines.push(...countLines('Not judged', counts.notJudged, notJudgedWords));
  if (counts.unended > 0) lines.push(`Not judged: ${counts.unended} that have no end in the record (under way, or cut off)`);
  lines.push(...counts.missing);
  if (isUnchanged(replayed)) lines.push('Nobody gains or loses anything');
  return lines;
}

function kindLines(kind: ChangeKind, changes: readonly Change[]): readonly string[] {
  const rows = changes.filter((change) => change.kind === kind);
  if (rows.length === 0) return [];
  const people = new Set(rows.map(({ person }) => person)).size;
  const requests = rows.reduce((sum, { count }) => sum + count, 0);
  const shown = rows.slice(0, shownRows).map(rowLine);
  const more = rows.length > shownRows ? [`  … and ${rows.length - shownRows} more rows, all of them with --json`] : [];
  return [`${headings[kind]}: ${people} ${people === 1 ? 'person' : 'people'}, ${requests} requests`, ...shown, ...more];
}

function rowLine({ person, roles, method, pattern, ruleBefore, ruleAfter, reason, count, last }: Change): string {
  const rule = ruleBefore === ruleAfter ? ruleName(ruleBefore) : `${ruleName(ruleBefore)} → ${ruleName(ruleAfter)}`;
  const who = `${plainText(person)} (${roles.join(', ')})`;
  return `  ${who}  ${method} ${plainText(pattern)}  ${rule}  ${reason}  ${count}×, last ${last}`;
}

function ruleName(name: string | null): string {
  return name === null ? 'no rule' : `rule ${name}`;
}

function countLines<Key extends string>(
  what: string,
  counts: Readonly<Record<Key, number>>,
  words: Readonly<Record<Key, string>>,
): readonly string[] {
  return (Object.keys(words) as Key[]).flatMap((key) => (counts[key] > 0 ? [`${what}: ${counts[key]}, ${words[key]}`] : []));
}

export function replayJson(replayed: Replayed): string {
  return JSON.stringify({ same: isUnchanged(replayed), ...replayed });
}
