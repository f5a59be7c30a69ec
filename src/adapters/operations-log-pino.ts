// The operations log: JSON lines on standard output, for journald or the container's collector. Never the audit; never a
// patient, a token or a cookie, because nobody hands it one.

import { pino } from 'pino';
import type { OperationsLog } from '../ports.ts';

/** `level` is one of pino's; `silent` in tests and the demo. `destination` 2 is standard error. */
export function pinoLog(level: 'info' | 'warn' | 'silent', destination: 1 | 2): OperationsLog {
  const log = pino(
    { level, base: null, serializers: { cause: described }, timestamp: () => `,"time":"${new Date().toISOString()}"` },
    pino.destination({ dest: destination, sync: true }),
  );
  return {
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
  };
}

const mostCharacters = 1000;

/** An error is what it says, and what was behind it: by itself it would be written without its words. */
function described(cause: unknown): unknown {
  return cause instanceof Error ? wordsOf(cause).slice(0, mostCharacters) : cause;
}

function wordsOf(cause: Error): string {
  const behind = cause.cause instanceof Error ? `; ${wordsOf(cause.cause)}` : '';
  return `${quotesWhatItGot(cause) ? cause.name : `${cause.name}: ${cause.message}`}${behind}`;
}

/** What was no JSON, or not what a column takes (SQLSTATE class 22), is quoted, and may be what somebody wrote about a patient. */
function quotesWhatItGot(cause: Error): boolean {
  return cause instanceof SyntaxError || ('code' in cause && /^22[0-9A-Z]{3}$/.test(String(cause.code)));
}
