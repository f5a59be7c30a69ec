// An operations log that says nothing, and one that remembers.

import type { OperationsLog } from '../../src/ports.ts';

export const silentLog: OperationsLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Collects what was logged, so that a test can ask whether an alarm was raised. */
export function rememberingLog(): OperationsLog & { readonly lines: string[] } {
  const lines: string[] = [];
  const note = (fields: Readonly<Record<string, unknown>>, message: string): void =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  return { lines, info: note, warn: note, error: note };
}
