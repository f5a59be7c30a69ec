// Joins the client's socket and the EHR's after a verified WebSocket handshake. The frames are opaque; only bytes are
// counted. Ends both sides when the session ends (close code 4401) or the gateway stops (1001).

import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { UpgradedSocket } from '../ports.ts';
import type { ReplyFacts } from '../reply/reply-step.ts';
import type { LiveStreams } from './live-streams.ts';
import type { NodeExchange } from './node-exchange.ts';
import type { Sent } from './send-reply.ts';

export interface JoinNeeds {
  readonly live: LiveStreams;
  /** Every open WebSocket's closer, for draining. */
  readonly sockets: Set<(code: number) => void>;
}

const passedOn = new Set(['sec-websocket-protocol', 'set-cookie']);

/** Writes the 101 with the allow-listed headers and pipes until either side ends. */
export function joinSockets(
  needs: JoinNeeds,
  facts: ReplyFacts,
  exchange: NodeExchange,
  upgraded: UpgradedSocket,
): Promise<Sent> {
  const client = exchange.request.socket;
  const ehr = upgraded.socket;
  exchange.stopWatching();
  exchange.response.detachSocket(client);
  // Either may have gone while the record was made durable; what has closed already will not say so again.
  if (client.destroyed || ehr.destroyed) {
    const transfer = client.destroyed ? 'client-abort' : 'upstream-cut';
    end(client);
    end(ehr);
    return Promise.resolve({ status: 101, bytes: 0, transfer });
  }
  client.setTimeout(0);
  client.write(switchingProtocols(facts.headers.get('sec-websocket-key') ?? '', facts.reply.headers), 'latin1');
  let bytes = upgraded.head.length;
  let transfer: Sent['transfer'] = 'complete';
  return new Promise((resolve) => {
    const close = (code: number): void => {
      transfer = 'session-ended';
      ehr.unpipe(client);
      if (client.writable) client.write(closeFrame(code));
      end(ehr);
      over();
    };
    const release = needs.live.enter(facts.session.key, facts.zones, () => close(4401));
    needs.sockets.add(close);
    const over = (): void => {
      endSoftly(client);
      endSoftly(ehr);
      if (!needs.sockets.delete(close)) return;
      release();
      resolve({ status: 101, bytes, transfer });
    };
    for (const socket of [client, ehr]) socket.on('error', over).on('close', over);
    ehr.on('data', (chunk: Buffer) => void (bytes += chunk.length));
    if (upgraded.head.length > 0) client.write(upgraded.head);
    if (exchange.upgradeHead && exchange.upgradeHead.length > 0) ehr.write(exchange.upgradeHead);
    ehr.pipe(client);
    client.pipe(ehr);
  });
}

function end(socket: Duplex): void {
  if (!socket.destroyed) socket.destroy();
}

const lingerMilliseconds = 1000;

// What was written last, such as a close frame, gets time to leave.
function endSoftly(socket: Duplex): void {
  if (socket.destroyed) return;
  socket.end();
  setTimeout(() => socket.destroy(), lingerMilliseconds).unref();
}

/** Our own answer to the client's handshake: its key, and of the EHR's headers only the chosen protocol and cookies. */
function switchingProtocols(clientKey: string, headers: readonly string[]): string {
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${acceptKey(clientKey)}`,
  ];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]?.toLowerCase() ?? '';
    if (passedOn.has(name)) lines.push(`${name}: ${headers[i + 1] ?? ''}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function acceptKey(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

/** A server's close frame (RFC 6455 section 5.5.1): unmasked, two bytes of code. */
function closeFrame(code: number): Buffer {
  return Buffer.from([0x88, 0x02, code >> 8, code & 0xff]);
}
