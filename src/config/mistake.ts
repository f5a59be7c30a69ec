// One mistake in a configuration file, told so that the message alone is enough to mend it. Nothing here decides what
// a mistake is, and no message ever carries the value of a secret.

import { relative } from 'node:path';

/** Where something stands in a file; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Mistake extends Place {
  /** The path of the file as it was given. */
  readonly file: string;
  readonly message: string;
  /** The word that was probably meant. */
  readonly suggestion?: string;
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

/** By file, then by place; the same message at the same place stands once. */
export function sortMistakes(mistakes: readonly Mistake[], files: readonly string[]): Mistake[] {
  const once = new Map(mistakes.map((mistake) => [renderMistake(mistake), mistake]));
  const rank = (mistake: Mistake): number => {
    const index = files.indexOf(mistake.file);
    return index === -1 ? files.length : index;
  };
  const sorted = [...once.values()].sort((a, b) => rank(a) - rank(b) || a.line - b.line || a.column - b.column);
  return sorted.slice(0, maxMistakes);
}

/** Gathers mistakes and warnings while the files are read, so that all of them are told at once. */
export class Findings {
  readonly mistakes: Mistake[] = [];
  readonly warnings: Mistake[] = [];

  mistake(file: string, place: Place, message: string, suggestion?: string): void {
    this.mistakes.push(finding(file, place, message, suggestion));
  }

  /** True once there are as many mistakes as are ever told: whoever reads on would only take time. */
  get full(): boolean {
    return this.mistakes.length >= maxMistakes;
  }

  warning(file: string, place: Place, message: string, suggestion?: string): void {
    this.warnings.push(finding(file, place, message, suggestion));
  }
}

function finding(file: string, place: Place, text: string, suggestion: string | undefined): Mistake {
  const message = text.length > maxMessageCharacters ? `${text.slice(0, maxMessageCharacters)}…` : text;
  const told = { file, line: place.line, column: place.column, message };
  return suggestion === undefined ? told : { ...told, suggestion };
}
