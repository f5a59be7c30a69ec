// Basic authentication (RFC 7617) towards the EHR: one service account for all, one for each role, or each person's own
// sealed password. The EHR's refusal is seen in its reply (`refuse-ehr-challenge`), after which the password is never
// tried again.

import type { RoleAccounts } from '../config/settings.ts';
import { forgetOldest } from '../core/forget-oldest.ts';
import type { CredentialVault, EhrEntered, EhrSignOn, EhrStanding, EhrStandings, SignOnBrake } from '../ehr-ports.ts';
import type { Soon } from '../ports.ts';

type Encode = (text: string) => string;

/** What a sign-on without a recipe needs: the jar of an EHR whose cookies the gateway keeps all the same. */
export interface PlainSignOnNeeds {
  readonly application: string;
  readonly standings: EhrStandings;
  /** Whether the application's cookies stay with the gateway. */
  readonly hasJar: boolean;
}

/** One account for everybody; who it really was stands in our audit only. */
export function signOnByAccount(needs: PlainSignOnNeeds, account: string, password: string, encode: Encode): EhrSignOn {
  const headers = ['authorization', basic(account, password, encode)];
  return { enter: ({ session }) => entered(needs, session, headers) };
}

/** The account of the first role of the file that the person has. */
export function signOnByRole(needs: PlainSignOnNeeds, roles: RoleAccounts, encode: Encode): EhrSignOn {
  return {
    enter: ({ session }) => {
      const found = accountOf(roles, session.roles);
      if (found === null) return { entered: 'no-account' };
      return entered(needs, session, ['authorization', basic(found.account, found.password, encode)]);
    },
  };
}

/** Sessions that are remembered as let through; the oldest meets the brake once more. */
const mostLetThrough = 10_000;

/** Each person's own name and password, asked once. A pause holds up who comes anew; whose password is taken works on. */
export function signOnByOwnPassword(
  needs: PlainSignOnNeeds,
  vault: CredentialVault,
  brake: SignOnBrake,
  encode: Encode,
): EhrSignOn {
  const letThrough = new Set<string>();
  return {
    async enter({ session }) {
      const { reference } = session;
      const entry = await vault.get(session.subject, needs.application);
      if (entry === null || entry.refused) {
        letThrough.delete(reference);
        return { entered: 'credential-needed', refused: entry !== null };
      }
      const retryAfterSeconds = letThrough.has(reference) ? null : await brake.pausedFor(needs.application);
      if (retryAfterSeconds !== null) return { entered: 'paused', retryAfterSeconds };
      letThrough.add(reference);
      forgetOldest(letThrough, mostLetThrough);
      const { username, password } = entry.credential;
      return entered(needs, session, ['authorization', basic(username, password, encode)]);
    },
  };
}

/** The account of the first role in the map that the person has; null where there is none. */
export function accountOf(roles: RoleAccounts, held: readonly string[]) {
  for (const [role, account] of roles) if (held.includes(role)) return account;
  return null;
}

/** Goes on with these headers and with what the jar holds. */
export function entered(
  { standings, application, hasJar }: PlainSignOnNeeds,
  session: Parameters<EhrStandings['get']>[0],
  headers: readonly string[],
): Soon<EhrEntered> {
  const held = hasJar ? standings.current(session, application) : null;
  const goOn = (standing: EhrStanding | null): EhrEntered => ({ entered: 'yes', headers, standing });
  return held instanceof Promise ? held.then(goOn) : goOn(held);
}

export function basic(name: string, password: string, encode: Encode): string {
  return `Basic ${encode(`${name}:${password}`)}`;
}
