// A browser in miniature that remembers every answer it was ever given, redirects among them, so that a test can say what
// never stood in any.

import { askedNext, CookieClient } from './cookie-client.ts';
import type { Ask, Reply } from './cookie-client.ts';

const mostHops = 12;

export class HearingClient extends CookieClient {
  readonly heard: Reply[] = [];

  override async ask(url: string, ask: Ask = {}): Promise<Reply> {
    const { follow = false, ...first } = ask;
    const most = follow ? mostHops : 0;
    let reply = await this.#hear(url, first);
    for (let hops = 0; reply.headers.location !== undefined && hops < most; hops += 1) {
      reply = await this.#hear(new URL(reply.headers.location, reply.url).href, askedNext(reply, first));
    }
    return reply;
  }

  /** The names of all cookies that this browser was ever told to keep. */
  cookiesTold(): readonly string[] {
    const lines = this.heard.flatMap(({ headers }) => headers['set-cookie'] ?? []);
    return [...new Set(lines.map((line) => line.split('=', 1)[0] ?? ''))];
  }

  /** Heads and bodies of all answers from this origin, one text. */
  textFrom(origin: string): string {
    const own = this.heard.filter(({ url }) => url.startsWith(`${origin}/`));
    return own.map(({ url, rawHeaders, text }) => [url, ...rawHeaders, text].join('\n')).join('\n');
  }

  async #hear(url: string, ask: Ask): Promise<Reply> {
    const reply = await super.ask(url, ask);
    this.heard.push(reply);
    return reply;
  }
}
