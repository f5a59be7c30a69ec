// Which rule a request belongs to: order, methods, conditions, capitals, deny-always.

import { describe, expect, test } from 'vitest';
import { fieldlessBody } from '../../../src/core/policy/fields.ts';
import { matchRule } from '../../../src/core/policy/match-rule.ts';
import type { Match } from '../../../src/core/policy/match-rule.ts';
import type { DenyAlways, FieldCondition, Method, Rule } from '../../../src/core/policy/policy.ts';
import { indexRules } from '../../../src/core/policy/rule-index.ts';
import { deny, policy, question, route, rule } from './build-policy.ts';
import type { Asked } from './build-policy.ts';

function match(rules: readonly Rule[], raw: string, asked: Asked = {}, denies: readonly DenyAlways[] = []): Match {
  const judged = policy(rules, denies);
  return matchRule(judged, indexRules(judged), question(raw, asked));
}

/** The rule's name, or what else came out, in one word. */
function outcome(found: Match): string {
  switch (found.match) {
    case 'rule':
      return found.rule.name;
    case 'refused':
      return found.reason;
    case 'deny-always':
    case 'none':
    case 'needs-form':
      return found.match;
    default:
      return 'unreachable';
  }
}

const present = (name: string): FieldCondition => ({ name, expect: 'present' });
const absent = (name: string): FieldCondition => ({ name, expect: 'absent' });
const equals = (name: string, value: string): FieldCondition => ({ name, expect: { value } });

describe('the first rule that matches decides', () => {
  const rules = [
    rule('login', [route('/login.php', { methods: ['GET', 'POST'] })]),
    rule('chart', [route('/chart/{patient}/**'), route('/chart/{patient}/notes', { methods: ['POST'] })]),
    rule('static', [route('/**/*.css'), route('/public/**')]),
    rule('other-app', [route('/**')], { application: 'pacs' }),
    rule('rest', [route('/api/**', { methods: ['GET', 'DELETE', 'OPTIONS'] })]),
    rule('head', [route('/head', { methods: ['HEAD'] })]),
  ];
  test.each([
    ['/login.php', {}, 'login'],
    ['/login.php', { method: 'POST' }, 'login'],
    ['/login.php', { method: 'HEAD' }, 'login'],
    ['/login.php', { method: 'PUT' }, 'none'],
    ['/login.php/', {}, 'none'],
    ['/chart/7', {}, 'chart'],
    ['/chart/7/notes', { method: 'POST' }, 'chart'],
    ['/chart/7/other', { method: 'POST' }, 'none'],
    ['/chart/7/x.css', {}, 'chart'],
    ['/x.css', {}, 'static'],
    ['/public/', {}, 'static'],
    ['/', {}, 'none'],
    ['/anything', { application: 'pacs' }, 'other-app'],
    ['/login.php', { application: 'pacs' }, 'other-app'],
    ['/login.php', { application: 'nowhere' }, 'none'],
    ['/api/x', { method: 'OPTIONS' }, 'rest'],
    ['/api/x', { method: 'DELETE' }, 'rest'],
    ['/api/x', { method: 'PATCH' }, 'none'],
    ['/head', { method: 'HEAD' }, 'head'],
    ['/head', { method: 'GET' }, 'none'],
    // An upgrade is matched like any other request; the rule then says whether it may.
    ['/chart/7', { webSocket: true }, 'chart'],
  ] as const)('%s %j: %s', (raw, asked, name) => {
    expect(outcome(match(rules, raw, asked))).toBe(name);
  });

  test('the route and its captures come with the rule', () => {
    const found = match(rules, '/chart/Jos%C3%A9/x');
    expect(found).toMatchObject({ match: 'rule', rule: rules[1], route: rules[1]?.routes[0] });
    expect(found.match === 'rule' && [...found.captures]).toEqual([['patient', 'José']]);
  });

  test('a target without segments belongs to nothing', () => {
    const judged = policy([rule('a', [route('/a')])]);
    const asked = question('/a');
    const found = matchRule(judged, indexRules(judged), { ...asked, target: { ...asked.target, segments: [] } });
    expect(found).toEqual({ match: 'none' });
  });

  test('an index of other rules is a fault', () => {
    const judged = policy([]);
    expect(() => matchRule(judged, indexRules(policy([])), question('/a'))).toThrow('another version of the rules than "v1"');
  });
});

