// A browser in miniature for stories over HTTP: keeps cookies by host and port, and no `__Host-` one that is not Secure, follows
// redirects when asked, fills in forms. Sends exactly the headers it is told, over `node:http`, so that nothing is normalised on the way.

import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly text: string;
  readonly url: string;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
  readonly follow?: boolean;
}

const pageHeaders = {
  accept: 'text/html,application/xhtml+xml',
  'sec-fetch-dest': 'document',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-user': '?1',
};

/** What a redirect is followed with: the same where it says so (RFC 9110 15.4.8, 15.4.9), else a look at the other page. */
export function askedNext({ status }: Pick<Reply, 'status'>, ask: Ask): Ask {
  const { body: _body, method: _method, ...rest } = ask;
  return status === 307 || status === 308 ? ask : rest;
}

export class CookieClient {
  readonly jar = new Map<string, Map<string, string>>();
  /** Host → the port that is asked in the place of its own: one of several gateways that a balancer would choose. */
  readonly via = new Map<string, number>();
  readonly #ca: string | undefined;

  /** `ca` is PEM text of the authority believed for https addresses. */
  constructor(ca?: string) {
    this.#ca = ca;
  }

  /** One request; with `follow` redirects are followed as a page would, at most ten. */
  async ask(url: string, ask: Ask = {}): Promise<Reply> {
    let reply = await this.#once(url, ask);
    for (let hops = 0; ask.follow === true && reply.headers.location !== undefined && hops < 12; hops += 1) {
      const next = new URL(reply.headers.location, reply.url).href;
      reply = await this.#once(next, askedNext(reply, ask));
    }
    return reply;
  }

  /** A page a person opens. */
  page(url: string, headers: Ask['headers'] = {}): Promise<Reply> {
    return this.ask(url, { headers: { ...pageHeaders, ...headers }, follow: true });
  }

  /** A form a person sends. */
  form(url: string, fields: Readonly<Record<string, string>>, headers: Ask['headers'] = {}): Promise<Reply> {
    return this.ask(url, {
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: { ...pageHeaders, 'content-type': 'application/x-www-form-urlencoded', origin: new URL(url).origin, ...headers },
      follow: true,
    });
  }

  cookieHeader(url: string): string {
    return [...(this.jar.get(new URL(url).host) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #once(url: string, ask: Ask): Promise<Reply> {
    const target = new URL(url);
    const cookie = this.cookieHeader(url);
    const headers = {
      host: target.host,
      ...(cookie === '' ? {} : { cookie }),
      ...ask.headers,
      ...(ask.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(ask.body)) }),
    };
    return new Promise((resolve, reject) => {
      const request = target.protocol === 'https:' ? secureRequest : plainRequest;
      const outgoing = request(
        {
          ...(this.#ca === undefined ? {} : { ca: this.#ca }),
          host: target.hostname,
          port: this.via.get(target.host) ?? target.port,
          path: target.pathname + target.search,
          method: ask.method ?? 'GET',
          headers: headers as Record<string, string>,
          agent: false,
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () => {
            this.#keep(target.host, incoming.headers['set-cookie'] ?? []);
            const body = Buffer.concat(chunks);
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              rawHeaders: incoming.rawHeaders,
              body,
              text: body.toString('utf8'),
              url,
            });
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(ask.body);
    });
  }

  #keep(host: string, setCookies: readonly string[]): void {
    const cookies = this.jar.get(host) ?? new Map<string, string>();
    this.jar.set(host, cookies);
    for (const line of setCookies) {
      const [pair = '', ...attributes] = line.split(';');
      const at = pair.indexOf('=');
      if (pair.startsWith('__Host-') && !attributes.some((one) => /^\s*secure\s*$/i.test(one))) continue;
      const gone = attributes.some((one) => /^\s*max-age=0\s*$/i.test(one) || /^\s*expires=Thu, 01 Jan 1970/i.test(one));
      if (gone) cookies.delete(pair.slice(0, at));
      else cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
  }
}
