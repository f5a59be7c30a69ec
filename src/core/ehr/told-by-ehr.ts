// What the EHR's page said about a sign-on, fit to be quoted to the person: short, one line, and without anything they had
// typed, because some pages repeat it.

import { cutAtWord } from './cut-at-word.ts';

/** Characters. */
const longest = 600;

/** Text, to be escaped by whoever shows it. `typed` is what must not stand in it. */
export function toldByEhr(told: string, typed: readonly string[]): string {
  const secrets = typed.map(oneLine).filter((one) => one !== '');
  // The longest first: what stands within another would leave the rest of it.
  secrets.sort((one, other) => other.length - one.length);
  return cutAtWord(
    secrets.reduce((rest, secret) => rest.replaceAll(secret, '•••'), oneLine(told)),
    longest,
  );
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
}
