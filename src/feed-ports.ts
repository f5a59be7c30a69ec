// What a feed of the access record needs: an order that says what each record makes known, somebody who takes the messages, and
// somebody who knows patients.

import type { ReadRecord } from './core/audit/read-record.ts';

/** What a record makes known; often nothing yet. */
export interface Telling<Message> {
  readonly sequence: number;
  readonly hash: string;
  /** As the record says it; null where it does not. */
  readonly time: string | null;
  /** The lowest record that a feed which has told all this still needs. */
  readonly from: number;
  readonly messages: readonly Message[];
}

/** Is handed every record in the order of the log; null for what was told before. `source` names the log. */
export interface FeedOrder<Message> {
  take(record: ReadRecord, source: string): Telling<Message> | null;
}

/** One receiver. */
export interface FeedReceiver<Message> {
  /** Messages it takes at once. */
  readonly most: number;
  /** Messages it will never take and that were set aside, in this run. */
  readonly refused: number;
  /**
   * Resolves when it has them all, in their order. Rejects with what is wrong, in words or as a system error, where it is not
   * known: then the same ones are given again.
   */
  take(messages: readonly Message[]): Promise<void>;
  close(): Promise<void>;
}

/** The ids behind tokens of patients; one that is not kept is left out. Rejects where the store cannot be read. */
export type ResolvePatients = (tokens: readonly string[]) => Promise<ReadonlyMap<string, string>>;
