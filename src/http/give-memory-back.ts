// Gives the memory of a chunk back as soon as it is sent. Chunks lie outside the engine's heap, and the engine finds out which
// of them nobody needs by looking through everything it has, many times in one large download: that took more than sending it.

/** Below this the engine's own way costs less. */
const smallestBytes = 16_384;

/**
 * What to call once the chunk is written, for a chunk that nobody looks at any more; undefined where it would not help. Part
 * of a larger piece of memory is left alone: the rest of it may still be on its way.
 */
export function givingBack(chunk: Buffer): ((cause?: Error | null) => void) | undefined {
  const { buffer, length } = chunk;
  if (length < smallestBytes || length !== buffer.byteLength || !(buffer instanceof ArrayBuffer)) return undefined;
  return (cause) => {
    // The system may still be reading what could not be written to its end.
    if (cause === undefined || cause === null) buffer.transfer(0);
  };
}
