// Whether openings are explained, as tables from plain rows.

import { describe, expect, it } from 'vitest';
import { explain } from '../../../src/core/relations/explain.ts';
import { noRelationRows } from '../../../src/core/relations/relation-rows.ts';
import type {
  Appointment,
  PatientDetails,
  RelationRows,
  StaffMember,
  Traits,
} from '../../../src/core/relations/relation-rows.ts';
import { relationsOf } from '../../../src/core/relations/gather-relations.ts';

const nothing: Traits = { email: null, phone: null, address: null, nameAndBirth: null, surname: null };

function staff(login: string, fields: Partial<StaffMember> = {}): StaffMember {
  const none = { role: null, patient: null, shift: null, noticeDay: null, endDay: null };
  return { login, name: `Dr. ${login} Example`, department: 'Pediatrics', ...none, ...nothing, ...fields };
}

function visit(patient: string, day: string, fields: Partial<Appointment> = {}): Appointment {
  return { patient, day, minute: 630, clinician: null, department: null, ...fields };
}

const patient = (id: string, fields: Partial<PatientDetails> = {}): PatientDetails => ({ ids: [id], ...nothing, ...fields });

/** Nora of pediatrics opens a chart on 2026-11-30 at 10:00. */
function said(rows: Partial<RelationRows>, opening: { patient?: string; login?: string; wroteBefore?: boolean } = {}) {
  const relations = relationsOf({ ...noRelationRows, ...rows });
  const asked = { login: 'nora', patient: 'p', day: '2026-11-30', minute: 600, wroteBefore: false, ...opening };
  return explain(relations, asked, { days: 30 });
}

const roster = [staff('nora'), staff('omar', { department: 'Radiology' })];
const other = visit('other', '2026-11-30', { department: 'Pediatrics' });

describe('an opening is explained', () => {
  it.each<[string, Partial<RelationRows>, Parameters<typeof said>[1], object]>([
    [
      'by an appointment with the person, called by their name in another order',
      { staff: roster, appointments: [visit('p', '2026-12-01', { clinician: 'Example, Nora MD' })] },
      {},
      { because: 'own-appointment', own: true, words: 'Appointment on 2026-12-01 at 10:30 with Dr. nora Example' },
    ],
    [
      'by one of weeks ago, called by the login name, without a roster',
      {
        appointments: [
          visit('p', '2026-11-05', { clinician: 'NORA', minute: null }),
          visit('p', '2026-11-01', { clinician: 'NORA' }),
        ],
      },
      {},
      { because: 'own-appointment', own: false, words: 'Appointment on 2026-11-05 with NORA' },
    ],
    [
      'by an encounter of their department',
      { staff: roster, appointments: [visit('p', '2026-11-10', { department: 'Pediatrics', clinician: 'omar' })] },
      {},
      { because: 'department-encounter', own: false },
    ],
    ['by what they wrote there', { staff: roster, appointments: [other] }, { wroteBefore: true }, { because: 'own-note' }],
    [
      "by a shift in the patient's department",
      {
        staff: [
          staff('nora'),
          staff('nora', { department: 'Ward B', shift: { from: '2026-11-30T07:00', to: '2026-11-30T19:00' } }),
        ],
        appointments: [visit('p', '2026-11-30', { department: 'Ward B' })],
      },
      {},
      { because: 'on-duty', words: 'By the roster they are on duty in Ward B these days, where the patient has an appointment' },
    ],
    [
      'though the patient is a colleague, by a visit of the day',
      {
        staff: [staff('nora'), staff('omar', { patient: 'p' })],
        appointments: [visit('p', '2026-11-30', { department: 'Pediatrics' })],
      },
      {},
      { because: 'department-encounter' },
    ],
    [
      'though the patient is a colleague, by a visit of three days ago, though the nearest one is to come',
      {
        staff: [staff('nora'), staff('omar', { patient: 'p' })],
        appointments: [
          visit('p', '2026-12-02', { department: 'Pediatrics' }),
          visit('p', '2026-11-27', { department: 'Pediatrics' }),
        ],
      },
      {},
      { because: 'department-encounter', near: true, words: expect.stringContaining('2026-11-27') },
    ],
    [
      'though the patient is confidential, on duty, by a visit of the day',
      {
        confidential: [{ patient: 'p' }],
        staff: [
          staff('nora', { department: 'Ward B', shift: { from: '2026-11-25T07:00', to: '2026-11-25T19:00' } }),
          staff('nora', { department: null, shift: { from: '2026-11-30T07:00', to: '2026-11-30T19:00' } }),
        ],
        appointments: [visit('p', '2026-11-30', { department: 'Ward B' })],
      },
      {},
      { because: 'on-duty', near: true },
    ],
    [
      'though they share an address, by an appointment with this very person',
      {
        staff: [staff('nora', { address: 'home' })],
        demographics: [patient('p', { address: 'home' })],
        appointments: [visit('p', '2026-11-30', { clinician: 'nora' })],
      },
      {},
      { because: 'own-appointment' },
    ],
    [
      'though the patient is confidential, by an encounter of weeks ago',
      { staff: roster, confidential: [{ patient: 'p' }], appointments: [visit('p', '2026-11-10', { department: 'Pediatrics' })] },
      {},
      { because: 'department-encounter' },
    ],
  ])('%s', (_what, rows, opening, expected) => {
    expect(said(rows, opening)).toMatchObject({ state: 'explained', ...expected });
  });
});

const many = Array.from({ length: 5000 }, (_, index) => patient(`m${index}`, { surname: 'common' }));
const nora = (fields: Partial<StaffMember>) => [staff('nora', fields)];

