// One connection to a syslog receiver over TLS (RFC 5425): frames are written, then it is closed in order. Syslog acknowledges
// nothing, but TLS does: who answers our close_notify has read everything before it (RFC 5425, 4.4; RFC 8446, 6.1). A bare end
// of TCP says less, and Node tells the two apart nowhere; so TLS runs over a stream that keeps that end from it.

import { readFileSync } from 'node:fs';
import { connect as connectPlain } from 'node:net';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';

export interface SyslogPeer {
  readonly host: string;
  readonly port: number;
  readonly trustFile: string | null;
  /** What this gateway shows of itself; null: nothing. */
  readonly certificateFile: string | null;
  readonly keyFile: string | null;
}

/** `answered`: the receiver's TLS has read everything. `closed`: it closed after we had, without saying so. */
export type SyslogEnding = 'answered' | 'closed';

const wholeMilliseconds = 20_000;

/**
 * Rejects where it is not known whether all was read, with a system error or in words. `restMilliseconds`: how long it is left
 * open behind the last frame, so that a receiver which is just dying shows it.
 */
export async function sendSyslog(peer: SyslogPeer, frames: readonly string[], restMilliseconds = 0): Promise<SyslogEnding> {
  const inner = connectPlain({ host: peer.host, port: peer.port, noDelay: true, allowHalfOpen: true });
  const socket = overTls(peer, inner);
  const { promise, resolve, reject } = Promise.withResolvers<SyslogEnding>();
  promise.catch(() => undefined);
  let isClosing = false;
  let isAnswered = false;
  const timer = setTimeout(() => reject(new Error('it did not answer in time')), wholeMilliseconds);
  socket.once('error', reject);
  socket.once('close', () => reject(new Error('the connection broke')));
  socket.once('end', () => {
    isAnswered = true;
    if (isClosing) resolve('answered');
    else reject(new Error('it closed the connection'));
  });
  // In a later turn: what came before the end of TCP has then been through TLS.
  inner.once('end', () =>
    setImmediate(() => {
      if (isClosing && !isAnswered) resolve('closed');
      else if (!isAnswered) reject(new Error('it closed the connection'));
    }),
  );
  socket.resume();
  try {
    await Promise.race([promise, secured(socket)]);
    for (const frame of frames) socket.write(frame);
    if (restMilliseconds > 0) await Promise.race([promise, wait(restMilliseconds)]);
    isClosing = true;
    socket.end();
    return await promise;
  } finally {
    clearTimeout(timer);
    socket.on('error', () => undefined).destroy();
    // A reset and not an end: whoever has not read all of it yet should not take it for whole.
    inner.resetAndDestroy();
  }
}

function secured(socket: TLSSocket): Promise<void> {
  return new Promise((resolve) => socket.once('secureConnect', resolve));
}

function overTls({ host, trustFile, certificateFile, keyFile }: SyslogPeer, inner: Socket): TLSSocket {
  const isAddress = /^[\d.]+$|:/.test(host);
  return connect({
    socket: new WithoutEnd(inner),
    // The name of an address is not sent, and still compared.
    servername: isAddress ? '' : host,
    host,
    rejectUnauthorized: true,
    ...(trustFile === null ? {} : { ca: readFileSync(trustFile) }),
    ...(certificateFile === null || keyFile === null ? {} : { cert: readFileSync(certificateFile), key: readFileSync(keyFile) }),
  });
}

/** Everything of a socket but its end. */
class WithoutEnd extends Duplex {
  readonly #inner: Socket;

  constructor(inner: Socket) {
    super();
    this.#inner = inner;
    inner.on('data', (bytes) => {
      if (!this.push(bytes)) inner.pause();
    });
    inner.on('error', (cause) => this.destroy(cause));
  }

  override _read(): void {
    this.#inner.resume();
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, written: (cause?: Error | null) => void): void {
    this.#inner.write(bytes, written);
  }

  override _final(done: () => void): void {
    this.#inner.end(done);
  }

  override _destroy(cause: Error | null, done: (cause: Error | null) => void): void {
    this.#inner.destroy();
    done(cause);
  }
}
