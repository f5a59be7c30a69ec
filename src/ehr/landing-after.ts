// Where a page goes after the sign-on: where the EHR sends it, a page of its own, or where the person wanted to go.

import type { Recipe } from '../core/ehr/recipe.ts';
import { unreachable } from '../core/unreachable.ts';

/** Request lines all. `location` is where the deciding reply leads; null where nowhere on this EHR. */
export function landingAfter({ landing }: Recipe, location: string | null, requested: string): string {
  switch (landing.to) {
    case 'location':
      return location ?? requested;
    case 'path':
      return isOnTheWay(requested, landing.path) ? landing.path : requested;
    case 'requested':
      return requested;
    default:
      return unreachable(landing);
  }
}

/** Whoever asked for no page of their own: for the root, or a folder on the way to the landing. */
function isOnTheWay(requested: string, landing: string): boolean {
  const folder = requested.endsWith('/') ? requested : `${requested}/`;
  return `${landing.replace(/\?.*$/s, '')}/`.startsWith(folder);
}
