// Which version a rollback goes back to: the one below the present one, where each applied version lies on the one before
// and each rollback takes off what lies above the one it went to. Going back twice so goes back further.

import type { RuleNote } from '../../adapters/rule-versions.ts';

/** `current` is the version in the rule file, null where there is none. Null where nothing lies below. */
export function lastGood(notes: readonly RuleNote[], current: string | null): string | null {
  let stack: string[] = [];
  // A claim says who did what stands there already.
  for (const { version, previous, deed } of notes.filter((note) => note.deed !== 'claimed')) {
    const at = deed === 'rolled back' ? stack.lastIndexOf(version) : -1;
    if (at !== -1) stack = stack.slice(0, at + 1);
    else {
      // What was changed by hand in between was in force as well.
      if (previous !== null && previous !== stack.at(-1)) stack.push(previous);
      if (version !== stack.at(-1)) stack.push(version);
    }
  }
  // A version above the present one was put back by hand, or never came: the power went, or the file could not be written.
  const at = current === null ? -1 : stack.lastIndexOf(current);
  return (at === -1 ? stack.at(-1) : stack[at - 1]) ?? null;
}
