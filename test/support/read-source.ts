// Reads a TypeScript source far enough to answer three questions: what does it import, which words does it use, and how
// long are its functions. TypeScript 7 has no stable JavaScript API, and a tool that silently reads nothing would report
// success, so this reader is our own. It never judges: `layer-rules.ts` does.

/** One token. `text` of a string is its content without quotes; of a template chunk its raw text. */
export interface Token {
  readonly kind: 'word' | 'string' | 'template' | 'number' | 'regex' | 'mark';
  readonly text: string;
  /** Counted from one. */
  readonly line: number;
}

const wordStart = /[\p{ID_Start}$_#]/u;
const wordPart = /[\p{ID_Continue}$]/u;
/** After these words a slash begins a regular expression, not a division. */
const beforeRegex = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'delete',
  'void',
  'throw',
  'new',
  'else',
  'do',
  'await',
  'yield',
]);

/** Splits source text into tokens; comments and white space are left out. Throws when a string or comment never ends. */
export function tokenize(source: string): readonly Token[] {
  return new Tokenizer(source).all();
}

class Tokenizer {
  readonly #source: string;
  readonly #tokens: Token[] = [];
  /** For every open `${`, how many plain braces are open inside it. */
  readonly #templates: number[] = [];
  #at = 0;
  #line = 1;

  constructor(source: string) {
    this.#source = source;
  }

  all(): readonly Token[] {
    while (this.#at < this.#source.length) this.#next();
    if (this.#templates.length > 0) throw new Error(`Template literal is not closed by line ${this.#line}`);
    return this.#tokens;
  }

  #next(): void {
    const char = this.#source.charAt(this.#at);
    const two = this.#source.slice(this.#at, this.#at + 2);
    if (char === '\n' || /\s/.test(char)) this.#skip(1);
    else if (two === '//' || (this.#at === 0 && two === '#!')) this.#skip(this.#until('\n', this.#at) - this.#at);
    else if (two === '/*') this.#skip(this.#mustFind('*/', this.#at + 2) + 2 - this.#at);
    else if (char === "'" || char === '"') this.#string(char);
    else if (char === '`') this.#template(1);
    else if (char === '/' && this.#regexMayStart()) this.#regex();
    else if (wordStart.test(char)) this.#word();
    else if (/[0-9]/.test(char)) this.#number();
    else this.#mark(char, two);
  }

  #mark(char: string, two: string): void {
    const inner = this.#templates.length - 1;
    if (inner >= 0 && char === '{') this.#templates[inner] = (this.#templates[inner] ?? 0) + 1;
    if (inner >= 0 && char === '}') {
      if (this.#templates[inner] === 0) {
        this.#templates.pop();
        this.#template(1);
        return;
      }
      this.#templates[inner] = (this.#templates[inner] ?? 0) - 1;
    }
    if (two === '=>' || two === '?.') this.#push('mark', two, 2);
    else if (this.#source.startsWith('...', this.#at)) this.#push('mark', '...', 3);
    else this.#push('mark', char, 1);
  }

  /** Reads a template chunk, from its backtick or closing brace to the next `${` or backtick. */
  #template(skip: number): void {
    let end = this.#at + skip;
    while (end < this.#source.length) {
      if (this.#source.startsWith('${', end)) {
        this.#push('template', this.#source.slice(this.#at + skip, end), end + 2 - this.#at);
        this.#templates.push(0);
        return;
      }
      if (this.#source.charAt(end) === '`') {
        this.#push('template', this.#source.slice(this.#at + skip, end), end + 1 - this.#at);
        return;
      }
      end += this.#source.charAt(end) === '\\' ? 2 : 1;
    }
    throw new Error(`Template literal opened on line ${this.#line} is not closed`);
  }

  #string(quote: string): void {
    let end = this.#at + 1;
    while (this.#source.charAt(end) !== quote) {
      if (end >= this.#source.length || this.#source.charAt(end) === '\n') {
        throw new Error(`String opened on line ${this.#line} is not closed`);
      }
      end += this.#source.charAt(end) === '\\' ? 2 : 1;
    }
    this.#push('string', this.#source.slice(this.#at + 1, end), end + 1 - this.#at);
  }

  #regex(): void {
    let end = this.#at + 1;
    let inClass = false;
    while (inClass || this.#source.charAt(end) !== '/') {
      const char = this.#source.charAt(end);
      if (end >= this.#source.length || char === '\n') throw new Error(`Regular expression on line ${this.#line} is not closed`);
      if (char === '[') inClass = true;
      if (char === ']') inClass = false;
      end += char === '\\' ? 2 : 1;
    }
    while (/[a-z]/.test(this.#source.charAt(end + 1))) end += 1;
    this.#push('regex', this.#source.slice(this.#at, end + 1), end + 1 - this.#at);
  }

  #word(): void {
    let end = this.#at + 1;
    while (end < this.#source.length && wordPart.test(this.#source.charAt(end))) end += 1;
    this.#push('word', this.#source.slice(this.#at, end), end - this.#at);
  }

  #number(): void {
    let end = this.#at + 1;
    while (/[\w.]/.test(this.#source.charAt(end))) end += 1;
    this.#push('number', this.#source.slice(this.#at, end), end - this.#at);
  }

  #regexMayStart(): boolean {
    const before = this.#tokens.at(-1);
    if (before === undefined) return true;
    if (before.kind === 'word') return beforeRegex.has(before.text);
    return before.kind === 'mark' && ![')', ']', '}'].includes(before.text);
  }

  #push(kind: Token['kind'], text: string, length: number): void {
    this.#tokens.push({ kind, text, line: this.#line });
    this.#skip(length);
  }

  #skip(length: number): void {
    for (let step = 0; step < length; step += 1) {
      if (this.#source.charAt(this.#at + step) === '\n') this.#line += 1;
    }
    this.#at += length;
  }

  #until(text: string, from: number): number {
    const found = this.#source.indexOf(text, from);
    return found === -1 ? this.#source.length : found;
  }

  #mustFind(text: string, from: number): number {
    const found = this.#source.indexOf(text, from);
    if (found === -1) throw new Error(`Comment opened on line ${this.#line} is not closed`);
    return found;
  }
}
