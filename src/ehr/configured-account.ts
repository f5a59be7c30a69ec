// With which account of the configuration somebody is signed on by a recipe: everybody's, that of a role, or a machine's own.

import type { SignOnSettings } from '../config/settings.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { Caller } from '../core/session/machine-session.ts';
import type { MachineRegister } from '../machine-ports.ts';
import { accountOf } from './sign-on-basic.ts';

type RecipeSettings = Extract<SignOnSettings, { readonly by: 'recipe' }>;

/** Null where there is none, or it is a person's own. */
export function configuredAccount(
  { account }: Pick<RecipeSettings, 'account'>,
  caller: Caller,
  machines: Pick<MachineRegister, 'account'>,
): ReturnType<MachineRegister['account']> {
  const shared = account.of === 'everyone' ? account : null;
  if (isMachine(caller)) return machines.account(caller.machine) ?? shared;
  return account.of === 'role' ? accountOf(account.roles, caller.roles) : shared;
}
