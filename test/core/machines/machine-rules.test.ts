// What a rule says of a machine: its name under machines, and nothing that is said of people.

import { expect, test } from 'vitest';
import { authorize } from '../../../src/core/policy/authorize.ts';
import { explain } from '../../../src/core/policy/explain.ts';
import type { Rule } from '../../../src/core/policy/policy.ts';
import { indexRules } from '../../../src/core/policy/rule-index.ts';
import { policy, question, route, rule } from '../policy/build-policy.ts';

const here = { roles: [], zones: ['servers'], weekday: 1, minute: 600, grantOpen: true };
const night = [{ days: [1], fromMinute: 0, toMinute: 60 }];

test.each<readonly [what: string, more: Partial<Rule>, reason: string | null]>([
  ['named', { allow: [], machines: ['job', 'lab'] }, null],
  ['named beside roles', { allow: ['nurse'], machines: ['lab'] }, null],
  ['everyone', { allow: 'everyone' }, 'machine-not-permitted'],
  ['everyone, and another machine', { allow: 'everyone', machines: ['job'] }, 'machine-not-permitted'],
  ['a role of its name', { allow: ['lab'] }, 'machine-not-permitted'],
  ['a role of its name in an emergency', { allow: [], emergencyRoles: ['lab'] }, 'machine-not-permitted'],
  ['nobody', { allow: [], machines: [] }, 'machine-not-permitted'],
  ['its zone', { allow: [], machines: ['lab'], zones: ['servers'] }, null],
  ['another zone', { allow: [], machines: ['lab'], zones: ['desks'] }, 'zone-not-permitted'],
  ['another hour', { allow: [], machines: ['lab'], hours: night }, 'hours-not-permitted'],
])('%s', (_, more, reason) => {
  // A role of its name would be somebody's mistake; a machine has none, and none would help it.
  for (const roles of [[], ['lab', 'nurse']]) {
    const verdict = authorize(rule('results', [], more), { ...here, roles, machine: 'lab' }, false);
    expect(verdict.allow ? null : verdict.reason).toBe(reason);
    if (verdict.allow) expect(verdict.viaEmergency).toBe(false);
    else expect(verdict.emergencyPossible).toBe(false);
  }
});

test('a person is let in by no machine of their role', () => {
  const verdict = authorize(rule('results', [], { allow: [], machines: ['lab'] }), { ...here, roles: ['lab'] }, false);
  expect(verdict).toMatchObject({ allow: false, reason: 'role-not-permitted' });
});

test.each([
  [{ allow: [], machines: ['job'] }, 'Rule "results" permits job; this is machine lab'],
  [{ allow: 'everyone' as const }, 'Rule "results" permits no machine; this is machine lab'],
])('it is told what the rule says of machines', (more, detail) => {
  expect(authorize(rule('results', [], more), { ...here, machine: 'lab' }, false)).toMatchObject({ detail });
});

test('explain refuses a patient that is carried, as the gateway does', () => {
  const carried = rule('chart', [route('/chart', { patient: [{ in: 'session' }] })], { allow: ['nurse'], machines: ['lab'] });
  const rules = policy([carried]);
  const ask = (machine: string | undefined) =>
    explain(rules, indexRules(rules), question('/chart'), { ...here, roles: ['nurse'], machine, selection: null });
  expect(ask(undefined)).toMatchObject({ allow: true });
  expect(ask('lab')).toMatchObject({ allow: false, reason: 'patient-ambiguous', rule: 'chart' });
});
