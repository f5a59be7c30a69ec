// One request to somebody, and what the connection shows of them: certificate, clock and which way led there. Never follows a
// redirect, keeps no connection, reads no more than a page's beginning.

import type { X509Certificate } from 'node:crypto';
import { request as plainRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as secureRequest } from 'node:https';
import { TLSSocket } from 'node:tls';
import { chainOf } from '../../config/certificate-chain.ts';
import { connectionFailure } from '../../core/network/connection-failure.ts';

export interface Asked {
  readonly url: string;
  /** PEM text of the authorities to believe; null for the system's. */
  readonly ca: string | null;
  /** False: whatever certificate it shows is looked at and not believed. */
  readonly believes: boolean;
  readonly signal: AbortSignal;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The leaf first; empty without TLS. */
  readonly chain: readonly X509Certificate[];
  /** Of this machine, on the way there. */
  readonly localAddress: string;
  /** Epoch milliseconds of the middle between asking and being answered. */
  readonly at: number;
  readonly milliseconds: number;
}

export interface Unanswered {
  readonly code: string;
  readonly says: string;
  readonly fix: string;
}

const mostBytes = 65_536;
const seconds = 8;

/** Never rejects. */
export async function ask(asked: Asked): Promise<Answered | Unanswered> {
  try {
    return await exchange(asked);
  } catch (cause) {
    return unanswered(cause);
  }
}

export function isUnanswered(answer: Answered | Unanswered): answer is Unanswered {
  return 'says' in answer;
}

/** Why there is no connection, in words. */
export function unanswered(cause: unknown): Unanswered {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const message = cause instanceof Error && cause.message !== '' ? cause.message : code;
  const known = connectionFailure(code === 'ABORT_ERR' ? 'ETIMEDOUT' : code);
  const fix = 'look at the address, and at what listens there';
  return { code, says: known?.says ?? `the connection failed (${message})`, fix: known?.fix ?? fix };
}

function exchange({ url, ca, believes, signal }: Asked): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const began = Date.now();
    const options = {
      agent: false,
      signal: AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]),
      headers: { accept: 'text/html, application/json', 'user-agent': 'Wardgate check', connection: 'close' },
    };
    const tls = { rejectUnauthorized: believes, ...(ca === null ? {} : { ca }) };
    const request = url.startsWith('https:') ? secureRequest(url, { ...options, ...tls }) : plainRequest(url, options);
    request.on('error', reject);
    request.on('response', (response) => {
      const milliseconds = Date.now() - began;
      const seen = { ...seenOn(request), at: began + milliseconds / 2, milliseconds };
      beginning(response, (body) => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body, ...seen });
        request.destroy();
      });
    });
    request.end();
  });
}

/** What is known of the connection itself; gone once it is closed. */
function seenOn({ socket }: ClientRequest): Pick<Answered, 'chain' | 'localAddress'> {
  const chain = socket instanceof TLSSocket ? chainOf(socket.getPeerX509Certificate()) : [];
  return { chain, localAddress: socket?.localAddress ?? '' };
}

/** A body that breaks off is as long as it came. */
function beginning(response: IncomingMessage, done: (body: string) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const end = (): void => done(Buffer.concat(chunks).toString('utf8'));
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= mostBytes) end();
  });
  response.once('end', end);
  response.once('error', end);
}
