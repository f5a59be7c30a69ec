// What a change of the rules gives and takes, by role and area, told by the functions that decide.

import { expect, test } from 'vitest';
import { parsePattern } from '../../../src/core/policy/path-pattern.ts';
import type { Budget, Method, Policy, Route, Rule } from '../../../src/core/policy/policy.ts';
import { mostRightLines, rightChanges, rightLines } from '../../../src/core/rights/right-changes.ts';

function route(source: string, fields: Partial<Route> = {}): Route {
  const pattern = parsePattern(source);
  if ('problem' in pattern) throw new Error(pattern.problem);
  const methods: readonly Method[] = ['GET'];
  const base = { pattern, methods, query: [], form: [], patient: [], selects: null, clearsSelection: false };
  return { ...base, category: null, action: null, passive: false, download: 'by-reply', ...fields };
}

function rule(name: string, allow: Rule['allow'], routes: readonly Route[], fields: Partial<Rule> = {}): Rule {
  const more = { exportRoles: null, emergencyRoles: [], zones: null, hours: null, freshFactorSeconds: null, webSocket: false };
  const rest = { changes: false, recordQuery: [], upstreamHeaderTimeoutSeconds: null, at: 'rules.yaml:1' };
  return { name, application: 'ehr', routes, allow, ...more, ...rest, ...fields };
}

const charts = route('/chart/{patient}', { area: 'ehr.chart' });
const notes = route('/notes/*.php', { area: 'ehr.notes', methods: ['GET', 'POST'] });
const roles = new Map([
  ['nurse', ['Clinic-Nurses']],
  ['desk', ['Clinic-Desk']],
]);

function policy(rules: readonly Rule[], fields: Partial<Policy> = {}): Policy {
  return { mode: 'enforce', version: '0'.repeat(64), denyAlways: [], rules, roles, budgets: new Map(), ...fields };
}

const strict = () => ({ dialect: 'strict', profile: 'generic' }) as const;
const lines = (before: Policy, after: Policy) => rightLines(before, after, strict);
const nurses = policy([rule('charts', ['nurse'], [charts])]);
// oxlint-disable-next-line unicorn/no-thenable -- the key of the rule file
const budget: Budget = { filesPerHour: 1, bytesPerDay: null, patientsPerHour: null, paceBytesPerSecond: null, then: 'refuse' };

