// An address that something of the access record is sent to. A name and password in it would stand in every log line that
// tells of it.

import type { Reading } from './reading.ts';
import type { KeyPath } from './yaml-source.ts';

/** What it is called, its scheme with the colon, and one as it should be written. */
type Wanted = readonly [what: string, scheme: string, like: string];

/** Null where it is a mistake, which is told. */
export function remoteAddress(reading: Reading<unknown>, path: KeyPath, text: string, [what, scheme, like]: Wanted): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isGood = url !== null && url.protocol === scheme && url.hostname !== '' && url.username === '' && url.password === '';
  if (isGood) return url;
  const fix = `write an address such as ${like}, without a name or password in it`;
  reading.mistake(path, `${what} cannot be reached as it is written, ${fix}`);
  return null;
}
