// What a feed of the access record needs of the world: somebody who takes audit messages, and somebody who knows patients.

import type { AuditMessage } from './core/audit/message/audit-message.ts';

/** One receiver. */
export interface FeedReceiver {
  /** Messages it takes at once. */
  readonly most: number;
  /** Messages it will never take and that were set aside, in this run. */
  readonly refused: number;
  /**
   * Resolves when it has them all, in their order. Rejects with what is wrong, in words or as a system error, where it is not
   * known: then the same ones are given again.
   */
  take(messages: readonly AuditMessage[]): Promise<void>;
  close(): Promise<void>;
}

/** The ids behind tokens of patients; one that is not kept is left out. Rejects where the store cannot be read. */
export type ResolvePatients = (tokens: readonly string[]) => Promise<ReadonlyMap<string, string>>;
