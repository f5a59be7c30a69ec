// The parts of a DICOM audit message that hold a code, and how text gets into XML. A code stands in `csd-code`,
// `codeSystemName` and `originalText`, as the normative schema has it.

import { dicomNames } from '../message/event-meaning.ts';
import type { DicomCode } from '../message/event-meaning.ts';
import { soundText } from '../message/sound-text.ts';

/** Texts are cut there, so that a whole message stays under the 32 KB that every receiver must take. */
export const mostCharacters = 512;

/** One element on one line; attributes that are null are left out. `content` is XML already. */
export function element(name: string, attributes: Readonly<Record<string, string | null>>, content = ''): string {
  const written = Object.entries(attributes).map(([key, value]) => {
    const sound = value === null ? null : soundText(value, mostCharacters);
    return sound === null ? '' : ` ${key}="${escaped(sound)}"`;
  });
  const head = `<${name}${written.join('')}`;
  return content === '' ? `${head}/>` : `${head}>${content}</${name}>`;
}

/** An element that holds text; nothing where there is none. */
export function textElement(name: string, text: string | null): string {
  const sound = text === null ? null : soundText(text, mostCharacters);
  return sound === null ? '' : `<${name}>${escaped(sound)}</${name}>`;
}

export function code(name: string, value: string, system: string, originalText: string): string {
  return element(name, { 'csd-code': value, codeSystemName: system, originalText });
}

export function dicomCode(name: string, value: DicomCode): string {
  return code(name, value, 'DCM', dicomNames[value]);
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll(/[<>"']/g, (character) => String(entities[character]));
}
