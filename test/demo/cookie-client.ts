// A browser for tests, as far as cookies and redirects go: it keeps cookies for one origin by name and path, and follows
// redirects only within it. A redirect to anywhere else is handed back to the test.

interface Cookie {
  readonly value: string;
  readonly path: string;
}

export class CookieClient {
  readonly #origin: string;
  readonly #cookies = new Map<string, Cookie>();

  constructor(origin: string) {
    this.#origin = origin;
  }

  cookie(name: string): string | null {
    return this.#cookies.get(name)?.value ?? null;
  }

  /** One request without following anything. */
  async fetch(address: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address, this.#origin);
    const headers = new Headers(init.headers);
    const cookies = [...this.#cookies].filter(([, cookie]) => url.pathname.startsWith(cookie.path));
    if (cookies.length > 0) headers.set('cookie', cookies.map(([name, cookie]) => `${name}=${cookie.value}`).join('; '));
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  }

  /** Follows redirects on the own origin; the last answer, or the first redirect that leaves. */
  async follow(address: string, init: RequestInit = {}): Promise<{ readonly url: URL; readonly response: Response }> {
    let url = new URL(address, this.#origin);
    let response = await this.fetch(url.href, init);
    for (let hop = 0; hop < 10; hop += 1) {
      const location = response.headers.get('location');
      if (location === null) return { url, response };
      url = new URL(location, url);
      if (url.origin !== this.#origin) return { url, response };
      response = await this.fetch(url.href);
    }
    throw new Error(`More than ten redirects from "${address}"`);
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const equals = pair.indexOf('=');
    const path = attributes.find((one) => one.toLowerCase().startsWith('path='))?.slice(5) ?? '/';
    const gone = attributes.some((one) => /^expires=.*1970/i.test(one));
    if (gone) this.#cookies.delete(pair.slice(0, equals));
    else this.#cookies.set(pair.slice(0, equals), { value: pair.slice(equals + 1), path });
  }
}
