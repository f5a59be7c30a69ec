// Live connections by hand: the handshake a browser sends, the 101 an EHR answers with, and what close code came back.

import { createHash } from 'node:crypto';
import type { RawConnection } from './raw-connection.ts';
import type { WireRequest } from './wire-ehr.ts';

/** The headers of a browser's handshake for a gateway of the given Host. */
export function handshakeHeaders(host: string): readonly string[] {
  return [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    `Origin: http://${host}`,
  ];
}

/** Agrees to the live connection. */
export function switchProtocols({ socket, headers }: WireRequest): void {
  const key = headers.find(([name]) => name === 'sec-websocket-key')?.[1] ?? '';
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
}

/** A server's frame of binary data with its length in front (RFC 6455 section 5.2). */
export function frame(bytes: number): Buffer {
  const head = Buffer.alloc(10);
  head[0] = 0x82;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(bytes), 2);
  return Buffer.concat([head, Buffer.alloc(bytes, 0x78)]);
}

/** The code of the close frame that came last, or null. */
export function closeCode({ received }: RawConnection): number | null {
  const at = received.lastIndexOf('\u0088\u0002');
  return at < 0 ? null : received.charCodeAt(at + 2) * 256 + received.charCodeAt(at + 3);
}
