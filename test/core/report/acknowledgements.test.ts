// Who has acknowledged which text, as rows of a report.

import { expect, test } from 'vitest';
import type { ClinicText } from '../../../src/core/acknowledgement/clinic-text.ts';
import { writeAcknowledgedNote } from '../../../src/core/audit/acknowledged-note.ts';
import { acknowledgements } from '../../../src/core/report/acknowledgements.ts';
import { told } from '../../support/told.ts';

const at = Date.parse('2026-11-30T08:00:00Z');
const hash = 'ab'.repeat(32);
const text: ClinicText = {
  id: 'sanctions', title: 'Sanctions', version: '2', hash, text: 'x', roles: ['nurse'], againSeconds: 100, postpone: null,
}; // prettier-ignore
const detail = (version: string) => writeAcknowledgedNote({ id: 'sanctions', version, hash });
const people = ['now', 'old', 'lapsed', 'later', 'never'].map((person) => ({ person, roles: ['nurse'] }));

test('each person of its roles stands there with what they did last', () => {
  const rows = acknowledgements({
    texts: [text],
    people: [...people, { person: 'clerk', roles: ['front-desk'] }],
    told: [
      told('acknowledged', at, 'now', { detail: detail('1') }),
      told('acknowledged', at + 99_000, 'now', { detail: detail('2') }),
      told('acknowledged', at, 'old', { detail: detail('1') }),
      told('acknowledged', at, 'lapsed', { detail: detail('2') }),
      told('acknowledgement-postponed', at, 'later', { detail: detail('1') }),
      told('acknowledgement-postponed', at, 'later', { detail: detail('2') }),
      told('acknowledged', at, 'never', { detail: 'of another form' }),
      told('acknowledged', at, 'never', { detail: null }),
    ],
    now: at + 100_000,
  });
  expect(rows.map(({ person, standing, read, postponed }) => [person, standing, read, postponed])).toEqual([
    ['now', 'acknowledged', '2', 0],
    ['old', 'an earlier version', '1', 0],
    ['lapsed', 'lapsed', '2', 0],
    ['later', 'put off', null, 1],
    ['never', 'not yet', null, 0],
  ]);
  expect(rows[0]).toMatchObject({ text: 'Sanctions', version: '2', roles: 'nurse', at: at + 99_000 });
});

test('a text of everybody is asked of everybody, and never lapses where nobody says so', () => {
  const all = { ...text, roles: null, againSeconds: null };
  const said = [told('acknowledged', 0, 'clerk', { detail: detail('2') })];
  const rows = acknowledgements({ texts: [all], people: [{ person: 'clerk', roles: [] }], told: said, now: at });
  expect(rows).toMatchObject([{ standing: 'acknowledged', roles: '' }]);
});
