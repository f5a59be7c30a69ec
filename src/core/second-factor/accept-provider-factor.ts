// Whether the provider's own second factor is enough, by what the configuration trusts. Nothing is trusted unless named.

import type { FactorEvidence } from '../session/session.ts';

/** `amr` may be one word or a list, `acr` one word (OpenID Connect Core 2). Any other shape proves nothing. */
export function acceptProviderFactor(
  claims: Readonly<Record<string, unknown>>,
  trust: { readonly trustAmr: readonly string[]; readonly trustAcr: readonly string[] },
  at: number,
): FactorEvidence | null {
  const amr = claims['amr'];
  const methods: readonly unknown[] = Array.isArray(amr) ? amr : [amr];
  const method = trust.trustAmr.find((trusted) => methods.includes(trusted));
  if (method !== undefined) return { method: 'provider', at, detail: `amr ${method}` };
  const level = trust.trustAcr.find((trusted) => claims['acr'] === trusted);
  return level === undefined ? null : { method: 'provider', at, detail: `acr ${level}` };
}
