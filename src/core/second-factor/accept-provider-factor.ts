// Whether the provider's own second factor is enough, by what the configuration trusts. Nothing is trusted unless named.

import type { FactorEvidence } from '../session/session.ts';

export interface TrustedFactors {
  readonly trustAmr: readonly string[];
  readonly trustAcr: readonly string[];
  readonly trustAcrs: readonly string[];
  /** Those of all three that no look-alike page can ask for. */
  readonly trustPhishingResistant: readonly string[];
}

/**
 * `amr` may be one word or a list, `acr` one word (OpenID Connect Core 2); `acrs` is Entra ID's list of the authentication
 * contexts that the sign-in fulfilled. Any other shape proves nothing.
 */
export function acceptProviderFactor(
  claims: Readonly<Record<string, unknown>>,
  trust: TrustedFactors,
  at: number,
): FactorEvidence | null {
  const detail = trustedBy(claims, trust);
  if (detail === null) return null;
  const shown = [...listIn(claims, 'amr'), claims['acr'], ...listIn(claims, 'acrs')];
  const resists = trust.trustPhishingResistant.some((trusted) => shown.includes(trusted));
  return { method: 'provider', at, detail, ...(resists ? { phishingResistant: true } : {}) };
}

function trustedBy(claims: Readonly<Record<string, unknown>>, trust: TrustedFactors): string | null {
  const method = trust.trustAmr.find((trusted) => listIn(claims, 'amr').includes(trusted));
  if (method !== undefined) return `amr ${method}`;
  const level = trust.trustAcr.find((trusted) => claims['acr'] === trusted);
  if (level !== undefined) return `acr ${level}`;
  const context = trust.trustAcrs.find((trusted) => listIn(claims, 'acrs').includes(trusted));
  return context === undefined ? null : `acrs ${context}`;
}

function listIn(claims: Readonly<Record<string, unknown>>, name: string): readonly unknown[] {
  const value = claims[name];
  return Array.isArray(value) ? value : [value];
}
