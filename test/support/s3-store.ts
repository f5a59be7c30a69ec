// A store that speaks as S3 does to whoever writes to it: it checks the signature by its own reading of the rules, the digest
// of what arrives, the lock and the clock, and says what is wrong by a code.

import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CertificateFiles } from './certificate.ts';

export interface StoredObject {
  readonly path: string;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

export interface S3Store {
  readonly port: number;
  readonly objects: StoredObject[];
  readonly close: () => void;
}

export interface S3StoreOptions {
  readonly certificate: CertificateFiles;
  readonly keys: Readonly<Record<string, string>>;
  readonly region: string;
  /** Epoch milliseconds: what the store takes the time to be. */
  readonly now: number;
  readonly sessionToken?: string;
  readonly objectLock?: boolean;
}

const skewMilliseconds = 15 * 60_000;

export async function startS3Store(options: S3StoreOptions): Promise<S3Store> {
  const objects: StoredObject[] = [];
  const { certificate, key } = options.certificate;
  const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => answer(options, objects, request, response, body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, objects, close };
}

function answer(
  options: S3StoreOptions,
  objects: StoredObject[],
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
) {
  const path = request.url ?? '';
  const code = problemOf(options, request, body);
  if (code !== null) {
    response.writeHead(code === 'InvalidRequest' ? 400 : 403, { 'content-type': 'application/xml' });
    response.end(
      `<?xml version="1.0"?><Error><Code>${code}</Code><Message>with a secret in it</Message></Error>${' '.repeat(70_000)}`,
    );
    return;
  }
  const isThere = objects.some((one) => one.path === path);
  if (!isThere) objects.push({ path, body, headers: request.headers });
  response.writeHead(isThere && request.headers['if-none-match'] === '*' ? 412 : 200).end();
}

function problemOf(options: S3StoreOptions, request: IncomingMessage, body: string): string | null {
  const { headers } = request;
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/;
  const [, id = '', day = '', region = '', names = '', signature = ''] = form.exec(headers.authorization ?? '') ?? [];
  const secret = options.keys[id];
  if (secret === undefined) return 'InvalidAccessKeyId';
  if (region !== options.region) return 'AuthorizationHeaderMalformed';
  const time = String(headers['x-amz-date']);
  const at = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (!(Math.abs(at - options.now) < skewMilliseconds)) return 'RequestTimeTooSkewed';
  if ((headers['x-amz-security-token'] ?? null) !== (options.sessionToken ?? null)) return 'InvalidToken';
  // Whatever speaks to S3 itself must be signed.
  const unsigned = Object.keys(headers).filter(
    (name) => (name.startsWith('x-amz-') || name === 'host') && !names.split(';').includes(name),
  );
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  if (unsigned.length > 0 || headers['x-amz-content-sha256'] !== sha256(body)) return 'SignatureDoesNotMatch';
  const lines = names.split(';').map((name) => `${name}:${String(headers[name])}`);
  const canonical = `PUT\n${request.url ?? ''}\n\n${lines.join('\n')}\n\n${names}\n${sha256(body)}`;
  const signed = `AWS4-HMAC-SHA256\n${time}\n${day}/${region}/s3/aws4_request\n${sha256(canonical)}`;
  let key: Buffer | string = `AWS4${secret}`;
  for (const part of [day, region, 's3', 'aws4_request']) key = createHmac('sha256', key).update(part).digest();
  if (createHmac('sha256', key).update(signed).digest('hex') !== signature) return 'SignatureDoesNotMatch';
  const isLocked = headers['x-amz-object-lock-mode'] !== undefined;
  if (isLocked && options.objectLock !== true) return 'InvalidRequest';
  return headers['content-md5'] === createHash('md5').update(body).digest('base64') ? null : 'BadDigest';
}
