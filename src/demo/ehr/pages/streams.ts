// Answers that take long or are long: a slow page, a large file, an upload. Bodies are streamed both ways and stop as soon
// as the other side goes away.

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { markup } from '../../markup.ts';
import { answerHtml, answerText, lastParameter, wholeNumber } from '../visit.ts';
import type { OpenVisit, Visit } from '../visit.ts';
import { layout } from './layout.ts';

const MAX_SLOW_SECONDS = 120;
const MAX_LARGE_MEGABYTES = 4096;
const MEGABYTE = 1024 * 1024;
const BLOCK = Buffer.alloc(64 * 1024, 'Meadowbrook made-up data, line after line after line after line\n');

/** Waits before the first byte of its headers. */
export async function showSlow(visit: Visit): Promise<void> {
  const seconds = Math.min(wholeNumber(lastParameter(visit.query, 'seconds')) ?? 5, MAX_SLOW_SECONDS);
  if (!(await stillThereAfter(visit, seconds * 1000))) return;
  answerHtml(visit, layout('Slow page', markup`<h1>Slow page</h1><p>This took ${seconds} seconds.</p>`));
}

/** Waits; false when the client went away meanwhile. */
export async function stillThereAfter(visit: OpenVisit, milliseconds: number): Promise<boolean> {
  const gone = new AbortController();
  const onClose = (): void => gone.abort();
  visit.response.once('close', onClose);
  try {
    await delay(milliseconds, undefined, { signal: gone.signal });
    return !visit.response.destroyed;
  } catch {
    return false;
  } finally {
    visit.response.off('close', onClose);
  }
}

/** `length=unknown` leaves the length out, and the body goes in chunks. */
export async function sendLarge(visit: Visit): Promise<void> {
  const megabytes = Math.min(wholeNumber(lastParameter(visit.query, 'megabytes')) ?? 1, MAX_LARGE_MEGABYTES);
  const known = lastParameter(visit.query, 'length') !== 'unknown';
  visit.response.writeHead(200, {
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': `attachment; filename="archive-${megabytes}MB.bin"`,
    ...(known ? { 'Content-Length': megabytes * MEGABYTE } : {}),
  });
  if (visit.request.method === 'HEAD') {
    visit.response.end();
    return;
  }
  await pipeline(Readable.from(blocks((megabytes * MEGABYTE) / BLOCK.length)), visit.response);
}

function* blocks(count: number): Generator<Buffer> {
  for (let sent = 0; sent < count; sent += 1) yield BLOCK;
}

export async function postUpload(visit: Visit): Promise<void> {
  let bytes = 0;
  for await (const chunk of visit.request as AsyncIterable<Buffer>) bytes += chunk.length;
  answerText(visit, `Received ${bytes} bytes\n`);
}
