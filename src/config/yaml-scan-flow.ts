// The part of the scanner that reads what both kinds of YAML share, quotes and comments, and what stands in brackets and
// braces. It never decides whether any of it is right.

import type { Comment, Scan, SecondColon, Token } from './yaml-scan.ts';

interface Open {
  readonly bracket: '[' | '{';
  readonly start: number;
  /** The last piece of text of the entry, its colon, and a second one. */
  token: Token | null;
  value: Token | null;
  colon: boolean;
  second: SecondColon | null;
}

const plainText = /(?:\{[\w-]+\}|\$\{[^}\s]*\}|:(?![\s,[\]{}]|$)|[^,[\]{}:#\r\n]|(?<=\S)#|(?<=[^\s,[\]{}])[{[][^\s,\]}]*[\]}])+/y;

const closing = { '[': ']', '{': '}' } as const;

export class FlowScan {
  readonly text: string;
  readonly strict: boolean;
  readonly found: Scan = {
    tokens: [],
    comments: [],
    lines: [],
    brackets: [],
    quotes: [],
    closers: [],
    strays: [],
    colons: [],
    loose: [],
  };
  protected at = 0;
  protected line = 1;
  #open: Open[] = [];
  #column = 0;
  // The line that was last asked for.
  #lineFrom = 1;
  #lineEnd = -1;
  #textEnd = -1;

  constructor(text: string, strict: boolean) {
    this.text = text;
    this.strict = strict;
  }

  /** What the pattern takes from here on, or null. It must be sticky and must not go beyond the line. */
  protected take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0] ?? null;
  }

  /** The offset of the line's end, blanks before it not counted. */
  protected textEnd(): number {
    if (this.#lineEnd < this.at || this.#lineFrom > this.at) {
      const end = this.text.indexOf('\n', this.at);
      this.#lineFrom = this.at;
      this.#lineEnd = end === -1 ? this.text.length : end;
      this.#textEnd = this.#lineEnd;
      while (this.#textEnd > this.at && /[ \t\r]/.test(this.text[this.#textEnd - 1] ?? '')) this.#textEnd -= 1;
    }
    return Math.max(this.#textEnd, this.at);
  }

  protected toLineEnd(): void {
    this.textEnd();
    this.at = this.#lineEnd;
  }

  protected toNextLine(): void {
    this.toLineEnd();
    this.at += 1;
    this.line += 1;
  }

  /** Goes over blanks of every kind and says how many there were. */
  protected blanks(): number {
    const start = this.at;
    this.at += this.take(/[^\S\r\n]*/y)?.length ?? 0;
    return this.at - start;
  }

  /** Goes over anchors and tags. */
  protected properties(): void {
    this.at += this.take(/(?:[&!]\S*[ \t]+(?=\S))*/y)?.length ?? 0;
  }

  protected comment(behind: Token | null): void {
    const comment: Comment = { start: this.at, end: this.textEnd(), behind };
    this.found.comments.push(comment);
    this.toLineEnd();
  }

  protected token(kind: Token['kind'], start: number, end: number, flow: boolean, glued: boolean): Token {
    const token = { kind, start, end, flow, glued };
    this.found.tokens.push(token);
    this.at = end;
    return token;
  }

  /** A quoted text. One that does not end in its line ends there where the next line begins something of its own. */
  protected quote(flow: boolean, indent: number): Token {
    const start = this.at;
    const kind = this.text[start] === '"' ? 'double' : 'single';
    const whole = kind === 'double' ? /"(?:[^"\\]|\\[^])*"/y : /'(?:[^']|'')*'/y;
    whole.lastIndex = start;
    const match = whole.exec(this.text)?.[0] ?? null;
    const lineEnd = this.textEnd();
    if (match !== null && (start + match.length <= lineEnd || this.#mayGoOn(start, match, flow, indent))) {
      this.line += match.split('\n').length - 1;
      return this.token(kind, start, start + match.length, flow, false);
    }
    const closeAt = this.#quoteEnd(start, lineEnd, flow);
    this.found.quotes.push({ start, closeAt });
    return this.token(kind, start, closeAt, flow, false);
  }

  #mayGoOn(start: number, match: string, flow: boolean, indent: number): boolean {
    if (!this.strict) return true;
    if (flow) return false;
    const more = this.text
      .slice(start, start + match.length)
      .split('\n')
      .slice(1);
    return more.every((line) => line.trim() === '' || (/^ */.exec(line)?.[0].length ?? 0) > indent);
  }

  /** In brackets the next comma or bracket, else the end of the line or the comment in it. */
  #quoteEnd(start: number, lineEnd: number, flow: boolean): number {
    const inside = flow ? /(?:\{[\w-]*\}|[^,\]}#\r\n]|(?<=\S)#)*/y : /(?:[^#\r\n]|(?<=\S)#|#(?=\S))*/y;
    inside.lastIndex = start + 1;
    const length = inside.exec(this.text)?.[0].trimEnd().length ?? 0;
    return Math.min(start + 1 + length, lineEnd);
  }

  /** Everything from an opening bracket to its end. `indent` is that of the line it stands in, `column` that of what it belongs to. */
  protected flow(indent: number, column: number): void {
    this.#open = [];
    this.#column = column;
    for (;;) {
      this.blanks();
      const character = this.text[this.at];
      if (character === undefined) return this.#giveUp(this.#lastText(this.text.length));
      if (character === '\n' || character === '\r') {
        if (this.#ends(indent)) return this.#giveUp(this.#lastText(this.at));
        this.toNextLine();
      } else if (this.#piece(character, indent)) return;
    }
  }

  /** Takes one piece; true where it was the last bracket. */
  #piece(character: string, indent: number): boolean {
    const top = this.#open.at(-1);
    if (character === '#') this.comment(top?.token ?? null);
    else if ((character === '[' || character === '{') && this.take(/\{[\w-]+\}[^\s,\]}:]/y) === null) this.#push(character);
    else if (character === ']' || character === '}') return this.#close(character);
    else if (character === ',') this.#nextEntry(1);
    else if (character === ':' && this.take(/:(?=[\s,[\]{}"']|$)/y) !== null) this.#colon();
    else if (character === '"' || character === "'") this.#text(this.quote(true, indent));
    else this.#text(this.#plain());
    return false;
  }

  #push(bracket: '[' | '{'): void {
    this.#open.push({ bracket, start: this.at, token: null, value: null, colon: false, second: null });
    this.at += 1;
  }

  #nextEntry(length: number): void {
    const top = this.#open.at(-1);
    if (top !== undefined) {
      if (top.second !== null) top.second.end = this.#lastText(this.at);
      if (top.bracket === '{' && !top.colon && top.token !== null) this.found.loose.push(top.token);
      Object.assign(top, { token: null, value: null, colon: false, second: null });
    }
    this.at += length;
  }

  #colon(): void {
    const top = this.#open.at(-1);
    if (top?.bracket === '{' && top.colon && top.second === null && top.value !== null) {
      top.second = { value: top.value, colon: this.at, end: this.at };
      this.found.colons.push(top.second);
    }
    if (top !== undefined) top.colon = true;
    this.at += 1;
  }

  #text(token: Token): void {
    const top = this.#open.at(-1);
    if (top === undefined) return;
    top.token = token;
    if (top.colon && top.value === null) top.value = token;
  }

  /** Text without quotes; `{name}` belongs to it where no blank stands before. */
  #plain(): Token {
    const text = this.take(plainText)?.trimEnd() ?? '';
    return this.token('plain', this.at, this.at + Math.max(text.length, 1), true, /[{[]/.test(text));
  }

  #close(character: ']' | '}'): boolean {
    const fitting = this.#open.findLastIndex(({ bracket }) => closing[bracket] === character);
    const top = this.#open.length - 1;
    const mark = this.#open[top]?.bracket ?? '[';
    const goesOn = fitting < top && this.take(/[\]}][ \t]*[\]}]/y)?.endsWith(closing[mark]);
    if (fitting === -1 || goesOn === true) {
      this.found.strays.push(this.at);
      this.at += 1;
      return false;
    }
    for (const { start } of this.#open.slice(fitting + 1)) {
      this.found.brackets.push({ start, closeAt: this.#lastText(this.at) });
    }
    this.#open.length = fitting + 1;
    this.#nextEntry(0);
    this.#open.pop();
    this.#text({ kind: 'plain', start: this.at, end: this.at + 1, flow: true, glued: false });
    const isLast = this.#open.length === 0;
    if (isLast && this.#standsInColumn()) this.found.closers.push(this.at);
    this.at += 1;
    return isLast;
  }

  /** Nothing but as many blanks stand before it in its line. */
  #standsInColumn(): boolean {
    const start = this.at - this.#column;
    return this.text[start - 1] === '\n' && this.text.slice(start, this.at).trim() === '';
  }

  /** Whether the next line that holds something stands outside, though nothing was closed. */
  #ends(indent: number): boolean {
    if (!this.strict) return false;
    const next = /(?:[ \t]*(?:#[^\n]*)?\r?\n)*([ \t]*)(-\s|["']?[\w.-]+["']?:(?=\s|$))/my;
    this.textEnd();
    next.lastIndex = this.#lineEnd + 1;
    const blanks = next.exec(this.text)?.[1];
    return blanks !== undefined && blanks.length <= indent;
  }

  #giveUp(closeAt: number): void {
    for (const { start } of this.#open) this.found.brackets.push({ start, closeAt });
    this.#open = [];
  }

  /** The end of the last text before the offset, without blanks and comments. */
  #lastText(offset: number): number {
    const last = this.found.comments.at(-1);
    let end = offset;
    while (end > 0 && /\s/.test(this.text[end - 1] ?? '')) end -= 1;
    if (last === undefined || last.end !== end) return end;
    end = last.start;
    while (end > 0 && /\s/.test(this.text[end - 1] ?? '')) end -= 1;
    return end;
  }
}
