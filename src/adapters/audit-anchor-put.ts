// Lays checkpoints into object storage, each as an object of its own that is never written over: its name holds a hash of what
// is in it. Verified TLS, no redirects, a bounded answer and a bounded wait: the address is the configuration's and no other.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import type { Dispatcher } from 'undici';
import type { AnchorSettings } from '../config/settings.ts';
import { s3Problem } from '../core/s3/s3-problem.ts';
import { signedHeaders } from './s3-headers.ts';

const connectMilliseconds = 3000;
const wholeMilliseconds = 10_000;
const nameDigits = 16;
/** Of an answer that refuses; the code of what is wrong stands at its beginning. */
const mostAnswerBytes = 2048;

export type PutSettings = Extract<AnchorSettings, { kind: 'put' }>;

/** `name` without its ending; the same content always has the same name. */
export function objectName(name: string, content: string): string {
  const digest = createHash('sha256').update(content).digest('hex').slice(0, nameDigits);
  return `${name.replace(/\.txt$/, '')}-${digest}.txt`;
}

/** Rejects with what went wrong in words, never with the address's answer or a header. Times are epoch milliseconds. */
export async function putAnchor(
  settings: PutSettings,
  name: string,
  content: string,
  { now, keepUntil }: { readonly now: number; readonly keepUntil: number },
): Promise<void> {
  const { url, headers, trustFile, s3 } = settings;
  const ca = trustFile === null ? {} : { ca: readFileSync(trustFile, 'utf8') };
  const dispatcher = new Agent({
    connections: 1,
    allowH2: false,
    connect: { ...ca, rejectUnauthorized: true, timeout: connectMilliseconds },
  });
  const until = new Date(keepUntil).toISOString().replace(/\.\d{3}Z$/, 'Z');
  const own = Object.fromEntries(headers.map(([key, value]) => [key.toLowerCase(), value.replaceAll('{retain-until}', until)]));
  const sent = {
    ...own,
    'content-type': 'text/plain; charset=utf-8',
    // Object lock asks for a digest of what arrives.
    'content-md5': createHash('md5').update(content).digest('base64'),
    'if-none-match': '*',
  };
  const place = new URL(objectName(name, content), url);
  try {
    const { statusCode, body } = await request(place, {
      method: 'PUT',
      dispatcher,
      body: content,
      signal: AbortSignal.timeout(wholeMilliseconds),
      headers: s3 === undefined ? sent : signedHeaders(s3, place, sent, content, { now, until }),
    });
    body.on('error', () => undefined);
    // 412 and 409: it is there already, and under this name nothing else can be. S3 says 409 while another write is under way.
    const isThere = (statusCode >= 200 && statusCode < 300) || statusCode === 412 || (statusCode === 409 && s3 === undefined);
    const why = isThere || s3 === undefined ? `it answered ${statusCode}` : s3Problem(statusCode, await beginningOf(body));
    body.destroy();
    if (!isThere) throw new Error(why);
  } finally {
    await dispatcher.destroy();
  }
}

async function beginningOf(body: Dispatcher.ResponseData['body']): Promise<string> {
  let text = '';
  for await (const piece of body as AsyncIterable<Buffer>) {
    text += piece.toString('latin1');
    if (text.length >= mostAnswerBytes) break;
  }
  return text.slice(0, mostAnswerBytes);
}
