// Reads whose chart a request concerns, which patient it selects, what kind of data it is and what is done. What the rule
// declares and the request does not say is `unresolved`; what the request says in two ways is refused, never guessed.

import type { Action, Fields, Method, ParameterDialect, PatientIdForm, PatientSource, Route } from './policy.ts';
import { readField } from './read-field.ts';

export interface Matter {
  readonly patient: string | null;
  /** Null where the route concerns no patient. */
  readonly patientSource: 'path' | 'query' | 'form' | 'session' | 'unresolved' | null;
  /** The patient carried in the EHR session from here on. */
  readonly selects: string | null;
  readonly category: string | null;
  readonly action: Action;
}

export interface MatterProblem {
  readonly reason: 'patient-ambiguous';
  readonly detail: string;
}

const maxPatientCharacters = 256;

/** Up to 18 digits: from 19 on, 64-bit programs take different numbers for the same one. `0` is nobody. */
const canonicalDigits = /^(?:0|[1-9][0-9]{0,17})$/;

const actions: Readonly<Record<Method, Action>> = {
  GET: 'read',
  HEAD: 'read',
  OPTIONS: 'read',
  POST: 'update',
  PUT: 'update',
  PATCH: 'update',
  DELETE: 'delete',
};

/** `selection` is the patient carried in the EHR session, null for none; `idForm` is how the EHR writes ids. */
export function readMatter(
  route: Route,
  captures: ReadonlyMap<string, string>,
  query: Fields,
  form: Fields | null,
  selection: string | null,
  dialect: ParameterDialect,
  method: Method,
  idForm: PatientIdForm = 'exact',
): Matter | MatterProblem {
  const raw = (source: PatientSource) => readSource(source, route, captures, { query, form }, selection, dialect);
  const read = (source: PatientSource): string | null | MatterProblem => {
    const value = raw(source);
    return typeof value === 'string' ? judgeId(value, idForm) : value;
  };
  const found = firstPatient(route.patient, read);
  if ('reason' in found) return found;
  const selects = route.selects === null ? null : read(route.selects);
  if (selects !== null && typeof selects === 'object') return selects;
  if (selects === null && idForm === 'digits' && route.selects !== null && raw(route.selects) !== null) return selectsNobody;
  return { ...found, selects, category: route.category, action: route.action ?? actions[method] };
}

/**
 * An EHR that numbers its patients may take such a choice for none and go on with the patient before, or for nobody and
 * then take the next id it is given; what is on record would be neither.
 */
const selectsNobody: MatterProblem = {
  reason: 'patient-ambiguous',
  detail: 'The request chooses a patient and names nobody; the EHR may go on with the one before',
};

function firstPatient(
  sources: readonly PatientSource[],
  read: (source: PatientSource) => string | null | MatterProblem,
): Pick<Matter, 'patient' | 'patientSource'> | MatterProblem {
  for (const source of sources) {
    const value = read(source);
    if (value === null) continue;
    return typeof value === 'string' ? { patient: value, patientSource: source.in } : value;
  }
  return { patient: null, patientSource: sources.length === 0 ? null : 'unresolved' };
}

function readSource(
  source: PatientSource,
  route: Route,
  captures: ReadonlyMap<string, string>,
  fields: { readonly query: Fields; readonly form: Fields | null },
  selection: string | null,
  dialect: ParameterDialect,
): string | null | MatterProblem {
  if (source.in === 'session') return selection;
  if (source.in === 'path') return captures.get(source.name) ?? null;
  // Where a rule declares both places, the EHR reads one before the other, and nobody here knows which.
  const bothPlaces = route.patient.some(
    (other) => other.in !== source.in && 'name' in other && other.in !== 'path' && other.name === source.name,
  );
  const reading = readField(source.in, source.name, fields, dialect, bothPlaces);
  if (reading.kind === 'ambiguous') return { reason: 'patient-ambiguous', detail: reading.detail };
  return reading.kind === 'one' ? reading.value : null;
}

/** An empty value names nobody, and so does the number 0. What no record could show names nobody for certain. */
function judgeId(value: string, form: PatientIdForm): string | null | MatterProblem {
  if (value === '' || (value === '0' && form === 'digits')) return null;
  if (value.length > maxPatientCharacters) {
    return {
      reason: 'patient-ambiguous',
      detail: `The patient's id has ${value.length} characters, and ${maxPatientCharacters} are accepted`,
    };
  }
  if (form === 'digits' && !canonicalDigits.test(value)) {
    return {
      reason: 'patient-ambiguous',
      detail: `The patient's id "${value.slice(0, 32)}" is not written in plain digits, such as 7`,
    };
  }
  return /\p{C}/u.test(value) ? { reason: 'patient-ambiguous', detail: "The patient's id holds an invisible character" } : value;
}
