// Where a browser goes once its session has ended here: to the provider, so that its session ends as well (OpenID Connect
// RP-Initiated Logout), or to our page where the provider has no such address.

import type { Session } from '../ports.ts';
import { openTokens } from './session-tokens.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

export const signedOutPath = '/.wardgate/signed-out';

export async function afterSignOut(
  needs: Pick<SignInNeeds, 'provider' | 'sealer'>,
  application: string,
  { subject, sealedTokens }: Pick<Session, 'subject' | 'sealedTokens'>,
): Promise<string> {
  const tokens = openTokens(needs.sealer, subject, sealedTokens);
  return (await needs.provider.endSessionUrl(application, tokens?.idToken ?? null, signedOutPath)) ?? signedOutPath;
}
