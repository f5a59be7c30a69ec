// FHIR R4 as EHRs export it, read as schedule, roster, addresses and confidential patients: what becomes of each resource, and
// what is told of those that cannot be used.

import { describe, expect, test } from 'vitest';
import { clinicTime } from '../../src/adapters/clinic-time.ts';
import { fhirTime } from '../../src/cli/relations/fhir/fhir-time.ts';
import { readFhir } from '../../src/cli/relations/fhir/read-fhir.ts';
import { contentOf } from '../../src/cli/relations/relation-content.ts';
import { Findings } from '../../src/config/mistake.ts';
import type { RelationKind } from '../../src/core/relations/relation-rows.ts';
import type { FhirSettings } from '../../src/core/relations/relation-settings.ts';

interface Told {
  readonly rows: readonly object[];
  readonly aside: readonly string[];
  readonly mistakes: readonly string[];
}

const fhir: FhirSettings = { patient: [], login: null };

/** In pieces of some bytes, as a disk gives them. */
function read(kind: RelationKind, text: string, settings: FhirSettings = fhir): Told {
  const bytes = Buffer.from(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, at) => bytes.subarray(at * 7, at * 7 + 7));
  const content = contentOf(pieces);
  if (content.form !== 'fhir') throw new Error(`The file was taken for ${content.form}`);
  const findings = new Findings();
  const localOf = fhirTime(clinicTime('America/New_York'));
  const given = {
    kind,
    file: 'f',
    findings,
    fhir: settings,
    localOf,
    today: '2026-11-30',
    tokenOf: (id: string) => id,
    hide: only,
  };
  const { rows, leftAside } = readFhir(given, content.entries);
  return { rows, aside: leftAside, mistakes: findings.mistakes.map(({ line, message }) => `${line}: ${message}`) };
}

const only = (what: string, text: string): string => `${what} ${text}`;
const lines = (...resources: readonly object[]): string => `${resources.map((one) => JSON.stringify(one)).join('\n')}\n`;
const bundle = (...entry: readonly object[]): string =>
  JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry }, null, 2);

const appointment = {
  resourceType: 'Appointment',
  id: 'a1',
  status: 'booked',
  serviceType: [{ coding: [{ code: '57', display: 'Family Medicine' }] }],
  start: '2026-11-30T02:30:00Z',
  participant: [
    { actor: { reference: 'Patient/p-1' } },
    { actor: { reference: 'https://ehr.example/fhir/Practitioner/d-1/_history/2', display: 'Dr. Paula Examplar' } },
    { actor: { reference: 'Location/l-1', display: 'Room 4' } },
  ],
};
const encounter = {
  resourceType: 'Encounter',
  status: 'finished',
  subject: { reference: 'Patient/p-2' },
  period: { start: '2026-11-30', end: '2026-12-02T10:00:00-05:00' },
  participant: [{ individual: { reference: 'Practitioner/d-1' } }],
  location: [{ location: { reference: 'Location/l-2', display: 'Ward 3' } }],
};
const practitioner = {
  resourceType: 'Practitioner',
  id: 'd-1',
  identifier: [
    { system: 'http://hl7.org/fhir/sid/us-npi', value: '1234567893' },
    { system: 'https://clinic.example/login', value: 'PExamplar' },
  ],
  name: [{ use: 'official', family: 'Examplar', given: ['Paula', 'Q'], prefix: ['Dr.'] }],
  telecom: [
    { system: 'email', use: 'home', value: 'someone@mail.example' },
    { system: 'email', use: 'work', value: 'Paula.Examplar@clinic.example' },
  ],
};
const patient = {
  resourceType: 'Patient',
  id: 'p-1',
  identifier: [
    { type: { coding: [{ code: 'MR' }] }, system: 'https://ehr.example/mrn', value: 'MRN-1' },
    { type: { coding: [{ code: 'MB' }] }, value: 'FAMILY-7' },
    { system: 'https://ehr.example/pid', value: '4711' },
    { use: 'temp', value: 'TMP' },
  ],
  name: [{ family: 'Muster', given: ['Ana'] }],
  birthDate: '1980-02',
  address: [{ line: ['1 Main Street'], city: 'Town', postalCode: '01234' }],
  telecom: [{ system: 'phone', value: '+1 555 010 0222' }],
};

