// What commands do with what stops them: wrong usage is told with the usage and exits 2, everything else that is known to
// go wrong is told in its own words and exits 1. A fault of the program itself is thrown on.

import { existsSync } from 'node:fs';
import { Fault } from '../core/faults.ts';
import type { Printer } from './printer.ts';

/** Something the command line says wrong; shown with the usage. */
export class UsageProblem extends Error {}

/** The name of a file that is there. Throws a UsageProblem where it is not. */
export function existing(file: string, what: string): string {
  if (!existsSync(file)) throw new UsageProblem(`${what} "${file}" does not exist`);
  return file;
}

export function isUsage(cause: unknown): cause is Error {
  if (cause instanceof UsageProblem) return true;
  return cause instanceof Error && 'code' in cause && String(cause.code).startsWith('ERR_PARSE_ARGS');
}

/** The exit code of `work`. */
export async function judged(usage: string, print: Printer, work: () => number | Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (cause) {
    if (isUsage(cause)) {
      print.err(`${cause.message}\n\n${usage}`);
      return 2;
    }
    if (!(cause instanceof Error) || cause instanceof TypeError || cause instanceof RangeError) throw cause;
    print.err(inWords(cause));
    return 1;
  }
}

/** A fault says in its own words what broke; whoever runs a command also needs to know why. */
export function inWords(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause instanceof Fault && cause.cause !== undefined ? `${cause.message}: ${inWords(cause.cause)}` : cause.message;
}
