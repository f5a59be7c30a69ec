// Chooses the way of signing people on to one application's EHR.

import type { ApplicationSettings } from '../config/settings.ts';
import { unreachable } from '../core/unreachable.ts';
import type { EhrSignOn } from '../ehr-ports.ts';
import type { MachineRegister } from '../machine-ports.ts';
import { RecipeSignOn } from './recipe-sign-on.ts';
import type { RecipeSignOnNeeds } from './recipe-sign-on.ts';
import { signOnByAccount, signOnByOwnPassword, signOnByRole } from './sign-on-basic.ts';
import { signOnByHeader } from './sign-on-header.ts';
import { signOnMachinesToo } from './sign-on-machine.ts';
import { signOnNone } from './sign-on-none.ts';

export type SignOnNeeds = Omit<RecipeSignOnNeeds, 'application' | 'signOn'>;

export function signOnOf(needs: SignOnNeeds, application: ApplicationSettings): EhrSignOn {
  const { signOn } = application;
  const { standings, encode } = needs;
  const plain = { application: application.name, standings, hasJar: (application.cookies ?? null) !== null };
  const machinesToo = (people: EhrSignOn, shared: ReturnType<MachineRegister['account']>) =>
    signOnMachinesToo(plain, people, needs.machines, encode, shared);
  switch (signOn.by) {
    case 'none':
      return signOnNone(plain);
    case 'header':
      return signOnByHeader(plain, signOn.name);
    case 'basic-account':
      return machinesToo(signOnByAccount(plain, signOn.account, signOn.password, encode), signOn);
    case 'basic-roles':
      return machinesToo(signOnByRole(plain, signOn.roles, encode), null);
    case 'basic-own-password':
      return machinesToo(signOnByOwnPassword(plain, needs.vault, needs.brake, encode), null);
    case 'recipe':
      return new RecipeSignOn({ ...needs, application, signOn });
    default:
      return unreachable(signOn);
  }
}
