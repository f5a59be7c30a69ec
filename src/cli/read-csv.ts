// Reads comma-separated values as RFC 4180 has them, or with another separator, and says of every field where it stands.
// Never quotes what it read in a message: it may be a password.

import type { Place } from '../config/mistake.ts';

/** A field without its quotes; its place is that of its first character. */
export interface CsvField extends Place {
  readonly text: string;
  readonly quoted: boolean;
}

export interface Csv {
  /** Empty lines are left out. */
  readonly rows: readonly (readonly CsvField[])[];
  readonly problems: readonly (Place & { readonly message: string })[];
}

/** Lines end with CRLF or LF; the last one need not. */
export function readCsv(text: string): Csv {
  const reader = new CsvReader(text);
  const rows: (readonly CsvField[])[] = [];
  for (let row = reader.next(); row !== null; row = reader.next()) rows.push(row);
  return { rows, problems: reader.problems };
}

/** Row by row, for a file of which nobody wants all rows at once. */
export class CsvReader {
  /** What was found wrong in the rows so far; whoever reads on may take it away. */
  readonly problems: (Place & { message: string })[] = [];
  readonly #text: string;
  readonly #separator: string;
  #at = 0;
  #line = 1;
  /** Where the line begins. */
  #lineAt = 0;

  constructor(text: string, separator: ',' | ';' | '\t' = ',') {
    this.#text = text;
    this.#separator = separator;
  }

  /** The next line that is not empty; null at the end. */
  next(): readonly CsvField[] | null {
    while (this.#at < this.#text.length) {
      const row = this.#row();
      const [first, ...rest] = row;
      if (rest.length > 0 || first?.text !== '' || first.quoted) return row;
    }
    return null;
  }

  #row(): CsvField[] {
    const fields = [this.#field()];
    while (this.#text[this.#at] === this.#separator) {
      this.#at += 1;
      fields.push(this.#field());
    }
    if (this.#text[this.#at] === '\r') this.#at += 1;
    this.#newLine();
    return fields;
  }

  #field(): CsvField {
    const place = this.#place();
    const quoted = this.#text[this.#at] === '"';
    const text = quoted ? this.#quoted(place) : this.#plain();
    return { ...place, text, quoted };
  }

  /** Up to the separator or the end of the line. */
  #plain(): string {
    const start = this.#at;
    while (this.#at < this.#text.length && !this.#atBorder()) {
      if (this.#text[this.#at] === '"')
        this.#problem('A quote stands within the field; quote the whole field, and write this one twice');
      this.#at += 1;
    }
    return this.#text.slice(start, this.#at);
  }

  #quoted(place: Place): string {
    let text = '';
    for (;;) {
      const end = this.#text.indexOf('"', this.#at + 1);
      if (end === -1) return this.#unclosed(place, text);
      this.#countLines(this.#at, end);
      text += this.#text.slice(this.#at + 1, end);
      this.#at = end + 1;
      if (this.#text[this.#at] !== '"') break;
      text += '"';
    }
    if (this.#at < this.#text.length && !this.#atBorder()) {
      this.#problem('Text stands after the closing quote; write a separator there, and a quote within the field twice');
      this.#plain();
    }
    return text;
  }

  #unclosed(place: Place, text: string): string {
    this.problems.push({
      ...place,
      message: 'The quote is never closed; close it, and write one that belongs to the field twice',
    });
    const rest = this.#text.slice(this.#at + 1);
    this.#countLines(this.#at, this.#text.length);
    this.#at = this.#text.length;
    return text + rest;
  }

  #atBorder(): boolean {
    const next = this.#text[this.#at];
    return next === this.#separator || next === '\n' || (next === '\r' && [undefined, '\n'].includes(this.#text[this.#at + 1]));
  }

  #newLine(): void {
    if (this.#text[this.#at] !== '\n') return;
    this.#at += 1;
    this.#line += 1;
    this.#lineAt = this.#at;
  }

  #countLines(from: number, to: number): void {
    for (let at = this.#text.indexOf('\n', from); at !== -1 && at < to; at = this.#text.indexOf('\n', at + 1)) {
      this.#line += 1;
      this.#lineAt = at + 1;
    }
  }

  #place(): Place {
    return { line: this.#line, column: this.#at - this.#lineAt + 1 };
  }

  #problem(message: string): void {
    this.problems.push({ ...this.#place(), message });
  }
}
