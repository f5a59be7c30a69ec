// `user emergency-codes NAME`: new sealed codes for one of the emergency people, in the place of those they had. They are told once,
// to be printed and sealed; what is kept of them are hashes.

import type { Order } from '../control-ports.ts';
import type { EmergencyCode, EmergencyStore } from '../emergency-ports.ts';
import type { Clock } from '../ports.ts';

export interface GiveEmergencyCodesNeeds {
  readonly emergency: Pick<EmergencyStore, 'named' | 'giveCodes'>;
  /** Login names that the configuration gives. */
  readonly emergencyPeople: readonly string[];
  readonly newEmergencyCodes: (person: { issuer: string; sub: string }) => {
    codes: readonly string[];
    kept: readonly EmergencyCode[];
  };
  readonly clock: Pick<Clock, 'now'>;
}

export function giveEmergencyCodes(needs: GiveEmergencyCodesNeeds): Order {
  return {
    name: 'user emergency-codes',
    fields: ['person'],
    needsReason: false,
    plan: async ({ fields }) => {
      const name = fields.get('person') ?? '';
      if (!needs.emergencyPeople.includes(name))
        return no(`"${name}" is none of the people under signIn.emergency in gateway.yaml`);
      const named = await needs.emergency.named(name);
      const [person] = named;
      if (person === undefined) return no(`"${name}" has not signed in since they were named; their roles are not known yet`);
      if (named.length > 1) return no(`"${name}" is more than one person at the provider; give one of them another login name`);
      const { subject } = person;
      return {
        planned: true,
        subject,
        carryOut: async () => {
          const { codes, kept } = needs.newEmergencyCodes(subject);
          await needs.emergency.giveCodes(subject.issuer, subject.sub, kept, needs.clock.now());
          return { done: true, told: { name, displayName: subject.displayName, codes } };
        },
      };
    },
  };
}

function no(why: string) {
  return { planned: false, why } as const;
}
