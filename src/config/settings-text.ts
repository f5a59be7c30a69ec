// What gateway.yaml says, as text that two versions are compared by: one line for each value, in the order of their names,
// without comments. Secrets have no place in that file; what might hold one all the same is left out.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { withoutSecrets } from './hidden-secrets.ts';
import type { ApplicationSettings } from './settings.ts';

/** Below these, values are sent to somebody and may open doors there. */
const notKept = new Set(['headers']);
const digits = 16;

/** `said` is the file as it was parsed. A preset is told by a hash of its file: what it holds decides as well. */
export async function settingsText(
  said: unknown,
  applications: ReadonlyMap<string, Pick<ApplicationSettings, 'preset'>>,
): Promise<string> {
  const presets = await Promise.all([...applications].map(async ([name, { preset }]) => presetLine(name, preset ?? null)));
  const lines = [...linesOf(said, ''), ...presets.flat()];
  return `${lines.map(withoutSecrets).toSorted().join('\n')}\n`;
}

/** The text in force where only the machines were read again, as with the rules: those of `now`, all else of `start`. */
export function withMachinesOf(start: string, now: string): string {
  const isMachine = (line: string): boolean => line.startsWith('machines.');
  const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
  const all = [...lines(start).filter((line) => !isMachine(line)), ...lines(now).filter(isMachine)];
  return `${all.toSorted().join('\n')}\n`;
}

async function presetLine(name: string, file: string | null): Promise<readonly string[]> {
  if (file === null) return [];
  const hash = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  return [`applications.${name}.preset holds ${hash.slice(0, digits)}`];
}

function linesOf(value: unknown, path: string): string[] {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    if (items.every((item) => typeof item !== 'object' || item === null)) return [`${path}: [${items.map(written).join(', ')}]`];
    return items.flatMap((item, index) => linesOf(item, `${path}.${index + 1}`));
  }
  if (typeof value !== 'object' || value === null) return [`${path}: ${written(value)}`];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const at = path === '' ? key : `${path}.${key}`;
    return notKept.has(key) ? [`${at}: (not kept)`] : linesOf(inner, at);
  });
}

/** On one line, whatever it holds. */
function written(value: unknown): string {
  return typeof value === 'string' && /^[^\p{C}\p{Zl}\p{Zp}]*$/u.test(value) ? value : JSON.stringify(value);
}