describe('appointments', () => {
  test('have the time of the clinic, every day of a stay, and names that the file has elsewhere', () => {
    const own = {
      patient: 'p-1',
      day: '2026-11-29',
      minute: 1290,
      clinician: 'Dr. Paula Examplar',
      department: 'Family Medicine',
    };
    const stay = { patient: 'p-2', clinician: 'Paula Q Examplar', department: 'Ward 3', minute: null };
    const all = [own, ...['2026-11-30', '2026-12-01', '2026-12-02'].map((day) => ({ ...stay, day }))];
    expect(read('appointments', lines(appointment, encounter, practitioner))).toEqual({ rows: all, aside: [], mistakes: [] });
  });

  test('in a Bundle may refer to the addresses of its entries', () => {
    const urn = 'urn:uuid:0b5c7cf2-2f4e-4bb0-9d5c-6b1b7a6a3f11';
    const actors = [{ actor: { reference: urn } }, { actor: { reference: 'urn:x:doctor' } }];
    const text = bundle(
      { resource: { ...appointment, start: '2026-11-30T10:30', participant: actors } },
      { fullUrl: urn, resource: { resourceType: 'Patient' } },
      { fullUrl: 'urn:x:doctor', resource: practitioner },
    );
    expect(read('appointments', text)).toEqual({
      rows: [
        {
          patient: '0b5c7cf2-2f4e-4bb0-9d5c-6b1b7a6a3f11',
          day: '2026-11-30',
          minute: 630,
          clinician: 'Paula Q Examplar',
          department: 'Family Medicine',
        },
      ],
      aside: ['1 left aside: Patient says nothing of appointments (first: entry 2)'],
      mistakes: [],
    });
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ['an identifier', [], ['ID-9']],
    ['the identifier of the system that is named', ['https://ehr.example/pid'], ['ID-9']],
  ])('name their patient by %s', (_what, systems, found) => {
    const identifier = { system: 'https://ehr.example/pid', value: 'ID-9' };
    const reference = systems.length === 0 ? {} : { reference: 'Patient/p-1' };
    const one = { ...appointment, participant: [{ actor: { type: 'Patient', identifier, ...reference } }] };
    const { rows } = read('appointments', lines(one), { patient: systems, login: null });
    expect(rows.map((row) => (row as { patient: string }).patient)).toEqual(found);
  });

  test('that cannot be used are counted by the reason', () => {
    const nameless = { ...encounter, location: [], period: { start: '2026-11-30' } };
    const { rows, aside } = read(
      'appointments',
      lines(
        { ...appointment, status: 'cancelled' },
        { ...appointment, status: 'cancelled' },
        { ...appointment, participant: [] },
        { ...appointment, start: '2026-11' },
        { resourceType: 'Observation' },
        nameless,
        appointment,
      ),
    );
    expect([rows.length, aside]).toEqual([
      1,
      [
        '2 left aside: the status is cancelled (first: line 1)',
        '1 left aside: no patient is named by reference or identifier (first: line 3)',
        '1 left aside: no start can be read (first: line 4)',
        '1 left aside: Observation says nothing of appointments (first: line 5)',
        '1 left aside: who is seen is a reference without a name; put the Practitioner resources into the same file (first: line 6)',
      ],
    ]);
  });
});

describe('staff', () => {
  const role = {
    resourceType: 'PractitionerRole',
    practitioner: { reference: 'Practitioner/d-1' },
    code: [{ text: 'Physician' }],
    location: [{ display: 'Family Medicine' }],
    organization: { display: 'Clinic' },
  };

  test.each([
    [null, 'paula.examplar'],
    ['https://clinic.example/login', 'pexamplar'],
  ])('have the login name that %j says, and a row for each department', (login, name) => {
    const { rows, aside } = read('staff', lines(role, practitioner), { patient: [], login });
    expect([rows, aside]).toMatchObject([
      [
        { login: name, name: 'Paula Q Examplar', role: 'Physician', department: 'Family Medicine', surname: 'surname examplar' },
        { login: name, department: 'Clinic' },
      ],
      [],
    ]);
  });

  test('without a name, a login name or a person are told', () => {
    const { rows, aside } = read(
      'staff',
      lines(
        practitioner,
        { ...practitioner, id: 'd-2', telecom: [] },
        { ...practitioner, id: 'd-3', name: [] },
        { ...practitioner, id: 'd-4', active: false },
        { ...role, practitioner: { reference: 'Practitioner/d-9' } },
        { ...role, practitioner: {} },
      ),
    );
    expect([rows.length, aside]).toEqual([
      1,
      [
        '1 left aside: no login name: no e-mail address; name the system of its identifier in alerts.yaml: relations: { fhir: { login: SYSTEM } } (first: line 2)',
        '1 left aside: the name is empty (first: line 3)',
        '1 left aside: the role names no Practitioner by reference (first: line 6)',
        '1 left aside: it is not active, and neither meta.lastUpdated nor the period of a role says since when (first: line 4)',
        '1 left aside: the Practitioner of the role is not in the file (first: line 5)',
      ],
    ]);
    const { mistakes } = read('staff', lines(practitioner), { patient: [], login: 'https://other.example' });
    expect(mistakes[0]).toContain('no identifier of the system that alerts.yaml names in relations.fhir.login');
  });
});

