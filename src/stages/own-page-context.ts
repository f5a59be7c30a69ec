// What our own pages are told about the request they serve.

import type { Session } from '../core/session/session.ts';
import type { Identified, Targeted } from '../facts.ts';
import type { OwnPageContext } from '../ports.ts';

export function ownPageContext(facts: Identified & Targeted, session: Session | null): OwnPageContext {
  return {
    requestId: facts.id,
    address: facts.address,
    agent: facts.agent,
    zones: facts.zones,
    application: facts.application.name,
    target: facts.target,
    session,
  };
}
