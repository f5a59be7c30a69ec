// Patients as rows of the demographics, and those whom a label, a flag or a list calls confidential.

import { traitsOf } from '../../../core/relations/traits-of.ts';
import type { FhirEntry } from './fhir-entries.ts';
import { objectIn, objectsIn, textIn } from './fhir-json.ts';
import type { Json } from './fhir-json.ts';
import { isPatientId, patientIds, writtenPerson } from './fhir-person.ts';
import type { FhirNeeds, FhirReader } from './fhir-reader.ts';

/** Restricted and very restricted (v3 Confidentiality), celebrity and employee (v3 ActCode). */
const labels: ReadonlySet<string> = new Set(['R', 'V', 'CEL', 'EMP']);
const labelSystems = /(?:v3-Confidentiality|v3-ActCode)$/;
const inWords = /confidential|restricted|celebrity|\bvip\b/i;

export function fhirDemographics({ fhir, tokenOf, hide, row, leave }: FhirNeeds): FhirReader {
  const take = ({ resource, id, where }: FhirEntry): void => {
    const ids = patientIds(resource, id, fhir.patient);
    if (ids.length === 0) return leave('the patient has no id', where);
    if (resource['active'] === false) return leave('it is not active', where);
    row({ ids: ids.map(tokenOf), ...traitsOf(writtenPerson(resource), hide) });
  };
  return { main: ['Patient'], also: [], take, end: nothing };
}

export function fhirConfidential({ fhir, tokenOf, row, leave }: FhirNeeds): FhirReader {
  const all = new Set<string>();
  const add = (ids: readonly string[], where: string): void => {
    if (ids.length === 0) leave('it names no patient', where);
    for (const id of ids.filter((one) => !all.has(one))) {
      all.add(id);
      row({ patient: tokenOf(id) });
    }
  };
  const take = (entry: FhirEntry): void => {
    const { resource, id, where } = entry;
    const type = textIn(resource, 'resourceType');
    const status = textIn(resource, 'status');
    if (type === 'Patient') {
      if (isLabelled(resource)) add(patientIds(resource, id, fhir.patient), where);
      else leave('the Patient has no security label R, V, CEL or EMP', where);
    } else if (type === 'Flag') {
      if (status !== 'active') leave('the Flag is not active', where);
      else if (!isLabelled(resource)) leave('the Flag says nothing of confidentiality', where);
      else add(referred(entry, [objectIn(resource, 'subject')]), where);
    } else if (status !== 'current') leave('the List is not current', where);
    else {
      const kept = objectsIn(resource, 'entry').filter(({ deleted }) => deleted !== true);
      add(
        referred(
          entry,
          kept.map((one) => objectIn(one, 'item')),
        ),
        where,
      );
    }
  };
  return { main: ['Patient', 'Flag', 'List'], also: [], take, end: nothing };
}

/** By its security labels, or by what a Flag is about. */
function isLabelled(resource: Json): boolean {
  const security = objectsIn(objectIn(resource, 'meta'), 'security');
  const concepts = [...objectsIn(resource, 'code'), ...objectsIn(resource, 'category')];
  const codings = [...security, ...concepts.flatMap((one) => objectsIn(one, 'coding'))];
  if (codings.some((one) => labels.has(textIn(one, 'code')) && labelSystems.test(textIn(one, 'system')))) return true;
  return concepts.some((one) =>
    [textIn(one, 'text'), ...objectsIn(one, 'coding').map((code) => textIn(code, 'display'))].some(isSaid),
  );
}

function isSaid(text: string): boolean {
  return inWords.test(text);
}

function referred({ refersTo }: FhirEntry, references: readonly Json[]): readonly string[] {
  return references.flatMap((one) => {
    const found = refersTo(one);
    if (found !== null) return found.type === 'Patient' && isPatientId(found.id) ? [found.id] : [];
    return objectsIn(one, 'identifier')
      .map((identifier) => textIn(identifier, 'value'))
      .filter((id) => isPatientId(id));
  });
}

function nothing(): void {
  // Every row is made at once.
}
