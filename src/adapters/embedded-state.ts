// The embedded state, opened as a whole: one worker with the database, and every store over it. For one instance; a
// second one on the same directory is refused.

import type { EndReason, Session } from '../core/session/session.ts';
import type { Clock, OperationsLog, Sealer } from '../ports.ts';
import { MemoryAttemptLimiter } from './attempt-limiter-memory.ts';
import { MemoryBudgetBook } from './budget-book.ts';
import { SqliteCredentialVault } from './credential-vault-sqlite.ts';
import { ExpressSessionStore } from './express-session-store.ts';
import { SqliteFactorStore } from './factor-store-sqlite.ts';
import { SqliteGrantStore } from './grant-store-sqlite.ts';
import { SqliteSessionStore } from './session-store-sqlite.ts';
import { SqliteSignInStore } from './sign-in-store-sqlite.ts';
import { openStateDb } from './state-db.ts';

export interface EmbeddedStateOptions {
  readonly directory: string;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: OperationsLog;
  readonly touchStepMilliseconds: number;
  readonly judge: (session: Session, now: number) => EndReason | null;
}

/** Minutes that a person may take between the provider's answer and their second factor. */
const interactionSeconds = 600;

export type EmbeddedState = Awaited<ReturnType<typeof openEmbeddedState>>;

/** Rejects, naming the process, when another instance holds the directory. */
export async function openEmbeddedState({ directory, sealer, clock, log, touchStepMilliseconds, judge }: EmbeddedStateOptions) {
  const db = await openStateDb(directory);
  const sessions = await SqliteSessionStore.open(db, clock, log, { touchStepMilliseconds, judge });
  const onFlushFailed = (cause: unknown): void => log.error({ error: String(cause) }, 'Budgets could not be written; they are tried again');
  const budgets = await MemoryBudgetBook.open({ db, clock, onFlushFailed });
  const attempts = await MemoryAttemptLimiter.open(db, clock);
  return {
    sessions,
    budgets,
    attempts,
    signIns: new SqliteSignInStore(db, clock),
    factors: new SqliteFactorStore(db),
    grants: await SqliteGrantStore.open(db, clock),
    vault: new SqliteCredentialVault(db, sealer),
    interactions: new ExpressSessionStore(db, sealer, clock, interactionSeconds),
    async close(): Promise<void> {
      await sessions.close();
      await budgets.close();
      await db.close();
    },
  };
}
