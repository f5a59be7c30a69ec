// Patients in the record. Lines and index carry a keyed token of a patient's id; the ids and names behind the tokens are
// kept sealed, apart from the record, and are looked up only where somebody who may see them is shown the record.

import type { Soon } from './session-ports.ts';

/** What writes records asks. A token is `~` and 26 characters of base32 (RFC 4648, lower case, no padding). */
export interface PatientTokens {
  /** The token of an id, the same one for the same id whatever the application. */
  tokenOf(id: string): string;
  /** Keeps the id behind its token, sealed and durable; at once where it is known already. Rejects where it cannot be kept. */
  remember(id: string): Soon<void>;
}

/** One patient as a person may be shown them. */
export interface ShownPatient {
  /** The id behind the token that was asked for. */
  readonly id: string;
  /** From the imported directory; null where it does not know them. */
  readonly name: string | null;
}

/** What shows records asks. */
export interface PatientNames {
  /** Who stands behind tokens; a token whose id is not kept is left out. Rejects where the store cannot be read. */
  show(tokens: readonly string[]): Promise<ReadonlyMap<string, ShownPatient>>;
  /**
   * Every token that stands for the patient of an id: its own, and those of their other ids in the imported directory. A
   * token given in place of an id counts as itself. Never empty.
   */
  tokensOf(idOrToken: string): Promise<readonly string[]>;
}
