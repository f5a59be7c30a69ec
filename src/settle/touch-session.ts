// Moves the idle clock for a page that a person opened. Scripts, pollers, refused requests and requests that never reached
// the EHR leave it; keys and the pointer are told of by the script in the EHR's pages.

import { showsPerson } from '../core/session/activity.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { Gathered } from '../facts.ts';
import type { SessionStore } from '../ports.ts';
import type { NamedSettleStep } from './settle-step.ts';

export function touchSession(needs: { readonly sessions: SessionStore }): NamedSettleStep['run'] {
  return (facts) => {
    if (!facts.session || isMachine(facts.session) || !facts.receipt || facts.arrivedAt === undefined) return;
    const fetchUser = facts.headers?.get('sec-fetch-user');
    if (showsPerson(isPassive(facts), fetchUser)) needs.sessions.touch(facts.session.key, facts.arrivedAt, 'navigation');
  };
}

function isPassive(facts: Gathered): boolean {
  return facts.route?.passive ?? true;
}
