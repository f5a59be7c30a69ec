// What explain says, and that it says what production decides.

import { describe, expect, test } from 'vitest';
import { explain } from '../../../src/core/policy/explain.ts';
import type { ExplainedPerson, Explanation } from '../../../src/core/policy/explain.ts';
import type { Policy } from '../../../src/core/policy/policy.ts';
import { indexRules } from '../../../src/core/policy/rule-index.ts';
import { deny, policy, question, route, rule } from './build-policy.ts';
import type { Asked } from './build-policy.ts';

const person: ExplainedPerson = {
  roles: ['nurse'],
  zones: ['clinic'],
  weekday: 1,
  minute: 600,
  grantOpen: false,
  selection: null,
};

const rules = policy(
  [
    rule('screens', [route('/main.php'), route('/menu/**', { methods: ['GET', 'POST'] })]),
    rule('charts', [route('/chart.php', { patient: [{ in: 'query', name: 'pid' }, { in: 'session' }] })], {
      allow: ['physician', 'nurse'],
      emergencyRoles: ['front-desk'],
      zones: ['clinic'],
    }),
    rule('export', [
      route('/report.php', {
        methods: ['POST'],
        query: [
          { name: 'type', expect: { value: 'csv' } },
          { name: 'draft', expect: 'absent' },
        ],
        form: [{ name: 'send', expect: 'present' }],
      }),
    ]),
    rule('images', [route('/**')], { application: 'pacs' }),
    rule('empty', []),
  ],
  [deny('/setup.php')],
);

function ask(raw: string, asked: Asked = {}, more: Partial<ExplainedPerson> = {}, judged: Policy = rules): Explanation {
  return explain(judged, indexRules(judged), question(raw, asked), { ...person, ...more });
}

describe('the verdict', () => {
  const nobody = { rule: null, patient: null, allow: false };
  test.each([
    [
      '/main.php',
      {},
      {},
      {
        allow: true,
        rule: 'screens',
        reason: 'permitted',
        detail: 'Rule "screens" permits this',
        patient: null,
        target: '/main.php',
      },
    ],
    ['/chart.php?pid=7', {}, {}, { allow: true, rule: 'charts', reason: 'permitted', patient: '7', target: '/chart.php?pid=7' }],
    ['/chart.php', {}, { selection: '8' }, { allow: true, rule: 'charts', patient: '8' }],
    [
      '/chart.php?pid=7',
      {},
      { roles: ['it'] },
      {
        allow: false,
        rule: 'charts',
        reason: 'role-not-permitted',
        detail: 'Rule "charts" permits the roles physician, nurse; you are it',
        patient: '7',
      },
    ],
    ['/chart.php?pid=7', {}, { roles: ['front-desk'] }, { allow: false, rule: 'charts', reason: 'break-glass-required' }],
    [
      '/chart.php?pid=7',
      {},
      { roles: ['front-desk'], grantOpen: true },
      { allow: true, detail: 'Rule "charts" permits this through the open emergency access' },
    ],
    ['/chart.php?pid=7', { webSocket: true }, {}, { allow: false, reason: 'upgrade-not-permitted' }],
    [
      '/chart.php?pid=7&pid=8',
      {},
      {},
      { allow: false, rule: 'charts', reason: 'patient-ambiguous', detail: 'Field "pid" is sent 2 times', patient: null },
    ],
    ['/nowhere', {}, {}, { ...nobody, reason: 'no-rule', detail: 'No rule fits this request' }],
    ['/setup.php', {}, {}, { ...nobody, reason: 'denied-always', detail: 'Nobody may open this (deny /setup.php)' }],
    ['/Chart.php', {}, {}, { ...nobody, reason: 'case-ambiguous' }],
    [
      '/report.php?type=csv&type=x',
      { method: 'POST' },
      {},
      { ...nobody, reason: 'field-ambiguous', detail: 'Field "type" is sent 2 times' },
    ],
    // A form that is not given counts as empty.
    ['/report.php?type=csv', { method: 'POST' }, {}, { ...nobody, reason: 'no-rule' }],
    ['/report.php?type=csv', { method: 'POST', form: 'send' }, {}, { allow: true, rule: 'export' }],
  ] as const)('%s %j %j', (raw, asked, more, verdict) => {
    expect(ask(raw, asked, more)).toMatchObject(verdict);
  });
});

/** `name: criterion+ criterion-`, the deciding rule with a star. */
function lines(explanation: Explanation): readonly string[] {
  return explanation.rules.map(
    ({ name, decides, criteria }) =>
      `${name}${decides ? '*' : ''}: ${criteria.map(({ criterion, hit }) => criterion + (hit ? '+' : '-')).join(' ')}`,
  );
}

describe('rule by rule', () => {
  test('each criterion of each rule, and of the deciding one what it asks of the person', () => {
    expect(lines(ask('/chart.php?pid=7', {}, { roles: ['it'] }))).toEqual([
      'screens: application+ path- method+ query+ form+',
      'charts*: application+ path+ method+ query+ form+ websocket+ zone+ hours+ role-',
      'export: application+ path- method- query- form-',
      'images: application- path+ method+ query+ form+',
      'empty: application+',
    ]);
  });

  test('of several routes the one that fits furthest', () => {
    const [screens] = ask('/menu/x', { method: 'PUT' }).rules;
    expect(screens).toEqual({
      name: 'screens',
      at: 'rules.yaml:screens',
      criteria: [
        { criterion: 'application', hit: true, detail: 'The rule is for "ehr"' },
        { criterion: 'path', hit: true, detail: '/menu/**' },
        { criterion: 'method', hit: false, detail: 'GET POST' },
        { criterion: 'query', hit: true, detail: 'any' },
        { criterion: 'form', hit: true, detail: 'any' },
      ],
      decides: false,
    });
  });

  test('conditions in words, and a field that cannot be told', () => {
    const details = (raw: string): readonly string[] | undefined =>
      ask(raw, { method: 'POST', form: 'send=1' })
        .rules[2]?.criteria.slice(3)
        .map(({ detail }) => detail);
    expect(details('/report.php?type=csv')?.slice(0, 2)).toEqual(['type = csv, draft absent', 'send present']);
    expect(details('/report.php?type=csv&draft=%FF')?.[0]).toBe('Field "draft" is not percent-encoded as it must be');
  });

  test('a live connection that its rule permits', () => {
    const sockets = policy([rule('feed', [route('/feed')], { webSocket: true })]);
    const [feed] = ask('/feed', { webSocket: true }, {}, sockets).rules;
    expect(feed?.criteria.find(({ criterion }) => criterion === 'websocket')).toEqual({
      criterion: 'websocket',
      hit: true,
      detail: 'Rule "feed" permits live connections; this is a live connection',
    });
  });

  test('folded where the EHR folds', () => {
    expect(lines(ask('/MAIN.php', { profile: 'windows' }))[0]).toMatch(/^screens\*: application\+ path\+/);
    expect(lines(ask('/MAIN.php'))[0]).toMatch(/^screens: application\+ path-/);
  });

  test('a deny-always entry stands first and decides', () => {
    expect(ask('/SETUP.php').rules[0]).toEqual({
      name: 'deny-always',
      at: 'deny /setup.php',
      criteria: [{ criterion: 'path', hit: true, detail: '/SETUP.php' }],
      decides: true,
    });
  });
});
