// The one reader that decides what a YAML text says: js-yaml's events, and from them a tree of plain data. What it does not take is
// refused, and the package `yaml` is asked only for the words (decision 0054). Beside what is no YAML that is what no file of ours
// holds: anchors, aliases, tags, directives, a second document, keys that are no plain text.

import {
  EVENT_ID,
  NOT_RESOLVED,
  SCALAR_STYLE,
  YAMLException,
  boolCoreTag,
  floatCoreTag,
  getScalarValue,
  intCoreTag,
  nullCoreTag,
  parseEvents,
} from 'js-yaml';
import type { Event, MappingEvent, ScalarEvent, SequenceEvent } from 'js-yaml';
import type { Scan } from './yaml-scan.ts';
import type { YamlList, YamlMapping, YamlNode, YamlPair, YamlScalar } from './yaml-tree.ts';

export interface Refused {
  readonly at: number;
  readonly reason: string;
}

/** The tree, null for a text without any content; or why and where the text is refused. */
export type EventsRead = { readonly root: YamlNode | null; readonly refused: null } | { readonly refused: Refused };

/** Nothing that people write is nested deeper, and what is would end the stack of whoever goes through it. */
const maxDepth = 100;

/** `scan` is that of the text. */
export function readEvents(text: string, scan: Pick<Scan, 'closers' | 'comments'>): EventsRead {
  const unusual = unusualIn(text);
  if (unusual !== null) return { refused: unusual };
  try {
    return { root: new EventTree(text, parseEvents(withClosersDrawnUp(text, scan), { maxDepth })).root(), refused: null };
  } catch (cause) {
    if (cause instanceof Unread) return { refused: { at: cause.at, reason: cause.message } };
    if (cause instanceof YAMLException) return { refused: { at: cause.mark?.position ?? 0, reason: cause.reason } };
    throw cause;
  }
}