describe('conditions', () => {
  const rules = [
    rule('delete', [route('/doc', { query: [present('delete')] })]),
    rule('list', [route('/doc', { query: [equals('view', 'list'), absent('all')] })]),
    rule('page', [route('/doc', { query: [absent('secret')] })]),
  ];
  test.each([
    ['/doc', 'strict', 'page'],
    ['/doc?delete', 'strict', 'delete'],
    ['/doc?delete=', 'strict', 'delete'],
    ['/doc?view=list', 'strict', 'list'],
    ['/doc?view=l%69st', 'strict', 'list'],
    ['/doc?view=lists', 'strict', 'page'],
    // What a program that trims or folds reads as the value is no other value.
    ['/doc?view=LIST', 'strict', 'field-ambiguous'],
    ['/doc?view=LIST', 'php', 'field-ambiguous'],
    ['/doc?view=+list%0D%0A', 'java', 'field-ambiguous'],
    ['/doc?view=list%00.x', 'php', 'field-ambiguous'],
    ['/doc?view=%00.list', 'php', 'page'],
    ['/doc?view=', 'strict', 'page'],
    ['/doc?view=list&all', 'strict', 'page'],
    ['/doc?secret=1', 'strict', 'none'],
    ['/doc?view=list&view=list', 'strict', 'field-ambiguous'],
    ['/doc?view=list&view=list', 'java', 'list'],
    ['/doc?view=list&view=x', 'php', 'field-ambiguous'],
    ['/doc?delete[]=1', 'php', 'field-ambiguous'],
    ['/doc?DELETE', 'strict', 'field-ambiguous'],
    ['/doc?DELETE', 'php', 'page'],
    ['/doc?delete=%zz', 'java', 'field-ambiguous'],
    // A doubt about a field that no rule up to the deciding one reads is none.
    ['/doc?delete&secret=1&secret=2', 'strict', 'delete'],
  ] as const)('%s read as %s: %s', (raw, dialect, name) => {
    expect(outcome(match(rules, raw, { dialect }))).toBe(name);
  });

  test('a refusal names the field', () => {
    expect(match(rules, '/doc?view=1&view=2')).toEqual({
      match: 'refused',
      reason: 'field-ambiguous',
      detail: 'Field "view" is sent 2 times',
    });
  });
});

