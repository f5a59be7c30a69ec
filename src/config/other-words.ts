// What other products call the words of ours. Whoever comes from them writes theirs, and no spelling leads from one to the other.

const others: Readonly<Record<string, readonly string[]>> = {
  entra: ['azure', 'azuread', 'azure-ad', 'aad', 'entraid', 'entra-id', 'microsoft', 'office365', 'm365'],
  generic: ['adfs', 'okta', 'google', 'auth0', 'ping', 'oidc', 'openid', 'other'],
  everyone: ['all', 'any', 'anyone', 'everybody', 'users', '*'],
  totp: ['authenticator', 'microsoft-authenticator', 'google-authenticator', 'otp', 'app', 'code'],
  passkey: ['fido', 'fido2', 'webauthn', 'yubikey', 'windows-hello'],
  observe: ['monitor', 'audit', 'log', 'learn', 'learning', 'report-only', 'detect'],
  enforce: ['block', 'active', 'strict', 'prevent'],
  refuse: ['block', 'deny', 'reject', 'stop'],
  refused: ['deny', 'denied', 'block', 'blocked', 'reject', 'rejected', 'forbidden', '401', '403'],
  allowed: ['allow', 'permit', 'permitted', 'ok', '200'],
  GET: ['read'],
  POST: ['write'],
};

/** The one of `allowed` that is called `word` elsewhere, or undefined. */
export function otherWord(word: string, allowed: readonly string[]): string | undefined {
  const asked = word
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, '-');
  return allowed.find((one) => Object.hasOwn(others, one) && others[one]?.includes(asked));
}
