// Reads whose chart this is, what kind of data and what is done, from where the rule says they stand. A request that
// leans on the patient carried in the EHR session waits, bounded, while another request of that session is changing it.

import { refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { readMatter } from '../core/policy/subject-matter.ts';
import { ehrSessionOf } from '../core/session/ehr-session.ts';
import type { Arrived, Identified, Matched, SignedIn, SubjectMatter, Targeted } from '../facts.ts';
import type { Soon } from '../ports.ts';
import type { Stage } from '../pipeline.ts';

export interface ReadSubjectMatterNeeds {
  /** The patient selected in this session; waits while a selection is in flight, and gives up as `ambiguous`. */
  readonly selectedPatient: (
    sessionKey: string,
    ehrSession: string | null,
  ) => Soon<string | null | { readonly ambiguous: string }>;
}

type Given = Arrived & Identified & Targeted & SignedIn & Matched;

export function readSubjectMatter(needs: ReadSubjectMatterNeeds): Stage<Given, SubjectMatter> {
  return (facts) => {
    if (!facts.route.patient.some((source) => source.in === 'session')) return conclude(facts, null);
    const ehrSession = ehrSessionOf(facts.headers.get('cookie'), facts.application.sessionCookie ?? null);
    const selected = needs.selectedPatient(facts.session.key, ehrSession);
    return selected instanceof Promise ? selected.then((value) => conclude(facts, value)) : conclude(facts, selected);
  };
}

function conclude(facts: Given, selected: string | null | { readonly ambiguous: string }): SubjectMatter | End {
  const { route, captures, query, form, method, application, rule } = facts;
  const carried = typeof selected === 'object' && selected !== null ? null : selected;
  const matter = readMatter(route, captures, query, form, carried, application.parameters, method);
  if ('reason' in matter) return refuse(matter.reason, { detail: matter.detail, rule: rule.name });
  const leans = matter.patientSource === 'session' || matter.patientSource === 'unresolved';
  if (leans && typeof selected === 'object' && selected !== null) {
    return refuse('patient-ambiguous', { detail: selected.ambiguous, rule: rule.name, retryAfterSeconds: 1 });
  }
  return matter;
}
