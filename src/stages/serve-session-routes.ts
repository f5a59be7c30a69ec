// Our own routes that belong to a session: who am I, step-up, emergency access, the EHR password. They are served only
// to a session that is active, and unlocking to one that is locked as well; without one the next stages ask for sign-in.

import { end } from '../core/answer.ts';
import type { Arrived, Identified, Loaded, Standing, Targeted } from '../facts.ts';
import type { OwnPages } from '../ports.ts';
import type { Stage } from '../pipeline.ts';
import { ownPageContext } from './own-page-context.ts';
import { isReserved } from './reserved-prefix.ts';

type Given = Arrived & Identified & Targeted & Loaded & Standing;

const reaches = { active: ['session', 'lock'], locked: ['lock'], none: [], ended: [] } as const;

export function serveSessionRoutes(needs: { readonly pages: OwnPages }): Stage<Given, object> {
  return (facts) => {
    if (!isReserved(facts.target.path)) return undefined;
    const reach = reaches[facts.standing].find((one) => needs.pages.has(one, facts.method, facts.target.path));
    return reach === undefined ? undefined : servePage(facts, reach);
  };

  async function servePage(facts: Given, reach: 'session' | 'lock') {
    const { status } = await needs.pages.serve(reach, facts.exchange, ownPageContext(facts, facts.session));
    return end({ kind: 'handled', status });
  }
}
