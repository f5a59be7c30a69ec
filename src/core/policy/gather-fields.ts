// Collects fields as they appear and marks every name that two readers of the same bytes could read differently. Keeps
// all values: what is ambiguous is for the rule that reads it to refuse, not for this file.

import { foldName } from './field-name.ts';
import type { Fields, ParameterDialect } from './policy.ts';

/** One field as it stands in the request, decoded. `doubt` is the end of a sentence that begins with its name. */
export interface GivenField {
  readonly name: string;
  readonly value: string;
  readonly doubt: string | null;
  /** False where the name could not be decoded, so that a server may take it for any. */
  readonly isNameReadable: boolean;
}

/** PHP and Tomcat both stop reading here, so beyond it nobody knows which fields the EHR saw. */
export const maxFields = 1000;

/** Fields in order of appearance, with their doubts; `doubt` is about any field, also one that is not among them. */
export function gatherFields(given: readonly GivenField[], dialect: ParameterDialect, doubt: string | null = null): Fields {
  if (given.length > maxFields) return tooManyFields(given.length);
  const values = new Map<string, string[]>();
  const spellings = new Map<string, string>();
  const doubts = new Map<string, string>();
  let doubtAny = doubt;
  for (const field of given) {
    const { key, name, isArray } = foldName(field.name, dialect);
    const spelled = spellings.get(key);
    if (spelled === undefined) spellings.set(key, field.name);
    else if (spelled !== field.name) doubts.set(key, 'is spelled in two ways');
    if (isArray) doubts.set(key, 'is sent as an array');
    if (field.doubt !== null) doubts.set(key, field.doubt);
    // PHP compares names as bytes, and Java drops the field; of any other server nobody knows what it reads there.
    if (!field.isNameReadable && dialect === 'strict') doubtAny ??= 'is sent beside a name that cannot be decoded';
    const known = values.get(name);
    if (known === undefined) values.set(name, [field.value]);
    else known.push(field.value);
  }
  return Object.assign(values, { marks: { spellings, doubts, doubtAll: null, doubtAny, count: given.length } });
}

/** Stands for fields over the limit: each is in doubt, so none is read, because decoding tens of thousands takes too long. */
export function tooManyFields(count: number): Fields {
  const doubtAll = `is one of ${count} fields, and ${maxFields} are read for certain`;
  return Object.assign(new Map<string, string[]>(), {
    marks: { spellings: new Map(), doubts: new Map(), doubtAll, doubtAny: null, count },
  });
}
