// The listener that people reach. Sets every limit Node has, answers what Node would answer without a record, and hands
// every request, upgrade, expectation and CONNECT to the same list. Decides nothing about who may do what.

import { STATUS_CODES, createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { certificateOptions, machinesDoor } from './client-certificate.ts';
import type { Limits } from '../config/edge-limits.ts';
import { AddressCap } from './address-cap.ts';
import type { Door } from '../machine-ports.ts';
import { NodeExchange, responseOnSocket } from './node-exchange.ts';
import { RequestTurns } from './request-turns.ts';
import type { TlsBytes } from './server-certificate.ts';

export interface EdgeNeeds {
  readonly limits: Limits;
  /** PEM certificate and key, or a PFX; null where no TLS ends here. */
  readonly tls: TlsBytes | null;
  /** The listener of the machines, which asks for a certificate; whether one is good enough is judged later. */
  readonly forMachines?: boolean;
  readonly serve: (exchange: NodeExchange) => Promise<void>;
  /** Counts what never became a request: malformed, too slow, too many. */
  readonly refusedEarly: (code: string, address: string) => void;
  readonly onCrash: (cause: unknown) => void;
}

/** Makes the server; the caller listens. */
export function edgeServer(needs: EdgeNeeds): Server {
  const { limits } = needs;
  const options = {
    headersTimeout: limits.headersTimeoutSeconds * 1000,
    // No fixed time for a whole request: uploads may be long, so a minimum rate and a stall timer watch them instead.
    requestTimeout: 0,
    keepAliveTimeout: limits.keepAliveSeconds * 1000,
    connectionsCheckingInterval: 1000,
    maxHeaderSize: limits.headerBytes,
    insecureHTTPParser: false,
    requireHostHeader: false,
    rejectNonStandardBodyWrites: true,
    highWaterMark: 65_536,
    noDelay: true,
    // Most requests have no body: Node keeps no stream for them then, and nobody here reads one.
    optimizeEmptyRequests: true,
    // Only a WebSocket handshake may leave HTTP; any other upgrade (h2c) is served as the plain request it also is.
    shouldUpgradeCallback: asksForWebSocket,
  };
  const server =
    needs.tls === null
      ? createServer(options)
      : createSecureServer({
          ...options,
          ...needs.tls,
          ...(needs.forMachines === true && certificateOptions),
          minVersion: 'TLSv1.2',
          handshakeTimeout: limits.headersTimeoutSeconds * 1000,
        });
  server.maxHeadersCount = limits.headerCount;
  server.maxRequestsPerSocket = limits.requestsPerSocket;
  server.maxConnections = limits.connections;
  const underWay: UnderWay = new WeakMap();
  handRequests(server, needs, underWay);
  watchConnections(server, needs, underWay);
  return server;
}

/** The answer being given on each connection, from the request's turn to the answer's end. */
type UnderWay = WeakMap<Duplex, ServerResponse>;

function handRequests(server: Server, needs: EdgeNeeds, underWay: UnderWay): void {
  const served = new WeakMap<Duplex, number>();
  const turns = new RequestTurns((address) => needs.refusedEarly('requests-ahead', address));
  const begin = (request: IncomingMessage, response: ServerResponse, head: Buffer | null): void => {
    const { socket } = request;
    // Its connection is being ended by the answer before it: whatever this is, it cannot be answered, so it is not served.
    if (!socket.writable) return;
    // While the gateway closes, a connection carries what it has begun and nothing more.
    if (!server.listening) response.shouldKeepAlive = false;
    // Node says `Connection: close` with the last one and then waits for the client to do it.
    const count = (served.get(socket) ?? 0) + 1;
    served.set(socket, count);
    if (count >= needs.limits.requestsPerSocket) response.shouldKeepAlive = false;
    // Behind an upgrade Node reads no further request, so none can get in the way of its answer.
    if (head === null) noteUnderWay(underWay, socket, response);
    needs.serve(new NodeExchange(request, response, head, needs.limits, doorOf(needs, request))).catch(needs.onCrash);
  };
  const hand = (request: IncomingMessage, response: ServerResponse): void =>
    turns.take(request, response, () => begin(request, response, null));
  const leave = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    // Sent behind a request that is still being answered: the two would write on one connection at once.
    if (underWay.has(socket)) {
      needs.refusedEarly('upgrade-behind-request', request.socket.remoteAddress ?? '');
      socket.destroy();
    } else begin(request, responseOnSocket(request, socket), head);
  };
  server.on('request', hand);
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    turns.take(request, response, () => {
      response.writeContinue();
      begin(request, response, null);
    });
  });
  server.on('checkExpectation', hand);
  server.on('upgrade', leave);
  server.on('connect', leave);
}

function noteUnderWay(underWay: UnderWay, socket: Socket, response: ServerResponse): void {
  underWay.set(socket, response);
  response.once('close', () => void (underWay.get(socket) === response && underWay.delete(socket)));
}

function doorOf({ forMachines }: EdgeNeeds, request: IncomingMessage): Door {
  return forMachines === true ? machinesDoor(request) : { by: 'people' };
}

function asksForWebSocket(request: IncomingMessage): boolean {
  return request.method === 'GET' && request.headers.upgrade?.toLowerCase() === 'websocket';
}

function watchConnections(server: Server, needs: EdgeNeeds, underWay: UnderWay): void {
  const cap = new AddressCap(needs.limits.connectionsPerAddress);
  const onConnection = (socket: Socket): void => {
    const address = socket.remoteAddress ?? '';
    if (!cap.enter(address)) {
      needs.refusedEarly('connections-per-address', address);
      socket.destroy();
      return;
    }
    socket.on('close', () => cap.leave(address));
  };
  server.on('connection', onConnection);
  server.on('drop', (info) => needs.refusedEarly('connections', info?.remoteAddress ?? ''));
  server.on('dropRequest', (request: IncomingMessage) =>
    needs.refusedEarly('requests-per-socket', request.socket.remoteAddress ?? ''),
  );
  server.on('clientError', (cause: NodeJS.ErrnoException, socket: Duplex) => {
    needs.refusedEarly(cause.code ?? 'malformed', 'remoteAddress' in socket ? String(socket.remoteAddress) : '');
    refuseMalformed(cause.code ?? '', socket, underWay.get(socket)?.headersSent ?? false);
  });
}

const earlyStatus: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

// A request that Node's parser refuses gets a fixed, short answer; the connection is not used again. Where an answer has
// begun, ours would be read as part of it, so the connection just ends.
function refuseMalformed(code: string, socket: Duplex, hasBegun: boolean): void {
  // Only what Node's HTTP says can be answered. A broken or late TLS handshake cannot: an answer to it would wait for ever.
  const isHttp = code.startsWith('HPE_') || code.startsWith('ERR_HTTP_');
  if (!socket.writable || hasBegun || !isHttp) {
    socket.destroy();
    return;
  }
  const status = earlyStatus[code] ?? 400;
  const reason = STATUS_CODES[status] ?? 'Bad Request';
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nconnection: close\r\ncontent-length: 0\r\ncache-control: no-store\r\n\r\n`, () =>
    socket.destroy(),
  );
}
