// The addresses of records with the ids that were asked for in the place of tokens, so that rules decide about what they
// decided about then. An id that is not known stays a token, which a name in a pattern takes like any other text.

import { forgetOldest } from '../../core/forget-oldest.ts';
import { tokensIn, withIds } from '../../core/patients/shown-tokens.ts';
import type { Settings } from '../../config/settings.ts';
import { patientLookup } from '../patients/patient-lookup.ts';

export interface AddressesAsSent {
  of(target: string): Promise<string>;
  close(): void;
}

const mostRemembered = 50_000;
const quiet = { out: (): void => undefined, err: (): void => undefined };

export async function addressesAsSent(
  settings: Pick<Settings, 'dataDirectory' | 'masterKeyFile' | 'store'>,
): Promise<AddressesAsSent> {
  const patients = await patientLookup(settings, quiet);
  const known = new Map<string, string>();
  return {
    of: async (target) => {
      const tokens = tokensIn([target]);
      const strange = tokens.filter((token) => !known.has(token));
      for (const [token, { id }] of await patients.shown(strange)) {
        known.set(token, encodeURIComponent(id));
        forgetOldest(known, mostRemembered);
      }
      return withIds(target, (token) => known.get(token));
    },
    close: () => patients.close(),
  };
}
