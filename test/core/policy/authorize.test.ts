// Who may, from where, when, and what is said when not.

import { expect, test } from 'vitest';
import { authorize } from '../../../src/core/policy/authorize.ts';
import type { Person } from '../../../src/core/policy/authorize.ts';
import type { Rule } from '../../../src/core/policy/policy.ts';
import { rule } from './build-policy.ts';

const office = [{ days: [1], fromMinute: 420, toMinute: 1140 }];

function judge(more: Partial<Rule>, person: Partial<Person>, webSocket = false): unknown {
  const asks = { roles: ['nurse'], zones: ['clinic'], weekday: 1, minute: 600, grantOpen: false, ...person };
  return authorize(rule('charts', [], more), asks, webSocket);
}

const refused = (reason: string, detail: string, emergencyPossible = false): unknown => ({
  allow: false,
  reason,
  detail,
  emergencyPossible,
});
const allowed = { allow: true, viaEmergency: false };

test.each([
  ['everyone', {}, {}, false, allowed],
  ['everyone without a role', {}, { roles: [] }, false, allowed],
  ['a role', { allow: ['physician', 'nurse'] }, {}, false, allowed],
  ['one of several roles', { allow: ['it'] }, { roles: ['nurse', 'it'] }, false, allowed],
  [
    'another role',
    { allow: ['physician', 'nurse'] },
    { roles: ['front-desk', 'it'] },
    false,
    refused('role-not-permitted', 'Rule "charts" permits the roles physician, nurse; you are front-desk, it'),
  ],
  [
    'no role',
    { allow: ['physician'] },
    { roles: [] },
    false,
    refused('role-not-permitted', 'Rule "charts" permits the role physician; you have no role'),
  ],
  ['nobody', { allow: [] }, {}, false, refused('role-not-permitted', 'Rule "charts" permits nobody; you are nurse')],
  [
    'a role by its exact letters',
    { allow: ['Nurse'] },
    {},
    false,
    refused('role-not-permitted', 'Rule "charts" permits the role Nurse; you are nurse'),
  ],
  ['a zone', { zones: ['desks', 'clinic'] }, {}, false, allowed],
  [
    'another zone',
    { zones: ['desks'] },
    {},
    false,
    refused('zone-not-permitted', 'Rule "charts" permits desks; you are in clinic'),
  ],
  [
    'no zone',
    { zones: ['desks', 'clinic'] },
    { zones: [] },
    false,
    refused('zone-not-permitted', 'Rule "charts" permits desks, clinic; you are in no named zone'),
  ],
  [
    'zones that are none',
    { zones: [] },
    {},
    false,
    refused('zone-not-permitted', 'Rule "charts" permits no zone; you are in clinic'),
  ],
  ['hours', { hours: office }, {}, false, allowed],
  [
    'other hours',
    { hours: office },
    { minute: 1200 },
    false,
    refused('hours-not-permitted', 'Rule "charts" permits Mon 07:00-19:00; it is Mon 20:00'),
  ],
  ['an upgrade', { webSocket: true }, {}, true, allowed],
  ['a plain request of a rule with upgrades', { webSocket: true }, {}, false, allowed],
  [
    'an upgrade of a plain rule',
    {},
    {},
    true,
    refused('upgrade-not-permitted', 'Rule "charts" permits plain requests only; this is a live connection'),
  ],
  [
    'an emergency role without a grant',
    { allow: ['physician'], emergencyRoles: ['nurse'] },
    {},
    false,
    refused('break-glass-required', 'Rule "charts" permits the role physician; you are nurse', true),
  ],
  [
    'an emergency role with a grant',
    { allow: ['physician'], emergencyRoles: ['nurse'] },
    { grantOpen: true },
    false,
    { allow: true, viaEmergency: true },
  ],
  ['a permitted role with a grant', { allow: ['nurse'], emergencyRoles: ['nurse'] }, { grantOpen: true }, false, allowed],
  [
    'another role with a grant',
    { allow: ['physician'], emergencyRoles: ['it'] },
    { grantOpen: true },
    false,
    refused('role-not-permitted', 'Rule "charts" permits the role physician; you are nurse'),
  ],
  [
    'a grant opens no zone',
    { allow: ['physician'], emergencyRoles: ['nurse'], zones: ['desks'] },
    { grantOpen: true },
    false,
    refused('zone-not-permitted', 'Rule "charts" permits desks; you are in clinic'),
  ],
  [
    'the upgrade is asked first',
    { zones: ['desks'], hours: office, allow: [] },
    { minute: 0 },
    true,
    refused('upgrade-not-permitted', 'Rule "charts" permits plain requests only; this is a live connection'),
  ],
  [
    'then the zone',
    { zones: ['desks'], hours: office, allow: [] },
    { minute: 0 },
    false,
    refused('zone-not-permitted', 'Rule "charts" permits desks; you are in clinic'),
  ],
  [
    'then the hours',
    { hours: office, allow: [] },
    { minute: 0 },
    false,
    refused('hours-not-permitted', 'Rule "charts" permits Mon 07:00-19:00; it is Mon 00:00'),
  ],
] as const)('%s', (_, more, person, webSocket, verdict) => {
  expect(judge(more, person, webSocket)).toEqual(verdict);
});
