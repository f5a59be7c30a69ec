// One mistake in a configuration file, told so that the message alone is enough to mend it. Nothing here decides what
// a mistake is, and no message ever carries the value of a secret.

import { relative } from 'node:path';
import { withoutSecrets } from './hidden-secrets.ts';

/** Where something stands in a file; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** One line as it should stand; an empty text means that the line goes. */
export interface Correction {
  /** Counts from 1; mostly the line of the mistake itself. */
  readonly line: number;
  /** The whole line with its indentation, without its line ending. */
  readonly text: string;
}

export interface Mistake extends Place {
  /** The path of the file as it was given. */
  readonly file: string;
  readonly message: string;
  /** The word that was probably meant. */
  readonly suggestion?: string;
  /** The line with this mistake mended, where that can be known. */
  readonly correction?: Correction;
}

/** `rules.yaml:12:5: message, did you mean "x"?`, the file shown from the working directory. */
export function renderMistake(mistake: Mistake): string {
  const hint = mistake.suggestion === undefined ? '' : `, did you mean "${mistake.suggestion}"?`;
  return `${shownFile(mistake.file)}:${mistake.line}:${mistake.column}: ${mistake.message}${hint}`;
}

/** The file from the working directory where it lies below it, else as it is. */
export function shownFile(file: string): string {
  const near = relative(process.cwd(), file);
  return near === '' || near.startsWith('..') ? file : near;
}

/** The longest message, in characters, and the most mistakes told at once: a damaged file has no end of them. */
const maxMessageCharacters = 600;
const maxMistakes = 500;

/** By file, the ones named first and then by name, then by place; the same message at the same place stands once. */
export function sortMistakes(mistakes: readonly Mistake[], files: readonly string[]): Mistake[] {
  const once = new Map(mistakes.map((mistake) => [renderMistake(mistake), mistake]));
  const rank = (mistake: Mistake): number => {
    const index = files.indexOf(mistake.file);
    return index === -1 ? files.length : index;
  };
  const sorted = [...once.values()].sort(
    (a, b) => rank(a) - rank(b) || compareText(a.file, b.file) || a.line - b.line || a.column - b.column,
  );
  return sorted.slice(0, maxMistakes);
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Gathers mistakes and warnings while the files are read, so that all of them are told at once. */
export class Findings {
  readonly mistakes: Mistake[] = [];
  readonly warnings: Mistake[] = [];

  mistake(file: string, place: Place, message: string, hints?: Hints | string): void {
    this.mistakes.push(finding(file, place, message, hints));
  }

  /** True once there are as many mistakes as are ever told: whoever reads on would only take time. */
  get full(): boolean {
    return this.mistakes.length >= maxMistakes;
  }

  warning(file: string, place: Place, message: string, hints?: Hints | string): void {
    this.warnings.push(finding(file, place, message, hints));
  }
}

/** What helps beside the sentence; a plain text is the word that was probably meant. */
export interface Hints {
  readonly suggestion?: string | undefined;
  readonly correction?: Correction | null | undefined;
}

/** The longest corrected line that is shown whole; of a longer one its author finds the place by line and column. */
const maxShownLine = 240;

function finding(file: string, place: Place, text: string, hints: Hints | string = {}): Mistake {
  const { suggestion, correction }: Hints = typeof hints === 'string' ? { suggestion: hints } : hints;
  const secret = correction !== undefined && correction !== null && withoutSecrets(correction.text) !== correction.text;
  const kept = secret ? null : (correction ?? null);
  const line = kept?.text.trim() ?? '';
  // A suggestion says as much as the line, in one word.
  const shown =
    suggestion === undefined && line !== '' && line.length <= maxShownLine
      ? `${withoutSecrets(text)}: ${line}`
      : withoutSecrets(text);
  const message = shown.length > maxMessageCharacters ? `${shown.slice(0, maxMessageCharacters)}…` : shown;
  return {
    file,
    line: place.line,
    column: place.column,
    message,
    ...(suggestion === undefined ? {} : { suggestion }),
    ...(kept === null ? {} : { correction: kept }),
  };
}
