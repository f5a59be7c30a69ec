// A passkey made of software, which signs whatever a test tells it to: another origin, another domain, no verification of the
// person, a counter that goes back. As WebAuthn Level 3, 6.1 and 6.5 lay the bytes out.

import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface Said {
  readonly challenge: string;
  readonly origin: string;
  readonly domain: string;
  readonly counter?: number;
  /** Whether the device verified its person; it did unless told. */
  readonly verified?: boolean;
  /** The key that is claimed; its own unless told. */
  readonly id?: string;
}

const userPresent = 0x01;
const userVerified = 0x04;
const attested = 0x40;

export class SoftwareKey {
  readonly id = randomBytes(32).toString('base64url');
  readonly #pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  /** The answer to `navigator.credentials.create`, as the page sends it. */
  register(said: Said): string {
    const id = Buffer.from(this.id, 'base64url');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const authData = Buffer.concat([this.#head(said, attested), Buffer.alloc(16), length, id, this.#coseKey()]);
    const attestationObject = Buffer.concat([
      Buffer.from([0xa3]),
      text('fmt'),
      text('none'),
      text('attStmt'),
      Buffer.from([0xa0]),
      text('authData'),
      bytes(authData),
    ]);
    const response = { clientDataJSON: clientData('webauthn.create', said), attestationObject: encode(attestationObject) };
    return JSON.stringify({ id: this.id, rawId: this.id, type: 'public-key', clientExtensionResults: {}, response });
  }

  /** The answer to `navigator.credentials.get`. */
  assert(said: Said): string {
    const id = said.id ?? this.id;
    const authData = this.#head(said, 0);
    const clientDataJSON = clientData('webauthn.get', said);
    const hashed = createHash('sha256').update(Buffer.from(clientDataJSON, 'base64url')).digest();
    const signature = encode(sign('sha256', Buffer.concat([authData, hashed]), this.#pair.privateKey));
    const response = { clientDataJSON, authenticatorData: encode(authData), signature };
    return JSON.stringify({ id, rawId: id, type: 'public-key', clientExtensionResults: {}, response });
  }

  #head({ domain, counter = 0, verified = true }: Said, more: number): Buffer {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    const flags = userPresent | (verified ? userVerified : 0) | more;
    return Buffer.concat([createHash('sha256').update(domain).digest(), Buffer.from([flags]), count]);
  }

  /** EC2, ES256, P-256, x, y (RFC 9053 7.1.1). */
  #coseKey(): Buffer {
    const { x = '', y = '' } = this.#pair.publicKey.export({ format: 'jwk' });
    return Buffer.concat([
      Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
      bytes(Buffer.from(x, 'base64url')),
      Buffer.from([0x22]),
      bytes(Buffer.from(y, 'base64url')),
    ]);
  }
}

function clientData(type: string, { challenge, origin }: Said): string {
  return encode(Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false })));
}

function encode(data: Buffer): string {
  return data.toString('base64url');
}

/** Text and bytes in CBOR, shorter than 65,536 (RFC 8949 3.1). */
function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 | value.length]), Buffer.from(value)]);
}

function bytes(value: Buffer): Buffer {
  const head = value.length < 256 ? [0x58, value.length] : [0x59, value.length >> 8, value.length & 255];
  return Buffer.concat([Buffer.from(head), value]);
}
