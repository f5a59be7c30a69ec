// A receiver of syslog over TLS (RFC 5425) that keeps whole messages alone, and that dies as a test wants it: before it reads, in
// the middle of a message, behind some, or without a word. Its port stays the same when it comes back.

import { readFileSync } from 'node:fs';
import { createServer as createPlainServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { TLSSocket, createSecureContext } from 'node:tls';
import type { CertificateFiles } from './certificate.ts';

export interface ReceiverMood {
  /** Takes the connection and reads nothing. */
  readonly isDeaf?: boolean;
  /** Resets everything once so many bytes of messages have come on a connection. */
  readonly diesAtByte?: number;
  /** Resets everything once it has kept so many messages of one connection. */
  readonly diesBehind?: number;
  /** Ends TCP where close_notify was due. */
  readonly isMute?: boolean;
}

export class SyslogReceiver {
  /** Whole messages, without their length, in the order in which they were complete. */
  readonly messages: string[] = [];
  /** How many each connection brought. */
  readonly perConnection: number[] = [];
  mood: ReceiverMood = {};
  port = 0;
  readonly #certificate: CertificateFiles;
  readonly #clients: string | null;
  #server: Server | null = null;
  readonly #sockets = new Set<Socket>();

  /** `clients`: who does not show a certificate signed by that one is turned away. */
  constructor(certificate: CertificateFiles, clients: string | null = null) {
    this.#certificate = certificate;
    this.#clients = clients;
  }

  async open(): Promise<this> {
    const server = createPlainServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  /** As a process that is killed: what it has not read is lost, and the other end is told by a reset. */
  die(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
    this.#sockets.clear();
    this.#server?.close();
    this.#server = null;
  }

  #accept(raw: Socket): void {
    this.#sockets.add(raw);
    raw.on('error', () => undefined).once('close', () => this.#sockets.delete(raw));
    const secureContext = createSecureContext({
      cert: readFileSync(this.#certificate.certificate),
      key: readFileSync(this.#certificate.key),
      ...(this.#clients === null ? {} : { ca: readFileSync(this.#clients) }),
    });
    const isMutual = this.#clients !== null;
    const socket = new TLSSocket(raw, { isServer: true, secureContext, requestCert: isMutual, rejectUnauthorized: isMutual });
    socket.on('error', () => undefined);
    if (this.mood.isDeaf === true) return;
    this.#read(raw, socket);
  }

  #read(raw: Socket, socket: TLSSocket): void {
    const at = this.perConnection.push(0) - 1;
    let waiting = Buffer.alloc(0);
    let bytes = 0;
    socket.on('data', (piece: Buffer) => {
      const { diesAtByte = Infinity, diesBehind = Infinity } = this.mood;
      const read = piece.subarray(0, Math.max(0, diesAtByte - bytes));
      bytes += piece.length;
      waiting = Buffer.concat([waiting, read]);
      for (let frame = nextFrame(waiting); frame !== null; frame = nextFrame(waiting)) {
        if ((this.perConnection[at] ?? 0) >= diesBehind) return this.die();
        waiting = waiting.subarray(frame.end);
        this.messages.push(frame.message);
        this.perConnection[at] = (this.perConnection[at] ?? 0) + 1;
      }
      if (bytes >= diesAtByte) this.die();
      return undefined;
    });
    const { isMute = false } = this.mood;
    socket.once('end', () => (isMute ? raw.destroy() : socket.end()));
  }
}

function nextFrame(bytes: Buffer): { readonly message: string; readonly end: number } | null {
  const space = bytes.indexOf(0x20);
  const length = Number(bytes.subarray(0, Math.max(0, space)).toString('latin1'));
  const end = space + 1 + length;
  if (space < 1 || bytes.length < end) return null;
  return { message: bytes.subarray(space + 1, end).toString(), end };
}
