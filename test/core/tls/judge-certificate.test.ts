import { expect, test } from 'vitest';
import type { CertificateFacts } from '../../../src/core/tls/certificate-facts.ts';
import { dayOf, daysLeft, inDays, judgeCertificate } from '../../../src/core/tls/judge-certificate.ts';

const now = Date.UTC(2026, 10, 29, 12);
const day = 86_400_000;

function facts(changes: Partial<CertificateFacts> = {}): CertificateFacts {
  return {
    subject: 'CN=ehr.clinic.example',
    issuer: 'CN=Example TLS 1',
    serial: '01',
    notBefore: now - day,
    notAfter: now + 90 * day,
    names: ['ehr.clinic.example'],
    uncovered: [],
    isSelfSigned: false,
    missing: null,
    ...changes,
  };
}

test.each`
  left            | says
  ${30 * day + 1} | ${[]}
  ${30 * day}     | ${[['ends-soon', false, 'It ends on 2026-12-29, in 30 days']]}
  ${7 * day + 1}  | ${[['ends-soon', false, 'It ends on 2026-12-06, in 7 days']]}
  ${7 * day}      | ${[['ends-soon', true, 'It ends on 2026-12-06, in 7 days']]}
  ${day}          | ${[['ends-soon', true, 'It ends on 2026-11-30, in 1 day']]}
  ${1}            | ${[['ends-soon', true, 'It ends on 2026-11-29, within a day']]}
  ${0}            | ${[['expired', true, 'It ended on 2026-11-29']]}
  ${-3 * day}     | ${[['expired', true, 'It ended on 2026-11-26']]}
`('with $left ms left it says $says', ({ left, says }: { left: number; says: unknown[] }) => {
  const found = judgeCertificate(facts({ notAfter: now + left }), now);
  expect(found.map((one) => [one.kind, one.isGrave, one.says])).toEqual(says);
});

const others = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `${name}.example`);

test.each<readonly [what: string, changes: Partial<CertificateFacts>, says: RegExp | null, fix: RegExp]>([
  ['sound', {}, null, /^$/],
  ['not begun', { notBefore: now + 1 }, /^It is valid only from 2026-11-29 on$/, /clock/],
  ['for another name', { uncovered: ['pacs.example'] }, /^It is not for "pacs.example": it is for "ehr.clinic.example"$/, /SAN/],
  ['for no name', { uncovered: ['pacs.example'], names: [] }, /names no host at all$/, /"pacs.example"/],
  ['for many names', { uncovered: ['pacs.example'], names: others }, /"e.example" and 2 more$/, /SAN/],
  ['self-signed', { isSelfSigned: true }, /signed by itself/, /workstation/],
  ['without its intermediate', { missing: { name: 'CN=R3', at: null } }, /ends at "CN=R3"/, /behind the first one; if/],
  [
    'without one that it tells of',
    { missing: { name: 'CN=R3', at: 'http://r3.example/' } },
    /ends at "CN=R3"/,
    /which is offered at http:\/\/r3.example\/; if/,
  ],
])('%s is told', (_what, changes, says, fix) => {
  const [first, ...more] = judgeCertificate(facts(changes), now);
  expect(more).toEqual([]);
  if (says === null) expect(first).toBeUndefined();
  else expect(first).toMatchObject({ says: expect.stringMatching(says), fix: expect.stringMatching(fix) });
});

test('what turns people away stands first', () => {
  const all = judgeCertificate(facts({ isSelfSigned: true, uncovered: ['x.example'], notAfter: now + 20 * day }), now);
  expect(all.map(({ kind }) => kind)).toEqual(['wrong-name', 'ends-soon', 'self-signed']);
});

test('days are told with their fraction, and dates in UTC', () => {
  expect(daysLeft({ notAfter: now + 1.5 * day }, now)).toBe(1.5);
  expect(daysLeft({ notAfter: now - day }, now)).toBe(-1);
  expect(dayOf(now)).toBe('2026-11-29');
  expect(inDays(2.9)).toBe('in 2 days');
});
