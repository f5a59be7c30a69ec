// People who go on working while parts fail: one request after another, and what each was told. Nobody of them may ever hear
// that they are signed out.

import { expect } from 'vitest';
import type { CookieClient } from './cookie-client.ts';
import { eventually } from './demo-story.ts';

/** Status 0: the connection was not taken, or broke. */
export interface Told {
  readonly status: number;
  readonly reason: string;
  readonly retryAfter: string | undefined;
  readonly milliseconds: number;
  readonly clearsCookie: boolean;
}

const script = { accept: '*/*', 'sec-fetch-mode': 'cors' };
/** Between two requests of one person, so that a busy machine is not made busier. */
const pauseMilliseconds = 80;

export async function askOnce(client: CookieClient, url: string): Promise<Told> {
  const begun = performance.now();
  try {
    const { status, text, headers } = await client.ask(url, { headers: script });
    return {
      status,
      reason: status < 400 ? '' : reasonIn(text),
      retryAfter: headers['retry-after'],
      milliseconds: performance.now() - begun,
      clearsCookie: (headers['set-cookie'] ?? []).some((line) => /max-age=0|expires=thu, 01 jan 1970/i.test(line)),
    };
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    return { status: 0, reason, retryAfter: undefined, clearsCookie: false, milliseconds: performance.now() - begun };
  }
}

/** A balancer answers in words of its own where no gateway does. */
function reasonIn(text: string): string {
  return text.startsWith('{') ? ((JSON.parse(text) as { reason?: string }).reason ?? '') : text.slice(0, 80);
}

/** Somebody who asks for this address until `stop`. */
export class AtWork {
  readonly told: Told[] = [];
  readonly #over: Promise<void>;
  #isOver = false;

  constructor(client: CookieClient, url: string) {
    this.#over = this.#work(client, url);
  }

  /** What was told since the last call, or since the start. */
  take(): readonly Told[] {
    return this.told.splice(0);
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#over;
  }

  async #work(client: CookieClient, url: string): Promise<void> {
    while (!this.#isOver) {
      this.told.push(await askOnce(client, url));
      await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
    }
  }
}

/** They are out at that gateway: told so as soon as it knows, and served nothing until then. */
export async function isOut(client: CookieClient, url: string): Promise<void> {
  const told: number[] = [];
  await eventually(async () => told[told.push((await askOnce(client, url)).status) - 1] === 401, 'the end to be known');
  expect(told.filter((status) => status !== 401 && status !== 503)).toEqual([]);
}
