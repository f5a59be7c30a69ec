// Whether a proof could have been given to a page that only looks like ours: a code can be typed anywhere, a passkey signs
// for the one origin it was made for.

import type { FactorEvidence } from '../session/session.ts';

/** A passkey of ours does; the provider's factor where the configuration trusts it so; a code never. */
export function resistsPhishing({ method, phishingResistant }: FactorEvidence): boolean {
  return method === 'passkey' || (method === 'provider' && phishingResistant === true);
}
