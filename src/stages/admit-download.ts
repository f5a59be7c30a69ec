// Counts the patient this request opens, and turns away early what the rules already call a download when the person's
// budget is used up or their role may not export, so that the EHR never prepares it. The file itself is counted on the
// reply, because a 404 or a redirect is none. An open emergency grant passes budgets, and is recorded.

import { refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { admitFile } from '../core/downloads/admit-file.ts';
import { admitPatient } from '../core/downloads/admit-patient.ts';
import { passedEntry, warningEntry } from '../core/downloads/budget-entry.ts';
import type { BudgetState, Verdict } from '../core/downloads/budget-state.ts';
import { explainOver, whatIsOver } from '../core/downloads/explain-over.ts';
import type { LocalTime } from '../core/downloads/explain-over.ts';
import { fileIdentity } from '../core/downloads/file-identity.ts';
import { machineBudget } from '../core/downloads/machine-budget.ts';
import { mayExport } from '../core/downloads/may-export.ts';
import { personKey } from '../core/downloads/person-key.ts';
import { budgetFor } from '../core/downloads/widest-budget.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { Admission, Admitted, Emergency, Identified, Matched, SignedIn, SubjectMatter, Targeted } from '../facts.ts';
import type { Stage } from '../pipeline.ts';
import type { AuditLog, BudgetBook, Clock, Soon } from '../ports.ts';

/** `localDay` and `formatTime` speak in the clinic's time zone. */
export interface AdmitDownloadNeeds extends LocalTime {
  readonly audit: Pick<AuditLog, 'append'>;
  readonly budgets: BudgetBook;
  readonly clock: Pick<Clock, 'now'>;
}

type Given = Identified & Targeted & SignedIn & Matched & SubjectMatter & Emergency;
type Held = NonNullable<Admission['held']>;

export function admitDownload(needs: AdmitDownloadNeeds): Stage<Given, Admitted> {
  return (facts) => {
    const { rule, session, policy } = facts;
    const exports = mayExport(rule, session.roles);
    if (!exports && isDownloadByRule(facts) && policy.mode === 'enforce') {
      return refuse('export-not-permitted', { rule: rule.name, detail: `Rule "${rule.name}" does not let your role export` });
    }
    const budget = isMachine(session) ? machineBudget(policy, session.machine) : budgetFor(policy.budgets, session.roles);
    if (budget === null) return { admission: { ...unlimited, mayExport: exports } };
    const account = needs.budgets.account(personKey(session.subject));
    if (account instanceof Promise) return account.then((ready) => admit(needs, facts, exports, { budget, account: ready }));
    return admit(needs, facts, exports, { budget, account });
  };
}

const unlimited = {
  paceBytesPerSecond: null,
  unmetered: false,
  held: null,
  download: null,
  slowed: false,
  charge: null,
  freeBytes: 0,
} as const;

function admit(needs: AdmitDownloadNeeds, facts: Given, exports: boolean, held: Held): Soon<Admitted | End> {
  const now = needs.clock.now();
  const enforced = facts.grant === null && facts.policy.mode === 'enforce';
  const { state, verdict } = judge(needs, facts, held, now, enforced);
  const unmetered = facts.grant !== null || !verdict.admit;
  const admission: Admission = {
    paceBytesPerSecond: enforced ? held.budget.paceBytesPerSecond : null,
    unmetered,
    mayExport: exports,
    held,
    download: null,
    slowed: enforced && verdict.admit && verdict.slow,
    charge: null,
    freeBytes: 0,
  };
  if (!verdict.admit) {
    if (enforced) {
      return refuse('budget-exhausted', {
        rule: facts.rule.name,
        ...explainOver(held.account.state, held.budget, verdict, now, needs),
      });
    }
    return needs.audit.append(passedEntry(facts, now, 'budget-exhausted', whatIsOver(verdict))).then(() => ({ admission }));
  }
  if (unmetered) return { admission };
  if (state !== held.account.state) held.account.put(state);
  if (verdict.warn === null) return { admission };
  return needs.audit.append(warningEntry(facts, now, verdict.warn)).then(() => ({ admission }));
}

interface Judged {
  readonly state: BudgetState;
  readonly verdict: Verdict;
}

/** The patient first, then whether a file could follow. In the state that comes back only the patient is counted. */
function judge(needs: AdmitDownloadNeeds, facts: Given, held: Held, now: number, enforced: boolean): Judged {
  const day = needs.localDay(now);
  const counted = countPatient(needs, facts, held, now, day);
  // Where nothing would be turned away, the reply step alone judges the file, so that it is recorded once.
  if (!enforced || !counted.verdict.admit || !isDownloadByRule(facts)) return counted;
  const request = { target: needs.budgets.key(fileIdentity(facts)), bytes: null, singlePatient: facts.patient !== null };
  const { verdict } = admitFile(counted.state, held.budget, request, now, day);
  return verdict.admit ? counted : { ...counted, verdict };
}

function countPatient(needs: AdmitDownloadNeeds, facts: Given, { budget, account }: Held, now: number, day: string): Judged {
  const { patient, application } = facts;
  const { state } = account;
  if (patient === null) return { state, verdict: { admit: true, slow: false, warn: null } };
  return admitPatient(state, budget, needs.budgets.key(`${application.name} ${patient}`), now, day);
}

function isDownloadByRule({ route, method }: Given): boolean {
  return route.download === 'always' && method !== 'HEAD';
}
