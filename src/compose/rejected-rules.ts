// Remembers that the rule file that stands there now is not the one in force, so that the health page and the console say so
// until it is mended.

import { renderMistake } from '../config/mistake.ts';
import type { Mistake } from '../config/mistake.ts';

export class RejectedRules {
  #mistakes: readonly Mistake[] = [];

  /** None where the file is in force. */
  set(mistakes: readonly Mistake[]): void {
    this.#mistakes = mistakes;
  }

  /** Sentences without their full stop. */
  notices(): readonly string[] {
    const [first, ...others] = this.#mistakes;
    if (first === undefined) return [];
    const more = others.length === 0 ? '' : ` (and ${others.length} more: "wardgate check" names them)`;
    return [`The changed rules are not used, and those before them stay in force: ${renderMistake(first)}${more}`];
  }
}
