// Goes through a YAML text once, line by line, and says what its author put there: keys, values, comments, brackets and
// quotes that are never closed. The parser tells of a forgotten bracket where the file ends; this tells where it was
// opened. It judges nothing, and what it makes of a sound file is only used to look for what YAML silently swallows.

import { FlowScan } from './yaml-scan-flow.ts';

export interface Token {
  readonly kind: 'plain' | 'double' | 'single';
  readonly start: number;
  readonly end: number;
  readonly flow: boolean;
  /** Holds `{name}` or `[…]` without a blank before it, which YAML does not take in brackets. */
  readonly glued: boolean;
}

export interface Comment {
  readonly start: number;
  readonly end: number;
  /** The value before it; null where the comment stands alone, and for block texts, which are passed over like comments. */
  readonly behind: Token | null;
}

/** A bracket or a quote without its end. `closeAt` is where the end most likely belongs. */
export interface Unclosed {
  readonly start: number;
  readonly closeAt: number;
}

/** An entry of a mapping in braces with a second colon. */
export interface SecondColon {
  readonly value: Token;
  readonly colon: number;
  /** Where the entry ends. */
  end: number;
}

/** A line outside of brackets, quotes and block texts. */
export interface BlockLine {
  /** 1-based. */
  readonly line: number;
  readonly start: number;
  /** Characters before the first that is no blank. */
  readonly indent: number;
  /** Column, from 0, behind the last `- `; the indent where there is none. */
  readonly content: number;
  readonly dash: boolean;
  /** The key with `: ` behind it, or null. */
  key: Token | null;
  /** What stands behind the key, or alone. */
  value: Token | null;
  /** True where the value is or begins with something else than text: brackets, a block text. */
  other: boolean;
  /** Characters behind a closed quote or bracket that do not belong there; null where there are none. */
  trailing: number | null;
}

export interface Scan {
  readonly tokens: Token[];
  readonly comments: Comment[];
  readonly lines: BlockLine[];
  readonly brackets: Unclosed[];
  readonly quotes: Unclosed[];
  /** Last closing brackets that begin their line in the column of what they belong to. */
  readonly closers: number[];
  /** Closing brackets that close nothing. */
  readonly strays: number[];
  readonly colons: SecondColon[];
  /** Texts in braces that are neither key nor value. */
  readonly loose: Token[];
}

/** `strict` ends a quote with its line where the next one begins something new: for files that the parser refused. */
export function scanYaml(text: string, strict: boolean): Scan {
  const scanner = new YamlScan(text, strict);
  scanner.run();
  return scanner.found;
}

/** Of the mapping or list that the line's value belongs to. */
function columnOf({ key, indent, content }: BlockLine): number {
  return key === null ? indent : content;
}

class YamlScan extends FlowScan {
  run(): void {
    while (this.at < this.text.length) {
      this.blockLine();
      this.toNextLine();
    }
  }

  private blockLine(): void {
    const start = this.at;
    const indent = this.blanks();
    if (this.at === this.textEnd()) return;
    if (this.text[this.at] === '#') return this.comment(null);
    if (indent === 0 && this.take(/(?:---|\.\.\.)(?=\s|$)|%/y) !== null) return;
    const dashes = this.take(/(?:-(?:[ \t]+|(?=\r?\n|$)))*/y)?.length ?? 0;
    this.at += dashes;
    const line: BlockLine = {
      line: this.line,
      start,
      indent,
      content: indent + dashes,
      dash: dashes > 0,
      key: null,
      value: null,
      other: false,
      trailing: null,
    };
    this.found.lines.push(line);
    this.node(line, true);
  }

  /** A key with its value, or a value alone. */
  private node(line: BlockLine, mayBeKey: boolean): void {
    this.properties();
    if (this.at === this.textEnd()) return;
    const first = this.text[this.at];
    if (first === '#') return this.comment(null);
    if (first === '[' || first === '{') {
      line.other = true;
      this.flow(line.indent, columnOf(line));
      return this.behind(line, null);
    }
    if (this.take(/[|>][+-]?\d?[+-]?[ \t]*(?=[#\r\n]|$)/y) !== null) {
      line.other = true;
      return this.blockText(line);
    }
    const token = first === '"' || first === "'" ? this.quote(false, line.indent) : this.plain();
    const colon = mayBeKey ? this.take(/[^\S\r\n]*:(?=\s|$)/y) : null;
    if (colon === null) {
      line.value = token;
      return this.behind(line, token);
    }
    this.at += colon.length;
    this.blanks();
    line.key = token;
    this.node(line, false);
  }

  /** Up to `: `, ` #` or the end of the line. */
  private plain(): Token {
    const text = this.take(/(?:[^\s:#]|:(?!\s|$)|(?<=\S)#|[^\S\r\n]+(?=[^\s:#])|[^\S\r\n]+(?=:(?!\s|$)))+/y) ?? '';
    return this.token('plain', this.at, this.at + Math.max(text.length, 1), false, false);
  }

  /** What stands behind a value: nothing, a comment, or something that does not belong there. */
  private behind(line: BlockLine, value: Token | null): void {
    this.blanks();
    if (this.at >= this.textEnd()) return;
    if (this.text[this.at] === '#') this.comment(value);
    else line.trailing = this.at;
  }

  /** The lines of `|` and `>` are text, whatever they look like. */
  private blockText(line: BlockLine): void {
    const parent = columnOf(line);
    this.toLineEnd();
    const start = this.at;
    while (this.at < this.text.length) {
      this.at += 1;
      const indent = this.take(/ */y)?.length ?? 0;
      const holds = this.take(/[^\S\r\n]*\S/y) !== null;
      if (holds && indent <= parent) {
        this.at -= 1;
        break;
      }
      this.toLineEnd();
      this.line += 1;
    }
    this.found.comments.push({ start, end: this.at, behind: null });
  }
}
