// The privacy officer's and IT's pages. They come after the rules and after the record, so that looking at the watchers'
// screen is judged and recorded like opening a chart.

import { end, refuse } from '../core/answer.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { Arrived, Identified, Recorded, SignedIn, Targeted } from '../facts.ts';
import type { OwnPages } from '../ports.ts';
import type { Stage } from '../pipeline.ts';
import { ownPageContext } from './own-page-context.ts';
import { isReserved } from './reserved-prefix.ts';

type Given = Arrived & Identified & Targeted & SignedIn & Recorded;

export function serveConsole(needs: { readonly pages: OwnPages }): Stage<Given, object> {
  return (facts) => (isReserved(facts.target.path) ? servePage(facts) : undefined);

  async function servePage(facts: Given) {
    // Stopped long before, where it is recognised; here so that no way leads past it.
    if (isMachine(facts.session)) return refuse('machine-not-permitted');
    await facts.receipt.durable;
    const { status } = await needs.pages.serve('console', facts.exchange, ownPageContext(facts, facts.session));
    return end({ kind: 'handled', status });
  }
}
