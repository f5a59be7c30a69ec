// What is said of a disclosure: read, written into a record and read back, matched to its download, summed up, and held back.

import { describe, expect, test } from 'vitest';
import { answers, continues, stands } from '../../../src/core/disclosures/covers-request.ts';
import type { DownloadRequest, GivenAnswer } from '../../../src/core/disclosures/covers-request.ts';
import { basisSections, isAccounted, isBasis, maySuspend } from '../../../src/core/disclosures/disclosure.ts';
import {
  readDisclosureNote,
  readWithdrawn,
  writeDisclosureNote,
  writeInsideNote,
} from '../../../src/core/disclosures/disclosure-note.ts';
import type { DisclosureNote } from '../../../src/core/disclosures/disclosure-note.ts';
import { isAsked } from '../../../src/core/disclosures/is-asked.ts';
import { readDay, readDayMade } from '../../../src/core/disclosures/read-day.ts';
import { mostDisclosed, readDisclosure } from '../../../src/core/disclosures/read-disclosure.ts';
import { inForce, summariseDisclosures } from '../../../src/core/disclosures/summarise-disclosures.ts';
import type { MadeDisclosure } from '../../../src/core/disclosures/summarise-disclosures.ts';
import { holdsBack, isInForce, judgeSuspensionEnd, sameName } from '../../../src/core/disclosures/suspension.ts';
import type { Suspension } from '../../../src/core/disclosures/suspension.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 10, 30, 12);
const id = (letter: string): string => letter.repeat(43);

describe('what somebody writes', () => {
  const full = { recipient: 'R', address: '', description: 'D', purpose: 'P', basis: 'court', patients: '7', count: '' };

  test('is read with its texts on one line each and its patients once each', () => {
    const written = { ...full, recipient: ' Sheriff\n of\u0000 Cook ', address: 'A\tB', patients: '7, 8;9\n7' };
    expect(readDisclosure(written, false)).toEqual({
      ok: true,
      disclosure: { recipient: 'Sheriff of Cook', address: 'A B', description: 'D', purpose: 'P', basis: 'court', count: null },
      patients: ['7', '8', '9'],
    });
    expect(readDisclosure({ ...full, patients: '', count: ' 12 ' }, false)).toMatchObject({ disclosure: { count: 12 } });
    // Whom the download names, nobody can name otherwise.
    expect(readDisclosure({ ...full, patients: '8', count: 'x' }, true)).toMatchObject({
      patients: [],
      disclosure: { address: null, count: null },
    });
  });

  test.each([
    ['nothing', {}, 'recipient', 'missing'],
    ['no description', { ...full, description: ' ' }, 'description', 'missing'],
    ['a purpose at its limit', { ...full, purpose: 'x'.repeat(mostDisclosed.purpose) }, null, null],
    ['a purpose over its limit', { ...full, purpose: 'x'.repeat(mostDisclosed.purpose + 1) }, 'purpose', 'too-long'],
    ['no ground', { ...full, basis: undefined }, 'basis', 'missing'],
    ['a ground of its own', { ...full, basis: 'toString' }, 'basis', 'unknown'],
    ['a hundred patients', { ...full, patients: numbers(100) }, null, null],
    ['one patient more', { ...full, patients: numbers(101) }, 'patients', 'too-long'],
    ['a patient without end', { ...full, patients: 'x'.repeat(65) }, 'patients', 'too-long'],
    ['no patient', { ...full, patients: undefined, count: undefined }, 'patients', 'missing'],
    ['no number of patients', { ...full, patients: '', count: '0' }, 'count', 'unknown'],
    ['words for a number', { ...full, patients: '', count: 'many' }, 'count', 'unknown'],
  ])('with %s', (_what, written, field, wrong) => {
    const clean = Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined));
    const read = readDisclosure(clean, false);
    expect(read.ok ? [null, null] : [read.field, read.wrong]).toEqual([field, wrong]);
  });
});

function numbers(most: number): string {
  return Array.from({ length: most }, (_none, n) => String(n)).join('\n');
}

test('every ground is one, and few are left out of an accounting or held back', () => {
  const all = Object.keys(basisSections).filter(isBasis);
  expect(all.filter((one) => !isAccounted(one))).toEqual(['authorization', 'to-the-patient']);
  expect(all.filter(maySuspend)).toEqual(['health-oversight', 'law-enforcement']);
  expect(isBasis('constructor')).toBe(false);
});

