// The resources of a file, one after the other: of lines that are a resource each, or of Bundles. A line is read, used and
// forgotten; a Bundle has to be read whole, and so has a bound of its own. No message holds what stands in the file.

import type { Place } from '../../../config/mistake.ts';
import { isObject, objectIn, objectsIn, textIn } from './fhir-json.ts';
import type { Json } from './fhir-json.ts';

export interface FhirEntry {
  readonly resource: Json;
  /** Also where the resource itself does not say it, from the address of its entry. */
  readonly id: string;
  /** `line 12`, or `entry 3`. */
  readonly where: string;
  readonly place: Place;
  /** What a reference in this resource means; null where that is none. */
  readonly refersTo: (reference: Json) => Reference | null;
}

export interface Reference {
  readonly type: string;
  readonly id: string;
}

export interface FhirProblem {
  readonly place: Place;
  readonly why: string;
}

/** In bytes. */
export const longestLine = 1_048_576;
export const longestBundle = 67_108_864;

const typeAndId = /(?:^|\/)([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[^/]*)?$/;
const uuidAddress = /^urn:uuid:([0-9a-fA-F-]{36})$/;

/** Of `lines`, each without its end. */
export function* entriesOfLines(lines: Iterable<Uint8Array | null>): Generator<FhirEntry | FhirProblem> {
  let line = 0;
  for (const bytes of lines) {
    line += 1;
    const place = { line, column: 1 };
    if (bytes === null) {
      yield { place, why: `The line is longer than ${longestLine} bytes; export one resource in each line` };
      return;
    }
    const value = jsonOf(bytes);
    if (value === blank) continue;
    yield* entriesOf(value, place, `line ${line}`);
  }
}

/** Of one document: a Bundle, a list of resources or one resource. */
export function* entriesOfDocument(bytes: Uint8Array): Generator<FhirEntry | FhirProblem> {
  const value = jsonOf(bytes);
  const place = { line: 1, column: 1 };
  if (!Array.isArray(value)) yield* entriesOf(value, place, '');
  else for (const [at, one] of value.entries()) yield* entriesOf(one, place, `entry ${at + 1}`);
}

/** Whether a line is a resource by itself. */
export function isResource(bytes: Uint8Array): boolean {
  const value = jsonOf(bytes);
  return isObject(value) && textIn(value, 'resourceType') !== '';
}

const blank = Symbol('blank');
const broken = Symbol('broken');

function jsonOf(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.trim() === '' ? blank : (JSON.parse(text) as unknown);
  } catch {
    return broken;
  }
}

function* entriesOf(value: unknown, place: Place, where: string): Generator<FhirEntry | FhirProblem> {
  const inWords = where === '' ? 'The file' : `What stands in ${where}`;
  if (value === broken) yield { place, why: `${inWords} is no JSON in UTF-8; export the file again` };
  else if (!isObject(value) || textIn(value, 'resourceType') === '')
    yield { place, why: `${inWords} is no FHIR resource; export a Bundle, or one resource in each line` };
  else if (textIn(value, 'resourceType') === 'Bundle') yield* entriesOfBundle(value, place, where);
  else yield { resource: value, id: textIn(value, 'id'), where: where === '' ? 'line 1' : where, place, refersTo };
}

function* entriesOfBundle(bundle: Json, place: Place, within: string): Generator<FhirEntry | FhirProblem> {
  const entries = objectsIn(bundle, 'entry');
  const byAddress = new Map<string, Reference>();
  for (const entry of entries) {
    const resource = objectIn(entry, 'resource');
    const address = textIn(entry, 'fullUrl');
    const reference = { type: textIn(resource, 'resourceType'), id: idOf(resource, address) };
    if (address !== '' && reference.id !== '') byAddress.set(address, reference);
  }
  const known = (reference: Json): Reference | null => byAddress.get(textIn(reference, 'reference')) ?? refersTo(reference);
  for (const [at, entry] of entries.entries()) {
    const where = `${within === '' ? '' : `${within}, `}entry ${at + 1}`;
    const resource = objectIn(entry, 'resource');
    if (textIn(resource, 'resourceType') === '')
      yield { place, why: `What stands in ${where} is no FHIR resource; export the file again` };
    else yield { resource, id: idOf(resource, textIn(entry, 'fullUrl')), where, place, refersTo: known };
  }
}

function idOf(resource: Json, address: string): string {
  return textIn(resource, 'id') || (uuidAddress.exec(address)?.[1] ?? '');
}

function refersTo(reference: Json): Reference | null {
  const [, type = '', id = ''] = typeAndId.exec(textIn(reference, 'reference')) ?? [];
  return id === '' ? null : { type, id };
}
