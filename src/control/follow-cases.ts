// Hears of the steps that people took at other gateways, so that whoever has a question waiting is told wherever they are. It is a
// notice: nobody waits for it, and what cannot be read is read at the next look.

import type { Case } from '../core/cases/case.ts';
import { forgetOldest } from '../core/forget-oldest.ts';
import type { SharedChanges } from '../shared-ports.ts';

export interface FollowCasesNeeds {
  readonly changes: Pick<SharedChanges, 'tell' | 'follow' | 'onMissed'>;
  readonly find: (id: string) => Promise<Case | null>;
  readonly hear: (one: Case) => void;
  /** Reads every open case anew. */
  readonly readAll: () => Promise<void>;
  readonly onFailed: (cause: unknown) => void;
}

/** Cases that wait to be read. */
const mostUnread = 1000;

export class FollowCases {
  readonly #needs: FollowCasesNeeds;
  readonly #unread = new Set<string>();

  constructor(needs: FollowCasesNeeds) {
    this.#needs = needs;
    needs.changes.follow('cases', (ids) => {
      for (const id of ids) this.#unread.add(id);
      forgetOldest(this.#unread, mostUnread);
      void this.look();
    });
    needs.changes.onMissed(needs.readAll);
  }

  /** A step was taken here. */
  tell(id: string): void {
    void this.#needs.changes.tell('cases', [id]);
  }

  /** Reads what is unread; call it every few seconds. Never rejects. */
  async look(): Promise<void> {
    for (const id of this.#unread) {
      this.#unread.delete(id);
      try {
        const one = await this.#needs.find(id);
        if (one !== null) this.#needs.hear(one);
      } catch (cause) {
        this.#unread.add(id);
        this.#needs.onFailed(cause);
        return;
      }
    }
  }
}