describe('an opening is suspicious', () => {
  it.each<[string, Partial<RelationRows>, string]>([
    [
      'of their own chart, as the roster names it, by whatever id',
      {
        staff: nora({ patient: 'mrn' }),
        demographics: [{ ids: ['p', 'mrn'], ...nothing }],
        appointments: [visit('p', '2026-11-30', { clinician: 'nora' })],
      },
      'own-chart',
    ],
    [
      'of their own chart, by name and date of birth',
      { staff: nora({ nameAndBirth: 'n 1' }), demographics: [patient('p', { nameAndBirth: 'n 1' })] },
      'own-chart',
    ],
    [
      'of their own chart, by e-mail where no birth is known',
      { staff: nora({ email: 'e' }), demographics: [patient('p', { email: 'e', nameAndBirth: 'x' })] },
      'own-chart',
    ],
    [
      "of a colleague's chart, in the window and not of these days",
      {
        staff: [staff('nora'), staff('omar', { patient: 'p' })],
        appointments: [visit('p', '2026-11-10', { department: 'Pediatrics' })],
      },
      'colleague',
    ],
    [
      'of somebody at the same address',
      { staff: nora({ address: 'a' }), demographics: [patient('p', { address: 'a' })] },
      'household',
    ],
    [
      'of somebody with the same telephone',
      { staff: nora({ phone: '1' }), demographics: [patient('p', { phone: '1' })] },
      'household',
    ],
    [
      'of a child with the e-mail address of its mother',
      { staff: nora({ email: 'e', nameAndBirth: 'n' }), demographics: [patient('p', { email: 'e', nameAndBirth: 'c' })] },
      'household',
    ],
    [
      'of somebody with the same rare surname',
      { staff: nora({ surname: 'rare' }), demographics: [...many, patient('p', { surname: 'rare' })] },
      'household',
    ],
    [
      'of somebody at the same address, though their department sees the patient',
      {
        staff: nora({ address: 'a' }),
        demographics: [patient('p', { address: 'a' })],
        appointments: [visit('p', '2026-11-30', { department: 'Pediatrics' })],
      },
      'household',
    ],
    ['of a confidential patient', { confidential: [{ patient: 'p' }] }, 'confidential-patient'],
    [
      'of a confidential patient, on duty alone, whose visit was weeks ago',
      {
        confidential: [{ patient: 'p' }],
        staff: nora({ department: 'Ward B', shift: { from: '2026-11-30T07:00', to: '2026-11-30T19:00' } }),
        appointments: [visit('p', '2026-11-10', { department: 'Ward B' })],
      },
      'confidential-patient',
    ],
    [
      'without a relationship, where their shifts were in the department long ago, and are in another with a schedule',
      {
        staff: [
          staff('nora', { shift: { from: '2026-11-29T07:00', to: '2026-11-29T19:00' } }),
          staff('nora', { department: 'Ward B', shift: { from: '2026-10-01T07:00', to: '2026-10-01T19:00' } }),
        ],
        appointments: [other, visit('p', '2026-11-30', { department: 'Ward B' })],
      },
      'no-relationship',
    ],
    [
      'without a relationship, where their department has a schedule',
      { staff: roster, appointments: [other, visit('p', '2026-10-01', { department: 'Pediatrics' })] },
      'no-relationship',
    ],
    [
      'without a relationship, where they have appointments themselves',
      { appointments: [visit('other', '2026-11-30', { clinician: 'nora' })] },
      'no-relationship',
    ],
  ])('%s', (_what, rows, because) => {
    expect(said(rows)).toMatchObject({ state: 'suspicious', because });
  });
});

describe('an opening is neither', () => {
  it.each<[string, Partial<RelationRows>, string]>([
    ['without a schedule', { staff: roster }, 'No schedule was imported that could explain it'],
    [
      'by somebody whose work no schedule shows',
      { staff: roster, appointments: [visit('p', '2026-11-30', { department: 'Radiology' })] },
      'Nothing explains it; neither they nor their department stand in the schedule',
    ],
    [
      'where a common surname is all',
      { staff: nora({ surname: 'common' }), demographics: [...many, patient('p', { surname: 'common' })] },
      'No schedule was imported that could explain it',
    ],
    [
      'where many have the address',
      {
        staff: nora({ address: 'a' }),
        demographics: [
          ...Array.from({ length: 8 }, (_, index) => patient(`n${index}`, { address: 'a' })),
          patient('p', { address: 'a' }),
        ],
      },
      'No schedule was imported that could explain it',
    ],
    [
      'where they have nothing in common but a colleague',
      {
        staff: [...nora({ address: 'a' }), staff('omar', { phone: '1', nameAndBirth: 'o' })],
        demographics: [patient('p', { phone: '1', address: 'b' })],
      },
      'No schedule was imported that could explain it',
    ],
  ])('%s', (_what, rows, words) => {
    expect(said(rows)).toEqual({ state: 'unexplained', words });
  });

  it('joins ids that another directory knows as one patient', () => {
    const rows = { ...noRelationRows, confidential: [{ patient: 'mrn' }] };
    const alike = [['#1', 'p'], ['#1', 'mrn'], ['#1', 'mrn']] as const; // prettier-ignore
    const opening = { login: 'x', patient: 'p', day: '2026-11-30', minute: 0, wroteBefore: false };
    expect(explain(relationsOf(rows, alike), opening, { days: 30 })).toMatchObject({ because: 'confidential-patient' });
  });
});