describe('patients', () => {
  test('have their own ids, and none that a family shares', () => {
    const traits = {
      email: null,
      phone: 'phone 5550100222',
      address: 'address 1 main st town 01234',
      nameAndBirth: null,
      surname: 'surname muster',
    };
    expect(read('demographics', lines(patient)).rows).toEqual([{ ids: ['p-1', 'MRN-1', '4711'], ...traits }]);
    const named = { patient: ['https://ehr.example/pid'], login: null };
    expect(read('demographics', lines(patient), named).rows).toMatchObject([{ ids: ['p-1', '4711'] }]);
    expect(read('demographics', lines({ ...patient, birthDate: '1980-02-29' })).rows).toMatchObject([
      { nameAndBirth: 'name and birth ana muster 1980-02-29' },
    ]);
    expect(read('demographics', lines(patient, { resourceType: 'Patient' }, { ...patient, active: false })).aside).toEqual([
      '1 left aside: the patient has no id (first: line 2)',
      '1 left aside: it is not active (first: line 3)',
    ]);
  });

  const security = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }];
  const flag = { resourceType: 'Flag', status: 'active', code: { text: 'VIP' }, subject: { reference: 'Patient/p-2' } };
  const list = {
    resourceType: 'List',
    status: 'current',
    entry: [
      { item: { reference: 'Patient/p-3' } },
      { item: { reference: 'Patient/p-4' }, deleted: true },
      { item: { type: 'Patient', identifier: { value: 'MRN-5' } } },
      { item: { reference: 'Group/g' } },
    ],
  };

  test('are confidential by label, flag or list', () => {
    const labelled = { ...patient, meta: { security } };
    const text = lines(
      labelled,
      flag,
      list,
      patient,
      { ...flag, code: { text: 'Penicillin allergy' } },
      { ...flag, status: 'inactive' },
      { ...list, status: 'retired' },
      { ...list, entry: [] },
    );
    expect(read('confidential', text)).toEqual({
      rows: ['p-1', 'MRN-1', '4711', 'p-2', 'p-3', 'MRN-5'].map((id) => ({ patient: id })),
      aside: [
        '1 left aside: the Patient has no security label R, V, CEL or EMP (first: line 4)',
        '1 left aside: the Flag says nothing of confidentiality (first: line 5)',
        '1 left aside: the Flag is not active (first: line 6)',
        '1 left aside: the List is not current (first: line 7)',
        '1 left aside: it names no patient (first: line 8)',
      ],
      mistakes: [],
    });
  });
});

describe('a file', () => {
  test.each<[string, string, string[]]>([
    [
      'a broken line',
      `${lines(appointment)}{"resourceType":\n`,
      ['2: What stands in line 2 is no JSON in UTF-8; export the file again'],
    ],
    [
      'a line that is no resource',
      `${lines(appointment)}[1]\n\n`,
      ['2: What stands in line 2 is no FHIR resource; export a Bundle, or one resource in each line'],
    ],
    ['a broken Bundle', '{\n"resourceType": "Bundle",', ['1: The file is no JSON in UTF-8; export the file again']],
    [
      'an entry without a resource',
      bundle({ resource: appointment }, { fullUrl: 'urn:x' }),
      ['1: What stands in entry 2 is no FHIR resource; export the file again'],
    ],
    [
      'other types alone',
      JSON.stringify([{ resourceType: 'Observation' }, { resourceType: 'X<script>' }]),
      [
        '1: The file holds no Appointment or Encounter that can be used: 1 left aside: Observation says nothing of appointments (first: entry 1); 1 left aside: a type of no FHIR says nothing of appointments (first: entry 2). Export Appointment or Encounter as FHIR R4, or name another kind',
      ],
    ],
    [
      'a line without an end',
      `${lines(appointment)}${' '.repeat(1_048_577)}`,
      ['2: The line is longer than 1048576 bytes; export one resource in each line'],
    ],
  ])('with %s is not used', (_what, text, mistakes) => {
    expect(read('appointments', text).mistakes).toEqual(mistakes);
  });

  test('is known by its content, with a byte order mark and blank lines or without', () => {
    expect(read('appointments', `\uFEFF \n${lines(appointment)}\r\n`).rows).toHaveLength(1);
    expect(read('appointments', JSON.stringify(appointment, null, 1)).rows).toHaveLength(1);
    expect(read('appointments', `${bundle({ resource: appointment }).replaceAll(/\n\s*/g, '')}\n`).rows).toHaveLength(1);
    expect(contentOf([Buffer.from('patient,time\n')]).form).toBe('csv');
    expect(contentOf([]).form).toBe('csv');
  });

  test('that is one document has a bound', () => {
    const pieces = function* (): Generator<Uint8Array> {
      yield Buffer.from('{\n');
      for (let size = 0; size < 65; size += 1) yield Buffer.alloc(1_048_576, ' ');
    };
    expect(contentOf(pieces())).toEqual({
      form: 'too-large',
      why: 'The file is larger than 67108864 bytes; export one resource in each line (ndjson)',
    });
  });
});
