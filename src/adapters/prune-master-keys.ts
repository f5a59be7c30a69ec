// Takes master keys out of their file for good: what they have sealed opens no more. Never takes the newest one, which seals.

import { replaceMasterKeys } from './replace-master-keys.ts';

/** Keys by id; one that has gone already is no mistake. Returns how many the file holds now. Throws as a rotation does. */
export function pruneMasterKeys(file: string, drop: ReadonlySet<string>): number {
  let count = 0;
  replaceMasterKeys(file, 'prune', (keys) => {
    const kept = keys.filter(({ id }, at) => at === 0 || !drop.has(id));
    count = kept.length;
    return kept.map(({ key }) => key);
  });
  return count;
}
