// Header names that IT may choose: those with a meaning of their own stay out of its reach.

import type { Reading } from './reading.ts';
import type { KeyPath } from './yaml-source.ts';

/** Headers that steer the connection or carry credentials of somebody else. */
const reserved =
  /^(host|cookie|authorization|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|forwarded|x-forwarded-.*|proxy-.*|keep-alive|sec-.*|origin|referer)$/i;

export function checkHeaderName(reading: Reading<unknown>, path: KeyPath, name: string): void {
  if (reserved.test(name)) reading.mistake(path, `Header "${name}" has a meaning of its own, choose one such as X-Remote-User`);
}
