// The keys that call the page of people at a desk, as IT writes them. They need Ctrl or Alt, or one of F1 to F12: anything
// less is a letter that somebody types into a note.

import type { Read } from './quantity.ts';

const modifiers: ReadonlySet<string> = new Set(['ctrl', 'alt', 'shift']);

/** In small letters, `off` for none. */
export function readSwitchKey(text: string): Read<string> {
  const keys = text
    .trim()
    .toLowerCase()
    .split(/ *\+ */);
  if (keys.length === 1 && keys[0] === 'off') return { value: 'off' };
  const key = keys.pop() ?? '';
  const isFunctionKey = /^f(?:[1-9]|1[0-2])$/.test(key);
  const areModifiers = keys.every((one) => modifiers.has(one)) && new Set(keys).size === keys.length;
  const isHeld = isFunctionKey || keys.includes('ctrl') || keys.includes('alt');
  if (!areModifiers || !isHeld || !(isFunctionKey || /^[a-z0-9]$/.test(key)))
    return { problem: 'is no combination of keys, write one such as ctrl+alt+l or shift+f9, or off' };
  return { value: [...keys, key].join('+') };
}
