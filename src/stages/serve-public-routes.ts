// Our own routes that need no session: assets, sign-in, callback, signing out. A path under our prefix that is none of
// our routes ends here with 404, so that nothing below the prefix ever reaches the EHR.

import { end, refuse } from '../core/answer.ts';
import type { Arrived, Identified, Targeted } from '../facts.ts';
import type { OwnPages } from '../ports.ts';
import type { Stage } from '../pipeline.ts';
import { ownPageContext } from './own-page-context.ts';
import { isConsole, isReserved } from './reserved-prefix.ts';

/** Whose routes are served by later stages. */
const later = ['session', 'lock', 'console'] as const;

export function servePublicRoutes(needs: { readonly pages: OwnPages }): Stage<Arrived & Identified & Targeted, object> {
  return (facts) => {
    const { path } = facts.target;
    if (!isReserved(path)) return undefined;
    if (facts.shape === 'upgrade') return refuse('page-not-found');
    // A script of an application runs on the same origin as everything at its address: the fewer of them, the better.
    if (isConsole(path) && facts.application.console === false) return refuse('page-not-found');
    if (needs.pages.has('public', facts.method, path)) return servePage(facts);
    const known = later.some((reach) => needs.pages.has(reach, facts.method, path));
    return known ? undefined : refuse('page-not-found');
  };

  async function servePage(facts: Arrived & Identified & Targeted) {
    const { status } = await needs.pages.serve('public', facts.exchange, ownPageContext(facts, null));
    return end({ kind: 'handled', status });
  }
}
