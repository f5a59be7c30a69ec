// Reads a posted form, urlencoded or multipart, into names and values; of several values the last counts.
// Files in a multipart form are skipped. A body over the limit is an error, not a shorter form.

import type { IncomingMessage } from 'node:http';

const FORM_LIMIT_BYTES = 1024 * 1024;

/** Rejects when the body is too large or the client goes away. */
export async function readForm(request: IncomingMessage): Promise<ReadonlyMap<string, string>> {
  const body = await readBody(request);
  const type = request.headers['content-type'] ?? '';
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (boundary !== undefined) return multipartFields(body, boundary);
  return new Map(new URLSearchParams(body.toString('utf8')));
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > FORM_LIMIT_BYTES) throw new Error(`Cannot read the form: it is larger than ${FORM_LIMIT_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** RFC 7578: parts between boundaries, each with a name; one with a file name is not a field. */
function multipartFields(body: Buffer, boundary: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const part of body.toString('utf8').split(`--${boundary}`)) {
    const end = part.indexOf('\r\n\r\n');
    const head = part.slice(0, Math.max(end, 0));
    const name = /[;\s]name="([^"]*)"/i.exec(head)?.[1];
    if (name !== undefined && !/filename=/i.test(head)) fields.set(name, part.slice(end + 4).replace(/\r\n$/, ''));
  }
  return fields;
}
