// Whose chart it is, from the first place that says so, and what is refused because two places say otherwise.

import { describe, expect, test } from 'vitest';
import { readQuery, readUrlencoded } from '../../../src/core/policy/fields.ts';
import type { Method, ParameterDialect, PatientSource, Route } from '../../../src/core/policy/policy.ts';
import { readMatter } from '../../../src/core/policy/subject-matter.ts';
import type { Matter, MatterProblem } from '../../../src/core/policy/subject-matter.ts';
import { route } from './build-policy.ts';

interface Given {
  readonly path?: string;
  readonly query?: string;
  readonly form?: string;
  readonly selection?: string;
  readonly dialect?: ParameterDialect;
  readonly method?: Method;
}

const fromPath: PatientSource = { in: 'path', name: 'id' };
const fromQuery: PatientSource = { in: 'query', name: 'pid' };
const fromForm: PatientSource = { in: 'form', name: 'pid' };
const fromOtherField: PatientSource = { in: 'form', name: 'patient' };
const fromSession: PatientSource = { in: 'session' };

function read(more: Partial<Route>, given: Given): Matter | MatterProblem {
  const { path, query = null, form, selection = null, dialect = 'strict', method = 'GET' } = given;
  const captures = new Map(path === undefined ? [] : [['id', path]]);
  const fields = form === undefined ? null : readUrlencoded(form, dialect);
  return readMatter(route('/x', more), captures, readQuery(query, dialect), fields, selection, dialect, method);
}

/** `source:patient`, or the sentence that refuses it. */
function patientOf(patient: readonly PatientSource[], given: Given): string {
  const matter = read({ patient }, given);
  return 'reason' in matter ? `${matter.reason}: ${matter.detail}` : `${matter.patientSource}:${matter.patient}`;
}

const differs = 'patient-ambiguous: Field "pid" says one thing in the query and another in the form';

test.each([
  ['0', 'digits', null],
  ['0', 'exact', '0'],
  ['7', 'digits', '7'],
  ['123456789012345678', 'digits', '123456789012345678'],
  ['1234567890123456789', 'digits', undefined],
  ['007', 'digits', undefined],
  ['21abc', 'digits', undefined],
  ['-7', 'digits', undefined],
  ['', 'digits', null],
  ['007', 'exact', '007'],
] as const)('of an id %j written as %s the patient is %j', (path, form, patient) => {
  const matter = readMatter(
    route('/x', { patient: [fromPath] }),
    new Map([['id', path]]),
    new Map(),
    null,
    null,
    'strict',
    'GET',
    form,
  );
  if (patient !== undefined) expect(matter).toMatchObject({ patient });
  else expect(matter).toEqual({ reason: 'patient-ambiguous', detail: expect.stringContaining(`"${path}"`) as unknown });
});

