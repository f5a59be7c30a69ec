// Reads a form ahead for a rule or a check that needs its fields, bounded in bytes and in time; it is forwarded unchanged.
// What cannot be read for certain is a refusal, never an empty form.

import { refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { fieldlessBody, readUrlencoded } from '../core/policy/fields.ts';
import { formEncoding } from '../core/policy/form-encoding.ts';
import { readJsonNames } from '../core/policy/method-override.ts';
import { readMultipart } from '../core/policy/multipart.ts';
import type { Fields } from '../core/policy/policy.ts';
import type { Arrived, Identified, Presented } from '../facts.ts';
import type { Turns } from '../ports.ts';

export interface ReadFormNeeds {
  readonly limits: { readonly formBytes: number; readonly formTimeoutSeconds: number };
  readonly turns: Turns;
}

/** A form above this takes long enough to read that it waits for its turn, bytes. */
const longForm = 4096;

type Given = Arrived & Identified & Presented;

const noFields: Fields = new Map();

/**
 * `reads` says on whose behalf. A body that is no form is unreadable to a rule about the `form` and `fieldlessBody` to one
 * about the `query`. For the check of a method `override`, the names of a JSON object count too, and so does a body without
 * a type: some frameworks read either as a form.
 */
export async function readForm(facts: Given, needs: ReadFormNeeds, reads: 'form' | 'query' | 'override'): Promise<Fields | End> {
  const type = facts.headers.get('content-type') ?? null;
  const encoding = formEncoding(type);
  const isJson = type !== null && /json/i.test(type);
  if (encoding.kind === 'unreadable') return refuse('form-unreadable', { detail: encoding.detail });
  if (encoding.kind === 'none' && (reads === 'query' || (reads === 'override' && type !== null && !isJson))) return fieldlessBody;
  const bytes = await readBody(facts, needs);
  if ('answer' in bytes) return bytes;
  if (bytes.length === 0) return noFields;
  if (bytes.length > longForm) await needs.turns.take(facts.share);
  const dialect = facts.application.parameters;
  if (encoding.kind === 'multipart') {
    const fields = readMultipart(bytes, encoding.boundary, dialect);
    return 'problem' in fields ? refuse('form-unreadable', { detail: fields.problem }) : fields;
  }
  if (encoding.kind === 'urlencoded' || (reads === 'override' && !isJson))
    return readUrlencoded(bytes.toString('latin1'), dialect);
  const names = reads === 'override' ? readJsonNames(bytes.toString('utf8')) : null;
  // What the EHR would read there nobody knows: many programs read any body as a form, and others JSON as if it were one.
  const detail = 'The fields of this form must be read, and its type is not that of a form';
  return names ?? refuse('form-unreadable', { detail });
}

async function readBody({ headers, exchange }: Given, { limits }: ReadFormNeeds): Promise<Buffer | End> {
  if (headers.has('content-encoding')) return refuse('form-unreadable', { detail: 'A compressed form cannot be judged' });
  const body = await exchange.body.readAhead(limits.formBytes, limits.formTimeoutSeconds * 1000);
  if (body.read === 'whole') return body.bytes;
  if (body.read !== 'too-large') return refuse('body-too-slow');
  return refuse('form-too-large', { detail: `A form that must be read first may have ${limits.formBytes} bytes` });
}
