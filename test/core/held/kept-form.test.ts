// Which requests are forms that may be kept, which of them are the same one sent twice, and to whose patient one may go.

import { describe, expect, test } from 'vitest';
import { carriedPatient, goesToItsPatient } from '../../../src/core/held/carried-patient.ts';
import type { Carried } from '../../../src/core/held/carried-patient.ts';
import { sameForm } from '../../../src/core/held/same-form.ts';
import { isSentByPerson } from '../../../src/core/held/sent-by-person.ts';

const urlencoded = 'application/x-www-form-urlencoded';
const form = (body: string, contentType: string | null = urlencoded, target = '/a?b') => ({
  target,
  contentType,
  body: Buffer.from(body),
});
const parts = (boundary: string, text = 'x') =>
  form(`--${boundary}\r\n\r\n${text}\r\n--${boundary}--\r\n`, `multipart/form-data; boundary=${boundary}`);

test.each([
  ['the same bytes', form('a=1'), form('a=1'), true],
  ['other bytes', form('a=1'), form('a=2'), false],
  ['another address', form('a=1'), form('a=1', urlencoded, '/a?c'), false],
  ['another type', form('a=1'), form('a=1', 'text/plain'), false],
  ['no type', form('a=1', null), form('a=1', null), true],
  ['parts between other boundaries', parts('one'), parts('two'), true],
  ['other parts', parts('one', 'x'), parts('two', 'y'), false],
])('%s', (_what, one, other, expected) => {
  expect(sameForm(one, other)).toBe(expected);
});

const ours = 'https://ehr.example';
const sent = { method: 'POST', shape: 'page', declaredBytes: 3, headers: { origin: ours, 'sec-fetch-site': 'same-origin' } };

test.each<readonly [what: string, more: object, headers: Record<string, string>, expected: boolean]>([
  ['a form of a page', {}, {}, true],
  ['in a frame', { shape: 'frame' }, {}, true],
  ['loaded again', {}, { 'sec-fetch-site': 'none' }, true],
  ['of another site', {}, { 'sec-fetch-site': 'cross-site' }, false],
  ['of another origin', {}, { origin: 'https://evil.example' }, false],
  ['without a length', { declaredBytes: null }, {}, true],
  ['with nothing in it', { declaredBytes: 0 }, {}, false],
  ['of a script', { shape: 'script' }, {}, false],
  ['that only asks', { method: 'GET' }, {}, false],
  ['compressed', {}, { 'content-encoding': 'gzip' }, false],
])('a request %s', (_what, more, headers, expected) => {
  const request = { ...sent, ...more, headers: new Map(Object.entries({ ...sent.headers, ...headers })) };
  expect(isSentByPerson(request as never, ours)).toBe(expected);
});

test('of a browser that does not tell the site', () => {
  expect(isSentByPerson({ ...sent, headers: new Map([['origin', ours]]) } as never, ours)).toBe(true);
});

describe('a form that leans on the patient of the EHR session', () => {
  const bySession = { patient: [{ in: 'query' }, { in: 'session' }] } as const;
  const byPath = { patient: [{ in: 'path' }] } as const;

  test.each<readonly [what: string, carried: Carried, now: Parameters<typeof goesToItsPatient>[1], expected: boolean]>([
    ['the same is open', '5', { patient: '5', patientSource: 'session', route: bySession }, true],
    ['another is open', '5', { patient: '7', patientSource: 'session', route: bySession }, false],
    ['nobody is open', '5', { patient: null, patientSource: 'unresolved', route: bySession }, false],
    ['nobody was', null, { patient: null, patientSource: 'unresolved', route: bySession }, true],
    ['nobody knows', undefined, { patient: '5', patientSource: 'session', route: bySession }, false],
    ['it names one itself', undefined, { patient: '7', patientSource: 'query', route: bySession }, true],
    ['the session does not count', undefined, { patient: null, patientSource: 'unresolved', route: byPath }, true],
    ['no patient is concerned', undefined, { patient: null, patientSource: null, route: { patient: [] } }, true],
  ])('%s', (_what, carried, now, expected) => {
    expect(goesToItsPatient(carried, now)).toBe(expected);
  });

  test.each<readonly [what: string, known: Parameters<typeof carriedPatient>[0], expected: Carried]>([
    ['no session of the EHR', [], undefined],
    ['one', [{ id: 'a', patient: '5', certain: true }], '5'],
    ['one that is not certain', [{ id: 'a', patient: '5', certain: false }], undefined],
    [
      'the last counts',
      [
        { id: 'a', patient: '5', certain: true },
        { id: 'b', patient: null, certain: true },
      ],
      null,
    ],
  ])('known of %s', (_what, known, expected) => {
    expect(carriedPatient(known)).toBe(expected);
  });
});
