// Puts a new master key before the ones that are there, so that a running gateway seals with it within a second and still
// opens everything. Never takes one away.

import { randomBytes } from 'node:crypto';
import { masterKeyBytes, mostMasterKeys } from './master-keys.ts';
import { replaceMasterKeys } from './replace-master-keys.ts';

/** Returns how many keys the file holds now. Throws, naming the file and the fix; nothing has changed then. */
export function rotateMasterKey(file: string): number {
  let count = 0;
  replaceMasterKeys(file, 'rotate', (keys) => {
    if (keys.length >= mostMasterKeys) throw new Error(tooMany(file));
    count = keys.length + 1;
    return [randomBytes(masterKeyBytes), ...keys.map(({ key }) => key)];
  });
  return count;
}

function tooMany(file: string): string {
  const fix = 'seal everything anew and remove the oldest with "wardgate keys prune"';
  return `Cannot rotate the master key "${file}": it holds ${mostMasterKeys} keys, which is the most; ${fix}`;
}
