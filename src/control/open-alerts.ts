// How many alerts of the last days nobody has answered yet, by how telling they are, and how many cases are open: counted once a
// minute at the gateway that leads, for metrics. Names nobody.

import type { CaseStore } from '../case-ports.ts';
import { tellingOfOne } from '../core/detect/how-telling.ts';
import type { Telling } from '../core/detect/how-telling.ts';
import type { Clock } from '../ports.ts';
import type { RecordSearch } from '../search-ports.ts';
import type { Leadership } from '../shared-ports.ts';
import { MinuteLook } from './minute-look.ts';

export interface OpenAlertsNeeds {
  readonly store: Pick<CaseStore, 'closedAlerts' | 'openCases'>;
  readonly search: Pick<RecordSearch, 'search'>;
  readonly leadership: Pick<Leadership, 'leads'>;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
}

export interface OpenAlertsFigures {
  /** In no case, or in one that is open. */
  readonly alerts: Readonly<Record<Telling, number>>;
  readonly cases: number;
}

const dayMilliseconds = 86_400_000;
/** Older ones are no longer waited for; what was not looked at in time is told by the reviews. */
const alertDays = 30;
/** An alert of these days may be put to a case that was opened before it. */
const caseDays = 365;
/** More are not counted: then it is many. */
const mostAlerts = 1000;

export class OpenAlerts {
  readonly #needs: OpenAlertsNeeds;
  readonly #look = new MinuteLook();
  /** Null while it is not known, and at a gateway that does not lead. */
  figures: OpenAlertsFigures | null = null;

  constructor(needs: OpenAlertsNeeds) {
    this.#needs = needs;
  }

  /** Call it every few seconds. Never rejects: what cannot be counted now is not known. */
  async look(): Promise<void> {
    const { clock, leadership } = this.#needs;
    if (!this.#look.isDue(clock.monotonic())) return;
    try {
      this.figures = leadership.leads ? await this.#count(clock.now()) : null;
    } catch {
      this.figures = null;
    }
  }

  async #count(now: number): Promise<OpenAlertsFigures> {
    const { store, search } = this.#needs;
    const query = { event: 'alert', since: now - alertDays * dayMilliseconds } as const;
    const { requests } = await search.search(query, mostAlerts);
    const closed = new Set(await store.closedAlerts(now - caseDays * dayMilliseconds));
    const alerts = { strong: 0, fair: 0, slight: 0 };
    for (const { sequence, reason, detail } of requests) {
      if (!closed.has(sequence)) alerts[tellingOfOne({ detector: reason, words: detail ?? '' })] += 1;
    }
    return { alerts, cases: await store.openCases() };
  }
}
