// Says whether one test takes every reply that another takes. It may say no where the answer is yes, never the other way
// round.

import type { ReplyTest } from '../core/ehr/recipe.ts';
import { covers } from './covers.ts';

export function testCovers(wider: ReplyTest, narrower: ReplyTest): boolean {
  const { paths, status, location } = wider;
  return (
    (paths === null || (narrower.paths?.every((given) => paths.some((path) => covers(path, given))) ?? false)) &&
    (status === null || (narrower.status?.every((given) => status.includes(given)) ?? false)) &&
    (location === null || (narrower.location !== null && covers(location, narrower.location))) &&
    wider.body.every((text) => narrower.body.some((given) => given.includes(text))) &&
    wider.bodyWithout.every((text) => narrower.bodyWithout.some((given) => text.includes(given))) &&
    wider.json.every(({ pointer, equals }) => narrower.json.some((given) => given.pointer === pointer && given.equals === equals))
  );
}
