// Reads whose chart this is, what kind of data and what is done, from where the rule says they stand. A request that
// leans on the patient carried in the EHR session waits, bounded, while another request of that session is changing it.
// A session of the EHR that was not given to this session of ours is none: the cookie may be left from whoever was here
// before, and nobody knows which patient it carries.

import { refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { emptyJar, valuesIn } from '../core/ehr/jar.ts';
import { carriedPatientProblem } from '../core/machines/carried-patient-problem.ts';
import type { TokenOf } from '../core/patients/hide-ids.ts';
import { readMatter } from '../core/policy/subject-matter.ts';
import type { EhrPlace, SelectedPatient } from '../core/session/ehr-place.ts';
import { ehrSessionsSent } from '../core/session/ehr-session.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { Session } from '../core/session/session.ts';
import type { Arrived, Identified, Matched, SignedIn, SubjectMatter, Targeted } from '../facts.ts';
import type { EhrStanding, EhrStandings } from '../ehr-ports.ts';
import type { Soon } from '../ports.ts';
import type { Stage } from '../pipeline.ts';

export interface ReadSubjectMatterNeeds {
  /** What stands in a record in the place of an id. */
  readonly recordedToken: TokenOf;
  /** Of the values of the EHR's session cookie, the first that the EHR gave to this very session; null for none. */
  readonly givenEhrSession: (session: Session, application: string, values: readonly string[]) => Soon<string | null>;
  readonly standings: Pick<EhrStandings, 'current'>;
  /** The patient selected there; waits while a selection is in flight, and gives up as `ambiguous`. */
  readonly selectedPatient: (place: EhrPlace) => Soon<SelectedPatient>;
}

type Given = Arrived & Identified & Targeted & SignedIn & Matched;

export function readSubjectMatter(needs: ReadSubjectMatterNeeds): Stage<Given, SubjectMatter> {
  return (facts) => {
    const { session, application } = facts;
    if (isMachine(session)) return concludeForMachine(facts, needs);
    const name = application.sessionCookie ?? null;
    const sent = name === null ? [] : sessionsPresented(facts, name, needs);
    return sent instanceof Promise ? sent.then(async (values) => goOn(facts, session, values)) : goOn(facts, session, sent);
  };

  function goOn(facts: Given, session: Session, sent: readonly string[]): Soon<SubjectMatter | End> {
    const { application } = facts;
    const ehrSession = needs.givenEhrSession(session, application.name, sent);
    return ehrSession instanceof Promise
      ? ehrSession.then(async (given) => select(facts, session, given))
      : select(facts, session, ehrSession);
  }

  function select(facts: Given, session: Session, ehrSession: string | null): Soon<SubjectMatter | End> {
    const { application } = facts;
    if (!facts.route.patient.some((source) => source.in === 'session')) return conclude(facts, needs, ehrSession, null);
    const selected = needs.selectedPatient({ session, application, ehrSession });
    if (selected instanceof Promise) return selected.then((value) => conclude(facts, needs, ehrSession, value));
    return conclude(facts, needs, ehrSession, selected);
  }
}

function concludeForMachine(facts: Given, needs: ReadSubjectMatterNeeds): SubjectMatter | End {
  const matter = conclude(facts, needs, null, null);
  if (!('patientSource' in matter)) return matter;
  const detail = carriedPatientProblem(matter);
  return detail === null ? matter : refuse('patient-ambiguous', { detail, rule: facts.rule.name });
}

/** From the jar where the gateway keeps the EHR's cookies; what a browser says of them then counts for nothing. */
function sessionsPresented(
  { session, application, headers, arrivedAt }: Given,
  name: string,
  needs: ReadSubjectMatterNeeds,
): Soon<readonly string[]> {
  if ((application.cookies ?? null) === null) return ehrSessionsSent(headers.get('cookie'), name);
  const valuesOf = (held: EhrStanding | null): readonly string[] => valuesIn(held?.jar ?? emptyJar, name, arrivedAt);
  const held = needs.standings.current(session, application.name);
  return held instanceof Promise ? held.then(valuesOf) : valuesOf(held);
}

function conclude(
  facts: Given,
  { recordedToken }: ReadSubjectMatterNeeds,
  ehrSession: string | null,
  selected: SelectedPatient,
): SubjectMatter | End {
  const { route, captures, query, form, method, application, rule } = facts;
  const carried = typeof selected === 'object' && selected !== null ? null : selected;
  const matter = readMatter(route, captures, query, form, carried, application.parameters, method, application.patientId);
  if ('reason' in matter) return refuse(matter.reason, { detail: matter.detail, rule: rule.name });
  const leans = matter.patientSource === 'session' || matter.patientSource === 'unresolved';
  if (leans && typeof selected === 'object' && selected !== null) {
    return refuse('patient-ambiguous', { detail: selected.ambiguous, rule: rule.name, retryAfterSeconds: 1 });
  }
  const concerns = matter.patient ?? matter.selects;
  return { ...matter, patientToken: concerns === null ? null : recordedToken(concerns), ehrSession };
}
