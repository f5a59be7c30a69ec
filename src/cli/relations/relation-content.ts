// Tells by its content what a file is: CSV, a FHIR document, or lines of FHIR resources. Lines are read one at a time and never
// all at once; the two others are read whole, within bounds.

import { entriesOfDocument, entriesOfLines, isResource, longestBundle, longestLine } from './fhir/fhir-entries.ts';
import type { FhirEntry, FhirProblem } from './fhir/fhir-entries.ts';

export type RelationContent =
  | { readonly form: 'csv'; readonly bytes: Uint8Array }
  | { readonly form: 'fhir'; readonly entries: Iterable<FhirEntry | FhirProblem> }
  | { readonly form: 'too-large'; readonly why: string };

const longestCsv = 268_435_456;
const newLine = 10;
const spaces: ReadonlySet<number> = new Set([9, newLine, 13, 32]);
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

export function contentOf(chunks: Iterable<Uint8Array>): RelationContent {
  const iterator = chunks[Symbol.iterator]();
  let head: Buffer = Buffer.alloc(0);
  let ended = false;
  while (!ended && !hasLine(head) && head.length <= longestLine) {
    const next = iterator.next();
    if (next.done === true) ended = true;
    else head = Buffer.concat([head, next.value]);
  }
  const rest: Iterable<Uint8Array> = { [Symbol.iterator]: () => iterator };
  const start = startOf(head);
  if (!isJson(head[start])) return whole(head, rest, longestCsv, 'CSV');
  const end = head.indexOf(newLine, start);
  const first = head.subarray(start, end === -1 ? head.length : end);
  if ((end !== -1 || ended) && isResource(first)) return { form: 'fhir', entries: entriesOfLines(linesOf(head, rest)) };
  return whole(head, rest, longestBundle, 'JSON');
}

function whole(head: Buffer, rest: Iterable<Uint8Array>, most: number, form: 'CSV' | 'JSON'): RelationContent {
  const parts: Uint8Array[] = [head];
  let size = head.length;
  for (const chunk of rest) {
    size += chunk.length;
    if (size > most) {
      const fix = form === 'CSV' ? 'export a shorter time' : 'export one resource in each line (ndjson)';
      return { form: 'too-large', why: `The file is larger than ${most} bytes; ${fix}` };
    }
    parts.push(chunk);
  }
  const bytes = Buffer.concat(parts);
  return form === 'CSV' ? { form: 'csv', bytes } : { form: 'fhir', entries: entriesOfDocument(bytes) };
}

/** Each line without its end; null for one that is too long, and then nothing more. */
function* linesOf(head: Uint8Array, rest: Iterable<Uint8Array>): Generator<Uint8Array | null> {
  let parts: Uint8Array[] = [];
  let size = 0;
  for (const chunk of both(head, rest)) {
    let from = 0;
    for (let end = chunk.indexOf(newLine); end !== -1; end = chunk.indexOf(newLine, from)) {
      yield Buffer.concat([...parts, chunk.subarray(from, end)]);
      [parts, size, from] = [[], 0, end + 1];
    }
    parts.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size > longestLine) {
      yield null;
      return;
    }
  }
  yield Buffer.concat(parts);
}

function* both(head: Uint8Array, rest: Iterable<Uint8Array>): Generator<Uint8Array> {
  yield head;
  yield* rest;
}

function hasLine(head: Buffer): boolean {
  return head.indexOf(newLine, startOf(head)) !== -1;
}

/** Where the first character stands that is no space. */
function startOf(head: Buffer): number {
  let at = head.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
  while (spaces.has(head[at] ?? 0)) at += 1;
  return at;
}

function isJson(byte: number | undefined): boolean {
  return byte === 0x7b || byte === 0x5b;
}
