// Requests of our own to an EHR, as a recipe sends them: the same pool, framing and timeouts as people's requests, with a
// share of their own. Never follows a redirect, never retries, never keeps more of a body than the limit.

import type { ApplicationSettings } from '../config/settings.ts';
import type { EhrReply } from '../core/ehr/ehr-reply.ts';
import { Fault } from '../core/faults.ts';
import { forwardingHeaders } from '../core/network/forwarding-headers.ts';
import { hostHeaderOf } from '../core/network/host-header.ts';
import type { EhrClient, EhrRequest } from '../ehr-ports.ts';
import type { Exchange, RequestBody, UpstreamReply } from '../ports.ts';
import { upstreamFault } from './upstream-fault.ts';
import type { LineRequest } from './upstream-undici.ts';

/** The pool, as far as our own requests need it. */
interface LineUpstream {
  sendLine(request: LineRequest, line: string): Promise<UpstreamReply>;
}

type Asked = Pick<ApplicationSettings, 'host' | 'secure' | 'upstream' | 'hostHeader'>;

/** From the first try to get a place in the pool until the body is read. */
const defaultExchangeSeconds = 20;
/** Bytes of a body that are kept. */
const mostBodyBytes = 65_536;
/** One slash and printable ASCII, without what would begin a fragment (RFC 9112 section 3.2.1). */
const requestLinePattern = /^\/(?!\/)[\x21\x22\x24-\x7e]*$/;
/** What this client alone says, whatever a recipe writes. */
const ours: ReadonlySet<string> = new Set([
  'host', 'content-length', 'transfer-encoding', 'connection', 'accept-encoding',
  'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'forwarded',
]); // prettier-ignore

export class UpstreamEhrClient implements EhrClient {
  readonly #upstream: LineUpstream;
  readonly #applications: ReadonlyMap<string, Asked>;
  readonly #exchangeSeconds: number;

  constructor(
    upstream: LineUpstream,
    applications: ReadonlyMap<string, Asked>,
    exchangeSeconds: number = defaultExchangeSeconds,
  ) {
    this.#upstream = upstream;
    this.#applications = applications;
    this.#exchangeSeconds = exchangeSeconds;
  }

  async send(application: string, request: EhrRequest): Promise<EhrReply> {
    const asked = this.#applications.get(application);
    if (!asked) throw new Fault('internal', { detail: `No settings for application "${application}"` });
    // It may come from a form or a Location of the EHR. It is not quoted: tokens of a sign-on stand in such lines.
    if (!requestLinePattern.test(request.target)) {
      throw new Fault('upstream-misbehaved', { detail: 'The next address of the sign-on is no path and query in plain ASCII' });
    }
    const exchange = new OwnExchange(request.body);
    const timer = setTimeout(() => exchange.abort(), this.#exchangeSeconds * 1000).unref();
    try {
      const reply = await this.#upstream.sendLine(lineRequest(application, asked, request, exchange), request.target);
      const { status, headers } = reply;
      return { target: request.target, status, headers: [...headers], body: textOf(await bodyOf(reply), headers) };
    } catch (cause) {
      if (!exchange.aborted) throw upstreamFault(cause);
      throw new Fault('upstream-timeout', { detail: `No whole answer within ${this.#exchangeSeconds} seconds`, cause });
    } finally {
      clearTimeout(timer);
    }
  }
}

function lineRequest(application: string, asked: Asked, request: EhrRequest, exchange: OwnExchange): LineRequest {
  return {
    application,
    method: request.method,
    headers: headersFor(asked, request, exchange.body.declaredBytes ?? 0),
    exchange,
    headerTimeoutSeconds: null,
    person: `sign-on ${application}`,
  };
}

function headersFor(asked: Asked, { method, headers, address }: EhrRequest, bodyBytes: number): readonly string[] {
  const out = ['host', hostHeaderOf(asked)];
  let hasAgent = false;
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const [name = '', value = ''] = headers.slice(at, at + 2);
    hasAgent ||= name.toLowerCase() === 'user-agent';
    if (!ours.has(name.toLowerCase())) out.push(name, value);
  }
  if (!hasAgent) out.push('user-agent', 'Wardgate');
  // What is looked at must not come compressed.
  out.push('accept-encoding', 'identity');
  if (bodyBytes > 0 || method !== 'GET') out.push('content-length', String(bodyBytes));
  return [...out, ...forwardingHeaders(asked, address)];
}

/** Our side of the exchange: a body that is there already, and nobody who could leave but the clock. */
class OwnExchange implements Pick<Exchange, 'body' | 'aborted' | 'onAbort'> {
  readonly body: RequestBody;
  aborted = false;
  readonly #callbacks: (() => void)[] = [];

  constructor(text: string | null) {
    const bytes = Buffer.from(text ?? '', 'utf8');
    this.body = {
      declaredBytes: bytes.length,
      receivedBytes: bytes.length,
      cut: null,
      readAhead: () => Promise.resolve({ read: 'whole', bytes }),
      forwardable: () => (text === null ? null : bytes),
    };
  }

  onAbort(callback: () => void): void {
    this.#callbacks.push(callback);
  }

  abort(): void {
    this.aborted = true;
    for (const callback of this.#callbacks) callback();
  }
}

/** The first bytes; where there are more, the rest is not waited for. Rejects where the EHR broke off before. */
function bodyOf(reply: UpstreamReply): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const end = (): void => resolve(Buffer.concat(chunks, Math.min(length, mostBodyBytes)));
    const data = (chunk: Buffer): boolean => {
      if (length >= mostBodyBytes) return false;
      chunks.push(chunk);
      length += chunk.length;
      if (length < mostBodyBytes) return true;
      // Settled first: what stopping brings with it is no failure any more.
      end();
      reply.abort(new Error('Enough of the answer was read'));
      return false;
    };
    reply.start({ data, end, fail: reject });
  });
}

/** Throws a Fault where the body cannot be read: a test that a text is absent would hold for any compressed page. */
function textOf(bytes: Buffer, headers: readonly string[]): string {
  const coding = headerOf(headers, 'content-encoding');
  if (bytes.length > 0 && coding !== null && coding.trim().toLowerCase() !== 'identity') {
    throw new Fault('upstream-misbehaved', { detail: 'The EHR compressed its answer although it was asked not to' });
  }
  const isLatin = /;\s*charset\s*=\s*"?(?:iso-8859-1|latin1|windows-1252)\b/i.test(headerOf(headers, 'content-type') ?? '');
  // As browsers do, which read the first two as the third (WHATWG Encoding, section 4.2).
  return new TextDecoder(isLatin ? 'windows-1252' : 'utf-8').decode(bytes);
}

function headerOf(headers: readonly string[], wanted: string): string | null {
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === wanted);
  return at < 0 ? null : (headers[at + 1] ?? null);
}