describe('form conditions', () => {
  const post: readonly Method[] = ['POST'];
  const rules = [
    rule('upload', [route('/doc', { methods: post, query: [present('upload')] })]),
    rule('send', [route('/doc', { methods: ['GET', 'POST', 'PUT'], form: [present('send')] })]),
    rule('save', [route('/doc', { methods: post, form: [absent('draft')], query: [present('save')] })]),
    rule('write', [route('/doc', { methods: post, patient: [{ in: 'form', name: 'pid' }] })]),
    rule('page', [route('/doc')]),
    rule('select', [route('/select', { methods: post, selects: { in: 'form', name: 'pid' } })]),
    rule('plain', [
      route('/plain', { methods: post, patient: [{ in: 'query', name: 'pid' }], selects: { in: 'query', name: 'pid' } }),
    ]),
  ];
  test.each([
    ['/doc', { method: 'POST' }, 'needs-form'],
    ['/doc', { method: 'PUT' }, 'needs-form'],
    ['/doc?upload', { method: 'POST' }, 'upload'],
    ['/doc', { method: 'POST', form: 'send=1' }, 'send'],
    ['/doc', { method: 'POST', form: 'x=1' }, 'write'],
    ['/doc', { method: 'PUT', form: 'x=1' }, 'none'],
    ['/doc?save', { method: 'POST', form: '' }, 'save'],
    ['/doc?save', { method: 'POST', form: 'draft' }, 'write'],
    ['/doc', { method: 'POST', form: 'send=1&send=2' }, 'field-ambiguous'],
    ['/select', { method: 'POST' }, 'needs-form'],
    ['/select', { method: 'POST', form: '' }, 'select'],
    ['/plain', { method: 'POST' }, 'plain'],
    // These methods have no form; it is empty, and even one that was sent does not count.
    ['/doc', { method: 'GET' }, 'page'],
    ['/doc', { method: 'HEAD' }, 'page'],
    ['/doc', { method: 'GET', form: 'send=1' }, 'page'],
  ] as const)('%s %j: %s', (raw, asked, name) => {
    expect(outcome(match(rules, raw, asked))).toBe(name);
  });

  test.each([
    ['java', 'field-ambiguous'],
    ['strict', 'field-ambiguous'],
    ['php', 'delete'],
  ] as const)('%s: a field that differs between query and form', (dialect, name) => {
    const merged = [rule('delete', [route('/doc', { methods: post, query: [equals('do', 'delete')], form: [present('ok')] })])];
    expect(outcome(match(merged, '/doc?do=delete', { method: 'POST', form: 'do=list&ok', dialect }))).toBe(name);
    expect(outcome(match(merged, '/doc?do=delete', { method: 'POST', form: 'do=delete&ok', dialect }))).toBe('delete');
    expect(outcome(match(merged, '/doc?do=delete', { method: 'POST', form: 'ok', dialect }))).toBe('delete');
  });

  test.each([
    ['java', 'needs-form', 'field-ambiguous'],
    ['strict', 'needs-form', 'field-ambiguous'],
    ['php', 'wider', 'wider'],
  ] as const)('%s: a field of the query is looked for in the form', (dialect, unread, shadowed) => {
    const both = [
      rule('export', [route('/doc', { methods: post, query: [present('export')] })]),
      rule('wider', [route('/doc', { methods: post })]),
    ];
    expect(outcome(match(both, '/doc', { method: 'POST', dialect }))).toBe(unread);
    expect(outcome(match(both, '/doc', { method: 'POST', form: 'export=1', dialect }))).toBe(shadowed);
    expect(outcome(match(both, '/doc', { method: 'POST', form: 'x=1', dialect }))).toBe('wider');
    expect(outcome(match(both, '/doc?export', { method: 'POST', dialect }))).toBe('export');
    const denies = [deny('/doc', { query: [present('debug')] })];
    expect(outcome(match(both, '/doc?export', { method: 'POST', dialect }, denies))).toBe(
      dialect === 'php' ? 'export' : 'needs-form',
    );
  });

  test('a rule about the form cannot read a body that is no form', () => {
    const judged = policy(rules);
    const put = { ...question('/doc', { method: 'POST' }), form: fieldlessBody };
    expect(matchRule(judged, indexRules(judged), put)).toEqual({ match: 'needs-form', reads: 'form' });
  });

  test.each(['java', 'strict'] as const)('%s: a field that is ambiguous in the other place', (dialect) => {
    const merged = [rule('delete', [route('/doc', { methods: post, form: [equals('do', 'delete')] })])];
    expect(outcome(match(merged, '/doc?do=%zz', { method: 'POST', form: 'do=delete', dialect }))).toBe('field-ambiguous');
  });
});

