// Finds the first line that stands in a column where nothing can stand, and says to which of its neighbours it belongs.
// Only looked for where the parser gave up: it goes by the lines that are whole, not by YAML's every liberty.

import type { Trap } from './yaml-edits.ts';
import type { BlockLine, Scan } from './yaml-scan.ts';

interface Level {
  readonly indent: number;
  readonly kind: 'keys' | 'list';
  readonly first: BlockLine;
  /** The last line in it. */
  line: BlockLine;
}

/** Tabs in front of a line. Columns are taken from the lines before. */
export function tabTraps(text: string, { lines }: Scan): Trap[] {
  const columns = new Map<number, number>();
  let before: BlockLine | null = null;
  let column = 0;
  return lines.flatMap((line) => {
    const blanks = text.slice(line.start, line.start + line.indent);
    const last = before;
    const lastColumn = column;
    before = line;
    if (!blanks.includes('\t')) {
      column = line.indent;
      return [];
    }
    const tabs = blanks.split('\t').length - 1;
    const inside = last === null ? 0 : lastColumn + (opens(last) ? 2 : last.content - last.indent);
    const known = [...columns].filter(([count]) => count === tabs).map(([, at]) => at)[0];
    column = last !== null && opens(last) ? inside : (known ?? (line.dash ? lastColumn : inside));
    columns.set(tabs, column);
    return [
      {
        at: line.start,
        message: 'Line is indented with a tab, which YAML does not accept; use spaces',
        edits: [{ start: line.start, end: line.start + line.indent, text: ' '.repeat(column) }],
      },
    ];
  });
}

/** The first line that belongs nowhere, or null. */
export function indentTrap(text: string, { lines }: Scan): Trap | null {
  const levels: Level[] = [];
  let before: BlockLine | null = null;
  let left: readonly Level[] = [];
  for (const line of lines) {
    if (before !== null && goesOn(before, line)) continue;
    const past: Level[] = [];
    const trap = place({ text, levels, left, past }, line, before);
    if (trap !== null) return { ...trap, guessedFrom: line.indent };
    left = past;
    before = line;
  }
  return null;
}

interface Course {
  readonly text: string;
  /** Those that are open, the outermost first. */
  readonly levels: Level[];
  /** Those that the line before has ended, and those that this one ends, the deepest first. */
  readonly left: readonly Level[];
  readonly past: Level[];
}

/** A text over several lines. */
function goesOn(before: BlockLine, line: BlockLine): boolean {
  return line.key === null && !line.dash && before.value !== null && line.indent > before.indent;
}

/** Puts the line into its level, or says why there is none. */
function place(course: Course, line: BlockLine, before: BlockLine | null): Trap | null {
  const { levels, past } = course;
  const deepest = levels.at(-1);
  const kind = line.dash ? 'list' : 'keys';
  if (deepest === undefined || before === null) return enter(levels, line, kind);
  if (line.indent > deepest.indent) return opens(before) ? enter(levels, line, kind) : tooDeep(course, line, before);
  while ((levels.at(-1)?.indent ?? -1) > line.indent) past.push(...levels.splice(-1));
  const level = levels.at(-1);
  const fitting = levels.findLast((one) => one.kind === kind && one.indent === line.indent);
  if (fitting !== undefined) {
    levels.length = levels.indexOf(fitting) + 1;
    fitting.line = line;
    return inner(levels, line);
  }
  if (level?.indent === line.indent && line.dash && opens(before) && before === level.line) return enter(levels, line, kind);
  return oddEntry(course, line) ?? nowhere([...past, ...levels.toReversed()], line);
}

function enter(levels: Level[], line: BlockLine, kind: Level['kind']): null {
  levels.push({ indent: line.indent, kind, first: line, line });
  return inner(levels, line);
}

/** The keys of a list's entry stand behind its dash. */
function inner(levels: Level[], line: BlockLine): null {
  if (line.dash && line.key !== null) levels.push({ indent: line.content, kind: 'keys', first: line, line });
  return null;
}

function opens(line: BlockLine): boolean {
  return line.value === null && !line.other;
}

function tooDeep({ levels, left }: Course, line: BlockLine, before: BlockLine): Trap | null {
  // The lines around it agree, so it is the one before that stands wrong.
  const around = left.find(({ indent, kind }) => indent === line.indent && kind === 'keys');
  if (around !== undefined && !line.dash && !before.dash) return nowhere([around], before);
  const list = levels.findLast(({ kind }) => kind === 'list');
  if (!line.dash && before.dash && before.key === null && list !== undefined) {
    const edit = { start: line.start, end: line.start + line.indent, text: `${' '.repeat(list.indent)}- ` };
    const message = `Line belongs to no list entry; an entry begins with "- ", as in line ${before.line}`;
    return { at: line.start + line.indent, message, edits: [edit] };
  }
  return nowhere(levels.toReversed(), line);
}

/** The words under which lists of entries with keys stand. */
const listed = /^(rules|tests|steps|success|failure|denyAlways|loggedOut|expired|areas?)$/;

/** A list of one entry, and then keys in its column: below `roles:` and most other words the dash is what is wrong. */
function oddEntry({ text, levels, past }: Course, line: BlockLine): Trap | null {
  const list = [...past, ...levels].find(({ kind, indent }) => kind === 'list' && indent === line.indent);
  const owner = levels.findLast(({ kind, indent }) => kind === 'keys' && indent < line.indent)?.line.key ?? null;
  if (line.dash && !past.some(({ kind }) => kind === 'list')) return dashAmongKeys(levels, line);
  if (line.dash || list === undefined || list.line !== list.first || owner === null) return null;
  if (listed.test(text.slice(owner.start, owner.end))) return null;
  const { start, indent, content } = list.first;
  const message = `A list entry stands before keys; the "- " does not belong here, as in line ${line.line}`;
  return { at: start + indent, message, edits: [{ start: start + indent, end: start + content, text: '' }] };
}

function dashAmongKeys(levels: readonly Level[], line: BlockLine): Trap | null {
  const keys = levels.findLast(({ kind, indent }) => kind === 'keys' && indent === line.indent);
  if (keys === undefined || levels.some(({ kind }) => kind === 'list')) return null;
  const message = `A list entry stands among keys; line ${keys.line.line} has no "- " in front, so write it there too, or not here`;
  return { at: line.start + line.indent, message, edits: [] };
}

/** Of the levels that could hold the line, the nearest is the one that was meant. */
function nowhere(levels: readonly Level[], line: BlockLine): Trap | null {
  const kind = line.dash ? 'list' : 'keys';
  const distance = (level: Level): number => Math.abs(level.indent - line.indent);
  const meant = levels.filter((level) => level.kind === kind).toSorted((a, b) => distance(a) - distance(b))[0];
  if (meant === undefined) return null;
  const what = line.dash ? 'entries of one list' : 'keys of one mapping';
  const message =
    `Line is indented by ${line.indent}, and line ${meant.line.line}, where it most likely belongs, ` +
    `by ${meant.indent}; ${what} start in the same column`;
  const edits = [{ start: line.start, end: line.start + line.indent, text: ' '.repeat(meant.indent) }];
  return { at: line.start + line.indent, message, edits };
}
