// Reads what the commented sample files say of their keys, so that editors show the very same words. A key is told of
// behind it in its line, in the comment above it, or, where it stands in braces, by a row `#   key   words` below its
// section's key. Keys that are not in use stand behind a `#` and are read like the others.

/** What a file says of a key and of the keys below it. */
export interface Told {
  words: string;
  readonly keys: Map<string, Told>;
}

interface Open {
  readonly column: number;
  readonly told: Told;
  /** Rows stand below their section; what follows them is no part of the last. */
  readonly row: boolean;
}

const keyLine = /^(\s*)((?:# ?)?\s*)((?:- (?:\{ )?)?)(["']?)([A-Za-z$][\w-]*(?:\.[\w-]+)?)\4:(?=\s|$)(.*)$/;
const row = /^(\s*#) +([a-z][A-Za-z]*) {2,}(\S.*)$/;
const more = /^(\s*)#( {4,})(?:# )?(\S.*)$/;
const sentence = /^\s*# (\S.*)$/;

export function sampleComments(text: string): Told {
  const root: Told = { words: '', keys: new Map() };
  const open: Open[] = [{ column: -1, told: root, row: false }];
  let above: string[] = [];
  let last: Told | null = null;
  for (const line of text.split('\n')) {
    const table = row.exec(line);
    const key = table === null ? keyLine.exec(line) : null;
    if (table !== null) {
      last = add(open, { column: line.indexOf(table[2] ?? '') - 2, name: table[2] ?? '', words: table[3] ?? '', row: true });
      above = [];
    } else if (key !== null && isKey(line, key)) {
      const [, indent = '', mark = '', dash = '', , name = '', rest = ''] = key;
      const column = indent.length + Math.max(mark.length - 2, 0) + dash.length;
      const behind = /(?:^|\s)#\s+(\S.*)$/.exec(rest)?.[1];
      const words = behind ?? above.join(' ');
      last = add(open, { column, name, words, row: false });
      above = [];
    } else if (last !== null && more.test(line)) {
      last.words = `${last.words} ${more.exec(line)?.[3] ?? ''}`;
    } else {
      const said = sentence.exec(line)?.[1];
      above = said === undefined ? [] : [...above, said];
      last = null;
    }
  }
  return root;
}

/** A commented line is a key where a single blank follows its `#`, and its words are no sentence. */
function isKey(line: string, [, , mark = '', , , , rest = '']: RegExpExecArray): boolean {
  return !mark.includes('#') || (/^\s*#( \S|\s{3,}\S)/.test(line) && !/^\s+[a-z]+ [a-z]+ [a-z]+ /.test(rest));
}

interface Found {
  readonly column: number;
  readonly name: string;
  readonly words: string;
  readonly row: boolean;
}

function add(open: Open[], { column, name, words, row: isRow }: Found): Told {
  const ended = (one: Open | undefined): boolean => one !== undefined && (one.column >= column || (one.row && !isRow));
  while (open.length > 1 && ended(open.at(-1))) open.pop();
  const keys = open.at(-1)?.told.keys ?? new Map<string, Told>();
  const told = keys.get(name) ?? { words: '', keys: new Map<string, Told>() };
  if (told.words === '') told.words = words;
  keys.set(name, told);
  open.push({ column, told, row: isRow });
  return told;
}
