// Whether an order reached nobody because no gateway runs on this data.

export function isStopped(cause: unknown): boolean {
  const below = cause instanceof Error ? cause.cause : null;
  return below instanceof Error && 'code' in below && (below.code === 'ENOENT' || below.code === 'ECONNREFUSED');
}
