// Chooses the way of signing people on to one application's EHR.

import type { ApplicationSettings } from '../config/settings.ts';
import { unreachable } from '../core/unreachable.ts';
import type { CredentialVault } from '../identity-ports.ts';
import type { EhrSignOn } from '../ports.ts';
import { signOnByAccount, signOnByOwnPassword } from './sign-on-basic.ts';
import { signOnByHeader } from './sign-on-header.ts';
import { signOnNone } from './sign-on-none.ts';

/** `encode` is base64 of UTF-8. */
export function signOnOf(
  { name, signOn }: ApplicationSettings,
  vault: CredentialVault,
  encode: (text: string) => string,
): EhrSignOn {
  switch (signOn.by) {
    case 'none':
      return signOnNone;
    case 'header':
      return signOnByHeader(signOn.name);
    case 'basic-account':
      return signOnByAccount(signOn.account, signOn.password, encode);
    case 'basic-own-password':
      return signOnByOwnPassword(name, vault, encode);
    default:
      return unreachable(signOn);
  }
}
