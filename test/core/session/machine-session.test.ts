// What a machine has in the place of a session: nothing of a person's, and a name that no person can have.

import { expect, test } from 'vitest';
import { auditEntry } from '../../../src/core/audit/entry.ts';
import { encodeRecord, noRecord } from '../../../src/core/audit/encode-record.ts';
import { warningEntry } from '../../../src/core/downloads/budget-entry.ts';
import { machineBudget } from '../../../src/core/downloads/machine-budget.ts';
import type { Budget } from '../../../src/core/policy/policy.ts';
import { factorOf, sessionOf as shownSession } from '../../../src/core/session/caller-words.ts';
import { isMachine, machineSession } from '../../../src/core/session/machine-session.ts';
import { sessionOf } from '../../support/session-of.ts';

const lab = machineSession(
  { name: 'lab', credential: { by: 'certificate', fingerprints: ['f'] }, applications: ['ehr'], passAuthorization: true },
  'f',
);

test('a machine is told from a person', () => {
  expect([isMachine(lab), isMachine(sessionOf('lab'))]).toEqual([true, false]);
  expect(lab).toMatchObject({
    machine: 'lab',
    by: 'certificate',
    proof: 'f',
    roles: [],
    applications: ['ehr'],
    passAuthorization: true,
  });
  expect(new Set([lab.key, lab.reference, lab.subject.sub])).toEqual(new Set(['machine:lab']));
});

test('records show no session of a machine, and what it proved itself with', () => {
  expect([shownSession(lab), factorOf(lab)]).toEqual([null, 'certificate']);
  const person = sessionOf('ada');
  expect([shownSession(person), factorOf(person)]).toEqual([person.reference, person.factor.method]);
});

test.each([
  ['lab', '{"machine":"lab"}'],
  ['a"b', '{"machine":"a\\"b"}'],
])('the subject of machine %s', (name, written) => {
  const entry = auditEntry('attempt', 0, { subject: { ...lab.subject, name } });
  const line = encodeRecord(entry, { sequence: 1, previousHash: noRecord, boot: 'b', monotonic: 0 });
  expect(line).toContain(`"subject":${written}`);
});

test('a person of the same name keeps their issuer', () => {
  const entry = auditEntry('attempt', 0, { subject: { issuer: 'https://id.example', sub: 'machine:lab', name: 'lab' } });
  expect(encodeRecord(entry, { sequence: 1, previousHash: noRecord, boot: 'b', monotonic: 0 })).toContain(
    '"subject":{"issuer":"https://id.example","sub":"machine:lab","name":"lab"}',
  );
});

const budget = (filesPerHour: number, overBudget: Budget['then']): Budget => ({
  filesPerHour,
  bytesPerDay: null,
  patientsPerHour: null,
  paceBytesPerSecond: null,
  // oxlint-disable-next-line unicorn/no-thenable -- the word of the rule file; a string is never called by await
  then: overBudget,
});

test.each<readonly [what: string, policy: Parameters<typeof machineBudget>[0], expected: Budget | null]>([
  ['none', { budgets: new Map() }, null],
  ["everyone's", { budgets: new Map([['everyone', budget(5, 'slow')]]) }, budget(5, 'slow')],
  ["everyone's without a question", { budgets: new Map([['everyone', budget(5, 'ask')]]) }, budget(5, 'refuse')],
  ["no role's of its name", { budgets: new Map([['lab', budget(5, 'slow')]]) }, null],
  [
    'its own',
    { budgets: new Map([['everyone', budget(5, 'slow')]]), machineBudgets: new Map([['lab', budget(9, 'refuse')]]) },
    budget(9, 'refuse'),
  ],
  [
    "another's is not its own",
    { budgets: new Map([['everyone', budget(5, 'slow')]]), machineBudgets: new Map([['job', budget(9, 'refuse')]]) },
    budget(5, 'slow'),
  ],
])('a budget: %s', (_, policy, expected) => {
  expect(machineBudget(policy, 'lab')).toEqual(expected);
});

test('the record of a budget names no role and no session of a machine', () => {
  const facts = {
    id: 'r-1',
    address: '10.1.1.1',
    agent: null,
    session: lab,
    application: { name: 'ehr' },
    policy: { version: 'v' },
    rule: { name: 'files' },
    patientToken: null,
    patientSource: null,
    category: null,
    grant: null,
  };
  expect(warningEntry(facts, 0, 'files')).toMatchObject({
    subject: lab.subject,
    roles: null,
    session: null,
    factor: 'certificate',
  });
  expect(warningEntry({ ...facts, session: sessionOf('ada') }, 0, 'files')).toMatchObject({ roles: ['nurse', 'records'] });
});
