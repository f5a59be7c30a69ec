// The headers of one object as an S3 store wants them: all that are sent are signed, the lock of the object among them.

import { createHash, createHmac } from 'node:crypto';
import { signRequest } from '../core/s3/sign-request.ts';
import type { S3Signing } from '../core/s3/sign-request.ts';

const hashes = {
  sha256: (text: string) => createHash('sha256').update(text).digest('hex'),
  hmac: (key: string | Uint8Array, text: string) => createHmac('sha256', key).update(text).digest(),
  hex: (bytes: Uint8Array) => Buffer.from(bytes).toString('hex'),
};

/** `headers` have names in lower case. `now` is epoch milliseconds, `until` ISO 8601 with seconds. */
export function signedHeaders(
  s3: S3Signing,
  place: URL,
  headers: Readonly<Record<string, string>>,
  content: string,
  { now, until }: { readonly now: number; readonly until: string },
): Record<string, string> {
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const bodyHash = hashes.sha256(content);
  const lock = { 'x-amz-object-lock-mode': s3.lock ?? '', 'x-amz-object-lock-retain-until-date': until };
  const all = {
    ...headers,
    ...(s3.lock === null ? {} : lock),
    ...(s3.sessionToken === null ? {} : { 'x-amz-security-token': s3.sessionToken }),
    'x-amz-content-sha256': bodyHash,
    'x-amz-date': time,
  };
  const signed = { ...all, host: place.host };
  const authorization = signRequest({ method: 'PUT', path: place.pathname, headers: signed, bodyHash, time }, s3, hashes);
  return { ...all, authorization };
}
