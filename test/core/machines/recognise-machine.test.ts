// Which machine a request comes from: each way to be one, and each way not to be.

import { describe, expect, test } from 'vitest';
import { confineMachine } from '../../../src/core/machines/confine-machine.ts';
import { carriedPatientProblem } from '../../../src/core/machines/carried-patient-problem.ts';
import type { Machine } from '../../../src/core/machines/machine.ts';
import { recogniseMachine } from '../../../src/core/machines/recognise-machine.ts';
import type { MachineQuestion } from '../../../src/core/machines/recognise-machine.ts';
import { sameHash } from '../../../src/core/machines/same-hash.ts';

const hex = (digit: string): string => digit.repeat(64);
const base = { applications: null, passAuthorization: false };
const lab: Machine = { ...base, name: 'lab', credential: { by: 'certificate', fingerprints: [hex('a'), hex('b')] } };
const job: Machine = { ...base, name: 'job', credential: { by: 'token', tokenHash: hex('c') } };
const far: Machine = { ...base, name: 'far', credential: { by: 'token', tokenHash: hex('d') } };
const gone: Machine = { ...base, name: 'gone', credential: { by: 'certificate', fingerprints: [hex('e')] } };

const certificate = (digit: string, more: Partial<NonNullable<MachineQuestion['certificate']>> = {}) => ({
  fingerprint: hex(digit),
  validFrom: 1000,
  validTo: 2000,
  ...more,
});

function judge(more: Partial<MachineQuestion>) {
  const question: MachineQuestion = { door: 'people', certificate: null, token: null, hasSession: false, now: 1500, ...more };
  return recogniseMachine([lab, job, far, gone], question, (name) => name !== 'far' && name !== 'gone');
}

const token = (digit: string, name: string | null = null) => ({ name, hash: hex(digit) });

describe('recognised', () => {
  test.each<readonly [what: string, given: Partial<MachineQuestion>, name: string | null, proof: string]>([
    ['a person', {}, null, ''],
    ['a person with a session', { hasSession: true }, null, ''],
    ['the first of two certificates', { door: 'machines', certificate: certificate('a') }, 'lab', hex('a')],
    ['the second of two', { door: 'machines', certificate: certificate('b') }, 'lab', hex('b')],
    ['its first moment', { door: 'machines', certificate: certificate('a'), now: 1000 }, 'lab', hex('a')],
    ['its last moment', { door: 'machines', certificate: certificate('a'), now: 2000 }, 'lab', hex('a')],
    ['a token', { token: token('c') }, 'job', hex('c')],
    ['a token under its name', { token: token('c', 'job') }, 'job', hex('c')],
  ])('%s', (_, given, name, proof) => {
    const verdict = judge(given);
    expect(verdict).not.toHaveProperty('reason');
    expect([verdict.machine?.name ?? null, 'proof' in verdict && verdict.proof]).toEqual([name, proof]);
  });
});

describe('refused', () => {
  test.each<readonly [what: string, given: Partial<MachineQuestion>, reason: string, recorded: RegExp | undefined]>([
    ['no certificate', { door: 'machines' }, 'machine-unknown', /No client certificate/],
    ['a certificate of nobody', { door: 'machines', certificate: certificate('f') }, 'machine-unknown', /No machine has/],
    ['the hash of a token as fingerprint', { door: 'machines', certificate: certificate('c') }, 'machine-unknown', /No machine/],
    ['a moment too early', { door: 'machines', certificate: certificate('a'), now: 999 }, 'machine-unknown', /not valid today/],
    ['a moment too late', { door: 'machines', certificate: certificate('a'), now: 2001 }, 'machine-unknown', /not valid today/],
    ['another address', { door: 'machines', certificate: certificate('e') }, 'machine-unknown', /"gone" may not come/],
    ['a token of nobody', { token: token('f') }, 'machine-unknown', /No machine has this token/],
    ['a fingerprint as token', { token: token('a') }, 'machine-unknown', /No machine has this token/],
    ['a token under another name', { token: token('c', 'far') }, 'machine-unknown', /came with another name/],
    ['a token from elsewhere', { token: token('d') }, 'machine-unknown', /"far" may not come from/],
    ['a token and a session', { token: token('c'), hasSession: true }, 'caller-ambiguous', undefined],
    [
      'a certificate and a session',
      { door: 'machines', certificate: certificate('a'), hasSession: true },
      'caller-ambiguous',
      undefined,
    ],
    ['both at once', { door: 'machines', certificate: certificate('a'), token: token('c') }, 'caller-ambiguous', undefined],
    ['a token at the other door', { door: 'machines', token: token('c') }, 'caller-ambiguous', undefined],
  ])('%s', (_, given, reason, recorded) => {
    const verdict = judge(given);
    if (!('reason' in verdict)) throw new Error('It was let in');
    expect(verdict.reason).toBe(reason);
    if (recorded === undefined) expect(verdict).not.toHaveProperty('recorded');
    else expect(verdict.recorded).toMatch(recorded);
    expect(verdict.detail).not.toMatch(/lab|job|far|gone|[0-9a-f]{64}/);
  });
});

test.each([
  [hex('a'), hex('a'), true],
  [hex('a'), `${hex('a').slice(1)}b`, false],
  [hex('a'), `b${hex('a').slice(1)}`, false],
  [hex('a'), hex('a').slice(1), false],
  ['', hex('a'), false],
  ['', '', true],
])('%s and %s', (one, other, same) => {
  expect([sameHash(one, other), sameHash(other, one)]).toEqual([same, same]);
});

test.each<readonly [applications: readonly string[] | null, application: string, isOwnPage: boolean, problem: RegExp | null]>([
  [null, 'ehr', false, null],
  [['pacs', 'ehr'], 'ehr', false, null],
  [['pacs'], 'ehr', false, /nothing to do with application "ehr"/],
  [[], 'ehr', false, /nothing to do/],
  [null, 'ehr', true, /for people/],
])('of %j at %s, own page %s', (applications, application, isOwnPage, problem) => {
  const detail = confineMachine({ machine: 'lab', applications }, application, isOwnPage);
  if (problem === null) expect(detail).toBeNull();
  else expect(detail).toMatch(problem);
});

test.each([
  ['path', false],
  ['query', false],
  ['form', false],
  [null, false],
  ['session', true],
  ['unresolved', true],
] as const)('a patient read from %s', (patientSource, refused) => {
  expect(carriedPatientProblem({ patientSource }) !== null).toBe(refused);
});
