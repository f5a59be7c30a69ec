// The sections that a file must have. One that is there under a misspelt name has been told of as such.

import { didYouMean } from './did-you-mean.ts';
import type { Reading } from './reading.ts';

export function requireKeys(reading: Reading<unknown>, required: readonly string[]): void {
  const { value } = reading.parsed.source;
  const there = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  for (const key of required) {
    if (there.includes(key) || there.some((name) => !required.includes(name) && didYouMean(name, required) === key)) continue;
    reading.findings.mistake(reading.file, { line: 1, column: 1 }, `Key "${key}" is missing`);
  }
}
