// Says in one line what went wrong and why, for the operations log.

/** An error and its causes. What was read and could not be understood is not quoted: a patient may stand in it. */
export function describeCause(cause: unknown): string | undefined {
  if (cause === undefined || cause === null) return undefined;
  if (!(cause instanceof Error)) return (typeof cause === 'string' ? cause : JSON.stringify(cause)).slice(0, 500);
  const inner = cause.cause === undefined ? '' : `; ${describeCause(cause.cause)}`;
  // JSON.parse puts a piece of the text into its message.
  const message = cause instanceof SyntaxError ? 'What was read is not written as it should be' : cause.message;
  return `${cause.name}: ${message}${inner}`.slice(0, 1000);
}
