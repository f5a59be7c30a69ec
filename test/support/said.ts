// What a command says when it runs in this process.

import type { Printer } from '../../src/cli/printer.ts';

export interface Said {
  readonly code: number;
  /** Lines joined by newlines. */
  readonly out: string;
  readonly err: string;
}

export async function said(run: (print: Printer) => Promise<number>): Promise<Said> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await run({ out: (line) => out.push(line), err: (line) => err.push(line) });
  return { code, out: out.join('\n'), err: err.join('\n') };
}
