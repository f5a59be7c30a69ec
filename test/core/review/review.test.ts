// A certified review as the core sees it: which time it is about, when it is late, who may dispose of what, when it may be
// signed, and what its certificate and its records say.

import { expect, test } from 'vitest';
import { clinicTime } from '../../../src/adapters/clinic-time.ts';
import { withinBusinessDay } from '../../../src/core/review/business-day.ts';
import { judgeDisposal } from '../../../src/core/review/judge-disposal.ts';
import type { AskedDisposal } from '../../../src/core/review/judge-disposal.ts';
import { isReviewConfirmed, judgeReviewSignature } from '../../../src/core/review/judge-review-signature.ts';
import { isDone } from '../../../src/core/review/review.ts';
import type { Review, ReviewItem, ReviewPerson } from '../../../src/core/review/review.ts';
import { overdueNotices, overdueReviews } from '../../../src/core/review/review-due.ts';
import { readReviewSigned, writeDisposed, writeOverdue, writePrepared, writeRefused, writeReviewSigned } from '../../../src/core/review/review-note.ts'; // prettier-ignore
import { usualReview } from '../../../src/core/review/review-settings.ts';
import { isMonth, lastMonth, lastWeek, pastPeriods } from '../../../src/core/review/review-period.ts';
import { certificateText, reviewText } from '../../../src/core/review/review-statement.ts';

const person = (name: string): ReviewPerson => ({ issuer: 'https://idp', sub: name, name });
const ada = person('ada');
const bob = person('bob');
const chicago = clinicTime('America/Chicago');
const localDay = (at: number): string => chicago.localDay(at);
const iso = (time: number): string => new Date(time).toISOString();

function item(number: number, fields: Partial<ReviewItem> = {}): ReviewItem {
  const facts = { record: 10 + number, time: 1, person: ada, roles: 'nurse', kind: 'chart', patient: null, words: 'GET /chart' };
  return { number, ...facts, disposed: null, ...fields };
}

function review(items: readonly ReviewItem[], fields: Partial<Review> = {}): Review {
  const period = { id: 'monthly-2026-11', kind: 'monthly', period: '2026-11', since: 0, until: 50, preparedAt: 60 } as const;
  const population = { records: 9, people: 2, patients: 1, chartsOpened: 3, isCut: false };
  const rest = { dueAt: 100, population, gaps: [], unwatchedMilliseconds: 0, sample: null, statement: null, signedAt: null };
  return { ...period, ...rest, overdueAt: null, items, ...fields };
}

const fine = { disposition: 'fine', note: '', by: bob, at: 70 } as const;

test('a month and a week begin and end at midnight of the clinic, also where the clock changes', () => {
  const now = Date.parse('2026-12-01T05:59:00Z');
  expect(lastMonth(now, localDay)).toEqual({ name: '2026-10', since: Date.parse('2026-10-01T05:00Z'), until: Date.parse('2026-11-01T05:00Z') }); // prettier-ignore
  const later = now + 60_000;
  expect(lastMonth(later, localDay)).toEqual({ name: '2026-11', since: Date.parse('2026-11-01T05:00Z'), until: Date.parse('2026-12-01T06:00Z') }); // prettier-ignore
  const week = { name: '2026-11-23', since: Date.parse('2026-11-23T06:00Z'), until: Date.parse('2026-11-30T06:00Z') };
  expect(lastWeek(later, localDay)).toEqual(week);
  expect(lastWeek(Date.parse('2026-12-07T05:59Z'), localDay)).toEqual(week);
});

test.each([
  ['Pacific/Kiritimati', '2026-10-31T10:00Z', '2026-11-30T10:00Z'],
  ['Pacific/Pago_Pago', '2026-11-01T11:00Z', '2026-12-01T11:00Z'],
  ['Asia/Kathmandu', '2026-10-31T18:15Z', '2026-11-30T18:15Z'],
  ['Europe/London', '2026-11-01T00:00Z', '2026-12-01T00:00Z'],
  // The clock goes back at midnight: that day has two hours before one.
  ['America/Havana', '2026-11-01T04:00Z', '2026-12-01T05:00Z'],
])('a month begins at midnight in %s', (zone, since, until) => {
  const clinic = clinicTime(zone);
  const found = lastMonth(Date.parse('2026-12-10T12:00Z'), (at) => clinic.localDay(at));
  expect(found).toEqual({ name: '2026-11', since: Date.parse(since), until: Date.parse(until) });
});

test('weeks and months that were missed are known by their names, the oldest first', () => {
  const now = Date.parse('2026-12-01T12:00:00Z');
  const names = (kind: 'triage' | 'monthly') => pastPeriods(kind, now, localDay).map(({ name }) => name);
  expect(names('monthly')).toEqual(['2026-06', '2026-07', '2026-08', '2026-09', '2026-10', '2026-11']);
  expect(names('triage')).toHaveLength(12);
  expect([names('triage')[0], names('triage').at(-1)]).toEqual(['2026-09-07', '2026-11-23']);
  expect(pastPeriods('triage', now, localDay).at(-1)).toEqual(lastWeek(now, localDay));
});

