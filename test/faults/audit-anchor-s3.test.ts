// Checkpoints into an S3 store with Object Lock: signed, locked, never written over; and each refusal told with what to do.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { putAnchor } from '../../src/adapters/audit-anchor-put.ts';
import type { PutSettings } from '../../src/adapters/audit-anchor-put.ts';
import type { S3Signing } from '../../src/core/s3/sign-request.ts';
import { makeCertificate } from '../support/certificate.ts';
import type { CertificateFiles } from '../support/certificate.ts';
import { startS3Store } from '../support/s3-store.ts';
import type { S3Store, S3StoreOptions } from '../support/s3-store.ts';

const now = Date.parse('2026-11-23T12:00:00.000Z');
const keepUntil = Date.parse('2032-11-23T12:00:00.000Z');
const signing: S3Signing = {
  region: 'eu-central-1',
  accessKeyId: 'AKIDWARDGATE',
  secretAccessKey: 'a/secret+key',
  sessionToken: null,
  lock: 'COMPLIANCE',
};
const folder = mkdtempSync(join(tmpdir(), 'wardgate-s3-'));
const stores: S3Store[] = [];
let certificate: CertificateFiles;

beforeAll(() => {
  certificate = makeCertificate(folder, 'store');
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  for (const store of stores.splice(0)) store.close();
});

async function open(more: Partial<S3StoreOptions> = {}): Promise<S3Store> {
  const keys = { [signing.accessKeyId]: signing.secretAccessKey };
  const store = await startS3Store({ certificate, keys, region: 'eu-central-1', now, objectLock: true, ...more });
  stores.push(store);
  return store;
}

function settings({ port }: S3Store, s3: Partial<S3Signing> = {}, more: Partial<PutSettings> = {}): PutSettings {
  const url = `https://127.0.0.1:${port}/bucket/a folder/`;
  return { kind: 'put', url, headers: [], trustFile: certificate.certificate, s3: { ...signing, ...s3 }, ...more };
}

const put = (to: PutSettings, content = 'checkpoint\n') =>
  putAnchor(to, 'wardgate-1-000000000003.txt', content, { now, keepUntil });

test('an object is signed with everything that stands in its request, locked, and never written over', async () => {
  const store = await open();
  await put(settings(store));
  await put(settings(store));
  expect(store.objects).toHaveLength(1);
  const [{ path, body, headers } = { path: '', body: '', headers: {} }] = store.objects;
  expect([path.replace(/[0-9a-f]{16}\.txt$/, ''), body]).toEqual(['/bucket/a%20folder/wardgate-1-000000000003-', 'checkpoint\n']);
  expect(headers).toMatchObject({
    'x-amz-object-lock-mode': 'COMPLIANCE',
    'x-amz-object-lock-retain-until-date': '2032-11-23T12:00:00Z',
    'if-none-match': '*',
    'content-md5': expect.any(String) as string,
  });
  expect(headers.authorization).toContain(
    'content-md5;content-type;host;if-none-match;x-amz-content-sha256;x-amz-date;x-amz-object-lock-mode',
  );
});

test('without a lock the bucket decides; further headers are signed too, and a session token', async () => {
  const store = await open({ objectLock: false, sessionToken: 'token/of+hours=' });
  await put(
    settings(store, { lock: null, sessionToken: 'token/of+hours=' }, { headers: [['X-Amz-Storage-Class', '  GLACIER_IR ']] }),
  );
  expect(store.objects[0]?.headers['x-amz-object-lock-mode']).toBeUndefined();
  expect(store.objects[0]?.headers.authorization).toContain('x-amz-date;x-amz-security-token;x-amz-storage-class');
});

test.each<[string, Partial<S3StoreOptions>, Partial<S3Signing>, string]>([
  [
    'a clock that is off',
    { now: now + 16 * 60_000 },
    {},
    "403 RequestTimeTooSkewed: this machine's clock is more than 15 minutes off; set it by NTP",
  ],
  [
    'a wrong secret',
    {},
    { secretAccessKey: 'other' },
    '403 SignatureDoesNotMatch: the secret access key is not that of this access key id, or something on the way changes the request',
  ],
  ['an unknown key', {}, { accessKeyId: 'AKIDOTHER' }, '403 InvalidAccessKeyId: the store does not know this access key id'],
  ['another region', { region: 'us-east-1' }, {}, '403 AuthorizationHeaderMalformed: s3.region is not the region of this bucket'],
  ['a token of others', {}, { sessionToken: 'x' }, '403 InvalidToken: the session token is not that of these keys'],
  [
    'a bucket without locks',
    { objectLock: false },
    {},
    '400 InvalidRequest: the bucket most likely has no Object Lock; make one that has, or leave out s3.lock',
  ],
])('%s is told with the fix, and nothing of the answer beside its code', async (_what, store, s3, says) => {
  await expect(put(settings(await open(store), s3))).rejects.toThrow(new Error(`it answered ${says}`));
});
