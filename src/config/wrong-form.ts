// Says what is wrong with a value of another form than the one wanted: a list for one value, a number for text, yes for
// true. The sentences are the end of one that begins with the value.

import { asYesOrNo, wordFor } from './yes-or-no.ts';

export interface WrongForm {
  readonly text: string;
  /** The word that was meant. */
  readonly suggestion?: string | undefined;
  /** What to write in its place, as YAML. */
  readonly replacement?: string | undefined;
}

interface Given {
  readonly value: unknown;
  /** The scalar as the file has it, `007` and not 7. */
  readonly written: string;
  /** The last step of its path. */
  readonly key: unknown;
}

/** `expected` are the forms that would do, in the words of the schema library. */
export function wrongForm(expected: readonly string[], given: Given): WrongForm {
  const { value, key } = given;
  if (Array.isArray(value)) return insteadOfList(expected, value);
  if (typeof value === 'object' && value !== null) return insteadOfMapping(expected, value);
  if (typeof value === 'boolean' && expected.includes('string')) return insteadOfBoolean(given);
  if (typeof value === 'number' && expected.includes('string')) {
    const inQuotes = `"${given.written}"`;
    return { text: `is a number to YAML, and text is wanted; put it into double quotes`, replacement: inQuotes };
  }
  if (typeof value === 'string') return insteadOfText(expected, value, key);
  return { text: `must be ${nouns(expected)}` };
}

function insteadOfList(expected: readonly string[], list: readonly unknown[]): WrongForm {
  const [only, ...more] = list;
  if (expected.some(isMapping)) {
    const entries = list.length > 0 && list.every((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
    const fix = entries ? `; write its entries without "- " in front` : '';
    return { text: `is a list, and ${nouns(expected)} is wanted${fix}` };
  }
  const single = more.length === 0 && ['string', 'number', 'boolean'].includes(typeof only);
  if (single) return { text: `is a list, and one value is wanted; write it without the brackets`, replacement: String(only) };
  return { text: `is a list, and one value is wanted; keep one of them` };
}

function insteadOfMapping(expected: readonly string[], value: object): WrongForm {
  if (!expected.includes('array')) return { text: `is a mapping of "key: value", and ${nouns(expected)} is wanted` };
  const [name] = Object.keys(value);
  const nested = Object.values(value).every((one) => typeof one === 'object' && one !== null);
  const example = nested && name !== undefined ? `- name: ${name}` : `- ${name ?? 'name'}: …`;
  return { text: `is a mapping, and a list is wanted; begin each entry with "- ", such as ${example}` };
}

const isTime =
  /^(freshFactor|after|longest|endAfterLock|lasts|keep|recheckEvery|recheckGrace|timeout|\w+Timeout|keepAlive|stall|drain)$/;

/** Names of roles and other words are never meant as true or false; other text may be. */
function insteadOfBoolean({ value, written, key }: Given): WrongForm {
  const meant = wordFor(key, String(value));
  if (meant !== undefined) return { text: 'is true or false to YAML, and a name is wanted', suggestion: meant };
  const isWord = /^(allow|export|emergency|from|as|area|application|patient|selectsPatient|mode|preset|zone|rule)$/;
  if (isWord.test(String(key))) return { text: `is true or false to YAML, and a name is wanted` };
  if (isTime.test(String(key))) return { text: 'is true or false to YAML, and a time with its unit is wanted, such as 5m' };
  return { text: `is true or false to YAML, and text is wanted; put it into double quotes`, replacement: `"${written}"` };
}

function insteadOfText(expected: readonly string[], value: string, key: unknown): WrongForm {
  if (expected.includes('boolean')) {
    const said = asYesOrNo(value);
    if (said === null) return { text: 'must be true or false' };
    return { text: `is only text to YAML, write ${said}` };
  }
  if (value.startsWith('//')) return { text: 'begins with "//", which is no comment to YAML; write "#" in its place' };
  const pair = /^([A-Za-z][\w-]*):(?!\/\/)([^\s:].*)$/.exec(value);
  if (pair !== null && expected.some(isMapping)) {
    const fixed = `${pair[1]}: ${pair[2]}`;
    return { text: `needs a space after the colon`, replacement: fixed };
  }
  if (key === 'trust' && expected.some(isMapping))
    return { text: 'must name the claim that says so', replacement: `{ amr: ${value} }` };
  return { text: `must be ${nouns(expected)}` };
}

function isMapping(expected: string): boolean {
  return expected === 'object' || expected === 'record';
}

/** `text or a list, such as [a, b]` */
function nouns(expected: readonly string[]): string {
  return [...new Set(expected.map(nounOf))].join(' or ');
}

export function nounOf(expected: string): string {
  switch (expected) {
    case 'object':
    case 'record':
      return 'a mapping of "key: value"';
    case 'array':
      return 'a list, such as [a, b]';
    case 'string':
      return 'text';
    case 'boolean':
      return 'true or false';
    case 'int':
    case 'number':
      return 'a whole number';
    default:
      return `of type ${expected}`;
  }
}
