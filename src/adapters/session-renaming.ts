// Gives a session its next key: in the row first, then in memory, then at the other gateways, whose cookie it would otherwise not be.

import type { Session } from '../core/session/session.ts';
import type { OperationsLog } from '../ports.ts';
import { unheard } from './session-lookup.ts';
import type { Live } from './session-memory.ts';
import type { SessionFields, SessionRows } from './session-rows.ts';

export interface SessionRenaming {
  readonly rows: Pick<SessionRows, 'change'>;
  readonly log: Pick<OperationsLog, 'warn'>;
  /** Whether what the row says was taken into memory. */
  readonly take: (row: Session) => boolean;
  /** False where the other gateways did not hear of it. */
  readonly tell: (keys: readonly string[]) => Promise<boolean>;
  /** The row is not as memory has it: it is read before it is gone by. */
  readonly mark: (key: string) => void;
}

/** False where it has ended, or has another key by now. Rejects with Fault `session-store-unavailable`; it keeps its key then. */
export async function renameSession(
  needs: SessionRenaming,
  live: Live,
  nextKey: string,
  fields: SessionFields,
): Promise<boolean> {
  const before = live.session;
  // These fields alone, never what the caller read before: tokens may have been renewed in between.
  const row = await needs.rows.change(before.key, fields, nextKey);
  if (row === null) {
    needs.mark(before.key);
    return false;
  }
  if (fields.lockedAt === null) live.lockDue = false;
  if (!needs.take(row)) return false;
  if (await needs.tell([before.key, nextKey])) return true;
  await renameBack(needs, before, nextKey, fields);
  throw unheard();
}

/** The others did not hear of the new key: the person keeps the one that all know. */
async function renameBack(needs: SessionRenaming, before: Session, nextKey: string, fields: SessionFields): Promise<void> {
  const old = Object.fromEntries(Object.keys(fields).map((name) => [name, before[name as keyof SessionFields] ?? null]));
  try {
    const row = await needs.rows.change(nextKey, old, before.key);
    if (row !== null) needs.take(row);
  } catch (cause) {
    needs.log.warn({ cause }, 'A session that the other gateways do not know by its new key could not get the old one back');
  }
  await needs.tell([before.key, nextKey]);
}
