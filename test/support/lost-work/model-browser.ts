// A browser as far as a note can get lost in one: what each way of sending leaves in the page, what a redirect keeps of a
// body, and what a network that breaks off leaves the person with. Remembers everything it was shown.

import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { CookieClient } from '../cookie-client.ts';
import type { Ask, Reply } from '../cookie-client.ts';

/** How the EHR's page sends what was typed. */
export type Way = 'form' | 'frame' | 'popup' | 'file' | 'fetch' | 'xhr';
export const ways: readonly Way[] = ['form', 'frame', 'popup', 'file', 'fetch', 'xhr'];

/** Scripts keep the page; a form leaves it for whatever is answered. */
export const isScript = (way: Way): boolean => way === 'fetch' || way === 'xhr';

/** `before`: not all of the body went out. `after`: it arrived, and the answer did not come back. */
export type Cut = 'before' | 'after' | null;

export interface Sending {
  readonly way: Way;
  readonly fields: Readonly<Record<string, string>>;
  readonly cut: Cut;
  /** The person loads the broken page again, and the browser sends the form once more. */
  readonly reloaded: boolean;
}

const urlencoded = 'application/x-www-form-urlencoded';
const mostHops = 20;

export class ModelBrowser extends CookieClient {
  readonly heard: Reply[] = [];
  readonly origin: string;

  constructor(origin: string) {
    super();
    this.origin = origin;
  }

  override async ask(url: string, ask: Ask = {}): Promise<Reply> {
    const { follow = false, ...first } = ask;
    let reply = await this.#hear(url, first);
    let next = first;
    const most = follow ? mostHops : 0;
    for (let hops = 0; reply.headers.location !== undefined && hops < most; hops += 1) {
      // 307 and 308 keep method and body, every other redirect of a form is a page (Fetch, "HTTP-redirect fetch").
      if (reply.status !== 307 && reply.status !== 308) next = asPage(next);
      reply = await this.#hear(new URL(reply.headers.location, reply.url).href, next);
    }
    return reply;
  }

  /** Null where the network broke off. */
  async send(path: string, { way, fields, cut, reloaded }: Sending): Promise<Reply | null> {
    const { type, body } = encoded(way, fields);
    const headers = { ...shapes[way], origin: this.origin, 'content-type': type };
    const sent = reloaded && !isScript(way) ? { ...headers, 'sec-fetch-site': 'none' } : headers;
    if (cut !== null) return this.#broken(path, sent, body, cut);
    return this.ask(this.origin + path, { method: 'POST', headers: sent, body, follow: true });
  }

  async #hear(url: string, ask: Ask): Promise<Reply> {
    const reply = await super.ask(url, ask);
    this.heard.push(reply);
    return reply;
  }

  #broken(path: string, headers: Ask['headers'], body: string, cut: 'before' | 'after'): Promise<null> {
    const { hostname, port } = new URL(this.origin);
    const length = Buffer.byteLength(body);
    const all = { ...headers, cookie: this.cookieHeader(this.origin), 'content-length': String(length) };
    return new Promise((resolve) => {
      const outgoing = request({
        host: hostname,
        port,
        path,
        method: 'POST',
        headers: all as Record<string, string>,
        agent: false,
      });
      outgoing.on('error', () => undefined).on('close', () => resolve(null));
      outgoing.on('response', () => outgoing.destroy());
      if (cut === 'after') outgoing.end(body);
      else outgoing.write(body.slice(0, Math.floor(body.length / 2)), () => outgoing.destroy());
    });
  }
}

function asPage({ headers }: Ask): Ask {
  const { origin: _origin, 'content-type': _type, ...rest } = headers ?? {};
  return { headers: rest };
}

function encoded(way: Way, fields: Readonly<Record<string, string>>): { readonly type: string; readonly body: string } {
  if (way !== 'file') return { type: urlencoded, body: new URLSearchParams(fields).toString() };
  const boundary = `----WebKitFormBoundary${randomBytes(12).toString('base64url').replaceAll(/[-_]/g, 'x')}`;
  const part = (head: string, text: string): string =>
    `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${text}\r\n`;
  const parts = Object.entries(fields).map(([name, text]) => part(`name="${name}"`, text));
  const file = part('name="scan"; filename="scan.pdf"\r\nContent-Type: application/pdf', '%PDF-1.4 \u0000 scanned');
  return { type: `multipart/form-data; boundary=${boundary}`, body: `${parts.join('')}${file}--${boundary}--\r\n` };
}

const page = {
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
  'sec-fetch-site': 'same-origin',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-user': '?1',
};
const byScript = { accept: '*/*', 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' };

const shapes: Readonly<Record<Way, Readonly<Record<string, string>>>> = {
  form: page,
  file: page,
  frame: { ...page, 'sec-fetch-dest': 'iframe' },
  // A script of the page has sent it: no click of a person that the browser knows of.
  popup: { ...page, 'sec-fetch-user': '?0' },
  fetch: byScript,
  xhr: { ...byScript, 'x-requested-with': 'XMLHttpRequest' },
};
