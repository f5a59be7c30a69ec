// How a recovery code is kept. 128 random bits cannot be searched, so one SHA-256 is as good as the slowest hash; bound
// to the person, so that equal rows tell nothing and a row copied to somebody else opens nothing.

import { createHash } from 'node:crypto';
import type { Subject } from '../ports.ts';

/** `code` in its normalised form. Base64url. */
export function recoveryHash({ issuer, sub }: Pick<Subject, 'issuer' | 'sub'>, code: string): string {
  return createHash('sha256')
    .update(JSON.stringify(['wardgate recovery code', issuer, sub, code]))
    .digest('base64url');
}
