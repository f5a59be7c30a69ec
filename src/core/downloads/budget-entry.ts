// The audit records of download budgets: a warning at 80 %, and a "no" that was let pass. Who, when and how much; never
// what was in the file.

import { auditEntry } from '../audit/entry.ts';
import type { AuditEntry, AuditEvent } from '../audit/entry.ts';
import { deviceOf, factorOf, sessionOf } from '../session/caller-words.ts';
import { isMachine } from '../session/machine-session.ts';
import type { Caller } from '../session/machine-session.ts';
import type { Measure } from './budget-state.ts';

/** What the record needs of a request's facts. */
export interface BudgetFacts {
  readonly id: string;
  readonly address: string;
  readonly agent: string | null;
  readonly session: Caller;
  readonly application: { readonly name: string };
  readonly policy: { readonly version: string };
  readonly rule: { readonly name: string };
  readonly patientToken: string | null;
  readonly patientSource: string | null;
  readonly category: string | null;
  readonly grant: { readonly id: string } | null;
}

const measures: Readonly<Record<Measure, string>> = {
  files: 'files within the hour',
  patients: 'patients within the hour',
  bytes: 'bytes of the day',
};

/** 80 % of one measure are used. `time` is epoch milliseconds. */
export function warningEntry(facts: BudgetFacts, time: number, measure: Measure): AuditEntry {
  return entry('budget-warning', time, facts, { detail: `80 % of the download budget are used: ${measures[measure]}` });
}

/** Over the budget or without leave to export, and let pass: in an emergency, or because the rules are only observed. */
export function passedEntry(
  facts: BudgetFacts,
  time: number,
  reason: 'budget-exhausted' | 'export-not-permitted' | 'disclosure-unanswered',
  detail: string,
): AuditEntry {
  const because = facts.grant === null ? 'the rules are only observed' : 'an emergency access is open';
  const more = { reason, detail: `${detail}; passed because ${because}` };
  if (facts.grant === null) return entry('refusal', time, facts, { ...more, decision: 'observed', wouldRefuse: reason });
  return entry('budget-warning', time, facts, { ...more, decision: 'allowed' });
}

function entry(event: AuditEvent, time: number, facts: BudgetFacts, more: Partial<AuditEntry>): AuditEntry {
  const { session } = facts;
  return auditEntry(event, time, {
    request: facts.id,
    subject: session.subject,
    roles: isMachine(session) ? null : session.roles,
    session: sessionOf(session),
    factor: factorOf(session),
    device: deviceOf(session),
    address: facts.address,
    agent: facts.agent,
    application: facts.application.name,
    patient: facts.patientToken,
    patientSource: facts.patientSource,
    category: facts.category,
    rule: facts.rule.name,
    policy: facts.policy.version.slice(0, 16),
    grant: facts.grant?.id ?? null,
    ...more,
  });
}
