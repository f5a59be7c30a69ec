// Warns of values that end before or after what their author meant, and that YAML takes as they are: `Northside #2` ends
// before the comment, `wardgate,` with the comma. Both may be meant, so they are no mistakes.

import type { Trap } from './yaml-edits.ts';
import { quoted } from './yaml-edits.ts';
import type { Scan } from './yaml-scan.ts';

export function cutShort(text: string, scan: Scan): Trap[] {
  return [...comments(text, scan), ...commas(text, scan)];
}

function comments(text: string, scan: Scan): Trap[] {
  return scan.comments.flatMap(({ start, end, behind }) => {
    const comment = text.slice(start, end);
    if (behind?.kind !== 'plain' || !/^#[^\s#]/.test(comment)) return [];
    const whole = text.slice(behind.start, end);
    const message = `"${comment}" is a comment to YAML, so the value before it is "${text.slice(behind.start, behind.end)}"; put both into double quotes if it belongs to it, or a blank behind the #`;
    return [{ at: start, message, edits: [{ start: behind.start, end, text: quoted(whole) }] }];
  });
}

function commas(text: string, scan: Scan): Trap[] {
  return scan.lines.flatMap(({ key, value }) => {
    if (key === null || value?.kind !== 'plain') return [];
    const written = text.slice(value.start, value.end);
    const mark = /[^,;]([,;])$/.exec(written)?.[1];
    if (mark === undefined) return [];
    const message = `Value "${written}" ends in "${mark}", which belongs to it here; delete it`;
    return [{ at: value.start, message, edits: [{ start: value.end - 1, end: value.end, text: '' }] }];
  });
}
