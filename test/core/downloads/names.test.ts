// Whose budget it is, what makes two replies one file, who may export, and what the records say.

import { expect, test } from 'vitest';
import { passedEntry, warningEntry } from '../../../src/core/downloads/budget-entry.ts';
import { fileIdentity } from '../../../src/core/downloads/file-identity.ts';
import { mayExport } from '../../../src/core/downloads/may-export.ts';
import { personKey } from '../../../src/core/downloads/person-key.ts';
import { noon, permitted } from '../../support/download-fakes.ts';
import { fakeToken } from '../../support/fake-patients.ts';

test('a person is issuer and subject, and two never share a key', () => {
  expect(personKey({ issuer: 'https://a', sub: 'b c' })).not.toBe(personKey({ issuer: 'https://a', sub: 'c' }));
  expect(personKey({ issuer: 'https://a', sub: 'u' })).not.toBe(personKey({ issuer: 'https://b', sub: 'u' }));
});

test('a file is an application, a target and a patient', () => {
  const base = { path: '/report.php', query: 'a=1', patient: '7' };
  const same = fileIdentity(permitted(base));
  expect(fileIdentity(permitted({ ...base, method: 'HEAD' }))).toBe(same);
  for (const other of [{ path: '/other.php' }, { query: 'a=2' }, { query: null }, { patient: '8' }, { patient: null }]) {
    expect(fileIdentity(permitted({ ...base, ...other }))).not.toBe(same);
  }
  expect(fileIdentity({ ...permitted(base), application: { name: 'pacs' } })).not.toBe(same);
});

test('what comes back for a form is a file of its own, because the address does not say what was asked for', () => {
  const sent = permitted({ path: '/report.php', method: 'POST' });
  expect(fileIdentity({ ...sent, id: 'r-1' })).not.toBe(fileIdentity({ ...sent, id: 'r-2' }));
  // The rule and the reply are judged one after the other, for one request.
  expect(fileIdentity({ ...sent, id: 'r-1' })).toBe(fileIdentity({ ...sent, id: 'r-1' }));
  expect(fileIdentity({ ...sent, id: 'r-1' })).not.toBe(fileIdentity({ ...sent, id: 'r-1', method: 'GET' }));
});

test.each([
  [null, ['nurse'], true],
  [['records'], ['nurse', 'records'], true],
  [['records'], ['nurse'], false],
  [[], ['nurse'], false],
])('export for %j by %j: %s', (exportRoles, roles, may) => {
  expect(mayExport({ exportRoles }, roles)).toBe(may);
});

test.each([
  ['files', '80 % of the download budget are used: files within the hour'],
  ['patients', '80 % of the download budget are used: patients within the hour'],
  ['bytes', '80 % of the download budget are used: bytes of the day'],
] as const)('the warning of %s', (measure, detail) => {
  expect(warningEntry(permitted({ patient: '7' }), noon, measure)).toMatchObject({
    event: 'budget-warning',
    time: noon,
    request: 'request-1',
    subject: { sub: 'u1' },
    roles: ['nurse'],
    session: 'session-reference',
    patient: fakeToken('7'),
    rule: 'charts',
    policy: 'abcdef0123456789',
    grant: null,
    decision: null,
    detail,
  });
});

test('a "no" that was let pass says why', () => {
  expect(passedEntry(permitted({ grant: true }), noon, 'budget-exhausted', 'Used up')).toMatchObject({
    event: 'budget-warning',
    decision: 'allowed',
    reason: 'budget-exhausted',
    grant: 'grant-1',
    detail: 'Used up; passed because an emergency access is open',
  });
  expect(passedEntry(permitted({ mode: 'observe' }), noon, 'export-not-permitted', 'Not yours')).toMatchObject({
    event: 'refusal',
    decision: 'observed',
    reason: 'export-not-permitted',
    detail: 'Not yours; passed because the rules are only observed',
  });
});
