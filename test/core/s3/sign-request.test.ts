// Signatures that AWS has published come out as they were published.

import { createHash, createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { s3Problem } from '../../../src/core/s3/s3-problem.ts';
import { signRequest } from '../../../src/core/s3/sign-request.ts';
import { awsVectors } from './aws-vectors.ts';

const hashes = {
  sha256: (text: string) => createHash('sha256').update(text).digest('hex'),
  hmac: (key: string | Uint8Array, text: string) => createHmac('sha256', key).update(text).digest(),
  hex: (bytes: Uint8Array) => Buffer.from(bytes).toString('hex'),
};

test.each(awsVectors)('$what', ({ request, key, service, signature }) => {
  const header = signRequest(request, key, hashes, service);
  const names = Object.keys(request.headers).toSorted().join(';');
  const scope = `${request.time.slice(0, 8)}/us-east-1/${service}/aws4_request`;
  expect(header).toBe(`AWS4-HMAC-SHA256 Credential=${key.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`);
});

test('S3 is the service where none is named', () => {
  const [, , , get] = awsVectors;
  expect(signRequest(get.request, get.key, hashes)).toContain(get.signature);
});

test.each([
  [
    403,
    '<Error><Code>RequestTimeTooSkewed</Code>',
    "it answered 403 RequestTimeTooSkewed: this machine's clock is more than 15 minutes off; set it by NTP",
  ],
  [403, '<Error><Code>SomethingNew</Code><Message>AKIA…</Message>', 'it answered 403 SomethingNew'],
  [403, '<Code>toString</Code>', 'it answered 403 toString'],
  [500, '<html>', 'it answered 500'],
  [500, '<Code>no code at all</Code>', 'it answered 500'],
])('%i with %j is told as %j', (status, answer, says) => {
  expect(s3Problem(status, answer)).toBe(says);
});
