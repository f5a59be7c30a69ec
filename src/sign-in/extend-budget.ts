// A person states a reason for more downloads: written down first, then their budget is doubled until local midnight,
// once a day. The reason is reviewed afterwards in the audit.

import type { BudgetBook } from '../budget-ports.ts';
import { auditEntry } from '../core/audit/entry.ts';
import type { AuditEntry } from '../core/audit/entry.ts';
import type { Budget } from '../core/policy/policy.ts';
import { extendBudget, mayExtend } from '../core/downloads/extend-budget.ts';
import { personKey } from '../core/downloads/person-key.ts';
import { budgetFor } from '../core/downloads/widest-budget.ts';
import { hideIds } from '../core/patients/hide-ids.ts';
import type { TokenOf } from '../core/patients/hide-ids.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { Subject } from '../core/session/session.ts';
import type { AuditLog, Clock } from '../ports.ts';
import type { SharedTurns } from '../shared-ports.ts';

export interface ExtendBudgetNeeds {
  readonly audit: Pick<AuditLog, 'append'>;
  readonly budgets: Pick<BudgetBook, 'account' | 'key'>;
  /** A reason that is given at two gateways in the same moment is taken and recorded at one of them. */
  readonly turns: SharedTurns;
  readonly clock: Pick<Clock, 'now'>;
  /** What stands in a record in the place of an id. */
  readonly recordedToken: TokenOf;
  /** The local day in the clinic's time zone, as a word. */
  readonly localDay: (at: number) => string;
  /** The rules in force. */
  readonly policy: () => Pick<Policy, 'budgets' | 'version'>;
}

/** The longest reason taken, characters. */
export const maximumReasonLength = 500;

/** Resolves to false where the rules ask for no reason, one was given today, or it is blank or too long. */
export type ExtendDownloads = (
  subject: Subject,
  roles: readonly string[],
  reason: string,
  more?: Partial<ExtendedFrom> & { readonly session?: string; readonly factor?: string },
) => Promise<boolean>;

/** The request that the reason came with, for its record. */
export type ExtendedFrom = Pick<AuditEntry, 'request' | 'address' | 'agent' | 'application'>;

export function downloadExtender(needs: ExtendBudgetNeeds): ExtendDownloads {
  // Two tabs must not both be writing the day's one reason.
  const underWay = new Set<string>();
  return async (subject, roles, reason, more = {}) => {
    const person = personKey(subject);
    const stated = reason.trim();
    const { budgets, version } = needs.policy();
    const budget = budgetFor(budgets, roles);
    if (budget === null || stated === '' || stated.length > maximumReasonLength || underWay.has(person)) return false;
    underWay.add(person);
    try {
      const detail = hideIds(stated, needs.recordedToken);
      const said = { subject, roles, policy: version.slice(0, 16), detail, ...more };
      return await needs.turns.run(`extend-budget ${needs.budgets.key(person)}`, async () => extend(needs, person, budget, said));
    } finally {
      underWay.delete(person);
    }
  };
}

/** Written down first; the budget is doubled once, whatever came between. */
async function extend(
  { budgets, clock, localDay, audit }: ExtendBudgetNeeds,
  person: string,
  budget: Budget,
  said: Partial<AuditEntry>,
): Promise<boolean> {
  const account = await budgets.account(person);
  const now = clock.now();
  const day = localDay(now);
  const may = await account.change((state) => ({ state, result: mayExtend(state, budget, day) }));
  if (!may) return false;
  const receipt = await audit.append(auditEntry('budget-extended', now, said));
  await receipt.durable;
  return account.change((state) => {
    const result = mayExtend(state, budget, day);
    return { state: result ? extendBudget(state, day) : state, result };
  });
}
