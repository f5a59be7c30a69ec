// Remembers what was decided again of requests that ask the very same, because most of a week's traffic does: the pages of
// the shift, their pictures and scripts, the pollers. Decides nothing.

import type { Policy } from '../../core/policy/policy.ts';
import { decideAgain } from './decide-again.ts';
import type { DecidedAgain, DecideNeeds } from './decide-again.ts';
import type { RecordedRequest } from './recorded-request.ts';
import type { Rulebook } from './rulebook.ts';

/** Decisions kept; then the memory begins anew. */
const mostKept = 20_000;

/** As `decideAgain` with these needs and rules. */
export function rememberDecisions(
  needs: DecideNeeds,
  next: Rulebook,
): (old: Rulebook | null, request: RecordedRequest) => DecidedAgain {
  const kept = new Map<string, DecidedAgain>();
  return (old, request) => {
    const { application, method, target, roles, address, webSocket, hadBody, before, rule, grantOpen, policy, at } = request;
    const zones = needs.zones(address);
    const time = asksHours(next.policy) || (old !== null && asksHours(old.policy)) ? needs.localTime(at) : null;
    const whom = [roles, zones, grantOpen, time];
    const key = JSON.stringify([application, method, target, webSocket, hadBody, before, rule, policy, whom]);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const decided = decideAgain(needs, next, old, request);
    if (kept.size >= mostKept) kept.clear();
    kept.set(key, decided);
    return decided;
  };
}

const asking = new WeakMap<Policy, boolean>();

/** Whether the hour of the day can make a difference. */
function asksHours(policy: Policy): boolean {
  const known = asking.get(policy);
  if (known !== undefined) return known;
  const asks = policy.rules.some(({ hours }) => hours !== null);
  asking.set(policy, asks);
  return asks;
}