/** What readers of YAML differ in, though each is right about most of it. */
const unusuals = [
  { pattern: /^ *\t[ \t]*[^\s#]/m, reason: 'a tab stands before its first character' },
  { pattern: /^\.\.\.(?:\s|$)/m, reason: '"..." ends the document' },
  { pattern: /^ +---(?:\s|$)/m, reason: '"---" stands behind blanks' },
  { pattern: /\r(?!\n)/, reason: 'a carriage return stands alone' },
] as const;

function unusualIn(text: string): Refused | null {
  for (const { pattern, reason } of unusuals) {
    const at = text.search(pattern);
    if (at !== -1) return { at, reason };
  }
  return null;
}

/**
 * A bracket may be closed in the column of its key, as most people do; YAML's grammar wants it further in, and js-yaml keeps to that.
 * Blanks take the place of the line ends and comments before it, so that everything stays where it is.
 */
function withClosersDrawnUp(text: string, { closers, comments }: Pick<Scan, 'closers' | 'comments'>): string {
  const pieces: string[] = [];
  let [from, comment] = [0, 0];
  for (const at of closers) {
    while ((comments[comment]?.end ?? at) < at) comment += 1;
    const end = endBefore(text, at, comments, comment - 1);
    pieces.push(text.slice(from, end), ' '.repeat(at - end));
    from = at;
  }
  return pieces.length === 0 ? text : [...pieces, text.slice(from)].join('');
}

/** The end of what stands before the offset, without blanks and comments; `last` is the last comment before it. */
function endBefore(text: string, offset: number, comments: Scan['comments'], last: number): number {
  let end = offset;
  for (let comment = last; ; comment -= 1) {
    while (end > 0 && /\s/.test(text[end - 1] ?? '')) end -= 1;
    const before = comments[comment];
    if (before?.end !== end) return end;
    end = before.start;
  }
}

/** What is YAML and is no plain data. */
class Unread extends Error {
  readonly at: number;
  constructor(at: number, reason: string) {
    super(reason);
    this.at = at;
  }
}

const none = -1;

/** Events say where a scalar and the first character of a collection stand; where the rest ends is read from the text. */
class EventTree {
  readonly #text: string;
  readonly #events: readonly Event[];
  #next = 0;
  /** Behind the last token that was read. */
  #end = 0;

  constructor(text: string, events: readonly Event[]) {
    this.#text = text;
    this.#events = events;
  }

  root(): YamlNode | null {
    const [document] = this.#events;
    if (document === undefined) return null;
    if (document.type !== EVENT_ID.DOCUMENT || document.directives.length > 0) throw this.#unread('a directive stands here');
    this.#next = 1;
    const isEmpty = this.#isEmpty();
    const root = isEmpty ? null : this.#node();
    // Behind the document's own end there is nothing.
    if (this.#events.length > this.#next + (isEmpty ? 2 : 1)) throw this.#unread('a second document begins here');
    if (root?.kind === 'scalar') throw this.#unread('the file is one text', root.start);
    return root;
  }

  #node(): YamlNode {
    const event = this.#events[this.#next];
    this.#next += 1;
    if (event?.type === EVENT_ID.SCALAR) return this.#scalar(event);
    if (event?.type === EVENT_ID.SEQUENCE) return this.#list(event);
    if (event?.type === EVENT_ID.MAPPING) return this.#mapping(event);
    throw this.#unread('an alias stands here');
  }

  #scalar(event: ScalarEvent): YamlScalar {
    this.#noProperties(event);
    const { style, valueStart, valueEnd } = event;
    const source = getScalarValue(this.#text, event);
    if (style === SCALAR_STYLE.PLAIN) return this.#scalarAt(valueStart, valueEnd, source, coreValue(source));
    const isQuoted = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;
    if (isQuoted) return this.#scalarAt(valueStart - 1, valueEnd + 1, source, source, style === SCALAR_STYLE.DOUBLE_QUOTED);
    return this.#scalarAt(this.#blockHeader(), valueEnd, source, source);
  }

  #scalarAt(start: number, end: number, source: string, value: unknown, isDoubleQuoted = false): YamlScalar {
    this.#end = end;
    return { kind: 'scalar', start, end, anchor: null, isTagged: false, value, source, isDoubleQuoted };
  }

  /** Goes to where the first entry may stand; true where a bracket opens the collection. */
  #opens(event: SequenceEvent | MappingEvent, bracket: string): boolean {
    this.#noProperties(event);
    const isFlow = this.#text[event.start] === bracket;
    this.#end = isFlow ? event.start + 1 : event.start;
    return isFlow;
  }

  #list(event: SequenceEvent): YamlList {
    const isFlow = this.#opens(event, '[');
    const items: YamlNode[] = [];
    while (!this.#isOver()) items.push(this.#isEmpty() ? this.#empty('-') : this.#node());
    if (isFlow) this.#close(']');
    return { kind: 'list', start: event.start, end: this.#end, anchor: null, isTagged: false, items };
  }

  #mapping(event: MappingEvent): YamlMapping {
    const isFlow = this.#opens(event, '{');
    const pairs: YamlPair[] = [];
    while (!this.#isOver()) {
      if (this.#isEmpty()) throw this.#unread('a key is missing here');
      const key = this.#node();
      if (key.kind !== 'scalar') throw this.#unread('a key is no plain text here', key.start);
      // Behind a quoted entry of a list the reader takes what is left of the line for a key.
      if (!isFlow && pairs.length > 0 && !this.#beginsLine(key.start))
        throw this.#unread('a key does not begin its line', key.start);
      pairs.push({ key, value: this.#value(isFlow) });
    }
    if (isFlow) this.#close('}');
    return { kind: 'mapping', start: event.start, end: this.#end, anchor: null, isTagged: false, pairs };
  }

  /** Null for a key alone in braces, which has no colon either. */
  #value(isFlow: boolean): YamlNode | null {
    if (!this.#isEmpty()) return this.#node();
    if (!isFlow || this.#text[this.#afterBlanks()] === ':') return this.#empty(':');
    this.#next += 1;
    return null;
  }

  /** A value that is not written, behind its colon or dash. */
  #empty(mark: ':' | '-'): YamlScalar {
    const at = this.#afterBlanks();
    if (this.#text[at] !== mark) throw this.#unread('a value is missing here');
    this.#next += 1;
    const behind = mark === '-' ? this.#behind(/[ \t]*/y, at + 1) : at + 1;
    return this.#scalarAt(behind, behind, '', null);
  }

  #beginsLine(at: number): boolean {
    let before = at - 1;
    while (this.#text[before] === ' ') before -= 1;
    return before < 0 || this.#text[before] === '\n';
  }

  #isEmpty(): boolean {
    const event = this.#events[this.#next];
    if (event?.type !== EVENT_ID.SCALAR || event.valueStart !== none) return false;
    this.#noProperties(event);
    return true;
  }

  /** At the end of the collection, which is passed over. */
  #isOver(): boolean {
    if (this.#events[this.#next]?.type !== EVENT_ID.POP) return false;
    this.#next += 1;
    return true;
  }

  #close(mark: string): void {
    let at = this.#afterBlanks();
    if (this.#text[at] === ',') at = this.#afterBlanks(at + 1);
    if (this.#text[at] !== mark) throw this.#unread(`a "${mark}" is missing here`, at);
    this.#end = at + 1;
  }

  /** Where the `|` or `>` of a block text stands: behind blanks, comments, and the colon or dash before it. */
  #blockHeader(): number {
    let at = this.#afterBlanks();
    while (/[-:?]/.test(this.#text[at] ?? '')) at = this.#afterBlanks(at + 1);
    if (!/^[|>][-+]?(?:\s|$)/.test(this.#text.slice(at, at + 3)))
      throw this.#unread('a block text says how far it is indented', at);
    return at;
  }

  /** Behind blanks, line ends and comments. */
  #afterBlanks(from = this.#end): number {
    return this.#behind(/(?:\s+|#[^\n]*)*/y, from);
  }

  /** Behind what the pattern takes, which is sticky and may take nothing. */
  #behind(pattern: RegExp, from: number): number {
    pattern.lastIndex = from;
    pattern.exec(this.#text);
    return pattern.lastIndex;
  }

  #noProperties({ anchorStart, tagStart }: ScalarEvent | SequenceEvent | MappingEvent): void {
    if (anchorStart !== none || tagStart !== none)
      throw this.#unread('an anchor or a tag stands here', Math.max(anchorStart, tagStart));
  }

  #unread(reason: string, at = this.#end): Unread {
    return new Unread(at, reason);
  }
}

const coreTags = [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag];

/** A plain scalar by the core schema (YAML 1.2.2, section 10.3): null, a truth value, a number, or text. */
function coreValue(source: string): unknown {
  if (!/^(?:$|[-+.~\dntfNTF])/.test(source)) return source;
  for (const tag of coreTags) {
    const value: unknown = tag.resolve(source, false, tag.tagName);
    if (value !== NOT_RESOLVED) return value;
  }
  return source;
}
