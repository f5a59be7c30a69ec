// Makes relations from imported rows, a row at a time: hundreds of thousands of them take seconds, so whoever reads them stops
// wherever this yields, does something else, and goes on. Nothing of it can be asked before it is whole.

import { Kinship } from './kinship.ts';
import type { RelationRows } from './relation-rows.ts';
import { Relations } from './relations.ts';
import { Roster } from './roster.ts';
import { SamePatients } from './same-patients.ts';
import { Schedule } from './schedule.ts';

/** `alike` are more ids that are one patient, as another directory has them. Yields behind every row. */
export function* gatherRelations(
  { appointments, staff, demographics, confidential }: RelationRows,
  alike: Iterable<readonly [string, string]> = [],
): Generator<undefined, Relations> {
  const [same, roster] = [new SamePatients(), new Roster()];
  yield* each(alike, ([one, other]) => same.join(one, other));
  yield* each(staff ?? [], (row) => roster.add(row));
  // Whom a schedule means, and which ids are one patient, must be known before the schedule.
  const kinship = new Kinship(roster, same);
  yield* each(roster.members(), (member) => kinship.know(member));
  yield* each(demographics ?? [], (row) => kinship.add(row));
  yield* kinship.settle();
  const schedule = appointments === null ? null : new Schedule(roster, same);
  yield* each(appointments ?? [], (row) => schedule?.add(row));
  const hidden = new Set<string>();
  yield* each(confidential ?? [], ({ patient }) => hidden.add(same.of(patient)));
  return new Relations({ same, roster, kinship, schedule, confidential: hidden });
}

/** The same without a stop, for whoever has few rows or nothing else to do. */
export function relationsOf(rows: RelationRows, alike: Iterable<readonly [string, string]> = []): Relations {
  const gathering = gatherRelations(rows, alike);
  for (;;) {
    const { done, value } = gathering.next();
    if (done === true) return value;
  }
}

function* each<Row>(rows: Iterable<Row>, take: (row: Row) => unknown): Generator<undefined, void> {
  for (const row of rows) {
    take(row);
    yield;
  }
}
