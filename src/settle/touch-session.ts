// Moves the idle clock for what a person did. Pollers, refused requests and requests that never reached the EHR leave it.

import { isMachine } from '../core/session/machine-session.ts';
import type { Gathered } from '../facts.ts';
import type { SessionStore } from '../ports.ts';
import type { NamedSettleStep } from './settle-step.ts';

export function touchSession(needs: { readonly sessions: SessionStore }): NamedSettleStep['run'] {
  return (facts) => {
    if (!facts.session || isMachine(facts.session) || !facts.receipt || facts.arrivedAt === undefined || isPassive(facts)) return;
    needs.sessions.touch(facts.session.key, facts.arrivedAt);
  };
}

function isPassive(facts: Gathered): boolean {
  return facts.route?.passive ?? true;
}
