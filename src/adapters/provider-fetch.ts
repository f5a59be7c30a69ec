// How the gateway talks to the identity provider: verified TLS (with the clinic's own authority where one is named), no
// redirects, and a bounded answer, because a provider that went wrong must not take the gateway with it.

import { readFileSync } from 'node:fs';
import { Agent, fetch } from 'undici';

/** Bytes of one answer after decoding; a key set of a thousand keys is smaller. */
const maximumBytes = 512 * 1024;
/** Nesting of JSON; claims are flat. */
const maximumDepth = 64;
const connectMilliseconds = 3000;

/** The answer was larger or deeper than any honest one. */
export class OversizedAnswer extends Error {}

export type ProviderFetch = (url: string, init: ProviderRequest) => Promise<Response>;

interface ProviderRequest {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** `trustFile` is a PEM of the authorities to believe instead of the system's; null for the system's. */
export function providerFetch(trustFile: string | null): ProviderFetch {
  const ca = trustFile === null ? {} : { ca: readFileSync(trustFile, 'utf8') };
  const connect = { ...ca, rejectUnauthorized: true, timeout: connectMilliseconds };
  const dispatcher = new Agent({ connections: 16, allowH2: false, connect });
  return async (url, { method, headers, body, signal }) => {
    const answer = await fetch(url, {
      method,
      headers: { ...headers, 'accept-encoding': 'identity' },
      redirect: 'manual',
      dispatcher,
      ...(typeof body === 'string' || body instanceof URLSearchParams ? { body: body.toString() } : {}),
      ...(signal === undefined ? {} : { signal }),
    });
    const bytes = await readBounded(answer.body);
    if (depthOf(bytes) > maximumDepth) throw new OversizedAnswer(`The answer nests deeper than ${maximumDepth} levels`);
    const bodiless = answer.status === 204 || answer.status === 304;
    return new Response(bodiless ? null : bytes, { status: answer.status, headers: [...answer.headers] });
  };
}

async function readBounded(body: AsyncIterable<Uint8Array> | null): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > maximumBytes) throw new OversizedAnswer(`The answer is larger than ${maximumBytes} bytes`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** The deepest nesting of brackets outside strings. */
function depthOf(json: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (inString) {
      if (byte === 0x5c) at += 1;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x7b || byte === 0x5b) deepest = Math.max(deepest, (depth += 1));
    else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return deepest;
}
