// Checks a FHIR AuditEvent against what R4 and the RESTful profiles of IHE BALP ask for: what must be there, how often, and out of
// which code systems. It is written from the profiles and shares nothing with the code that it checks.

type Json = { readonly [key: string]: Json } & { readonly length?: number };

const dcm = 'http://dicom.nema.org/resources/ontology/DCM';
const term = 'http://terminology.hl7.org/CodeSystem/';
const participation = `${term}v3-ParticipationType`;
const balp = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.';

/** Of each profile: subtypes, action, client, server, user. */
const profiles: Record<string, [string[], string, string, string, string[]]> = {
  Read: [['read', 'vread'], 'R', `${dcm}|110152`, `${dcm}|110153`, ['IRCP']],
  Query: [['search', 'search-type', 'search-system'], 'E', `${dcm}|110153`, `${dcm}|110152`, ['IRCP']],
  Create: [['create'], 'C', `${dcm}|110153`, `${dcm}|110152`, ['AUT', 'INF', 'CST']],
  Update: [['update', 'patch'], 'U', `${dcm}|110153`, `${dcm}|110152`, ['AUT', 'INF', 'CST']],
  Delete: [['delete'], 'D', `${dcm}|110150`, `${term}provenance-participant-type|custodian`, ['AUT', 'INF', 'CST']],
};

const known = new Set(
  'resourceType id meta type subtype action recorded outcome outcomeDesc purposeOfEvent agent source entity'.split(' '),
);
const agentKeys = new Set('type role who altId name requestor network'.split(' '));
const entityKeys = new Set('what type role name description query detail'.split(' '));

/** What is wrong with it, in words; nothing where it is right. */
export function auditEventProblems(event: unknown): string[] {
  const it = event as Json;
  const wrong: string[] = [];
  const must = (holds: boolean, what: string): void => void (holds || wrong.push(what));
  must(it['resourceType'] === ('AuditEvent' as unknown), 'resourceType');
  must(
    Object.keys(it).every((key) => known.has(key)),
    'an element that AuditEvent does not have',
  );
  must(noEmpty(it), 'something empty');
  must(isCoding(it['type']), 'type');
  must(
    list(it['subtype']).every((one) => isCoding(one)),
    'subtype',
  );
  must([undefined, 'C', 'R', 'U', 'D', 'E'].includes(text(it['action'])), 'action');
  must(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text(it['recorded']) ?? ''), 'recorded');
  must([undefined, '0', '4', '8', '12'].includes(text(it['outcome'])), 'outcome');
  must(text(it['source']?.['observer']?.['display']) !== undefined, 'source.observer');
  const agents = list(it['agent']);
  must(agents.length > 0, 'agent');
  must(agents.filter((agent) => (agent['requestor'] as unknown) === true).length === 1, 'one requestor');
  for (const agent of agents) {
    must(typeof (agent['requestor'] as unknown) === 'boolean', 'agent.requestor');
    must(
      Object.keys(agent).every((key) => agentKeys.has(key)),
      'an element that an agent does not have',
    );
    must(agent['network'] === undefined || '12345'.includes(text(agent['network']['type']) ?? '?'), 'agent.network.type');
  }
  for (const entity of list(it['entity'])) {
    must(
      Object.keys(entity).every((key) => entityKeys.has(key)),
      'an element that an entity does not have',
    );
    must(entity['name'] === undefined || entity['query'] === undefined, 'sev-1: name or query');
    must(isCoding(entity['type']), 'entity.type');
    must(
      list(entity['detail']).every((one) => text(one['type']) !== undefined && text(one['valueString']) !== undefined),
      'detail',
    );
  }
  const claimed = list(it['meta']?.['profile']);
  return [...wrong, ...claimed.flatMap((profile) => balpProblems(it, text(profile) ?? ''))];
}