test.each<[string, Policy, Policy, readonly string[]]>([
  ['the same rules change nothing', nurses, nurses, []],
  ['another name of a rule changes nothing', nurses, policy([rule('all charts', ['nurse'], [charts])]), []],
  [
    'a role that is let in',
    nurses,
    policy([rule('charts', ['nurse', 'desk'], [charts])]),
    ['desk gains ehr.chart GET: rule charts'],
  ],
  [
    'a rule that is gone',
    policy([...nurses.rules, rule('notes', 'everyone', [notes])]),
    nurses,
    [
      'desk loses ehr.notes GET: rule notes',
      'desk loses ehr.notes POST: rule notes',
      'nurse loses ehr.notes GET: rule notes',
      'nurse loses ehr.notes POST: rule notes',
    ],
  ],
  [
    'every term of a rule',
    nurses,
    policy([
      rule('charts', ['nurse'], [charts], {
        zones: ['clinic', 'desks'],
        hours: [{ days: [1], fromMinute: 420, toMinute: 1140 }],
        freshFactorSeconds: 300,
        phishingResistant: true,
        webSocket: true,
        exportRoles: ['desk'],
        emergencyRoles: ['desk'],
      }),
    ]),
    [
      'desk gains ehr.chart GET: rule charts, in an emergency, with a reason, from clinic or desks, Mon 07:00-19:00, confirmed within 5 min, with a passkey, live connections too',
      'nurse changes ehr.chart GET: before freely; now from clinic or desks, Mon 07:00-19:00, confirmed within 5 min, with a passkey, live connections too, no downloads',
    ],
  ],
  [
    'terms that fall away',
    policy([rule('charts', ['nurse'], [charts], { zones: ['clinic'] })]),
    nurses,
    ['nurse changes ehr.chart GET: before from clinic; now freely'],
  ],
  [
    'a narrower rule before it, by path',
    nurses,
    policy([rule('staff', [], [route('/chart/staff')]), ...nurses.rules]),
    ['nurse loses ehr /chart/staff GET: rule charts'],
  ],
  [
    'a part of an area',
    policy([rule('charts', ['nurse'], [charts, route('/charts', { area: 'ehr.chart' })])]),
    nurses,
    ['nurse loses ehr.chart GET in part (1 of 2 addresses, such as /charts): rule charts'],
  ],
  [
    'a range of hours without a day',
    nurses,
    policy([rule('charts', ['nurse'], [charts], { hours: [{ days: [], fromMinute: 60, toMinute: 120 }] })]),
    ['nurse loses ehr.chart GET: rule charts'],
  ],
  [
    'two addresses of one area',
    policy([rule('charts', ['nurse'], [charts, route('/charts', { area: 'ehr.chart' })])]),
    policy([]),
    ['nurse loses ehr.chart GET: rule charts'],
  ],
  [
    'a machine',
    nurses,
    policy([rule('charts', ['nurse'], [charts], { machines: ['lab'], exportRoles: ['nurse'] })]),
    ['machine lab gains ehr.chart GET: rule charts'],
  ],
  [
    'conditions are met by the example',
    nurses,
    policy([
      ...nurses.rules,
      rule(
        'send',
        ['desk'],
        [
          route('/letters', {
            methods: ['POST'],
            query: [{ name: 'kind', expect: { value: 'new' } }],
            form: [
              { name: 'send', expect: 'present' },
              { name: 'draft', expect: 'absent' },
            ],
          }),
        ],
      ),
    ]),
    ['desk gains ehr /letters POST: rule send'],
  ],
  [
    'only observed from now on',
    nurses,
    policy(nurses.rules, { mode: 'observe' }),
    ['everybody gains what the rules refuse: they are only observed from now on'],
  ],
  [
    'enforced from now on',
    policy(nurses.rules, { mode: 'observe' }),
    nurses,
    ['everybody loses what the rules refuse: they are enforced from now on'],
  ],
  [
    'who has a role',
    nurses,
    policy(nurses.rules, {
      roles: new Map([
        ['nurse', ['Clinic-Night']],
        ['records', ['A', 'B']],
      ]),
    }),
    [
      'role nurse is given to Clinic-Night as well',
      'role nurse is taken from Clinic-Nurses',
      'role desk is gone, which was of Clinic-Desk',
      'role records is new, of A, B',
    ],
  ],
  [
    'a budget',
    nurses,
    policy(nurses.rules, { budgets: new Map([['nurse', budget]]) }),
    ['the download budget of nurse is another'],
  ],
])('%s', (_what, before, after, expected) => {
  expect(lines(before, after)).toEqual(expected);
});

test('an example that no EHR is ever asked for is nobody’s', () => {
  const odd: Route = { ...charts, pattern: { source: '/..', segments: [{ kind: 'literal', text: '..' }] } };
  expect(rightChanges(policy([]), policy([rule('odd', 'everyone', [odd])]), strict)).toEqual([]);
});

test('a change of very many things is told by its beginning and a number, and no line is longer than it may be', () => {
  const many = Array.from({ length: mostRightLines + 5 }, (_, index) =>
    rule(`r${index}`, ['nurse'], [route(`/a${index}/${'b'.repeat(250)}`)]),
  );
  const told = lines(policy([]), policy(many));
  expect(told).toHaveLength(mostRightLines + 1);
  expect(told.at(-1)).toBe('and 5 further changes');
  expect(told.every((line) => line.length <= 240)).toBe(true);
  expect(told[0]).toMatch(/…$/);
});

test('rows name both rules, so that a report can', () => {
  const [row] = rightChanges(nurses, policy([rule('charts', ['desk'], [charts])]), strict);
  expect(row).toEqual({
    who: 'desk',
    change: 'gains',
    area: 'ehr.chart',
    method: 'GET',
    before: null,
    after: { rule: 'charts', terms: '' },
    count: 1,
    of: 1,
    example: '/chart/x',
  });
});
