// Whether somebody may try to come in without the identity provider: only where the clinic has named people for it, from the zone
// it names, and only while the gateway itself has seen that the provider is down.

import type { OwnContext } from './own-context.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

export function mayTryEmergency({ settings, watch }: SignInNeeds, { zones }: Pick<OwnContext, 'zones'>): boolean {
  const { emergency = null } = settings.signIn;
  if (emergency === null || !watch.down) return false;
  return emergency.from === null || zones.includes(emergency.from);
}
