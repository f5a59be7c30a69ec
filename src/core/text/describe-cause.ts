// Says in one line what went wrong and why, for the operations log.

const mostCharacters = 1000;

/** An error is what it says, and what was behind it: by itself it would be written without its words. */
export function describeCause(cause: unknown): string | undefined {
  if (cause === undefined || cause === null) return undefined;
  if (!(cause instanceof Error)) return (typeof cause === 'string' ? cause : JSON.stringify(cause)).slice(0, 500);
  const inner = cause.cause === undefined ? '' : `; ${describeCause(cause.cause)}`;
  return `${quotesWhatItGot(cause) ? cause.name : `${cause.name}: ${cause.message}`}${inner}`.slice(0, mostCharacters);
}

/** What was no JSON, or not what a column takes (SQLSTATE class 22), is quoted, and may be what somebody wrote about a patient. */
function quotesWhatItGot(cause: Error): boolean {
  return cause instanceof SyntaxError || ('code' in cause && /^22[0-9A-Z]{3}$/.test(String(cause.code)));
}
