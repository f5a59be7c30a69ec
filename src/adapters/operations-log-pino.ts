// The operations log: JSON lines on standard output, for journald or the container's collector. Never the audit; never a
// patient, a token or a cookie, because nobody hands it one.

import { pino } from 'pino';
import { describeCause } from '../core/text/describe-cause.ts';
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

/** JSON shows nothing of an error; anything else stands as it is. */
function described(cause: unknown): unknown {
  return cause instanceof Error ? describeCause(cause) : cause;
}
