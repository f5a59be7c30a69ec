// Says in lines what sealing anew has done.

import type { Resealed } from '../../adapters/reseal.ts';

/** One line for each kind that has any, and what to do about what did not open. */
export function describeResealed(kinds: readonly Resealed[]): readonly string[] {
  const lines = kinds
    .filter(({ resealed, already, changed, unopened }) => resealed + already + changed + unopened > 0)
    .map(({ what, resealed, already, changed, unopened }) => {
      const parts = [
        `${resealed} sealed anew`,
        already === 0 ? [] : `${already} had the newest key already`,
        changed === 0 ? [] : `${changed} were replaced meanwhile`,
        unopened === 0 ? [] : `${unopened} COULD NOT BE OPENED`,
      ];
      return `${what}: ${parts.flat().join(', ')}`;
    });
  if (lines.length === 0) return ['Nothing is sealed yet'];
  if (lostIn(kinds) === 0) return lines;
  const advice =
    'What could not be opened was sealed with a key that is no longer in the file, or is damaged, and was left as it is';
  return [...lines, `${advice}: put the key back, or have those people enrol and enter their EHR password again`];
}

/** How many values did not open. */
export function lostIn(kinds: readonly Resealed[]): number {
  return kinds.reduce((sum, { unopened }) => sum + unopened, 0);
}
