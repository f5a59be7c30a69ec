// Decides the recorded traffic again with other rules, and gathers who would gain or lose what. Reads once through and keeps
// sums only, so that a week of a clinic fits.

import { clinicTime } from '../../adapters/clinic-time.ts';
import type { Settings } from '../../config/settings.ts';
import { clientAddresses } from '../../http/client-address.ts';
import type { DecideNeeds, Undecided } from './decide-again.ts';
import type { Verdict } from './ask-recorded.ts';
import type { KnownRules } from './known-rules.ts';
import { pathShape } from './path-shape.ts';
import type { RecordedRequest } from './recorded-request.ts';
import { rememberDecisions } from './remember-decisions.ts';
import { recordedTraffic } from './recorded-traffic.ts';
import type { TrafficCounts } from './recorded-traffic.ts';
import type { Rulebook } from './rulebook.ts';

/** `stops`: passed while the rules were only observed, and the new ones refuse it as well. */
export type ChangeKind = 'loses' | 'gains' | 'stops';

/** What changes for one person, summed. Rules and patterns are null where none fits. */
export interface Change {
  readonly kind: ChangeKind;
  readonly person: string;
  readonly roles: readonly string[];
  readonly application: string;
  readonly method: string;
  /** Of the rule's route, or the shape of the path. */
  readonly pattern: string;
  readonly ruleBefore: string | null;
  readonly ruleAfter: string | null;
  /** Why it was refused before or would be after. */
  readonly reason: string;
  count: number;
  /** ISO 8601, UTC. */
  last: string;
}

export interface Replayed {
  readonly since: string;
  readonly policy: string;
  readonly mode: 'enforce' | 'observe';
  readonly counts: TrafficCounts;
  readonly changes: readonly Change[];
  /** Requests of changes beyond the most that are listed. */
  readonly unlisted: number;
  readonly undecided: Readonly<Record<Undecided, number>>;
  readonly unchanged: number;
}

/** Changes kept apart; what comes beyond is counted in one sum. */
const mostChanges = 5000;

export function decideNeeds({ applications, zones, clinic }: Settings): DecideNeeds {
  const addresses = clientAddresses([], zones);
  const time = clinicTime(clinic.timezone);
  return { applications, zones: (address) => addresses.zones(address), localTime: (at) => time.localTime(at) };
}

/** `since` is epoch milliseconds. Rejects with system errors. */
export async function replayTraffic(settings: Settings, next: Rulebook, known: KnownRules, since: number): Promise<Replayed> {
  const decide = rememberDecisions(decideNeeds(settings), next);
  const traffic = recordedTraffic(settings, since);
  const sums = new ChangeSums();
  const undecided: Record<Undecided, number> = {
    query: 0,
    form: 0,
    file: 0,
    roles: 0,
    'too-many-fields': 0,
    application: 0,
    target: 0,
  };
  let unchanged = 0;
  for await (const request of traffic.requests()) {
    const again = decide(await known.book(request.policy), request);
    if (!again.decided) undecided[again.why] += 1;
    else {
      const kind = changeOf(request, again.verdict);
      if (kind === null) unchanged += 1;
      else sums.add(kind, request, again.verdict, again.old);
    }
  }
  const { version, mode } = next.policy;
  const { changes, unlisted } = sums;
  const start = new Date(since).toISOString();
  return { since: start, policy: version, mode, counts: traffic.counts, changes, unlisted, undecided, unchanged };
}

function changeOf({ before }: RecordedRequest, { allow }: Verdict): ChangeKind | null {
  if (allow) return before === 'allowed' ? null : 'gains';
  if (before === 'observed') return 'stops';
  return before === 'allowed' ? 'loses' : null;
}

class ChangeSums {
  readonly #sums = new Map<string, Change>();
  unlisted = 0;

  get changes(): readonly Change[] {
    return [...this.#sums.values()].sort((a, b) => b.count - a.count);
  }

  add(kind: ChangeKind, request: RecordedRequest, verdict: Verdict, old: Verdict | null): void {
    const { person, roles, application, method, rule } = request;
    const pattern = verdict.pattern ?? old?.pattern ?? pathShape(request.target);
    const reason = verdict.allow ? (request.reason ?? 'unknown') : verdict.reason;
    const key = JSON.stringify([kind, person.key, roles, application, method, pattern, rule, verdict.rule, reason]);
    const last = new Date(request.at).toISOString();
    const sum = this.#sums.get(key);
    if (sum !== undefined) {
      sum.count += 1;
      if (last > sum.last) sum.last = last;
    } else if (this.#sums.size >= mostChanges) this.unlisted += 1;
    else {
      const between = { ruleBefore: rule, ruleAfter: verdict.rule, reason };
      this.#sums.set(key, { kind, person: person.name, roles, application, method, pattern, ...between, count: 1, last });
    }
  }
}
