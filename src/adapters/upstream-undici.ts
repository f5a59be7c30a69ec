// Carries requests to the EHR over connections of undici's. Frames every request anew, never follows a redirect, never
// retries a request that may change something, closes a connection that carried a body, and uses none for two people: how
// an old server ends a body or a reply is not known, and this removes cross-user desync as a class.

import { Client, buildConnector } from 'undici';
import type { Dispatcher } from 'undici';
import type { Limits } from '../config/limits.ts';
import { Fault } from '../core/faults.ts';
import { requestLine } from '../core/target/canonical-target.ts';
import type { UpstreamReply, UpstreamRequest } from '../ports.ts';
import { PersonConnections } from './person-connections.ts';
import { PersonShare } from './person-share.ts';
import type { Turn } from './person-share.ts';
import { UndiciReply } from './undici-reply.ts';
import { serverName } from './server-name.ts';
import { upstreamFault } from './upstream-fault.ts';

/** Where one application's EHR listens. `ca` is PEM text of a private authority, or null for the system's. */
export interface UpstreamOrigin {
  readonly origin: string;
  readonly ca: string | null;
}

/** A request whose line is given beside it. */
export type LineRequest = Omit<UpstreamRequest, 'target'>;

type PoolLimits = Pick<
  Limits,
  | 'upstreamConnections'
  | 'upstreamConnectSeconds'
  | 'upstreamHeadersSeconds'
  | 'upstreamBodyStallSeconds'
  | 'upstreamConnectionsPerPerson'
  | 'upstreamQueue'
>;

const leftWaiting = 'The client left before its request was sent on';

export class UndiciUpstream {
  readonly #connections: ReadonlyMap<string, PersonConnections>;
  /** One for each application: those that wait for a slow one keep nobody from another. */
  readonly #shares: ReadonlyMap<string, PersonShare>;
  readonly #limits: PoolLimits;

  constructor(origins: ReadonlyMap<string, UpstreamOrigin>, limits: PoolLimits) {
    this.#limits = limits;
    const share = (): PersonShare =>
      new PersonShare(limits.upstreamConnectionsPerPerson, limits.upstreamConnections, limits.upstreamQueue);
    this.#shares = new Map([...origins.keys()].map((name) => [name, share()]));
    this.#connections = new Map(
      [...origins].map(([name, origin]) => [
        name,
        new PersonConnections(connectionsTo(origin, limits), limits.upstreamConnections),
      ]),
    );
  }

  /** Sends the request and resolves when the reply's headers are there. Rejects with a Fault. */
  request(request: UpstreamRequest): Promise<UpstreamReply> {
    return this.sendLine(request, requestLine(request.target));
  }

  /**
   * The same with a request line of the gateway's own. The port that stages see has no such way: what people ask for comes
   * as a canonical target or not at all.
   */
  async sendLine(request: LineRequest, path: string): Promise<UpstreamReply> {
    const connections = this.#connections.get(request.application);
    const share = this.#shares.get(request.application);
    if (!connections || !share) throw new Fault('internal', { detail: `No upstream for application "${request.application}"` });
    // Before a place is taken: what is refused here has none to give back.
    if (path[0] !== '/' || path[1] === '/')
      throw new Fault('internal', { detail: 'A target that is not canonical reached the upstream' });
    const turn = share.enter(request.person);
    if (turn) await turnOf(turn, share, request);
    else if (request.exchange.aborted) leave(share, request);
    return this.#dispatch(connections, share, request, path);
  }

  #dispatch(connections: PersonConnections, share: PersonShare, request: LineRequest, path: string): Promise<UpstreamReply> {
    const client = connections.take(request.person);
    const body = request.exchange.body.forwardable();
    const options: Dispatcher.DispatchOptions = {
      path,
      method: request.method,
      headers: request.headers as string[],
      body,
      // Some servers send a body after HEAD, and it would be read as the next reply.
      reset: body !== null || request.method === 'HEAD',
      ...(request.headerTimeoutSeconds === null ? {} : { headersTimeout: request.headerTimeoutSeconds * 1000 }),
    };
    return new Promise((resolve, reject) => {
      const callbacks = {
        onHeaders: resolve,
        onFailure: (cause: Error) => reject(upstreamFault(cause)),
        onDone: () => {
          connections.give(request.person, client);
          share.leave(request.person);
        },
      };
      const reply = new UndiciReply(callbacks, this.#limits.upstreamBodyStallSeconds * 1000);
      request.exchange.onAbort(() => reply.abort(new Error('The client left')));
      try {
        client.dispatch(options, reply);
      } catch (cause) {
        reply.fail(cause as Error);
      }
    });
  }

  /** Requests under way and waiting, for the metrics. */
  get load(): { readonly running: number; readonly waiting: number } {
    const loads = [...this.#shares.values()].map(({ load }) => load);
    return {
      running: loads.reduce((sum, { running }) => sum + running, 0),
      waiting: loads.reduce((sum, { waiting }) => sum + waiting, 0),
    };
  }

  get limits(): PoolLimits {
    return this.#limits;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#connections.values()].map((connections) => connections.close()));
  }
}

// Whoever goes away while waiting leaves the queue at once, and makes room for others.
async function turnOf(turn: Turn, share: PersonShare, request: LineRequest): Promise<void> {
  if (request.exchange.aborted) turn.abandon();
  else request.exchange.onAbort(turn.abandon);
  if (!(await turn.come)) throw new Fault('upstream-unreachable', { detail: leftWaiting });
  if (request.exchange.aborted) leave(share, request);
}

function leave(share: PersonShare, request: LineRequest): never {
  share.leave(request.person);
  throw new Fault('upstream-unreachable', { detail: leftWaiting });
}

function connectionsTo({ origin, ca }: UpstreamOrigin, limits: PoolLimits): () => Client {
  const servername = serverName(origin);
  const connect = buildConnector({
    timeout: limits.upstreamConnectSeconds * 1000,
    allowH2: false,
    // Said, because Node's own default can be switched off from outside.
    rejectUnauthorized: true,
    ...(ca === null ? {} : { ca }),
  });
  const options: Client.Options = {
    // The certificate is checked against the EHR's own name, not the public one that the Host header may carry.
    connect: (given, callback) => connect({ ...given, servername }, callback),
    pipelining: 1,
    allowH2: false,
    headersTimeout: limits.upstreamHeadersSeconds * 1000,
    bodyTimeout: limits.upstreamBodyStallSeconds * 1000,
    keepAliveTimeout: 4000,
    keepAliveMaxTimeout: 30_000,
    maxHeaderSize: 16_384,
    strictContentLength: true,
  };
  return () => new Client(origin, options);
}
