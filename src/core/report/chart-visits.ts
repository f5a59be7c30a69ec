// One look into a chart is ten requests or more. Puts those of one person together that follow each other closely, so that a
// patient or an officer reads what people did and not what their browsers fetched.

import type { IndexRow } from '../audit/index-row.ts';

export type VisitedRequest = Pick<
  IndexRow,
  'sequence' | 'time' | 'event' | 'roles' | 'device' | 'address' | 'action' | 'category' | 'decision' | 'reason' | 'grant'
> & { readonly person: string | null; readonly outcome: number | null };

export interface ChartVisit {
  /** Number of the first record. */
  readonly record: number;
  /** Epoch milliseconds. */
  readonly from: number;
  readonly until: number;
  readonly person: string | null;
  readonly roles: string | null;
  readonly device: string | null;
  readonly addresses: readonly string[];
  readonly actions: readonly string[];
  readonly categories: readonly string[];
  /** Emergency accesses that were open. */
  readonly grants: readonly string[];
  readonly requests: number;
  /** Null where nothing of it was refused. */
  readonly refusal: string | null;
  readonly isRefused: boolean;
}

/** Requests of one person that are further apart are two visits. */
const apartMilliseconds = 1_800_000;

/** `requests` of one patient, oldest first. A visit that was refused is never part of one that was not. */
export function chartVisits(requests: readonly VisitedRequest[]): readonly ChartVisit[] {
  const open = new Map<string, number>();
  const visits: ChartVisit[] = [];
  for (const request of requests) {
    const key = JSON.stringify([request.person, request.roles, request.device, request.decision === 'refused']);
    const at = open.get(key);
    const known = at === undefined ? undefined : visits[at];
    if (at !== undefined && known !== undefined && request.time - known.until <= apartMilliseconds) {
      visits[at] = joined(known, request);
      continue;
    }
    open.set(key, visits.length);
    visits.push(begun(request));
  }
  return visits;
}

function begun(request: VisitedRequest): ChartVisit {
  const { sequence, time, person, roles, device, address, action, category, grant, decision, reason } = request;
  return {
    record: sequence,
    from: time,
    until: time,
    person,
    roles,
    device,
    addresses: added([], address),
    actions: added([], action),
    categories: added([], category),
    grants: added([], grant),
    requests: 1,
    refusal: decision === 'refused' ? reason : null,
    isRefused: decision === 'refused',
  };
}

function joined(visit: ChartVisit, { time, address, action, category, grant }: VisitedRequest): ChartVisit {
  return {
    ...visit,
    until: Math.max(visit.until, time),
    addresses: added(visit.addresses, address),
    actions: added(visit.actions, action),
    categories: added(visit.categories, category),
    grants: added(visit.grants, grant),
    requests: visit.requests + 1,
  };
}

function added(all: readonly string[], one: string | null): readonly string[] {
  return one === null || all.includes(one) ? all : [...all, one];
}
