// One request on the wire, in the shape the stages see. The only place where Node's request and response objects meet
// the rest of the product. Never decides anything.

import { ServerResponse } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { Limits } from '../config/edge-limits.ts';
import type { Door } from '../machine-ports.ts';
import type { Exchange, RequestBody } from '../ports.ts';
import { NodeBody, noBody } from './node-body.ts';

type BodyLimits = Pick<Limits, 'bodyBytes' | 'minimumBytesPerSecond' | 'stallSeconds'>;

export class NodeExchange implements Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly upgradeHead: Buffer | null;
  readonly method: string;
  readonly rawTarget: string;
  readonly httpVersion: string;
  readonly rawHeaders: readonly string[];
  readonly peerAddress: string;
  readonly door: Door;
  readonly serverName?: string;
  readonly isUpgrade: boolean;
  readonly body: RequestBody;
  /** Ends the watch over an upgrade's socket; whoever calls it reads the socket from then on. */
  readonly stopWatching: () => void;

  constructor(request: IncomingMessage, response: ServerResponse, upgradeHead: Buffer | null, limits: BodyLimits, door?: Door) {
    this.request = request;
    this.response = response;
    this.upgradeHead = upgradeHead;
    this.method = request.method ?? '';
    this.rawTarget = request.url ?? '';
    this.httpVersion = request.httpVersion;
    this.rawHeaders = request.rawHeaders;
    this.peerAddress = request.socket.remoteAddress ?? '';
    this.door = door ?? { by: 'people' };
    const { servername } = request.socket as Partial<TLSSocket> & { servername?: unknown };
    if (typeof servername === 'string') this.serverName = servername;
    this.isUpgrade = upgradeHead !== null;
    this.stopWatching = upgradeHead === null ? () => undefined : watchForLeaving(request.socket);
    this.body = carriesBody(request) ? new NodeBody(request, limits) : noBody;
  }

  get aborted(): boolean {
    return this.response.closed && !this.response.writableFinished;
  }

  onAbort(callback: () => void): void {
    this.response.once('close', () => {
      if (!this.response.writableFinished) callback();
    });
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
