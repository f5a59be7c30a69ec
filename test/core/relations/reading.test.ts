// What exports write, brought into one form.

import { describe, expect, it } from 'vitest';
import { importNote } from '../../../src/core/relations/import-note.ts';
import { OwnNotes } from '../../../src/core/relations/own-notes.ts';
import { traitsOf } from '../../../src/core/relations/traits-of.ts';
import { daysBetween, readClock, readWallTime, writeWallTime } from '../../../src/core/relations/wall-time.ts';

describe('times', () => {
  it.each([
    ['2026-11-30 10:30', '2026-11-30', 630],
    ['2026-11-30T10:30:00', '2026-11-30', 630],
    ['30.11.2026 2:05 pm', '2026-11-30', 845],
    ['2026-11-30 12:00 am', '2026-11-30', 0],
    ['2026-11-30', '2026-11-30', null],
  ])('%s', (text, day, minute) => {
    expect(readWallTime(text)).toEqual({ day, minute });
  });

  it.each([
    '',
    '3/4/2026 10:00',
    '2026-11-31 10:00',
    '2026-11-30 25:00',
    '2026-11-30 10:60',
    '2026-11-30 13:00 pm',
    '2026-11-30 0:10 am',
    '2026-11-30 soon',
    '2026-11-30\t10:00',
  ])('not %j', (text) => {
    expect(readWallTime(text)).toBeNull();
  });

  it('are written so that they sort, and counted in days', () => {
    expect(writeWallTime('2026-11-30', 65)).toBe('2026-11-30T01:05');
    expect(daysBetween('2026-11-30', '2026-12-02')).toBe(2);
    expect(readClock('7:15')).toBe(435);
  });
});

const written = { name: '', family: '', birthDate: null, address: '', phone: '', email: '' };
const traits = (fields: Partial<Parameters<typeof traitsOf>[0]>) =>
  Object.fromEntries(
    Object.entries(traitsOf({ ...written, ...fields }, (what, text) => `${what}: ${text}`)).filter(([, value]) => value !== null),
  );

describe('traits', () => {
  it.each([
    [
      { name: 'Ruiz, Marta', birthDate: '1980-02-29' },
      { nameAndBirth: 'name and birth: marta ruiz 1980-02-29', surname: 'surname: ruiz' },
    ],
    [{ name: 'Marta Ruiz' }, { surname: 'surname: ruiz' }],
    [{ name: 'Marta Ruiz', family: 'Ruiz García' }, { surname: 'surname: ruiz garcia' }],
    [{ birthDate: '1980-02-29' }, {}],
    [{ email: ' A@B.example ' }, { email: 'email: a@b.example' }],
    [{ phone: '+1 (555) 555-0100' }, { phone: 'phone: 5555550100' }],
    [{ phone: '555' }, {}],
    [{ address: '12 Main Street' }, { address: 'address: 12 main st' }],
    [{ address: 'Main Street' }, {}],
    [{ address: '12' }, {}],
  ])('%j', (fields, expected) => {
    expect(traits(fields)).toEqual(expected);
  });
});

it('remembers who wrote into which chart, from half a day later on and for the window alone', () => {
  const notes = new OwnNotes(1);
  const [half, day] = [43_200_000, 86_400_000];
  notes.wrote('n', 'p', 1000);
  const before = (time: number, patient = 'p') => notes.before('n', patient, time);
  expect([before(1000), before(999 + half), before(1000 + half), before(1000 + day), before(1001 + day)]).toEqual([
    false,
    false,
    true,
    true,
    false,
  ]);
  expect(before(1000 + half, 'q')).toBe(false);
  notes.wrote('n', 'p', day);
  expect([before(day), before(2 * day)]).toEqual([true, true]);
  notes.wrote('n', 'p', 3 * day + 1);
  expect(before(3 * day + 1)).toBe(false);
});

it('says of an import what the record may hold', () => {
  expect(importNote('staff', 2, 'ab')).toBe('staff, file sha256 ab: 2 rows');
});