describe('the sentence in a record', () => {
  const note: DisclosureNote = {
    id: id('a'),
    basis: 'court',
    address: true,
    count: null,
    how: 'at the download',
    replaces: null,
    madeOn: null,
    commitment: '0'.repeat(64),
  };
  const notes: readonly DisclosureNote[] = [
    note,
    { ...note, address: false, count: 12, how: 'after the download' },
    { ...note, how: 'in place of', replaces: id('b'), madeOn: '2026-11-02' },
    { ...note, how: 'told by a person', count: 1_234_567, madeOn: '2026-01-05', basis: 'workers-compensation' },
    { ...note, how: 'by the rules' },
  ];

  test.each(notes)('is read back as it was written: $how', (one) => {
    const text = writeDisclosureNote(one);
    expect(readDisclosureNote(text)).toEqual(one);
    // What is longer would be cut, and could not be read back.
    expect(text.length).toBeLessThan(512);
  });

  test.each([
    ['', null],
    ['Disclosure', null],
    [writeDisclosureNote(note).replace('court', 'fun'), null],
    [`${writeDisclosureNote(note)} and more`, null],
  ])('is not read where it is none: %s', (text, expected) => {
    expect(readDisclosureNote(text)).toBe(expected);
  });

  test('that something stayed inside says which disclosure it withdraws', () => {
    expect(readWithdrawn(writeInsideNote('in place of', id('c')))).toBe(id('c'));
    expect(readWithdrawn(writeInsideNote('at the download', null))).toBeNull();
    expect(readWithdrawn('anything')).toBeNull();
  });
});

test.each([
  [{}, ['nurse'], false],
  [{ disclosureRoles: 'everyone' as const }, [], true],
  [{ disclosureRoles: ['records'] }, ['nurse', 'records'], true],
  [{ disclosureRoles: ['records'] }, ['nurse'], false],
])('who is asked: %j of %j', (rule, roles, expected) => {
  expect(isAsked(rule, roles)).toBe(expected);
});

describe('an answer', () => {
  const request: DownloadRequest = {
    session: 's',
    application: 'ehr',
    method: 'GET',
    target: '/file?pid=7',
    post: null,
    rule: 'r',
    part: false,
  };
  const given: GivenAnswer = { asked: request, at: now, wentAt: null };
  const went: GivenAnswer = { ...given, wentAt: now };
  const minutes = (n: number): number => now + n * 60_000;

  test.each<[string, GivenAnswer, Partial<DownloadRequest>, number, boolean]>([
    ['its own download', given, {}, now, true],
    ['up to its end', given, {}, minutes(5) - 1, true],
    ['after its end', given, {}, minutes(5), false],
    ['under a clock that was set back', given, {}, now - 1, false],
    ['once it was used', went, {}, now, false],
    ['another session', given, { session: 't' }, now, false],
    ['another application', given, { application: 'pacs' }, now, false],
    ['another method', given, { method: 'POST' }, now, false],
    ['another address', given, { target: '/file?pid=8' }, now, false],
    ['the form that was kept', { ...given, asked: { ...request, post: 'p' } }, { post: 'p' }, now, true],
    ['another form', { ...given, asked: { ...request, post: 'p' } }, { post: 'q' }, now, false],
    ['a form that could not be kept', given, { post: 'p' }, now, true],
  ])('for %s', (_what, answer, change, at, expected) => {
    expect(answers(answer, { ...request, ...change }, at)).toBe(expected);
  });

  test.each<[string, GivenAnswer, Partial<DownloadRequest>, number, boolean]>([
    ['that went out', went, { part: true }, minutes(10) - 1, true],
    ['that went out long ago', went, { part: true }, minutes(10), false],
    ['that did not go out', given, { part: true }, now, false],
    ['asked for whole', went, {}, now, false],
    ['of another address', went, { part: true, target: '/other' }, now, false],
    ['of a form', { ...went, asked: { ...request, method: 'POST' } }, { part: true, method: 'POST' }, now, false],
  ])('for a part of a download %s', (_what, answer, change, at, expected) => {
    expect(continues(answer, { ...request, ...change }, at)).toBe(expected);
  });

  test.each([
    ['of the rule and session', {}, now, 1, true],
    ['of another rule', { rule: 'q' }, now, 1, false],
    ['of another session', { session: 't' }, now, 1, false],
    ['after its time', {}, minutes(1), 1, false],
    ['after its last', {}, now, 0, false],
  ])('for the next downloads %s', (_what, change, at, left, expected) => {
    const standing = { session: 's', rule: 'r', until: minutes(1), left };
    expect(stands(standing, { ...request, ...change }, at)).toBe(expected);
  });
});

