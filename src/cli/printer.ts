// Where a command writes, so that a test can read it.

/** Lines without their newline. */
export interface Printer {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

export const terminal: Printer = { out: (line) => console.log(line), err: (line) => console.error(line) };
