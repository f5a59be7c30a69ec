// Keeps what the provider tells of the few people who may come in without it, whenever it tells of them.

import type { Session } from '../ports.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

export async function rememberForEmergency(
  { settings, emergency, clock }: Pick<SignInNeeds, 'settings' | 'emergency' | 'clock'>,
  { subject, roles }: Pick<Session, 'subject' | 'roles'>,
): Promise<void> {
  const { people = [] } = settings.signIn.emergency ?? {};
  if (people.includes(subject.name)) await emergency.remember(subject, roles, clock.now());
}
