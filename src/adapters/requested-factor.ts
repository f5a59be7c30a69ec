// What an authorization request asks the provider to prove, so that a person is led through the second factor there and
// does not come back without it. What comes back is judged by the ID token alone, never by what was asked.

/** `acr_values` is a wish (OpenID Connect Core 3.1.2.1); `acrs` goes by the `claims` parameter (5.5), as Entra ID reads it. */
export function requestedFactor(levels: readonly string[], contexts: readonly string[]): Record<string, string> {
  const [only, ...more] = contexts;
  const asked = { essential: true, ...(more.length === 0 ? { value: only } : { values: contexts }) };
  return {
    ...(levels.length === 0 ? {} : { acr_values: levels.join(' ') }),
    ...(only === undefined ? {} : { claims: JSON.stringify({ id_token: { acrs: asked } }) }),
  };
}