describe('patient', () => {
  test.each([
    ['none declared', [], { query: 'pid=5', selection: '7' }, 'null:null'],
    ['path', [fromPath], { path: '5' }, 'path:5'],
    ['path without that name', [fromPath], {}, 'unresolved:null'],
    ['query', [fromQuery], { query: 'pid=5' }, 'query:5'],
    ['form', [fromForm], { form: 'pid=5' }, 'form:5'],
    ['form not read', [fromForm], {}, 'unresolved:null'],
    ['session', [fromSession], { selection: '5' }, 'session:5'],
    ['nothing selected', [fromSession], {}, 'unresolved:null'],
    ['the first that says so', [fromPath, fromQuery, fromSession], { path: '1', query: 'pid=2', selection: '3' }, 'path:1'],
    ['the next where one is silent', [fromQuery, fromSession], { query: 'x=1', selection: '3' }, 'session:3'],
    ['the next where one is empty', [fromQuery, fromSession], { query: 'pid=', selection: '3' }, 'session:3'],
    ['a decoy in an undeclared place', [fromSession], { form: 'pid=13', selection: '5' }, 'session:5'],
    ['PHP folds the name', [fromQuery], { query: 'p%69d=5', dialect: 'php' }, 'query:5'],
    ['sent twice', [fromQuery], { query: 'pid=5&pid=6', dialect: 'php' }, 'patient-ambiguous: Field "pid" is sent 2 times'],
    ['sent twice alike', [fromQuery], { query: 'pid=5&pid=5', dialect: 'php' }, 'query:5'],
    [
      'ambiguous after silent',
      [fromQuery, fromForm],
      { form: 'pid=%zz' },
      'patient-ambiguous: Field "pid" is not percent-encoded as it must be',
    ],
    ['merged by Java', [fromQuery], { query: 'pid=5', form: 'pid=6', dialect: 'java' }, differs],
    ['not merged by PHP', [fromQuery], { query: 'pid=5', form: 'pid=6', dialect: 'php' }, 'query:5'],
    ['both declared, PHP', [fromQuery, fromForm], { query: 'pid=5', form: 'pid=6', dialect: 'php' }, differs],
    ['both declared the other way round', [fromForm, fromQuery], { query: 'pid=5', form: 'pid=6', dialect: 'php' }, differs],
    ['both declared, alike', [fromQuery, fromForm], { query: 'pid=5', form: 'pid=5', dialect: 'php' }, 'query:5'],
    ['two names', [fromQuery, fromOtherField], { query: 'pid=5', form: 'patient=6', dialect: 'php' }, 'query:5'],
    [
      'a path of the same name',
      [{ in: 'path', name: 'pid' }, fromQuery],
      { query: 'pid=5', form: 'pid=6', dialect: 'php' },
      'query:5',
    ],
    ['256 characters', [fromQuery], { query: `pid=${'1'.repeat(256)}` }, `query:${'1'.repeat(256)}`],
    [
      '257 characters',
      [fromQuery],
      { query: `pid=${'1'.repeat(257)}` },
      "patient-ambiguous: The patient's id has 257 characters, and 256 are accepted",
    ],
    [
      'a control character',
      [fromQuery],
      { query: 'pid=5%0a' },
      "patient-ambiguous: The patient's id holds an invisible character",
    ],
    [
      'a direction mark',
      [fromQuery],
      { query: 'pid=%E2%80%AE5' },
      "patient-ambiguous: The patient's id holds an invisible character",
    ],
  ] as const)('%s', (_, patient, given, expected) => {
    expect(patientOf(patient, given)).toBe(expected);
  });
});

describe('selects', () => {
  test.each([
    [null, { query: 'pid=5' }, null],
    [fromQuery, { query: 'pid=5' }, '5'],
    [fromQuery, {}, null],
    [fromQuery, { query: 'pid=' }, null],
    [fromPath, { path: '5' }, '5'],
    [fromForm, { form: 'pid=5' }, '5'],
  ] as const)('%j of %j', (selects, given, selected) => {
    expect(read({ selects }, given)).toMatchObject({ selects: selected, patient: null, patientSource: null });
  });

  test.each(['pid=', 'pid=0'])('an EHR that numbers its patients is not asked for nobody: %s', (query) => {
    const answer = (form: 'digits' | 'exact'): Matter | MatterProblem =>
      readMatter(route('/x', { selects: fromQuery }), new Map(), readQuery(query, 'php'), null, '5', 'php', 'GET', form);
    expect(answer('digits')).toMatchObject({
      reason: 'patient-ambiguous',
      detail: expect.stringMatching(/names nobody/) as unknown,
    });
    expect(answer('exact')).toMatchObject({ selects: query === 'pid=0' ? '0' : null });
    const unasked = readMatter(
      route('/x', { selects: fromQuery }),
      new Map(),
      readQuery(null, 'php'),
      null,
      '5',
      'php',
      'GET',
      'digits',
    );
    expect(unasked).toMatchObject({ selects: null });
  });

  test('is refused where it is ambiguous', () => {
    expect(read({ selects: fromQuery }, { query: 'pid=5&pid=6' })).toEqual({
      reason: 'patient-ambiguous',
      detail: 'Field "pid" is sent 2 times',
    });
  });
});

describe('category and action', () => {
  test.each([
    ['GET', 'read'],
    ['HEAD', 'read'],
    ['OPTIONS', 'read'],
    ['POST', 'update'],
    ['PUT', 'update'],
    ['PATCH', 'update'],
    ['DELETE', 'delete'],
  ] as const)('%s is %s', (method, action) => {
    expect(read({}, { method })).toEqual({ patient: null, patientSource: null, selects: null, category: null, action });
  });

  test("the route's own words win", () => {
    expect(read({ action: 'execute', category: 'reports' }, { method: 'POST' })).toMatchObject({
      action: 'execute',
      category: 'reports',
    });
  });
});
