// What a confirmation once more needs from the world: which rule asked for it, and under which id the session went before.

import type { FactorEvidence } from './core/session/session.ts';

/** Which rule asked a session to confirm, for the record of the confirmation. Kept for a few minutes. */
export interface AskedConfirmations {
  /** `reference` names the session. */
  note(reference: string, rule: string): void;
  /** The rule that asked last; null where none did lately. */
  of(reference: string): Promise<string | null>;
}

/**
 * Ids that a session went by until a moment ago. What was on its way with the old id when the session got a new one goes on,
 * but with nothing of what the new one gained.
 */
export interface FormerIds {
  keep(former: string, next: string, factor: FactorEvidence): void;
  /** The key the session goes by now, and the proof it had before. */
  find(former: string): { readonly key: string; readonly factor: FactorEvidence } | null;
}
