// A recertification as the core sees it: rows and what is told of use, who may decide, when it may be signed, what is overdue.

import { expect, test } from 'vitest';
import { parsePattern } from '../../../src/core/policy/path-pattern.ts';
import type { Policy, Rule } from '../../../src/core/policy/policy.ts';
import type { Campaign, CampaignRow, Decided, Person } from '../../../src/core/recertification/campaign.ts';
import { campaignRows, reviewedRoles, tellingRules } from '../../../src/core/recertification/campaign-rows.ts';
import { judgeDecision } from '../../../src/core/recertification/judge-decision.ts';
import type { AskedDecision } from '../../../src/core/recertification/judge-decision.ts';
import { dueNotices } from '../../../src/core/recertification/judge-due.ts';
import { isConfirmed, judgeSignature, signWithinMilliseconds } from '../../../src/core/recertification/judge-signature.ts';
import { isQuarter, quarterOf } from '../../../src/core/recertification/quarter.ts';
import { listText, statementText } from '../../../src/core/recertification/statement.ts';
import { readingsOf } from '../../../src/core/rights/readings-of.ts';

const day = 86_400_000;
const person = (name: string): Person => ({ issuer: 'https://idp', sub: name, name });
const ada = person('ada');
const bob = person('bob');
const keep: Decided = { decision: 'keep', note: '', by: bob, at: 100 };

function row(number: number, fields: Partial<CampaignRow> = {}): CampaignRow {
  const use = { by: 'none', at: null, rule: null } as const;
  const facts = { row: number, person: ada, displayName: 'Ada', role: 'nurse', grantedAt: 1, seenAt: 2, use, unused: [] };
  return { ...facts, decided: null, closed: null, ...fields };
}

function campaign(rows: readonly CampaignRow[], fields: Partial<Campaign> = {}): Campaign {
  const facts = { id: 'c1', quarter: '2026-Q4', startedAt: 50, since: 0, policy: 'f'.repeat(64), roles: [], unknownPeople: 0 };
  return { ...facts, rows, statement: null, signedAt: null, ...fields };
}

test.each([
  ['2026-01-01', '2026-Q1'],
  ['2026-03-31', '2026-Q1'],
  ['2026-04-01', '2026-Q2'],
  ['2026-12-31', '2026-Q4'],
])('%s is in %s', (date, quarter) => {
  expect(quarterOf(date)).toBe(quarter);
  expect(isQuarter(quarter)).toBe(true);
});
test.each(['2026-Q5', '2026-Q0', '26-Q1', '2026-Q1 ', ''])('%j is no quarter', (text) => expect(isQuarter(text)).toBe(false));

const asks: AskedDecision = { rows: [1], decision: 'keep', note: '', several: false };
const two = campaign([row(1), row(2, { person: bob, role: 'it' })]);

test.each<[string, Campaign, Partial<AskedDecision>, Person, string]>([
  ['a row', two, {}, bob, 'may'],
  ['the same row twice', two, { rows: [1, 1] }, bob, 'may'],
  ['two that were meant', campaign([row(1), row(2)]), { rows: [1, 2], several: true }, bob, 'may'],
  ['two that were not', two, { rows: [1, 2] }, person('eve'), 'several'],
  ['none', two, { rows: [] }, bob, 'none-chosen'],
  ['another word', two, { decision: 'keeps' }, bob, 'no-decision'],
  ['a removal without why', two, { decision: 'remove', note: '  ' }, bob, 'no-note'],
  ['a change with why', two, { decision: 'change', note: 'now a resident' }, bob, 'may'],
  ['too long a note', two, { note: 'x'.repeat(121) }, bob, 'note-too-long'],
  ['a note as long as it may be', two, { note: 'x'.repeat(120) }, bob, 'may'],
  ['an unknown row', two, { rows: [3] }, bob, 'unknown-row'],
  ['their own', two, { rows: [2] }, bob, 'yourself'],
  ['their own by another login name', two, { rows: [2] }, { ...bob, name: 'robert' }, 'yourself'],
  ['one of a person of the same name elsewhere', two, { rows: [2] }, { ...bob, issuer: 'https://other' }, 'may'],
  ['a signed one', campaign([row(1)], { signedAt: 9 }), {}, bob, 'signed'],
])('deciding %s: %s', (_what, of, asked, reviewer, expected) => {
  const verdict = judgeDecision(of, { ...asks, ...asked }, reviewer);
  expect(verdict.may ? 'may' : verdict.why).toBe(expected);
});

