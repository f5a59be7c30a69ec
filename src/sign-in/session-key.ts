// From a cookie's id to the key of its row. Rows hold the hash alone, so a stolen database opens no session.

import { createHash } from 'node:crypto';

/** SHA-256, base64url: an id of 256 random bits needs no salt and no slow hash. */
export function sessionKey(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
