// What the rules would have refused while they were only observed, gathered by rule, page and role. What the rule file as it
// stands now would let pass is counted as settled.

import type { ReadRecord } from '../../core/audit/read-record.ts';
import { mayExport } from '../../core/downloads/may-export.ts';
import { matchPattern } from '../../core/policy/match-pattern.ts';
import type { Route } from '../../core/policy/policy.ts';
import { methodFits } from '../../core/policy/route-criteria.ts';
import { foldAscii } from '../../core/target/fold-ascii.ts';
import type { Settings } from '../../config/settings.ts';
import { methods } from '../../config/schema-parts.ts';
import { recordedTarget } from '../recorded/ask-recorded.ts';
import { rememberDecisions } from '../recorded/remember-decisions.ts';
import type { KnownRules } from '../recorded/known-rules.ts';
import { pathShape } from '../recorded/path-shape.ts';
import type { RecordedRequest } from '../recorded/recorded-request.ts';
import { recordedTraffic } from '../recorded/recorded-traffic.ts';
import type { TrafficCounts } from '../recorded/recorded-traffic.ts';
import { decideNeeds } from '../recorded/replay.ts';
import type { Rulebook } from '../recorded/rulebook.ts';

/** One row: the same page for the same roles. Where no rule fits, `rule` is null and `area` may name what knows the page. */
export interface ObservedGroup {
  readonly application: string;
  readonly rule: string | null;
  readonly area: string | null;
  readonly reason: string;
  readonly roles: readonly string[];
  /** Null where only the reply showed it: an export, a budget. */
  readonly method: string | null;
  readonly pattern: string | null;
  count: number;
  readonly people: Set<string>;
  /** A few of them, for trying a change on. */
  readonly samples: RecordedRequest[];
}

export interface Observed {
  readonly counts: TrafficCounts;
  readonly groups: readonly ObservedGroup[];
  /** Would be let pass by now. */
  readonly settled: number;
  /** Requests beyond the most rows that are kept. */
  readonly unlisted: number;
}

export type AreaRoutes = ReadonlyMap<string, readonly Route[]>;

const mostGroups = 2000;
const mostPeople = 10_000;
const mostSamples = 20;

/** `current` is the rule file as it stands. `since` is epoch milliseconds. Rejects with system errors. */
export async function gatherObserved(
  settings: Settings,
  current: Rulebook,
  known: KnownRules,
  areas: AreaRoutes,
  since: number,
): Promise<Observed> {
  const decide = rememberDecisions(decideNeeds(settings), current);
  const groups = new Groups();
  let settled = 0;
  const traffic = recordedTraffic(settings, since, (record) => {
    const row = replyRow(record, current);
    if (row === 'settled') settled += 1;
    else if (row !== null) groups.add(row, row.person, null);
  });
  for await (const request of traffic.requests()) {
    if (request.before !== 'observed') continue;
    const again = decide(await known.book(request.policy), request);
    if (again.decided && again.verdict.allow) {
      settled += 1;
      continue;
    }
    const rule = again.decided ? again.verdict.rule : request.rule;
    const pattern = (again.decided ? again.verdict.pattern : null) ?? pathShape(request.target);
    const reason = (again.decided ? again.verdict.reason : request.reason) ?? 'unknown';
    const { application, roles, method } = request;
    const area = rule === null ? areaOf(settings, areas, request) : null;
    groups.add({ application, rule, area, reason, roles, method, pattern }, request.person.key, request);
  }
  return { counts: traffic.counts, groups: groups.sorted, settled, unlisted: groups.unlisted };
}

type Row = Omit<ObservedGroup, 'count' | 'people' | 'samples'>;

class Groups {
  readonly #groups = new Map<string, ObservedGroup>();
  unlisted = 0;

  get sorted(): readonly ObservedGroup[] {
    return [...this.#groups.values()].sort((a, b) => b.count - a.count);
  }

  add({ application, rule, area, reason, roles, method, pattern }: Row, person: string, sample: RecordedRequest | null): void {
    const row: Row = { application, rule, area, reason, roles, method, pattern };
    const key = JSON.stringify(row);
    const group = this.#groups.get(key) ?? this.#new(key, row);
    if (group === null) return;
    group.count += 1;
    if (group.people.size < mostPeople) group.people.add(person);
    if (sample !== null && group.samples.length < mostSamples) group.samples.push(sample);
  }

  #new(key: string, row: Row): ObservedGroup | null {
    if (this.#groups.size >= mostGroups) {
      this.unlisted += 1;
      return null;
    }
    const group: ObservedGroup = { ...row, count: 0, people: new Set(), samples: [] };
    this.#groups.set(key, group);
    return group;
  }
}

/** The first area of the application that knows the page; the names of several fit in the order of the preset. */
function areaOf({ applications }: Settings, areas: AreaRoutes, request: RecordedRequest): string | null {
  const application = applications.get(request.application);
  const target = application === undefined ? null : recordedTarget(request.target, application);
  const method = methods.find((name) => name === request.method);
  if (target === null || method === undefined) return null;
  const isWindows = application?.targetProfile === 'windows';
  for (const [name, routes] of areas) {
    if (!name.startsWith(`${request.application}.`)) continue;
    const fits = ({ pattern, methods: of }: Route): boolean =>
      methodFits(of, method) && matchPattern(pattern, target.segments, isWindows ? foldAscii : null) !== null;
    if (routes.some(fits)) return name;
  }
  return null;
}

/** What only the reply showed, which stands in a record of its own beside the request's. */
function replyRow({ event, fields }: ReadRecord, { policy }: Rulebook): (Row & { readonly person: string }) | 'settled' | null {
  if (event !== 'refusal' || fields['decision'] !== 'observed') return null;
  const reason = String(fields['reason']);
  const name = String(fields['rule']);
  const roles = Array.isArray(fields['roles']) ? fields['roles'].map(String) : [];
  const rule = policy.rules.find((one) => one.name === name);
  if (reason === 'export-not-permitted' && rule !== undefined && mayExport(rule, roles)) return 'settled';
  const { issuer, sub }: Readonly<Record<string, unknown>> = { ...Object(fields['subject']) };
  const person = JSON.stringify([issuer, sub]);
  return {
    application: String(fields['application']),
    rule: name,
    area: null,
    reason,
    roles,
    method: null,
    pattern: null,
    person,
  };
}
