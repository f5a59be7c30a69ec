// Rules that were saved with mistakes and are not in force: told by the console and by /readyz for as long as that is so,
// because whoever saved them believes that they are.

import type { Mistake } from '../config/mistake.ts';

export class RejectedRules {
  #notice: string | null = null;

  /** `at` is epoch milliseconds. */
  tell(mistakes: readonly Pick<Mistake, 'file' | 'line' | 'message'>[], at: number): void {
    const [first] = mistakes;
    const where = first === undefined ? 'it could not be read' : `${first.file}:${first.line}: ${first.message}`;
    const more = mistakes.length > 1 ? `, and ${mistakes.length - 1} more` : '';
    this.#notice = `The rules saved by ${new Date(at).toISOString()} are not in force, the ones before them are: ${where}${more}`;
  }

  /** Sound rules are in force. */
  clear(): void {
    this.#notice = null;
  }

  notices(): readonly string[] {
    return this.#notice === null ? [] : [this.#notice];
  }
}
