// Which version of the program this is, and how a store remembers the one that last changed its form.

import { readFileSync } from 'node:fs';

/** As package.json says it, such as `0.1.0`. */
export function programVersion(): string {
  // The manifest stands two folders up from the sources and from what is built of them.
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { readonly version?: unknown };
  if (typeof version !== 'string' || !/^\d+\.\d+\.\d+/.test(version)) throw new Error('package.json names no version');
  return version;
}

/** `1.2.3` as one whole number that fits SQLite's `user_version`: 1,002,003. */
export function versionNumber(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.+-]/, 3).map(Number);
  return major * 1_000_000 + minor * 1000 + patch;
}

/** The reverse; null for 0, which says that nothing was remembered. */
export function versionOfNumber(number: number): string | null {
  if (number <= 0) return null;
  return [Math.floor(number / 1_000_000), Math.floor(number / 1000) % 1000, number % 1000].join('.');
}
