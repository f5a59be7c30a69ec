// The places in a reply from which a value can be taken, as a preset names them.

import type { Take } from '../core/ehr/recipe.ts';
import type { TakeEntry } from './recipe-schema.ts';

type Without<T> = T extends unknown ? Omit<T, 'name' | 'at'> : never;

/** Every place that is named; one is right. */
export function recipeTakes(entry: TakeEntry): Without<Take>[] {
  const { field, formAction, cookie, header, json, between } = entry;
  const [before = '', after = ''] = between ?? [];
  return [
    ...(field === undefined ? [] : [{ from: 'field', field } as const]),
    ...(formAction === undefined ? [] : [{ from: 'form-action', holds: formAction } as const]),
    ...(cookie === undefined ? [] : [{ from: 'cookie', cookie } as const]),
    ...(header === undefined ? [] : [{ from: 'header', header } as const]),
    ...(json === undefined ? [] : [{ from: 'json', pointer: json } as const]),
    ...(between === undefined ? [] : [{ from: 'between', before, after } as const]),
  ];
}
