// Signs one request without a query as AWS Signature Version 4 has it: what S3, and stores that speak like it, ask of whoever
// writes to them. Hashes come from outside; nothing here knows a time or sends anything.

/** What signs. The session token belongs to keys that end after some hours; null for others. */
export interface S3Signing {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | null;
  /** The kind of Object Lock that each object is put under; null where the bucket's own default does. */
  readonly lock: 'COMPLIANCE' | 'GOVERNANCE' | null;
}

export interface UnsignedRequest {
  readonly method: string;
  /** As it is sent: percent-encoded, with `/` between segments. */
  readonly path: string;
  /** All that are signed, `host` among them; names in lower case, each once. */
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body, hex. */
  readonly bodyHash: string;
  /** `20130524T000000Z` */
  readonly time: string;
}

export interface Hashes {
  /** Hex. */
  sha256(text: string): string;
  hmac(key: string | Uint8Array, text: string): Uint8Array;
  hex(bytes: Uint8Array): string;
}

type Key = Pick<S3Signing, 'region' | 'accessKeyId' | 'secretAccessKey'>;

const algorithm = 'AWS4-HMAC-SHA256';

/** The value of the header `authorization`. */
export function signRequest(request: UnsignedRequest, key: Key, hashes: Hashes, service = 's3'): string {
  const headers = Object.entries(request.headers).toSorted(([a], [b]) => Number(a > b) - Number(a < b));
  const signedHeaders = headers.map(([name]) => name).join(';');
  const scope = `${request.time.slice(0, 8)}/${key.region}/${service}/aws4_request`;
  const lines = headers.map(([name, value]) => `${name}:${value.trim().replaceAll(/ +/g, ' ')}\n`);
  const canonical = [request.method, request.path, '', lines.join(''), signedHeaders, request.bodyHash].join('\n');
  const toSign = [algorithm, request.time, scope, hashes.sha256(canonical)].join('\n');
  const signature = hashes.hex(hashes.hmac(signingKey(key, scope, hashes), toSign));
  return `${algorithm} Credential=${key.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
}

/** One key a day, region and service: each part of the scope goes in by itself. */
function signingKey({ secretAccessKey }: Key, scope: string, hashes: Hashes): string | Uint8Array {
  return scope.split('/').reduce<string | Uint8Array>((key, part) => hashes.hmac(key, part), `AWS4${secretAccessKey}`);
}
