// What the preset of full-preset.ts means, written out.

import type { Recipe } from '../../src/core/ehr/recipe.ts';
import { parsePattern } from '../../src/core/policy/path-pattern.ts';
import type { PathPattern } from '../../src/core/policy/path-pattern.ts';

export function pattern(source: string): PathPattern {
  const parsed = parsePattern(source);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed;
}

const test = { paths: null, status: null, location: null, body: [], bodyWithout: [], json: [] };
const step = { headers: [], basic: false, body: { kind: 'none' }, take: [], onlyWith: [], decides: false } as const;

/** Every key once; the lines are those of full-preset.ts. */
export const recipe: Recipe = {
  asks: ['username', 'password', 'pin'],
  values: new Map([
    ['site', 'default'],
    ['room', null],
  ]),
  steps: [
    {
      ...step,
      method: 'GET',
      target: ['/emr/login.jsp?site=', { value: 'site' }],
      headers: [['Accept', ['text/html']]],
      take: [
        { name: 'action', at: 'full.yaml:15', from: 'form-action', holds: 'check' },
        { name: 'token', at: 'full.yaml:16', from: 'field', field: 'csrf' },
      ],
      at: 'full.yaml:12',
    },
    {
      ...step,
      method: 'POST',
      target: [{ value: 'action' }],
      body: {
        kind: 'form',
        fields: [
          ['user', [{ value: 'username' }]],
          ['word', [{ value: 'password' }]],
          ['pin', [{ value: 'pin' }]],
          ['token', [{ value: 'token' }]],
          ['lang', ['01']],
          ['go', []],
        ],
      },
      decides: true,
      at: 'full.yaml:17',
    },
    {
      ...step,
      method: 'POST',
      target: ['/emr/room'],
      basic: true,
      body: {
        kind: 'json',
        members: [
          ['room', [{ value: 'room' }]],
          ['note', ['{}']],
        ],
      },
      take: [{ name: 'key', at: 'full.yaml:24', from: 'between', before: 'k="', after: '"' }],
      onlyWith: ['room'],
      at: 'full.yaml:20',
    },
    { ...step, method: 'DELETE', target: ['/emr/tickets/', { value: 'key' }], onlyWith: ['room'], at: 'full.yaml:25' },
  ],
  failure: [
    { ...test, status: [200], body: ['Wrong password'], at: 'full.yaml:30' },
    {
      ...test,
      paths: [pattern('/emr/login.jsp')],
      bodyWithout: ['Welcome', 'Hello'],
      json: [
        { pointer: '/user/ok', equals: false },
        { pointer: '/user/code', equals: 7 },
        { pointer: '/user/why', equals: null },
      ],
      at: 'full.yaml:31',
    },
  ],
  success: [{ ...test, status: [302, 303], location: pattern('/emr/main/**'), at: 'full.yaml:28' }],
  passwordChange: {
    tests: [{ ...test, location: pattern('/emr/change'), at: 'full.yaml:32' }],
    page: '/emr/change?first=1',
    open: [pattern('/emr/change'), pattern('/emr/scripts/**')],
  },
  landing: { to: 'location' },
  loggedOut: [{ ...test, status: [302], location: pattern('/emr/logout.jsp'), at: 'full.yaml:35' }],
  logout: {
    routes: [
      { pattern: pattern('/emr/logout.jsp'), methods: null, query: [] },
      { pattern: pattern('/emr/session'), methods: ['DELETE'], query: [] },
      {
        pattern: pattern('/emr/start.do'),
        methods: null,
        query: [
          { name: 'logoff', expect: 'present' },
          { name: 'n', expect: { value: '07' } },
        ],
      },
    ],
    request: { method: 'GET', target: '/emr/logout.jsp?now=1' },
  },
};
