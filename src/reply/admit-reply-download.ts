// Judges what the EHR actually sent: whether it is a download, whether this person may export it, and whether their
// budget has room for it. Decides before the first byte, on status and headers; never reads the body.

import type { BudgetBook, BudgetStep } from '../budget-ports.ts';
import { refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { admitBytes } from '../core/downloads/admit-bytes.ts';
import { admitFile } from '../core/downloads/admit-file.ts';
import type { FileAdmission } from '../core/downloads/admit-file.ts';
import { passedEntry, warningEntry } from '../core/downloads/budget-entry.ts';
import type { BudgetFacts } from '../core/downloads/budget-entry.ts';
import type { BudgetState, Verdict } from '../core/downloads/budget-state.ts';
import { declaredLength, detectDownload } from '../core/downloads/detect-download.ts';
import type { ReplyHead } from '../core/downloads/detect-download.ts';
import { explainOver, whatIsOver } from '../core/downloads/explain-over.ts';
import type { LocalTime } from '../core/downloads/explain-over.ts';
import { fileIdentity } from '../core/downloads/file-identity.ts';
import type { Admission, Admitted, Emergency, Identified, Matched, SignedIn, SubjectMatter, Targeted } from '../facts.ts';
import type { AuditLog, Clock, Soon } from '../ports.ts';

/** `localDay` and `formatTime` speak in the clinic's time zone. */
export interface AdmitReplyDownloadNeeds extends LocalTime {
  readonly audit: Pick<AuditLog, 'append'>;
  readonly budgets: Pick<BudgetBook, 'key'>;
  readonly clock: Pick<Clock, 'now'>;
}

type Given = Identified & Targeted & SignedIn & Matched & SubjectMatter & Emergency & Admitted;

// oxlint-disable-next-line typescript/no-invalid-void-type -- most replies pass, and then there is nothing to say
type Judged = Soon<void | End>;

/** A refusal replaces the reply; the caller stops the upstream. A download that passes opens `admission.charge`. */
export function admitReplyDownload(needs: AdmitReplyDownloadNeeds): (facts: Given, reply: ReplyHead) => Judged {
  return (facts, reply) => {
    // A live connection has no end and no type: all of its bytes count.
    if (reply.status === 101) return countBytes(needs, facts, 0);
    const { download, because, freeBytes } = detectDownload(reply, facts.route, facts.method);
    if (!download) return freeBytes === Infinity ? undefined : countBytes(needs, facts, freeBytes);
    facts.admission.download = because;
    if (facts.admission.mayExport) return admit(needs, facts, reply);
    const detail = `Rule "${facts.rule.name}" does not let your role export`;
    if (facts.policy.mode === 'enforce') return refuse('export-not-permitted', { rule: facts.rule.name, detail });
    // Nobody is stopped while the rules are only observed, whatever grant is open.
    const seen: BudgetFacts = { ...facts, grant: null };
    return needs.audit
      .append(passedEntry(seen, needs.clock.now(), 'export-not-permitted', detail))
      .then(() => admit(needs, facts, reply));
  };
}

type Held = NonNullable<Admission['held']>;
type Refused = Extract<Verdict, { admit: false }>;

function countBytes(needs: AdmitReplyDownloadNeeds, facts: Given, freeBytes: number): Judged {
  const { held } = facts.admission;
  if (held === null) return undefined;
  const { account, budget } = held;
  const now = needs.clock.now();
  const day = needs.localDay(now);
  // Whoever may look at the reply of one patient does so to the end; a live connection shows anybody's.
  const singlePatient = facts.patient !== null && freeBytes > 0;
  const step: BudgetStep<{ readonly admitted: ReturnType<typeof admitBytes>; readonly seen: BudgetState }> = (seen) => ({
    state: seen,
    result: { admitted: admitBytes(seen, budget, { freeBytes, singlePatient }, day), seen },
  });
  const settle = ({ admitted, seen }: ReturnType<typeof step>['result']): Judged => {
    const { admission } = facts;
    if ('over' in admitted) return over(needs, facts, held, { refused: admitted, seen, now });
    if (admission.unmetered) return undefined;
    admission.charge = admitted.charge;
    admission.freeBytes = freeBytes;
    return undefined;
  };
  // What nothing limits needs nobody's word.
  const judged = budget.bytesPerDay === null ? account.changeNow(step) : account.change(step);
  return judged instanceof Promise ? judged.then(settle) : settle(judged);
}

function admit(needs: AdmitReplyDownloadNeeds, facts: Given, reply: ReplyHead): Judged {
  const { held } = facts.admission;
  return held === null ? undefined : countFile(needs, facts, reply, held);
}

function countFile(needs: AdmitReplyDownloadNeeds, facts: Given, reply: ReplyHead, held: Held): Judged {
  const { admission, policy } = facts;
  const now = needs.clock.now();
  const day = needs.localDay(now);
  const request = {
    target: needs.budgets.key(fileIdentity(facts)),
    bytes: declaredLength(reply),
    singlePatient: facts.patient !== null,
  };
  const step: BudgetStep<FileAdmission & { readonly seen: BudgetState }> = (seen) => {
    const admitted = admitFile(seen, held.budget, request, now, day);
    return { state: admission.unmetered ? seen : admitted.state, result: { ...admitted, seen } };
  };
  const settle = ({ verdict, charge, seen }: ReturnType<typeof step>['result']): Judged => {
    if (!verdict.admit) return over(needs, facts, held, { refused: verdict, seen, now });
    if (admission.unmetered) return undefined;
    admission.charge = charge;
    admission.slowed ||= verdict.slow && policy.mode === 'enforce';
    return verdict.warn === null ? undefined : written(needs.audit.append(warningEntry(facts, now, verdict.warn)));
  };
  const judged = held.account.change(step);
  return judged instanceof Promise ? judged.then(settle) : settle(judged);
}

/** Over the budget: refused, or on record as passed. `seen` is what was judged. */
function over(
  needs: AdmitReplyDownloadNeeds,
  facts: Given,
  { budget }: Held,
  { refused, seen, now }: { readonly refused: Refused; readonly seen: BudgetState; readonly now: number },
): Judged {
  const { grant, policy, rule } = facts;
  if (grant === null && policy.mode === 'enforce') {
    return refuse('budget-exhausted', { rule: rule.name, ...explainOver(seen, budget, refused, now, needs) });
  }
  return written(needs.audit.append(passedEntry(facts, now, 'budget-exhausted', whatIsOver(refused))));
}

/** No record, no access: the reply waits for the write, and fails with it. */
async function written(record: Promise<unknown>): Promise<void> {
  await record;
}
