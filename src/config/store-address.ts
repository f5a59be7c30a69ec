// The address of a shared store. A password in it would stand in every log line that tells of it, and what follows a `?` would
// change how the connection is made behind our back (`sslmode=disable`).

import type { Reading } from './reading.ts';
import type { KeyPath } from './yaml-source.ts';

interface Wanted {
  readonly what: string;
  /** With the colon. */
  readonly schemes: readonly string[];
  readonly like: string;
  /** The key that the password belongs under. */
  readonly password?: string;
}

/** Null where it is a mistake, which is told without a password that stands in it. */
export function storeAddress(
  reading: Reading<unknown>,
  path: KeyPath,
  text: string,
  { what, schemes, like, password = 'passwordFile' }: Wanted,
): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  const problem = problemOf(url, schemes, password);
  if (problem === null) return url;
  reading.mistake(path, `${what} cannot be reached as it is written: ${problem}, such as ${like}`);
  return null;
}

function problemOf(url: URL | null, schemes: readonly string[], password: string): string | null {
  const begin = schemes.map((scheme) => `${scheme}//`).join(' or ');
  if (url === null || !schemes.includes(url.protocol) || url.hostname === '')
    return `name one server by an address that begins with ${begin}`;
  if (url.password !== '')
    return `it holds a password; put that into a file, name the file under ${password} beside the address, and leave it out here`;
  if (url.search !== '' || url.hash !== '') return 'leave out what follows the "?" or "#"';
  return null;
}
