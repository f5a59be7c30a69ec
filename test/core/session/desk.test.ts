// The rules of a shared desk, as tables: who stands on its list, whose session waits there, and what becomes of the first one.

import { describe, expect, test } from 'vitest';
import { peopleAtDesk } from '../../../src/core/session/desk-people.ts';
import { leavesDesk } from '../../../src/core/session/leave-desk.ts';
import { waitsAt } from '../../../src/core/session/waits-at.ts';

const shift = 12 * 3_600_000;
const person = (name: string, at: number) => ({ name, at });

describe('the list of a desk', () => {
  test('is the last five within a shift, the latest first', () => {
    const all = [1, 7, 3, 5, 2, 6, 4].map((at) => person(`p${at}`, at));
    expect(peopleAtDesk(all, 10).map(({ name }) => name)).toEqual(['p7', 'p6', 'p5', 'p4', 'p3']);
  });

  test.each([
    [shift - 1, 1],
    [shift, 0],
    [shift + 1, 0],
    [-5, 1],
  ])('%i ms after somebody signed in it names %i', (now, names) => {
    expect(peopleAtDesk([person('ada', 0)], now)).toHaveLength(names);
  });
});

describe('a session that waits at a desk', () => {
  const ada = { issuer: 'https://op.example', sub: 'ada', name: 'ada', displayName: 'Ada' };
  test.each`
    parked       | device  | who                                         | waits
    ${'d1'}      | ${'d1'} | ${ada}                                      | ${true}
    ${'d1'}      | ${'d2'} | ${ada}                                      | ${false}
    ${'d1'}      | ${null} | ${ada}                                      | ${false}
    ${null}      | ${'d1'} | ${ada}                                      | ${false}
    ${undefined} | ${'d1'} | ${ada}                                      | ${false}
    ${null}      | ${null} | ${ada}                                      | ${false}
    ${'d1'}      | ${'d1'} | ${{ ...ada, sub: 'eve' }}                   | ${false}
    ${'d1'}      | ${'d1'} | ${{ ...ada, issuer: 'https://other.test' }} | ${false}
  `('parked $parked, device $device: $waits', ({ parked, device, who, waits }) => {
    const session = parked === undefined ? { subject: ada } : { subject: ada, parked: parked as string | null };
    expect(waitsAt(session, device === null ? null : { id: device }, who)).toBe(waits);
  });
});

test.each`
  configured | kind        | does
  ${'park'}  | ${'shared'} | ${'park'}
  ${'park'}  | ${'own'}    | ${'end'}
  ${'park'}  | ${null}     | ${'end'}
  ${'end'}   | ${'shared'} | ${'end'}
  ${'end'}   | ${null}     | ${'end'}
`('$configured at a device of kind $kind: $does', ({ configured, kind, does }) => {
  expect(leavesDesk(configured, kind === null ? null : { id: 'd', kind, name: 'WS-1' })).toBe(does);
});
