// Who reviews, as far as the record knows: the roles somebody came with last, held against the rules of now. Zones and hours are
// left out of it: a reviewer at home is one.

import { ownApplication } from '../config/application-settings.ts';
import { matchRule } from '../core/policy/match-rule.ts';
import type { Policy } from '../core/policy/policy.ts';
import { indexRules } from '../core/policy/rule-index.ts';
import { canonicalize } from '../core/target/canonicalize.ts';
import type { RecordSearch } from '../search-ports.ts';

interface Who {
  readonly issuer: string;
  readonly sub: string;
}

/** Records of somebody that are looked through for the newest that names their roles. */
const mostLooked = 50;
const mostBytes = 1000;

export function knownReviewers(search: Pick<RecordSearch, 'search'>, policy: () => Policy): (person: Who) => Promise<boolean> {
  return async ({ issuer, sub }) => {
    const allowed = allowedToReview(policy());
    if (allowed === 'everyone') return true;
    const { requests } = await search.search({ subject: { issuer, sub } }, mostLooked);
    const roles = requests.find((one) => one.roles !== null)?.roles ?? '';
    return roles.split(', ').some((role) => allowed.includes(role));
  };
}

function allowedToReview(policy: Policy): 'everyone' | readonly string[] {
  const target = canonicalize('/.wardgate/console/review', 'generic', mostBytes);
  if ('reason' in target) return [];
  const asked = { method: 'GET', query: new Map(), form: new Map(), webSocket: false, dialect: 'java' } as const;
  const question = { application: ownApplication, target, profile: 'generic', ...asked } as const;
  const match = matchRule(policy, indexRules(policy), question);
  return match.match === 'rule' ? match.rule.allow : [];
}
