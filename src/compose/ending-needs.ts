// What the end of somebody's access works on: the same parts for the command, the console and the next start.

import { didYouMean } from '../config/did-you-mean.ts';
import { BrokenEndings } from '../control/broken-endings.ts';
import type { EndPersonNeeds } from '../control/end-person.ts';
import { endingDesk } from '../control/ending-desk.ts';
import type { FactorHolder } from '../control/forget-factors.ts';
import type { EndDesk } from '../ending-ports.ts';
import type { OperationsLog } from '../ports.ts';
import type { Parts } from './open-parts.ts';

// oxlint-disable-next-line typescript/explicit-module-boundary-types -- the stores of the state and what is laid over them
export function endingNeeds({ audit, clock, live, sessions, state }: Parts) {
  const running = (key: string): number => live.count(key);
  return { ...state, sessions, audit, clock, factorHolders: holders(state), running } satisfies EndPersonNeeds;
}

/** For the console. */
export function endingDeskOf(parts: Parts, timezone: string): EndDesk {
  const recordedToken = (id: string): string => parts.state.patientTokens.recordedToken(id);
  return endingDesk({ ...endingNeeds(parts), timezone, recordedToken, nearest: didYouMean });
}

/** One look; call it every few seconds. */
export function brokenEndings(parts: Parts, log: OperationsLog): () => Promise<void> {
  const endings = new BrokenEndings({
    ...endingNeeds(parts),
    leadership: parts.state.shared.leadership,
    onCompleted: (people) => log.warn({ people }, 'The end of access that was broken off is completed'),
    onFailed: (cause) => log.error({ cause }, 'The end of access that was broken off cannot be completed yet'),
  });
  return () => endings.look();
}

/** Everything by which people prove who they are beyond the password: a new kind is one more line here. */
function holders({ factors, passkeys, pins, remembered, emergency }: Parts['state']): readonly FactorHolder[] {
  return [
    { what: 'passkeys', forget: async ({ issuer, sub }) => passkeys.removeAll(issuer, sub) },
    {
      what: 'code from the phone',
      forget: async ({ issuer, sub }) => Number(await factors.remove(issuer, sub)),
    },
    { what: 'device PINs', forget: async ({ issuer, sub }) => pins.forgetPerson(issuer, sub) },
    { what: 'remembered devices', forget: async ({ issuer, sub }) => remembered.forgetPerson(issuer, sub) },
    { what: 'emergency codes', forget: async ({ issuer, sub }) => emergency.forgetCodes(issuer, sub) },
  ];
}
