// What was changed of rules and settings.

import { expect, test } from 'vitest';
import { writeRestoreNote } from '../../../src/core/audit/restore-note.ts';
import { writeRulesNote } from '../../../src/core/audit/rules-note.ts';
import type { RulesNote } from '../../../src/core/audit/rules-note.ts';
import { settingsChanges } from '../../../src/core/report/rule-changes.ts';
import { told } from '../../support/told.ts';

const at = Date.parse('2026-10-05T08:00:00Z');
const author = {
  deed: 'applied',
  person: 'Ada',
  time: '2026-10-05T07:59:59.000Z',
  approver: 'Dr. Jones',
  reason: 'Nurses open charts',
} as const;
const nothing = { of: null, before: null, after: null, author: null, approver: null, because: null, ordered: null };
const signed = { author: 'Ada', approver: 'Dr. Jones', because: 'Nurses open charts', ordered: at - 1000 };
const changes = (...records: ReturnType<typeof told>[]) =>
  settingsChanges(records).map(({ record: _record, time: _time, ...rest }) => rest);

test.each<readonly [string, RulesNote, object]>([
  [
    'applied',
    { of: 'rules', before: 'aa', after: 'bb', author },
    { what: 'applied', of: 'rules', before: 'aa', after: 'bb', ...signed },
  ],
  [
    'rolled back',
    { of: 'rules', before: null, after: 'bb', author: { ...author, deed: 'rolled back', approver: null } },
    { what: 'rolled back', of: 'rules', before: null, after: 'bb', ...signed, approver: null },
  ],
  [
    'claimed',
    { of: 'settings', before: 'aa', after: 'bb', author: { ...author, deed: 'claimed' } },
    { what: 'by hand, claimed later', of: 'settings', before: 'aa', after: 'bb', ...signed },
  ],
  [
    'of a time that cannot be read',
    { of: 'rules', before: 'aa', after: 'bb', author: { ...author, time: 'then' } },
    { what: 'applied', of: 'rules', before: 'aa', after: 'bb', ...signed, ordered: null },
  ],
  [
    'by hand',
    { of: 'rules', before: 'aa', after: 'bb', author: null },
    { ...nothing, what: 'by hand', of: 'rules', before: 'aa', after: 'bb' },
  ],
])('a change %s', (_case, note, expected) => {
  expect(changes(told('configuration', at, null, { detail: writeRulesNote(note) }))).toEqual([expected]);
});

const backup = writeRestoreNote({ backup: '2026-10-01', by: 'Ada', host: 'gate', sequence: 7, hash: 'a'.repeat(64) });

test.each([
  ['configuration', 'The rules were loaded again', { what: 'loaded again', because: 'The rules were loaded again' }],
  ['configuration', null, { what: 'loaded again' }],
  ['configuration-rejected', 'Unknown key', { what: 'rules not taken', because: 'Unknown key' }],
  ['restored', backup, { what: 'restored from a backup', author: 'Ada', because: 'backup of 2026-10-01' }],
  ['restored', 'in other words', { what: 'restored from a backup', because: 'in other words' }],
  ['restored', null, { what: 'restored from a backup' }],
])('%s that says %j', (event, detail, expected) => {
  expect(changes(told(event, at, null, { detail }))).toEqual([{ ...nothing, ...expected }]);
});

test('other records are no change, and rows are the oldest first', () => {
  const first = told('configuration-rejected', at, null, { detail: 'first' });
  const second = told('configuration-rejected', at, null, { detail: 'second' });
  const found = settingsChanges([second, told('heartbeat', at, null), first]);
  expect(found.map(({ because }) => because)).toEqual(['first', 'second']);
});
