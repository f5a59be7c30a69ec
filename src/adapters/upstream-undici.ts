// Carries requests to the EHR over an undici pool. Frames every request anew, never follows a redirect, never retries a
// request that may change something, and gives a connection that carried a body to nobody else: how an old server ends
// a body is not known, and this removes cross-user desync as a class.

import { Pool, buildConnector } from 'undici';
import type { Dispatcher } from 'undici';
import type { Limits } from '../config/settings.ts';
import { Fault } from '../core/faults.ts';
import { requestLine } from '../core/target/canonical-target.ts';
import type { UpstreamReply, UpstreamRequest } from '../ports.ts';
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
  readonly #pools: ReadonlyMap<string, Pool>;
  /** One for each application: those that wait for a slow one keep nobody from another. */
  readonly #shares: ReadonlyMap<string, PersonShare>;
  readonly #limits: PoolLimits;

  constructor(origins: ReadonlyMap<string, UpstreamOrigin>, limits: PoolLimits) {
    this.#limits = limits;
    const share = (): PersonShare =>
      new PersonShare(limits.upstreamConnectionsPerPerson, limits.upstreamConnections, limits.upstreamQueue);
    this.#shares = new Map([...origins.keys()].map((name) => [name, share()]));
    this.#pools = new Map([...origins].map(([name, origin]) => [name, openPool(origin, limits)]));
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
    const pool = this.#pools.get(request.application);
    const share = this.#shares.get(request.application);
    if (!pool || !share) throw new Fault('internal', { detail: `No upstream for application "${request.application}"` });
    // Before a place is taken: what is refused here has none to give back.
    if (path[0] !== '/' || path[1] === '/')
      throw new Fault('internal', { detail: 'A target that is not canonical reached the upstream' });
    const turn = share.enter(request.person);
    if (turn) await turnOf(turn, share, request);
    else if (request.exchange.aborted) leave(share, request);
    return this.#dispatch(pool, share, request, path);
  }

  #dispatch(pool: Pool, share: PersonShare, request: LineRequest, path: string): Promise<UpstreamReply> {
    const body = request.exchange.body.forwardable();
    const options: Dispatcher.DispatchOptions = {
      path,
      method: request.method,
      headers: request.headers as string[],
      body,
      reset: body !== null,
      ...(request.headerTimeoutSeconds === null ? {} : { headersTimeout: request.headerTimeoutSeconds * 1000 }),
    };
    return new Promise((resolve, reject) => {
      const callbacks = {
        onHeaders: resolve,
        onFailure: (cause: Error) => reject(upstreamFault(cause)),
        onDone: () => share.leave(request.person),
      };
      const reply = new UndiciReply(callbacks, this.#limits.upstreamBodyStallSeconds * 1000);
      request.exchange.onAbort(() => reply.abort(new Error('The client left')));
      try {
        pool.dispatch(options, reply);
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
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
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

function openPool({ origin, ca }: UpstreamOrigin, limits: PoolLimits): Pool {
  const servername = serverName(origin);
  const connect = buildConnector({
    timeout: limits.upstreamConnectSeconds * 1000,
    allowH2: false,
    // Said, because Node's own default can be switched off from outside.
    rejectUnauthorized: true,
    ...(ca === null ? {} : { ca }),
  });
  return new Pool(origin, {
    // The certificate is checked against the EHR's own name, not the public one that the Host header may carry.
    connect: (options, callback) => connect({ ...options, servername }, callback),
    connections: limits.upstreamConnections,
    pipelining: 1,
    allowH2: false,
    headersTimeout: limits.upstreamHeadersSeconds * 1000,
    bodyTimeout: limits.upstreamBodyStallSeconds * 1000,
    keepAliveTimeout: 4000,
    keepAliveMaxTimeout: 30_000,
    maxHeaderSize: 16_384,
    strictContentLength: true,
  });
}
