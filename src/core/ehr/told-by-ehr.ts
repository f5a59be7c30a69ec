// What the EHR's page said about a sign-on, fit to be quoted to the person: short, one line, and without anything they had
// typed, because some pages repeat it.

import { cutAtWord } from './cut-at-word.ts';
import { maskSecrets } from './mask-secrets.ts';

/** Characters. */
const longest = 600;

/** Text, to be escaped by whoever shows it. `typed` is what must not stand in it. */
export function toldByEhr(told: string, typed: readonly string[]): string {
  // As it was typed, too: blanks that fall away here stand in what is encoded.
  const secrets = typed.filter((one) => oneLine(one) !== '').flatMap((one) => [one, oneLine(one)]);
  return cutAtWord(maskSecrets(oneLine(told), secrets, '•••'), longest);
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
}