function balpProblems(it: Json, claimed: string): string[] {
  const wrong: string[] = [];
  const must = (holds: boolean, what: string): void => void (holds || wrong.push(`BALP ${what}`));
  const [, patient, name = ''] = /^(Patient)?(\w+?)(?:\.Source)?$/.exec(claimed.replace(balp, '')) ?? [];
  if (name === 'PrivacyDisclosure') return disclosureProblems(it);
  const profile = profiles[name];
  if (profile === undefined) return [`BALP has no "${claimed}"`];
  const [subtypes, action, client, server, users] = profile;
  must(codeOf(it['type']) === `${term}audit-event-type|rest`, 'type');
  must(
    list(it['subtype']).some((one) => subtypes.some((code) => codeOf(one) === `http://hl7.org/fhir/restful-interaction|${code}`)),
    'subtype',
  );
  must(text(it['action']) === action, 'action');
  must(text(it['outcome']) === '0', 'outcome');
  const agents = list(it['agent']);
  for (const end of [client, server]) {
    const found = agents.filter((agent) => kind(agent) === end);
    must(found.length === 1, `agent ${end}`);
    must(
      found.every((one) => one['who'] !== undefined && one['network'] !== undefined),
      `who and network of ${end}`,
    );
  }
  const people = agents.filter((agent) => users.some((code) => kind(agent) === `${participation}|${code}`));
  must(
    people.length === 1 && people[0]?.['network'] === undefined && text(people[0]?.['who']?.['identifier']?.['value']) !== '',
    'user',
  );
  must(people[0]?.['requestor'] === (true as unknown), 'user asks');
  const entities = list(it['entity']);
  const of = (type: string, roles: string[]): Json[] =>
    entities.filter(
      (one) =>
        codeOf(one['type']) === `${term}audit-entity-type|${type}` &&
        roles.includes(codeOf(one['role']).replace(`${term}object-role|`, '')),
    );
  if (name === 'Query') {
    const [query, ...more] = of('2', ['24']);
    must(query !== undefined && more.length === 0 && !['what', 'lifecycle', 'detail'].some((one) => one in query), 'query');
    must(/^[A-Za-z0-9+/]+=*$/.test(text(query?.['query']) ?? ''), 'query in base64');
  } else {
    const data = of('2', ['4', '3', '20']);
    must(data.length === 1 && data[0]?.['what'] !== undefined, 'data');
  }
  const patients = of('1', ['1']);
  must(patients.length === (patient === undefined ? 0 : 1), 'patient');
  must(
    patients.every(
      (one) => text(one['what']?.['type']) === 'Patient' && text(one['what']?.['identifier']?.['value']) !== undefined,
    ),
    'patient.what',
  );
  return wrong;
}

/** PrivacyDisclosure.Source: the source is the observer, one recipient, one patient, and something that was disclosed. */
function disclosureProblems(it: Json): string[] {
  const wrong: string[] = [];
  const must = (holds: boolean, what: string): void => void (holds || wrong.push(`BALP disclosure ${what}`));
  must(codeOf(it['type']) === `${dcm}|110106`, 'type');
  must(
    list(it['subtype']).some((one) => codeOf(one) === `${term}iso-21089-lifecycle|disclose`),
    'subtype',
  );
  must(text(it['action']) === 'R' && text(it['outcome']) === '0', 'action and outcome');
  const [source, recipient] = ['110153', '110152'].map((code) =>
    list(it['agent']).filter((one) => kind(one) === `${dcm}|${code}`),
  );
  must(source?.length === 1 && JSON.stringify(source[0]?.['who']) === JSON.stringify(it['source']?.['observer']), 'source');
  must(recipient?.length === 1 && recipient[0]?.['who'] !== undefined, 'recipient');
  const roles = list(it['entity']).map((one) => codeOf(one['role']).replace(`${term}object-role|`, ''));
  must(roles.filter((one) => one === '1').length === 1 && roles.includes('3'), 'patient and data');
  return wrong;
}

function list(value: unknown): Json[] {
  return value === undefined ? [] : (value as Json[]);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function codeOf(coding: Json | undefined): string {
  return `${text(coding?.['system'])}|${text(coding?.['code'])}`;
}

function kind(agent: Json): string {
  return codeOf(list(agent['type']?.['coding'])[0]);
}

function isCoding(value: Json | undefined): boolean {
  return /^https?:\/\/\S+\|\S+$/.test(codeOf(value));
}

/** FHIR knows no null, no empty text, list or object, and no control characters. */
function noEmpty(value: unknown): boolean {
  // oxlint-disable-next-line no-control-regex -- what a FHIR string must not hold
  if (typeof value === 'string') return value.trim() !== '' && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(value);
  if (value === null) return false;
  if (typeof value !== 'object') return true;
  return Object.keys(value).length > 0 && Object.values(value).every((one) => noEmpty(one));
}
