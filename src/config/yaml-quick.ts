// Reads the part of YAML that long rule files consist of, an order of magnitude faster than a parser of all of it: mappings
// and lists by indentation or in brackets within a line, plain words, whole numbers, and quotes without escapes. It takes no
// text that could be read in another way, that has a mistake, or that any trap or warning is about: then, and for where
// something stands, the parser is asked. test/config/yaml-quick.test.ts holds the two against each other.

/** Far below what the file may nest, so that this is no second place to tell of it. */
const maxDepth = 10;

const blankLine = /^ *(?:#.*)?$/;
const keyAt = /([A-Za-z][\w.-]{0,99}):(?= |$)/y;
/** What may follow a value in its line; a comment without its blank would be warned of. */
const restAt = / *(?: #(?: .*)?)?$/y;
/** A comment that would be warned of where it follows a value, be it lines before. */
const noteAt = /^ *#[^ ]/;
const quotedAt = /"([ !#-[\]-~\u00C0-\u024F]*)"|'([ -&(-~\u00C0-\u024F]*)'(?!')/y;
/** With single blanks alone, commas that do not end it, and colons in times of day alone. */
const plainAt = /[A-Za-z0-9/](?:[\w/.*@%+()=~{}-]|(?<=\d):(?=\d)|[,;] ?(?=[\w/.*@%+()=~{}-])| (?=[\w/.*@%+()=~{}-]))*/y;
const flowPlainAt = /[A-Za-z0-9/](?:[\w/.*@%+()=~-]|(?<=\d):(?=\d)| (?=[\w/.*@%+()=~-]))*/y;
const blanksAt = / */y;
const prototypeKeys = new Set(['__proto__', 'constructor', 'prototype']);
const singled = new Map<string, unknown>(
  [
    ['null', null],
    ['true', true],
    ['false', false],
  ].flatMap(([word, value]) => spellings(String(word)).map((one): [string, unknown] => [one, value])),
);

export interface QuickText {
  readonly value: object;
  /** The line that each mapping and each list begins in, from 1. */
  readonly lines: ReadonlyMap<unknown, number>;
}

/** What the text holds, or null where the parser has to read it. */
export function readQuickly(text: string): QuickText | null {
  const reader = new QuickReader(text);
  try {
    return { value: reader.read(), lines: reader.lines };
  } catch (cause) {
    if (cause === beyond) return null;
    throw cause;
  }
}

const beyond = new Error('The text is more than is read quickly');

class QuickReader {
  readonly lines = new Map<unknown, number>();
  readonly #texts: readonly string[];
  #line = -1;
  /** Of the line that is looked at. */
  #text = '';
  /** Blanks in front of it; -1 behind the last line. */
  #indent = -1;
  #at = 0;
  /** Brackets over several lines stay to the right of this column. */
  #margin = 0;

  constructor(text: string) {
    this.#texts = text.split('\n');
    this.#next();
  }

  read(): object {
    if (this.#indent !== 0) throw beyond;
    const value = this.#mapping(0, 0);
    if (this.#line < this.#texts.length) throw beyond;
    return value;
  }

  /** Goes on to the next line that says something. */
  #next(): void {
    do this.#line += 1;
    while (this.#line < this.#texts.length && blankLine.test(this.#texts[this.#line] ?? ''));
    const text = this.#texts[this.#line];
    this.#text = text ?? '';
    this.#indent = text === undefined ? -1 : blanksBefore(text);
    this.#at = Math.max(this.#indent, 0);
  }

  /** All entries whose keys stand at this column; the first may follow the dash of a list. */
  #mapping(column: number, depth: number): Record<string, unknown> {
    if (depth > maxDepth) throw beyond;
    const value = this.#begun<Record<string, unknown>>({});
    do {
      const key = this.#key();
      if (Object.hasOwn(value, key)) throw beyond;
      value[key] = this.#taken(restAt) === null ? this.#inLine(column, depth) : this.#below(column, depth);
    } while (this.#indent === column && !this.#isEntry());
    if (this.#indent > column) throw beyond;
    return value;
  }

  /** What stands in the lines below its key; a list may stand as far left as that. */
  #below(column: number, depth: number): unknown {
    this.#next();
    if (this.#indent >= column && this.#isEntry()) return this.#list(this.#indent, depth + 1);
    if (this.#indent <= column) throw beyond;
    return this.#mapping(this.#indent, depth + 1);
  }

  #list(column: number, depth: number): unknown[] {
    if (depth > maxDepth) throw beyond;
    const value = this.#begun<unknown[]>([]);
    while (this.#indent === column && this.#isEntry()) {
      this.#at = column + 1;
      this.#taken(blanksAt);
      keyAt.lastIndex = this.#at;
      value.push(keyAt.test(this.#text) ? this.#mapping(this.#at, depth + 1) : this.#inLine(column, depth));
    }
    if (this.#indent > column) throw beyond;
    return value;
  }

  #isEntry(): boolean {
    return this.#text.startsWith('- ', this.#indent);
  }

  #key(): string {
    const key = this.#taken(keyAt)?.[1];
    if (key === undefined || prototypeKeys.has(key)) throw beyond;
    return key;
  }

  /** A value that begins in the line of its key or dash, and to the end of the line where it ends. */
  #inLine(column: number, depth: number): unknown {
    this.#taken(blanksAt);
    this.#margin = column;
    const value = this.#one(plainAt, depth + 1);
    if (this.#taken(restAt) === null) throw beyond;
    this.#next();
    return value;
  }

  #one(plain: RegExp, depth: number): unknown {
    if (depth > maxDepth) throw beyond;
    const first = this.#text[this.#at];
    if (first === '[') return this.#brackets(depth);
    if (first === '{') return this.#braces(depth);
    if (first !== '"' && first !== "'") return resolved(this.#taken(plain)?.[0]);
    const quoted = this.#taken(quotedAt);
    const text = quoted?.[1] ?? quoted?.[2];
    if (text === undefined || text.includes('${')) throw beyond;
    return text;
  }

  #brackets(depth: number): unknown[] {
    const value = this.#begun<unknown[]>([]);
    if (this.#opens(']')) return value;
    do value.push(this.#one(flowPlainAt, depth + 1));
    while (this.#goesOn(']'));
    return value;
  }

  #braces(depth: number): Record<string, unknown> {
    const value = this.#begun<Record<string, unknown>>({});
    if (this.#opens('}')) return value;
    do {
      const key = this.#key();
      if (Object.hasOwn(value, key)) throw beyond;
      this.#taken(blanksAt);
      value[key] = this.#one(flowPlainAt, depth + 1);
    } while (this.#goesOn('}'));
    return value;
  }

  /** Past the opening bracket; true where it is closed at once. */
  #opens(close: string): boolean {
    this.#at += 1;
    return this.#closes(close);
  }

  /** Past the comma, or false past the closing bracket. */
  #goesOn(close: string): boolean {
    if (this.#closes(close)) return false;
    if (this.#text[this.#at] !== ',') throw beyond;
    this.#at += 1;
    return !this.#closes(close);
  }

  #closes(close: string): boolean {
    while (this.#taken(restAt) !== null) {
      const from = this.#line + 1;
      this.#next();
      const between = this.#texts.slice(from, this.#line);
      if (this.#indent <= this.#margin || between.some((text) => noteAt.test(text))) throw beyond;
    }
    this.#taken(blanksAt);
    if (this.#text[this.#at] !== close) return false;
    this.#at += 1;
    return true;
  }

  #begun<T>(value: T): T {
    this.lines.set(value, this.#line + 1);
    return value;
  }

  #taken(form: RegExp): RegExpExecArray | null {
    form.lastIndex = this.#at;
    const found = form.exec(this.#text);
    if (found !== null) this.#at = form.lastIndex;
    return found;
  }
}

/** The core schema of YAML 1.2, as far as a word can be told from anything else without doubt. */
function resolved(word: string | undefined): unknown {
  if (word === undefined || word.includes('${')) throw beyond;
  if (singled.has(word)) return singled.get(word);
  if (!/^\d/.test(word)) return word;
  if (/^(?:0|[1-9]\d{0,14})$/.test(word)) return Number(word);
  // Every other number, and what is nearly one.
  if (/^(?:0[xo].*|\d+\.?\d*(?:e[\d+-]*)?)$/i.test(word)) throw beyond;
  return word;
}

function spellings(word: string): string[] {
  return [word, `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`, word.toUpperCase()];
}

function blanksBefore(text: string): number {
  blanksAt.lastIndex = 0;
  blanksAt.test(text);
  return blanksAt.lastIndex;
}
