// Signs machines on where people are signed on by Basic: each by its own account, or by the one that everybody has. A
// machine never uses a person's password or the account of a role, and nothing is ever asked of it.

import { isMachine } from '../core/session/machine-session.ts';
import type { EhrSignOn } from '../ehr-ports.ts';
import type { MachineRegister } from '../machine-ports.ts';
import { basic, entered } from './sign-on-basic.ts';
import type { PlainSignOnNeeds } from './sign-on-basic.ts';

/** People go by `people`. `shared` is the account of everybody; null where there is none. */
export function signOnMachinesToo(
  needs: PlainSignOnNeeds,
  people: EhrSignOn,
  machines: Pick<MachineRegister, 'account'>,
  encode: (text: string) => string,
  shared: ReturnType<MachineRegister['account']>,
): EhrSignOn {
  return {
    enter(entry) {
      const { session } = entry;
      if (!isMachine(session)) return people.enter(entry);
      const account = machines.account(session.machine) ?? shared;
      if (account !== null) return entered(needs, session, ['authorization', basic(account.account, account.password, encode)]);
      return session.passAuthorization ? entered(needs, session, []) : { entered: 'no-account' };
    },
  };
}
