// Judges what the EHR actually sent: whether it is a download, whether this person may export it, and whether their
// budget has room for it. Decides before the first byte, on status and headers; never reads the body.

import { refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { admitBytes } from '../core/downloads/admit-bytes.ts';
import { admitFile } from '../core/downloads/admit-file.ts';
import { passedEntry, warningEntry } from '../core/downloads/budget-entry.ts';
import type { BudgetFacts } from '../core/downloads/budget-entry.ts';
import { declaredLength, detectDownload } from '../core/downloads/detect-download.ts';
import type { ReplyHead } from '../core/downloads/detect-download.ts';
import { explainOver, whatIsOver } from '../core/downloads/explain-over.ts';
import type { LocalTime } from '../core/downloads/explain-over.ts';
import { fileIdentity } from '../core/downloads/file-identity.ts';
import type { Admission, Admitted, Emergency, Identified, Matched, SignedIn, SubjectMatter, Targeted } from '../facts.ts';
import type { AuditLog, BudgetBook, Clock, Soon } from '../ports.ts';

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

function countBytes(needs: AdmitReplyDownloadNeeds, facts: Given, freeBytes: number): Judged {
  const { admission, grant, policy, rule } = facts;
  const { held } = admission;
  if (held === null) return undefined;
  const { account, budget } = held;
  const now = needs.clock.now();
  // Whoever may look at the reply of one patient does so to the end; a live connection shows anybody's.
  const singlePatient = facts.patient !== null && freeBytes > 0;
  const admitted = admitBytes(account.state, budget, { freeBytes, singlePatient }, needs.localDay(now));
  if ('over' in admitted) {
    if (grant === null && policy.mode === 'enforce') {
      return refuse('budget-exhausted', { rule: rule.name, ...explainOver(account.state, budget, admitted, now, needs) });
    }
    return written(needs.audit.append(passedEntry(facts, now, 'budget-exhausted', whatIsOver(admitted))));
  }
  if (admission.unmetered) return undefined;
  admission.charge = admitted.charge;
  admission.freeBytes = freeBytes;
  return undefined;
}

function admit(needs: AdmitReplyDownloadNeeds, facts: Given, reply: ReplyHead): Judged {
  const { held } = facts.admission;
  return held === null ? undefined : countFile(needs, facts, reply, held);
}

function countFile(needs: AdmitReplyDownloadNeeds, facts: Given, reply: ReplyHead, held: NonNullable<Admission['held']>): Judged {
  const { admission, grant, policy, rule } = facts;
  const { account, budget } = held;
  const now = needs.clock.now();
  const request = {
    target: needs.budgets.key(fileIdentity(facts)),
    bytes: declaredLength(reply),
    singlePatient: facts.patient !== null,
  };
  const { state, verdict, charge } = admitFile(account.state, budget, request, now, needs.localDay(now));
  if (!verdict.admit) {
    if (grant === null && policy.mode === 'enforce') {
      return refuse('budget-exhausted', { rule: rule.name, ...explainOver(account.state, budget, verdict, now, needs) });
    }
    return written(needs.audit.append(passedEntry(facts, now, 'budget-exhausted', whatIsOver(verdict))));
  }
  if (admission.unmetered) return undefined;
  account.put(state);
  admission.charge = charge;
  admission.slowed ||= verdict.slow && policy.mode === 'enforce';
  return verdict.warn === null ? undefined : written(needs.audit.append(warningEntry(facts, now, verdict.warn)));
}

/** No record, no access: the reply waits for the write, and fails with it. */
async function written(record: Promise<unknown>): Promise<void> {
  await record;
}
