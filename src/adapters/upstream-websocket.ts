// Opens a WebSocket to the EHR: always on a connection of its own, with a handshake of our own making whose answer is
// verified (RFC 6455 section 4). An answer that is not 101 is an ordinary reply and goes through the reply list; the two
// sockets are never joined for it (WebSocket request smuggling).

import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Limits } from '../config/edge-limits.ts';
import { Fault } from '../core/faults.ts';
import { requestLine } from '../core/target/canonical-target.ts';
import type { UpgradedSocket, UpstreamReply, UpstreamRequest } from '../ports.ts';
import { PlainReply } from './plain-reply.ts';
import { serverName } from './server-name.ts';
import { upstreamFault } from './upstream-fault.ts';
import type { UpstreamOrigin } from './upstream-undici.ts';

type SocketLimits = Pick<Limits, 'upstreamHeadersSeconds' | 'upstreamBodyStallSeconds' | 'webSocketsPerPerson'>;

const handshakeGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export class WebSocketUpstream {
  readonly #origins: ReadonlyMap<string, UpstreamOrigin>;
  readonly #limits: SocketLimits;
  readonly #perPerson = new Map<string, number>();

  constructor(origins: ReadonlyMap<string, UpstreamOrigin>, limits: SocketLimits) {
    this.#origins = origins;
    this.#limits = limits;
  }

  /** Resolves with the verified 101, or with the ordinary reply the EHR gave instead. Throws or rejects with a Fault. */
  open(request: UpstreamRequest): Promise<UpstreamReply> {
    const origin = this.#origins.get(request.application);
    if (!origin) throw new Fault('internal', { detail: `No upstream for application "${request.application}"` });
    const leave = this.#enter(request.person);
    const key = randomBytes(16).toString('base64');
    const outgoing = handshake(origin, request, key);
    let isJoined = false;
    outgoing.once('close', () => void (isJoined || leave()));
    return new Promise((resolve, reject) => {
      const fail = (cause: unknown): void => reject(upstreamFault(cause));
      outgoing.setTimeout((request.headerTimeoutSeconds ?? this.#limits.upstreamHeadersSeconds) * 1000, () => {
        outgoing.destroy(new Fault('upstream-timeout'));
      });
      outgoing.on('error', fail);
      outgoing.on('response', (incoming) => resolve(new PlainReply(incoming, this.#limits.upstreamBodyStallSeconds * 1000)));
      outgoing.on('upgrade', (incoming, socket, head) => {
        socket.setTimeout(0);
        isJoined = true;
        socket.on('close', leave);
        const problem = handshakeProblem(incoming, key, request.headers);
        if (problem === null) return resolve(new SwitchedReply(incoming, { socket, head }));
        socket.destroy();
        fail(new Fault('upstream-misbehaved', { detail: problem }));
      });
      request.exchange.onAbort(() => outgoing.destroy(new Error('The client left')));
      outgoing.end();
    });
  }

  /** Counts one live connection of the person; the function that comes back takes it off. Throws Fault `upstream-busy`. */
  #enter(person: string): () => void {
    const most = this.#limits.webSocketsPerPerson;
    const open = this.#perPerson.get(person) ?? 0;
    if (open >= most) throw new Fault('upstream-busy', { detail: `One person may have ${most} live connections` });
    this.#perPerson.set(person, open + 1);
    return () => {
      const left = (this.#perPerson.get(person) ?? 1) - 1;
      if (left === 0) this.#perPerson.delete(person);
      else this.#perPerson.set(person, left);
    };
  }
}

function handshake({ origin, ca }: UpstreamOrigin, request: UpstreamRequest, key: string): ClientRequest {
  const { protocol, hostname, port } = new URL(origin);
  const open = protocol === 'https:' ? httpsRequest : httpRequest;
  return open({
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? undefined : port,
    path: requestLine(request.target),
    method: 'GET',
    agent: false,
    servername: serverName(origin),
    rejectUnauthorized: true,
    ...(ca === null ? {} : { ca }),
    headers: [
      ...request.headers,
      'connection',
      'Upgrade',
      'upgrade',
      'websocket',
      'sec-websocket-version',
      '13',
      'sec-websocket-key',
      key,
    ],
  });
}

/** Why the 101 cannot be trusted, or null. */
function handshakeProblem(incoming: IncomingMessage, key: string, asked: readonly string[]): string | null {
  const expected = createHash('sha1').update(key + handshakeGuid).digest('base64'); // prettier-ignore
  if (incoming.headers.upgrade?.toLowerCase() !== 'websocket') return 'The EHR switched to another protocol';
  if (incoming.headers['sec-websocket-accept'] !== expected) return 'The EHR answered another handshake';
  if (incoming.headers['sec-websocket-extensions'] !== undefined) return 'The EHR chose an extension that was not offered';
  const chosen = incoming.headers['sec-websocket-protocol'];
  const offered = asked[asked.indexOf('sec-websocket-protocol') + 1] ?? '';
  const wasOffered = asked.includes('sec-websocket-protocol') && offered.split(',').some((one) => one.trim() === chosen);
  return chosen === undefined || wasOffered ? null : 'The EHR chose a protocol that was not offered';
}

/** The EHR agreed to the WebSocket. */
class SwitchedReply implements UpstreamReply {
  status = 101;
  headers: string[];
  readonly upgraded: UpgradedSocket;

  constructor(incoming: IncomingMessage, upgraded: UpgradedSocket) {
    this.headers = [...incoming.rawHeaders];
    this.upgraded = upgraded;
  }

  insert(): void {
    throw new Error('A live connection has no body to put anything into');
  }

  /** A live connection has no body to look at. */
  peek(): Promise<Buffer> {
    return Promise.resolve(Buffer.alloc(0));
  }

  start(): void {}
  resume(): void {}
  abort(cause: Error): void {
    const socket: Duplex = this.upgraded.socket;
    socket.on('error', () => {}).destroy(cause);
  }
}