const decided = campaign([row(1, { decided: keep })]);
test.each<[string, Campaign, number, number, string, string | null]>([
  ['right behind the last decision', decided, 101, 101, 'l', null],
  ['as late as it may be', decided, 101, 101 + signWithinMilliseconds, 'l', null],
  ['too late', decided, 101, 102 + signWithinMilliseconds, 'l', 'not-confirmed'],
  ['with a confirmation of the same moment', decided, 100, 101, 'l', 'not-confirmed'],
  ['with one from before', decided, 99, 101, 'l', 'not-confirmed'],
  ['with one that was only remembered', decided, 0, 101, 'l', 'not-confirmed'],
  ['with one from the future', decided, 200, 101, 'l', 'not-confirmed'],
  ['another list than was shown', decided, 101, 101, 'other', 'changed'],
  ['while a row is open', two, 101, 101, 'l', 'undecided'],
  ['twice', campaign(decided.rows, { signedAt: 101 }), 101, 101, 'l', 'signed'],
])('signing %s: %s', (_what, of, confirmedAt, now, shown, expected) => {
  expect(judgeSignature(of, { confirmedAt, now, shown, list: 'l' })).toBe(expected);
});
test('one without rows is confirmed behind its start', () => {
  expect(isConfirmed(campaign([]), { confirmedAt: 51, now: 51 })).toBe(true);
  expect(isConfirmed(two, { confirmedAt: 50, now: 51 })).toBe(false);
});

test('what is signed holds every row, and not what became of it later', () => {
  const closed = campaign([row(1, { decided: keep, closed: { how: 'done', at: 9, by: 'it' } })]);
  expect(listText(closed)).toBe(listText(decided));
  const signature = { reviewer: bob, at: 7, factor: { method: 'totp', at: 6 }, checkpoint: { size: 3, root: 'ab' } };
  expect(JSON.parse(statementText(decided, signature))).toMatchObject({ ...signature, list: { rows: [{ decided: keep }] } });
  expect(statementText(two, signature)).not.toBe(statementText(decided, signature));
});

const due = { everySeconds: 92 * 86_400, removeWithinSeconds: 14 * 86_400 };
const removed = row(1, { decided: { ...keep, decision: 'remove', note: 'left the ward' } });
test.each<[string, Parameters<typeof dueNotices>[0], Parameters<typeof dueNotices>[1], readonly RegExp[]]>([
  ['nobody known yet', due, { current: null, signedAt: null, knownSince: null, now: 999 * day }, []],
  ['known for as long as it may be', due, { current: null, signedAt: null, knownSince: 0, now: 92 * day }, []],
  [
    'never signed',
    due,
    { current: null, signedAt: null, knownSince: 0, now: 93 * day },
    [/^Nobody has signed for who has which role for 93 days: start one with "wardgate recertify start"$/],
  ],
  ['switched off', { ...due, everySeconds: null }, { current: null, signedAt: null, knownSince: 0, now: 999 * day }, []],
  ['signed lately', due, { current: null, signedAt: 900 * day, knownSince: 0, now: 950 * day }, []],
  [
    'open and overdue',
    due,
    { current: two, signedAt: 0, knownSince: 0, now: 100 * day },
    [/recertification 2026-Q4 is open at \/\.wardgate\/console\/recertification$/],
  ],
  [
    'overdue again behind a signed one',
    due,
    { current: campaign([], { signedAt: 0 }), signedAt: 0, knownSince: 0, now: 100 * day },
    [/start one/],
  ],
  [
    'a role that is still there',
    due,
    { current: campaign([removed], { signedAt: 80 * day }), signedAt: 80 * day, knownSince: 0, now: 95 * day },
    [/^Recertification 2026-Q4 decided against role "nurse" of ada, and nobody has seen that done/],
  ],
  [
    'two of them',
    due,
    {
      current: campaign([removed, { ...removed, row: 2 }], { signedAt: 80 * day }),
      signedAt: 80 * day,
      knownSince: 0,
      now: 95 * day,
    },
    [/of ada and 1 more,/],
  ],
  [
    'not for long',
    due,
    { current: campaign([removed], { signedAt: 80 * day }), signedAt: 80 * day, knownSince: 0, now: 94 * day },
    [],
  ],
  [
    'done meanwhile, or kept',
    due,
    {
      current: campaign([{ ...removed, closed: { how: 'seen-gone', at: 1, by: null } }, row(2, { decided: keep }), row(3)], {
        signedAt: 80 * day,
      }),
      signedAt: 80 * day,
      knownSince: 0,
      now: 95 * day,
    },
    [],
  ],
])('reminding: %s', (_what, settings, facts, expected) => {
  const told = dueNotices(settings, facts);
  expect(told).toHaveLength(expected.length);
  for (const [index, pattern] of expected.entries()) expect(told[index]).toMatch(pattern);
});