test.each([
  ['2026-11-02', Date.UTC(2026, 10, 2, 12)],
  ['2026-02-30', null],
  ['2.11.2026', null],
  ['', null],
])('the day %s', (text, expected) => {
  expect(readDay(text)).toBe(expected);
});

test.each([
  ['', { ok: true, madeAt: now, madeOn: null }],
  ['2026-11-02', { ok: true, madeAt: Date.UTC(2026, 10, 2, 12), madeOn: '2026-11-02' }],
  // It is that day already where the clinic is.
  ['2026-12-01', { ok: true, madeAt: now, madeOn: '2026-12-01' }],
  ['2026-12-02', { ok: false, why: '2026-12-02 lies in the future' }],
  ['soon', { ok: false, why: '"soon" is no day, write it as 2026-11-02' }],
])('a disclosure made on "%s"', (text, expected) => {
  expect(readDayMade(text, now)).toEqual(expected);
});

describe('an accounting', () => {
  const one: MadeDisclosure = {
    id: id('a'),
    at: 3,
    recipient: 'R',
    address: null,
    description: 'D',
    purpose: 'P',
    basis: 'court',
    count: null,
    replaces: null,
  };

  test('sums up what is the same, and leaves out what a later record replaces or what is not accounted for', () => {
    const all: readonly MadeDisclosure[] = [
      one,
      { ...one, id: id('b'), at: 1 },
      { ...one, id: id('c'), at: 2, purpose: 'Q' },
      { ...one, id: id('d'), at: 4, basis: 'authorization' },
      { ...one, id: id('e'), at: 5, recipient: 'wrong' },
      { ...one, id: id('f'), at: 6, recipient: 'right', replaces: id('e') },
    ];
    expect(summariseDisclosures(all).map(({ first, times, lastAt }) => [first.id, times, lastAt])).toEqual([
      [id('b'), 2, 3],
      [id('c'), 1, 2],
      [id('f'), 1, 6],
    ]);
    expect(inForce(all).map((each) => each.id)).not.toContain(id('e'));
  });
});

describe('what is held back', () => {
  const suspension: Suspension = {
    patient: '7',
    agency: 'State Police',
    because: 'B',
    oral: true,
    from: now,
    until: now + day,
    liftedAt: null,
  };

  test.each<[string, Partial<Suspension>, number, boolean]>([
    ['from its beginning', {}, now, true],
    ['before it', {}, now - 1, false],
    ['to its end', {}, now + day - 1, true],
    ['at its end, by itself', {}, now + day, false],
    ['once it was lifted', { liftedAt: now }, now, false],
  ])('is held back %s', (_what, change, at, expected) => {
    expect(isInForce({ ...suspension, ...change }, at)).toBe(expected);
  });

  test.each([
    ['to the agency', 'law-enforcement', 'state  police.', ['7'], true],
    ['to another one', 'law-enforcement', 'City Police', ['7'], false],
    ['on another ground', 'court', 'State Police', ['7'], false],
    ['of another patient', 'law-enforcement', 'State Police', ['8', '9'], false],
    ['of the patient by another number', 'health-oversight', 'STATE POLICE', ['8', '7'], true],
  ] as const)('is what went %s', (_what, basis, recipient, patients, expected) => {
    expect(holdsBack(suspension, { basis, recipient }, patients, now)).toBe(expected);
  });

  test('is nothing once it has ended', () => {
    expect(holdsBack(suspension, { basis: 'law-enforcement', recipient: 'State Police' }, ['7'], now + day)).toBe(false);
  });

  test('two names are one where only their writing differs', () => {
    expect([sameName('F.B.I.', 'fbi'), sameName('Ｆbi', 'FBI'), sameName('FBI', 'FBIS')]).toEqual([true, true, false]);
  });

  test.each([
    ['by word of mouth, without an end', null, true, now + 30 * day],
    ['by word of mouth, for 30 days', now + 30 * day, true, now + 30 * day],
    ['by word of mouth, for longer', now + 30 * day + 1, true, 'A request by word of mouth holds 30 days at most'],
    ['in writing, for years', now + 3660 * day, false, now + 3660 * day],
    ['in writing, for longer', now + 3661 * day, false, 'A suspension holds 3660 days at most'],
    ['in writing, without an end', null, false, 'A written request names the time for which it is needed: --until 2027-03-31'],
    ['to an end that is past', now, true, 'The end lies in the past'],
  ])('for as long as %s', (_what, stated, oral, expected) => {
    const end = judgeSuspensionEnd(stated, oral, now);
    expect(end.ok ? end.until : end.why).toBe(expected);
  });
});
