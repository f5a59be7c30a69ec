// How long the fuzz targets run: a few seconds with the other tests, always from the same seed; minutes and from a new seed
// each time under `npm run soak`. A failure prints its seed and the smallest input that shows it.

import fc from 'fast-check';
import { expect } from 'vitest';

/** Set by `npm run soak`; a number multiplies further. */
const soak = Number(process.env['WARDGATE_SOAK'] ?? '0');
const soakFactor = 100 * soak;

/** Parameters for `fc.assert`. */
export function runs(count: number): { readonly numRuns: number; readonly seed?: number } {
  return soak > 0 ? { numRuns: count * soakFactor } : { numRuns: count, seed: 20_261_123 };
}

/** Time for a fuzz test, in milliseconds. */
export const fuzzTimeout = soak > 0 ? 3_600_000 : 30_000;

/** Text of at most `pieces` pieces: the given ones, mixed with any characters. */
export function mixedText(given: readonly string[], pieces = 24): fc.Arbitrary<string> {
  const any = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...given) },
    fc.string({ maxLength: 6 }),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  return fc.array(any, { maxLength: pieces }).map((list) => list.join(''));
}

/** One character per byte, as the wire gives it. */
export function mixedBytes(given: readonly string[], pieces = 24): fc.Arbitrary<string> {
  return mixedText(given, pieces).map((text) => Buffer.from(text, 'utf8').toString('latin1'));
}

/** The seconds that 64 KB of the worst input may take. Whatever is linear needs milliseconds; what is not needs minutes. */
const worstSeconds = 3;

/** Repeats each piece to 64 KB, or as many bytes as are given, and lets `read` take it; fails where the time does not look like that of one pass. */
export function expectBounded(pieces: readonly string[], read: (text: string) => unknown, bytes = 65_536): void {
  for (const piece of pieces) {
    const text = piece.repeat(Math.ceil(bytes / piece.length));
    for (const whole of [text, `${text}x`, `x${text}`]) {
      const from = performance.now();
      read(whole);
      expect({ piece, seconds: Math.floor((performance.now() - from) / 1000) }).toEqual({
        piece,
        seconds: expect.toSatisfy((seconds: number) => seconds < worstSeconds),
      });
    }
  }
}
