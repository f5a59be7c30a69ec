// What an `order` record says in its `detail`: what a command asked for, on whose word, why, and why it was not done. Reports read
// it back, so writing and reading live side by side.

export interface OrderNote {
  /** As it is typed behind `wardgate`: `user end`. */
  readonly name: string;
  /** What was meant by it, where the name alone does not say; null where it does. */
  readonly what: string | null;
  /** What the command said of whoever typed it, which nothing proves; in the console who was signed in. */
  readonly by: string;
  /** In the words of whoever gave it; null where they said nothing. */
  readonly because: string | null;
  /** Why it was not done; null where it was. */
  readonly notDone: string | null;
}

const pattern =
  /^"([^"]+)"(?: \((.*?)\))? (?:by operating-system user|in the console by) "([^"]*)"(?:, because: (.*?))?(?:; not done: (.*))?$/s;

export function writeOrderNote({ name, what, by, because, notDone }: OrderNote): string {
  const meant = what === null ? '' : ` (${what})`;
  const reason = because === null ? '' : `, because: ${because}`;
  const why = notDone === null ? '' : `; not done: ${notDone}`;
  return `"${name}"${meant} by operating-system user "${by.replaceAll('"', "'")}"${reason}${why}`;
}

/** An order that somebody signed in gives in the console. */
export function writeConsoleOrder({ name, by, because }: Pick<OrderNote, 'name' | 'by'> & { readonly because: string }): string {
  return `"${name}" in the console by "${by.replaceAll('"', "'")}", because: ${because}`;
}

/** The note, or null when the text is none. */
export function readOrderNote(detail: string): OrderNote | null {
  const [, name, what = null, by, because = null, notDone = null] = pattern.exec(detail) ?? [];
  return name === undefined || by === undefined ? null : { name, what, by, because, notDone };
}
