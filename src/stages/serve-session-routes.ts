// Our own routes that belong to a session: who am I, step-up, emergency access, the EHR password. They are served only
// to a session that is active; without one the next stages ask for sign-in.

import { end } from '../core/answer.ts';
import type { Arrived, Identified, Loaded, Standing, Targeted } from '../facts.ts';
import type { OwnPages } from '../ports.ts';
import type { Stage } from '../pipeline.ts';
import { ownPageContext } from './own-page-context.ts';
import { isReserved } from './reserved-prefix.ts';

type Given = Arrived & Identified & Targeted & Loaded & Standing;

export function serveSessionRoutes(needs: { readonly pages: OwnPages }): Stage<Given, object> {
  return (facts) => {
    if (!isReserved(facts.target.path) || facts.standing !== 'active') return undefined;
    if (!needs.pages.has('session', facts.method, facts.target.path)) return undefined;
    return servePage(facts);
  };

  async function servePage(facts: Given) {
    const { status } = await needs.pages.serve('session', facts.exchange, ownPageContext(facts, facts.session));
    return end({ kind: 'handled', status });
  }
}
