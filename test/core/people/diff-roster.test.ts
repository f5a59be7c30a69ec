// HR's list held against the people whom the gateway knows.

import { expect, test } from 'vitest';
import { diffRoster, tooMany } from '../../../src/core/people/diff-roster.ts';
import type { RosterPerson } from '../../../src/core/people/diff-roster.ts';

const person = (name: string | null, more: Partial<RosterPerson> = {}): RosterPerson => ({
  name,
  displayName: name,
  sub: `${name}-sub`,
  seenAt: null,
  leftAt: null,
  ...more,
});
const row = (login: string, ends: string | null = null) => ({ login, name: login, ends });
const today = '2026-11-30';
const names = (people: readonly { readonly name: string | null }[]) => people.map(({ name }) => name);

test('who is gone, who is unknown, who is back', () => {
  const people = [
    person('ann'),
    person('Bob'),
    person('cleo'),
    person('dora'),
    person('eve', { leftAt: '2026-01-01' }),
    person('finn', { leftAt: '2026-01-01' }),
    person('gus', { leftAt: '2026-01-01' }),
  ];
  const rows = [
    row('ANN'),
    row('cleo', '2026-11-29'),
    row('dora', '2026-11-30'),
    row('eve'),
    row('finn', '2026-02-01'),
    row('new'),
  ];
  const diff = diffRoster(people, [...rows, row('never', '2020-01-01')], today);
  expect(diff.gone.map(({ name, why }) => [name, why])).toEqual([
    ['Bob', 'not on the list'],
    ['cleo', 'past the end date'],
  ]);
  expect([names(diff.back), diff.unknown.map(({ login }) => login), diff.present, diff.several]).toEqual([
    ['eve'],
    ['new'],
    4,
    [],
  ]);
});

test('nobody is guessed: a name of two people, or somebody without a name, is left alone', () => {
  const two = [person('sam', { sub: '1' }), person('Sam', { sub: '2' }), person(null)];
  expect(diffRoster(two, [row('other')], today)).toMatchObject({ gone: [], several: ['sam'], present: 3 });
  const newcomer = [
    person('sam', { sub: '1', leftAt: '2026-01-01' }),
    person('sam', { sub: '2' }),
    person(null, { leftAt: 'x' }),
  ];
  expect(diffRoster(newcomer, [row('sam')], today)).toMatchObject({ gone: [], back: [], several: [] });
});

test.each([
  [0, 0, 20, false],
  [2, 10, 20, false],
  [3, 10, 20, true],
  [1, 10, 0, true],
])('%i of %i people at %i per cent: too many is %s', (gone, present, share, is) => {
  const people = Array.from({ length: present }, (_, i) => person(`p${i}`));
  const diff = diffRoster(
    people,
    people.slice(gone).map(({ name }) => row(String(name))),
    today,
  );
  expect(tooMany(diff, share)).toBe(is);
});
