// Counts the patient this request opens, and turns away early what the rules already call a download when the person's
// budget is used up or their role may not export, so that the EHR never prepares it. The file itself is counted on the
// reply, because a 404 or a redirect is none. An open emergency grant passes budgets, and is recorded.

import type { BudgetBook, BudgetStep } from '../budget-ports.ts';
import { refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { admitFile } from '../core/downloads/admit-file.ts';
import { admitPatient, isCounted } from '../core/downloads/admit-patient.ts';
import { passedEntry, warningEntry } from '../core/downloads/budget-entry.ts';
import type { BudgetState, Verdict } from '../core/downloads/budget-state.ts';
import { explainOver, whatIsOver } from '../core/downloads/explain-over.ts';
import type { LocalTime } from '../core/downloads/explain-over.ts';
import { fileIdentity } from '../core/downloads/file-identity.ts';
import { machineBudget } from '../core/downloads/machine-budget.ts';
import { mayExport } from '../core/downloads/may-export.ts';
import { personKey } from '../core/downloads/person-key.ts';
import { budgetFor } from '../core/downloads/widest-budget.ts';
import type { Budget } from '../core/policy/policy.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { Admission, Admitted, Emergency, Identified, Matched, SignedIn, SubjectMatter, Targeted } from '../facts.ts';
import type { Stage } from '../pipeline.ts';
import type { AuditLog, Clock, Soon } from '../ports.ts';

/** `localDay` and `formatTime` speak in the clinic's time zone. */
export interface AdmitDownloadNeeds extends LocalTime {
  readonly audit: Pick<AuditLog, 'append'>;
  readonly budgets: BudgetBook;
  readonly clock: Pick<Clock, 'now'>;
}

type Given = Identified & Targeted & SignedIn & Matched & SubjectMatter & Emergency;
type Held = NonNullable<Admission['held']>;

const yes: Verdict = { admit: true, slow: false, warn: null };

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
  const when: When = {
    now: needs.clock.now(),
    enforced: facts.grant === null && facts.policy.mode === 'enforce',
    patient: facts.patient === null ? null : needs.budgets.key(`${facts.application.name} ${facts.patient}`),
  };
  const step = judging(needs, facts, held.budget, when);
  const { account } = held;
  const judged = changesNoCount(facts, held, when) ? account.changeNow(step) : account.change(step);
  if (judged instanceof Promise) return judged.then((ready) => answer(needs, facts, exports, held, when, ready));
  return answer(needs, facts, exports, held, when, judged);
}

interface When {
  readonly now: number;
  readonly enforced: boolean;
  /** Their key in the budget. */
  readonly patient: string | null;
}

/** `seen` is what was judged. */
interface Judged {
  readonly verdict: Verdict;
  readonly seen: BudgetState;
}

function answer(
  needs: AdmitDownloadNeeds,
  facts: Given,
  exports: boolean,
  held: Held,
  { now, enforced }: When,
  { verdict, seen }: Judged,
): Soon<Admitted | End> {
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
      return refuse('budget-exhausted', { rule: facts.rule.name, ...explainOver(seen, held.budget, verdict, now, needs) });
    }
    return needs.audit.append(passedEntry(facts, now, 'budget-exhausted', whatIsOver(verdict))).then(() => ({ admission }));
  }
  if (unmetered || verdict.warn === null) return { admission };
  return needs.audit.append(warningEntry(facts, now, verdict.warn)).then(() => ({ admission }));
}

/** Then nobody can be refused, whatever other gateways have counted since, and nothing waits for them. */
function changesNoCount(facts: Given, { budget, account }: Held, { now, enforced, patient }: When): boolean {
  if (enforced && isDownloadByRule(facts)) return false;
  return patient === null || budget.patientsPerHour === null || isCounted(account.state, patient, now);
}

/** The patient first, then whether a file could follow. Only the patient is counted. */
function judging(needs: AdmitDownloadNeeds, facts: Given, budget: Budget, when: When): BudgetStep<Judged> {
  const { now, enforced, patient } = when;
  const day = needs.localDay(now);
  return (seen) => {
    const counted = patient === null ? { state: seen, verdict: yes } : admitPatient(seen, budget, patient, now, day);
    const step = (verdict: Verdict) => ({
      state: verdict.admit && facts.grant === null ? counted.state : seen,
      result: { verdict, seen },
    });
    // Where nothing would be turned away, the reply step alone judges the file, so that it is recorded once.
    if (!enforced || !counted.verdict.admit || !isDownloadByRule(facts)) return step(counted.verdict);
    const request = { target: needs.budgets.key(fileIdentity(facts)), bytes: null, singlePatient: patient !== null };
    const { verdict } = admitFile(counted.state, budget, request, now, day);
    return step(verdict.admit ? counted.verdict : verdict);
  };
}

function isDownloadByRule({ route, method }: Given): boolean {
  return route.download === 'always' && method !== 'HEAD';
}
