// Posts to one receiver outside, over one connection: verified TLS, no redirects, a bounded answer. The address is the
// configuration's and no other.

import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import type { IncomingHttpHeaders } from 'node:http';

const connectMilliseconds = 5000;

export interface ConnectionFiles {
  /** Private authority; null for the usual ones. */
  readonly trustFile: string | null;
  /** What the gateway shows of itself, with its key. */
  readonly certificateFile?: string | null;
  readonly keyFile?: string | null;
}

export class OneConnection {
  readonly #files: ConnectionFiles;
  readonly #wholeMilliseconds: number;
  #agent: Agent | null = null;

  /** `wholeMilliseconds`: the longest that one post may take, with its answer. */
  constructor(files: ConnectionFiles, wholeMilliseconds: number) {
    this.#files = files;
    this.#wholeMilliseconds = wholeMilliseconds;
  }

  /** What it answered; its body is not read. Rejects where it did not answer, and the connection is closed then. */
  async post(
    url: string,
    body: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly headers: IncomingHttpHeaders }> {
    try {
      const reply = await request(url, {
        method: 'POST',
        dispatcher: this.#dispatcher(),
        body,
        headers,
        signal: AbortSignal.timeout(this.#wholeMilliseconds),
      });
      await reply.body.dump().catch(() => undefined);
      return { status: reply.statusCode, headers: reply.headers };
    } catch (cause) {
      await this.close();
      throw cause;
    }
  }

  /** The next post makes a new one, so that renewed certificates are read. */
  async close(): Promise<void> {
    await this.#agent?.destroy();
    this.#agent = null;
  }

  #dispatcher(): Agent {
    if (this.#agent !== null) return this.#agent;
    const { trustFile, certificateFile, keyFile } = this.#files;
    this.#agent = new Agent({
      connections: 1,
      allowH2: false,
      connect: {
        ...(trustFile === null ? {} : { ca: readFileSync(trustFile, 'utf8') }),
        ...(certificateFile && keyFile ? { cert: readFileSync(certificateFile), key: readFileSync(keyFile) } : {}),
        rejectUnauthorized: true,
        timeout: connectMilliseconds,
      },
    });
    return this.#agent;
  }
}
