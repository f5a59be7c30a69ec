// The story: a note in a chart explains why its writer opens it again. A curious colleague sent any form into the chart of a patient
// on the confidential list, which takes one request and no success, and opened the chart a second later: "They wrote into this chart
// before". The detector said nothing, that day or later.

import { expect, test } from 'vitest';
import { explain } from '../../src/core/relations/explain.ts';
import { OwnNotes } from '../../src/core/relations/own-notes.ts';
import { noRelationRows } from '../../src/core/relations/relation-rows.ts';
import { relationsOf } from '../../src/core/relations/gather-relations.ts';

const relations = relationsOf({ ...noRelationRows, confidential: [{ patient: 'p' }] });
const hour = 3_600_000;

test.each([
  ['a second before', 1000, 'suspicious'],
  ['in the same shift', 8 * hour, 'suspicious'],
  ['on the day before, when the opening was judged without it', 20 * hour, 'explained'],
])('a form that was sent %s', (_what, later, state) => {
  const notes = new OwnNotes(30);
  notes.wrote('nora', 'p', 0);
  const wroteBefore = notes.before('nora', 'p', later);
  expect(
    explain(relations, { login: 'nora', patient: 'p', day: '2026-11-30', minute: 600, wroteBefore }, { days: 30 }).state,
  ).toBe(state);
});
