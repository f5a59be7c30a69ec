// Rules that were saved with mistakes and are not in force: told by the console and by /readyz for as long as that is so,
// because whoever saved them believes that they are.

export class RejectedRules {
  #notice: string | null = null;

  /** `mistakes`: each with its file and line; `at` is epoch milliseconds. */
  tell(mistakes: readonly string[], at: number): void {
    const [where = 'it could not be read'] = mistakes;
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
