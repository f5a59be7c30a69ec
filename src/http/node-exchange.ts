// One request on the wire, in the shape the stages see. The only place where Node's request and response objects meet
// the rest of the product. Never decides anything.

import { ServerResponse } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { Limits } from '../config/edge-limits.ts';
import type { Door } from '../machine-ports.ts';
import type { Exchange, RequestBody } from '../ports.ts';
import { NodeBody, noBody } from './node-body.ts';

type BodyLimits = Pick<Limits, 'bodyBytes' | 'minimumBytesPerSecond' | 'stallSeconds'>;

/** What Node has of one request. `head` is what an upgrade's client sent behind its headers; null where it is none. */
interface Wire {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly head: Buffer | null;
  /** Ends the watch over an upgrade's socket; whoever calls it reads the socket from then on. */
  readonly stopWatching: () => void;
}

export class NodeExchange implements Exchange {
  readonly method: string;
  readonly rawTarget: string;
  readonly httpVersion: string;
  readonly peerAddress: string;
  readonly door: Door;
  readonly serverName?: string;
  readonly isUpgrade: boolean;
  readonly body: RequestBody;
  #wire: Wire | null;

  constructor(request: IncomingMessage, response: ServerResponse, head: Buffer | null, limits: BodyLimits, door?: Door) {
    const stopWatching = head === null ? () => undefined : watchForLeaving(request.socket);
    this.#wire = { request, response, head, stopWatching };
    this.method = request.method ?? '';
    this.rawTarget = request.url ?? '';
    this.httpVersion = request.httpVersion;
    this.peerAddress = request.socket.remoteAddress ?? '';
    this.door = door ?? { by: 'people' };
    const { servername } = request.socket as Partial<TLSSocket> & { servername?: unknown };
    if (typeof servername === 'string') this.serverName = servername;
    this.isUpgrade = head !== null;
    this.body = carriesBody(request) ? new NodeBody(request, limits) : noBody;
  }

  get request(): IncomingMessage {
    return this.#onTheWire().request;
  }

  get response(): ServerResponse {
    return this.#onTheWire().response;
  }

  get rawHeaders(): readonly string[] {
    return this.request.rawHeaders;
  }

  /**
   * The client's socket, and what came behind its headers; from here on the caller reads and writes it. A WebSocket is open
   * for a shift: what Node keeps of its handshake is let go of, and nobody can answer it any more.
   */
  leaveHttp(): { readonly socket: Socket; readonly head: Buffer | null } {
    const { request, response, head, stopWatching } = this.#onTheWire();
    stopWatching();
    response.detachSocket(request.socket);
    this.#wire = null;
    return { socket: request.socket, head };
  }

  get aborted(): boolean {
    const { response } = this;
    return response.closed && !response.writableFinished;
  }

  onAbort(callback: () => void): void {
    const { response } = this;
    response.once('close', () => {
      if (!response.writableFinished) callback();
    });
  }

  #onTheWire(): Wire {
    if (this.#wire === null) throw new Error('The connection has left HTTP');
    return this.#wire;
  }
}

// Nobody reads a socket that has left HTTP until it is joined, so nobody would see that the client is gone. A client must
// be silent until it is answered (RFC 6455 section 4.1); one that is not is cut off.
function watchForLeaving(socket: Duplex): () => void {
  const leave = (): void => void socket.destroy();
  socket.on('data', leave).on('end', leave);
  return () => void socket.off('data', leave).off('end', leave);
}

/** A response object on an upgrade's bare socket, so that a refusal there is written like any other. */
export function responseOnSocket(request: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as never);
  // Node ends the connection for its own responses only; this one it does not know.
  response.once('finish', () => request.socket.destroySoon());
  return response;
}

/** RFC 9112 section 6.3: a request has a body when it states a length or a transfer coding. */
function carriesBody(request: IncomingMessage): boolean {
  const { headers } = request;
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
