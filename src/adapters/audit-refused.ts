// Why an audit log is not opened at all. Distinct from trouble with the disk, which the log waits out: here going on
// would bury what somebody has to look at first.

/** Another process holds the log, or what stands in the directory is not a sound log. */
export class AuditLogRefused extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'AuditLogRefused';
  }
}

/** The errno name of a system error, for the record that tells of it; `unknown` where there is none. */
export function errorCode(cause: unknown): string {
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}

/** What failed in a few words: the errno name, or the message of an error of our own. */
export function causeInWords(cause: unknown): string {
  const code = errorCode(cause);
  return code === 'unknown' && cause instanceof Error ? cause.message : code;
}