test.each([['2026-11', true], ['2026-13', false], ['2026-1', false]])('%s as a month: %s', (text, is) => expect(isMonth(text)).toBe(is)); // prettier-ignore

const weekdays = [{ days: [1, 2, 3, 4, 5], fromMinute: 7 * 60, toMinute: 17 * 60 }];
const saturday = { days: [6], fromMinute: 20 * 60, toMinute: 2 * 60 };
test.each<[string, string, typeof weekdays, string[], string]>([
  ['in the week', '2026-11-23T15:00Z', weekdays, [], '2026-11-24T23:00:00.000Z'],
  ['on a Friday', '2026-11-27T15:00Z', weekdays, [], '2026-11-30T23:00:00.000Z'],
  ['before a holiday', '2026-11-25T15:00Z', weekdays, ['2026-11-26'], '2026-11-27T23:00:00.000Z'],
  ['where no hours are known', '2026-11-27T15:00Z', [], [], '2026-12-01T05:45:00.000Z'],
  ['with a night on Saturday', '2026-11-27T15:00Z', [...weekdays, saturday], [], '2026-11-29T05:45:00.000Z'],
])('an emergency access %s is reviewed by the end of the next business day', (_what, at, hours, holidays, due) => {
  expect(iso(withinBusinessDay(Date.parse(at), { hours, holidays, ...chicago }))).toBe(due);
});

test('a clinic that never opens has an end of waiting all the same', () => {
  const at = Date.parse('2026-11-23T15:00Z');
  const never = [{ days: [], fromMinute: 0, toMinute: 60 }];
  expect(withinBusinessDay(at, { hours: never, holidays: [], ...chicago })).toBe(at + 60 * 86_400_000);
});

const asks: AskedDisposal = { items: [1], disposition: 'fine', note: '', several: false };
const nobody = { deputy: null, isReviewer: () => true };
const two = review([item(1), item(2, { person: bob }), item(3, { person: null })]);
test.each<[string, Review, Partial<AskedDisposal>, ReviewPerson, boolean, string]>([
  ['one', two, {}, bob, false, 'may'],
  ['one that is nobody’s', two, { items: [3, 3] }, bob, false, 'may'],
  ['several that were meant', two, { items: [1, 3], several: true }, bob, false, 'may'],
  ['several that were not', two, { items: [1, 3] }, bob, false, 'several'],
  ['none', two, { items: [] }, bob, false, 'none-chosen'],
  ['an unknown one', two, { items: [9] }, bob, false, 'unknown-item'],
  ['their own', two, { items: [2] }, bob, false, 'yourself'],
  ['another word', two, { disposition: 'good' }, bob, false, 'no-disposition'],
  ['a question without words', two, { disposition: 'question', note: ' ' }, bob, false, 'no-note'],
  ['a case with words', two, { disposition: 'case', note: 'case 7' }, bob, false, 'may'],
  ['too long a note', two, { note: 'x'.repeat(201) }, bob, false, 'note-too-long'],
  ['one as an editor of the rules', two, {}, bob, true, 'edits-rules'],
  ['one of a signed review', review([item(1)], { signedAt: 9 }), {}, bob, false, 'signed'],
])('disposing of %s', (_what, of, asked, reviewer, editsRules, expected) => {
  const verdict = judgeDisposal(of, { ...asks, ...asked }, { person: reviewer, editsRules }, nobody);
  expect(verdict.may ? 'may' : verdict.why).toBe(expected);
});

test('what a reviewer did is the deputy’s to dispose of, also among other items', () => {
  const deputy = { deputy: 'dora', isReviewer: ({ sub }: { readonly sub: string }) => sub === ada.sub };
  const all = review([item(1), item(2, { person: person('jane') })]);
  const asked = { ...asks, items: [1, 2], several: true };
  const by = (who: ReviewPerson, items: AskedDisposal) => judgeDisposal(all, items, { person: who, editsRules: false }, deputy);
  expect(by(bob, asked)).toEqual({ may: false, why: 'deputys' });
  expect(by(bob, { ...asked, items: [2] }).may).toBe(true);
  expect(by(person('dora'), asked).may).toBe(true);
});