describe('deny-always', () => {
  const rules = [rule('all', [route('/**', { methods: ['GET', 'POST'] })])];
  const denies = [
    deny('/setup.php'),
    deny('/Sites/**', { methods: ['GET'] }),
    deny('/**/*.sql'),
    deny('/tool', { query: [present('_method')] }),
    deny('/pacs-only', { application: 'pacs' }),
  ];
  test.each([
    ['/setup.php', 'GET', 'deny-always'],
    ['/setup.php', 'POST', 'deny-always'],
    ['/SETUP.php', 'GET', 'deny-always'],
    ['/setup.php/x', 'GET', 'all'],
    ['/sites/default', 'GET', 'deny-always'],
    ['/sites/default', 'HEAD', 'deny-always'],
    ['/sites/default', 'POST', 'all'],
    ['/a/b.SQL', 'GET', 'deny-always'],
    ['/tool', 'GET', 'all'],
    ['/tool?_method=DELETE', 'GET', 'deny-always'],
    ['/TOOL?_method=DELETE', 'GET', 'deny-always'],
    ['/tool?_METHOD=DELETE', 'GET', 'field-ambiguous'],
    ['/pacs-only', 'GET', 'all'],
  ] as const)('%s %s: %s', (raw, method, name) => {
    expect(outcome(match(rules, raw, { method }, denies))).toBe(name);
  });

  test('names its place, also where the application has no rules', () => {
    expect(match([], '/PACS-only', { application: 'pacs' }, denies)).toEqual({ match: 'deny-always', at: 'deny /pacs-only' });
  });
});

describe('capitals', () => {
  const rules = [
    rule('admin', [route('/admin/**'), route('/Manage/{id}')]),
    rule('charts', [route('/chart/{id}'), route('/chart/NEW')]),
    rule('drafts', [route('/draft', { query: [present('x')] })]),
    rule('forms', [route('/form', { methods: ['POST'], form: [present('x')] })]),
    rule('rest', [route('/*/**')]),
  ];
  test.each([
    ['/admin/x', 'generic', 'admin'],
    ['/ADMIN/x', 'generic', 'case-ambiguous'],
    ['/admin/X', 'generic', 'admin'],
    ['/manage/1', 'generic', 'case-ambiguous'],
    ['/Manage/1', 'generic', 'admin'],
    ['/Other/X', 'generic', 'rest'],
    ['/chart/new', 'generic', 'charts'],
    ['/Draft', 'generic', 'rest'],
    ['/Draft?x', 'generic', 'case-ambiguous'],
    ['/Draft?x&x', 'generic', 'field-ambiguous'],
    ['/ADMIN/x', 'php', 'case-ambiguous'],
    ['/ADMIN/x', 'java', 'case-ambiguous'],
    ['/ADMIN/x', 'windows', 'admin'],
    ['/manage/AbC', 'windows', 'admin'],
    ['/MANAGE/AbC', 'windows', 'admin'],
    ['/admin:/x', 'generic', 'case-ambiguous'],
    ['/admin/:x', 'generic', 'admin'],
    ['/urn:x/1', 'generic', 'rest'],
    ['/chart:x/NEW', 'php', 'case-ambiguous'],
    ['/nowhere', 'windows', 'rest'],
    ['/', 'windows', 'none'],
  ] as const)('%s on %s: %s', (raw, profile, name) => {
    expect(outcome(match(rules, raw, { profile }))).toBe(name);
  });

  test('a path that fits only in other capitals is refused as such, and says which rule', () => {
    expect(match(rules.slice(0, 1), '/Admin')).toEqual({
      match: 'refused',
      reason: 'case-ambiguous',
      detail: 'In another spelling this address would belong to rule "admin"; write it as the EHR does',
    });
  });

  test('a form is read before capitals are judged by it', () => {
    expect(outcome(match(rules, '/FORM', { method: 'POST' }))).toBe('needs-form');
    expect(outcome(match(rules, '/FORM', { method: 'POST', form: 'x' }))).toBe('case-ambiguous');
    expect(outcome(match(rules, '/FORM', { method: 'POST', form: 'y' }))).toBe('none');
  });

  test('captures keep their capitals where paths are folded', () => {
    const found = match(rules, '/MANAGE/AbC', { profile: 'windows' });
    expect(found.match === 'rule' && [...found.captures]).toEqual([['id', 'AbC']]);
  });
});
