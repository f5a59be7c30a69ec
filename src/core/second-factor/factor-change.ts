// A change of somebody's second factors, as they are told of it. A value and no sentence, because people read other languages.

export const factorChanges = [
  'code-removed',
  'passkey-added',
  'passkey-removed',
  'recovery-codes-renewed',
  'reset-by-it',
] as const;

export interface FactorChange {
  readonly kind: (typeof factorChanges)[number];
  /** What the person calls their passkey; null for everything else. */
  readonly name: string | null;
}