const looked = review([item(1, { disposed: fine }), item(2, { person: bob, disposed: { ...fine, by: ada } })]);
test.each<[string, Review, ReviewPerson, boolean, number, string, string | null]>([
  ['behind the last item', looked, bob, false, 71, 'l', null],
  ['with no item at all', review([]), bob, false, 71, 'l', null],
  ['with a factor from before', looked, bob, false, 70, 'l', 'not-confirmed'],
  ['what was not shown', looked, bob, false, 71, 'other', 'changed'],
  ['before it was prepared', review([item(1, { disposed: { ...fine, at: 10 } })]), bob, false, 60, 'l', 'not-confirmed'],
  ['with an open item', two, bob, false, 71, 'l', 'open-items'],
  ['twice', { ...looked, signedAt: 1 }, bob, false, 71, 'l', 'signed'],
  ['an emergency access', { ...looked, kind: 'emergency' }, bob, false, 71, 'l', 'unsigned-kind'],
  ['as an editor of the rules', looked, bob, true, 71, 'l', 'edits-rules'],
  ['what is all about themselves', review([item(1, { disposed: fine })]), ada, false, 71, 'l', 'yourself'],
])('signing %s', (_what, of, reviewer, editsRules, confirmedAt, shown, expected) => {
  expect(judgeReviewSignature(of, { person: reviewer, editsRules }, { confirmedAt, now: 72, shown, list: 'l' })).toBe(expected);
});

test('the certificate names what was about its reviewer, and who looked at it', () => {
  const signature = { reviewer: bob, at: 80, factor: { method: 'totp', at: 75 }, checkpoint: { size: 5, root: 'b'.repeat(64) } };
  const open = review([...looked.items, item(3, { person: bob })]);
  const cases = [{ record: 11, id: 'c1', disposition: 'justified' }];
  const text = JSON.parse(certificateText({ ...open, statement: 'x', overdueAt: 1 }, cases, signature)) as Record<
    string,
    unknown
  >;
  expect(text).toMatchObject({ format: 'wardgate-review/1', reviewer: bob, at: 80, cases, checkpoint: { size: 5 } });
  expect(text['exceptions']).toEqual([
    { number: 2, why: 'about the reviewer', by: 'ada' },
    { number: 3, why: 'about the reviewer', by: null },
  ]);
  expect(JSON.stringify(text['review'])).toBe(reviewText(open));
});

test('what is late is told once it is late, and not once it is done', () => {
  const late = [
    review([item(1)]),
    review([item(1)], { kind: 'triage', period: '2026-11-23' }),
    review([item(1)], { kind: 'emergency', period: '12' }),
  ];
  expect(overdueReviews(late, 100)).toEqual([]);
  expect(overdueNotices(late, 101)).toEqual([
    'The monthly review of 2026-11 is late since 1970-01-01: /.wardgate/console/review/certified',
    'The weekly triage of 2026-11-23 is late since 1970-01-01: /.wardgate/console/review/certified',
    'The review of the emergency access under record 12 is late since 1970-01-01: /.wardgate/console/review/certified',
  ]);
  const many = (count: number) => Array.from({ length: count }, () => review([item(1)]));
  expect(overdueNotices(many(20), 101)).toHaveLength(20);
  expect(overdueNotices(many(21), 101).at(-1)).toBe('So is one more: /.wardgate/console/review/certified');
  expect(overdueNotices(many(30), 101).at(-1)).toBe('So are 10 more: /.wardgate/console/review/certified');
  expect(isDone(review([item(1, { disposed: fine })], { kind: 'emergency' }))).toBe(true);
  expect(overdueReviews([{ ...looked, signedAt: 90 }], 101)).toEqual([]);
});

test('records tell of a review without patient and without note', () => {
  const root = 'c'.repeat(64);
  const sample = { seed: 'd'.repeat(64), wanted: 9, size: 2, checkpoint: { size: 7, root }, strata: [] };
  expect(writePrepared(looked, 2)).toBe('Review monthly-2026-11 prepared: 2 items');
  expect(writePrepared({ ...looked, sample }, 2)).toBe(
    `Review monthly-2026-11 prepared: 2 items; sample 2 seed ${sample.seed}; checkpoint 7 ${root}`,
  );
  expect(writeDisposed('r', item(4), 'question', null)).toBe('Review r item 4: question; record 14');
  expect(writeDisposed('r', item(4), 'case', 'c1')).toBe('Review r item 4: case; record 14; case c1');
  expect(writeRefused('r', 'signature', 'yourself')).toBe('Review r: signature refused: yourself');
  expect(writeOverdue(looked)).toBe('Review monthly-2026-11 is overdue: it was due at 1970-01-01T00:00:00.100Z');
  for (const checkpoint of [null, { size: 7, root }]) {
    const read = readReviewSigned(writeReviewSigned('r', looked.items, 'e'.repeat(64), checkpoint));
    expect(read).toEqual({ id: 'r', items: 2, fine: 2, question: 0, cases: 0, hash: 'e'.repeat(64), checkpoint });
  }
  expect(readReviewSigned('Review r signed')).toBeNull();
});

test('a confirmation is asked for while items are open as well', () => {
  expect(isReviewConfirmed(two, { confirmedAt: 61, now: 62 })).toBe(true);
  expect(isReviewConfirmed(two, { confirmedAt: 60, now: 62 })).toBe(false);
});

test('what is usual is late after days and not after months', () => {
  expect(usualReview).toMatchObject({ triageWithinSeconds: 3 * 86_400, monthlyWithinSeconds: 10 * 86_400, deputy: null });
});