function rule(name: string, allow: Rule['allow'], path: string, emergencyRoles: readonly string[] = []): Rule {
  const pattern = parsePattern(path);
  if ('problem' in pattern) throw new Error(pattern.problem);
  const base = { pattern, methods: ['GET'] as const, query: [], form: [], patient: [], selects: null, clearsSelection: false };
  const route = { ...base, category: null, action: null, passive: false, download: 'by-reply' as const };
  const more = { exportRoles: null, zones: null, hours: null, freshFactorSeconds: null, webSocket: false, changes: false };
  const rest = { recordQuery: [], upstreamHeaderTimeoutSeconds: null, at: 'rules.yaml:1' };
  return { name, application: 'ehr', routes: [route], allow, emergencyRoles, ...more, ...rest };
}

const policy: Policy = {
  mode: 'enforce',
  version: '0'.repeat(64),
  denyAlways: [],
  rules: [
    rule('screens', 'everyone', '/main'),
    rule('charts', ['nurse', 'physician'], '/chart'),
    rule('orders', ['physician'], '/orders'),
    rule('night', ['physician'], '/night', ['nurse']),
    rule('refills', ['physician'], '/refills'),
  ],
  roles: new Map([
    ['nurse', ['Clinic-Nurses']],
    ['physician', ['Clinic-Physicians', 'Residents']],
    ['clerk', ['Clinic-Clerks']],
  ]),
  budgets: new Map(),
};

const held = (role: string) => ({ role, grantedAt: 1, seenAt: 5 });
const holder = { person: ada, displayName: 'Ada', seenAt: 9, roles: [held('nurse')], used: new Map([['charts', 7]]) };

test('of use the last request is told under a rule that only this role opens', () => {
  const both = { ...holder, roles: [held('nurse'), held('physician')], used: new Map([['charts', 7], ['orders', 3], ['refills', 8]]) }; // prettier-ignore
  const rows = campaignRows(policy, [holder, both, { ...holder, roles: [held('clerk')] }, { ...holder, used: new Map() }]);
  expect(rows.map(({ row: number, role, use, unused }) => [number, role, use.by, use.at, use.rule, unused])).toEqual([
    [1, 'nurse', 'request', 7, 'charts', ['night']],
    // Everything that a nurse opens a physician opens too.
    [2, 'nurse', 'sign-in', 9, null, ['night']],
    [3, 'physician', 'request', 8, 'refills', ['night']],
    [4, 'clerk', 'sign-in', 9, null, []],
    [5, 'nurse', 'none', null, null, ['charts', 'night']],
  ]);
  expect(tellingRules(policy, 'physician', ['nurse', 'physician'])).toEqual(['orders', 'refills']);
  expect(tellingRules(policy, 'nurse', ['nurse'])).toEqual(['charts', 'night']);
});

test('what a role permits is told by area, with the terms', () => {
  const reads = readingsOf(new Map([['ehr', { parameters: 'php', targetProfile: 'php' }]]));
  expect(reads('ehr')).toEqual({ dialect: 'php', profile: 'php' });
  expect(reviewedRoles(policy, reads)).toEqual([
    { role: 'nurse', groups: ['Clinic-Nurses'], rights: ['ehr /main: GET', 'ehr /chart: GET', 'ehr /night (in an emergency, with a reason): GET'] },
    { role: 'physician', groups: ['Clinic-Physicians', 'Residents'], rights: ['ehr /main: GET', 'ehr /chart: GET', 'ehr /orders: GET', 'ehr /night: GET', 'ehr /refills: GET'] },
    { role: 'clerk', groups: ['Clinic-Clerks'], rights: ['ehr /main: GET'] },
  ]); // prettier-ignore
  expect(readingsOf(new Map())('gone')).toEqual({ dialect: 'strict', profile: 'generic' });
});
