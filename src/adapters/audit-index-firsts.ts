// When somebody was on record for the first time, or had a patient's chart for the first time: out of the search index, by its
// own indexes, whatever the person was called then.

import type { DatabaseSync } from 'node:sqlite';
import { machineIssuer } from '../core/session/machine-session.ts';
import type { FirstAsked } from '../report-ports.ts';

/** Asked for at once; more is for a narrower question. */
export const mostFirsts = 20_000;
const machinePrefix = 'machine ';

/** In the order that was asked for; epoch milliseconds, null where never. Throws where too much is asked, and system errors. */
export function firstsIn(database: DatabaseSync, asked: readonly FirstAsked[]): readonly (number | null)[] {
  if (asked.length > mostFirsts) throw new Error(`More than ${mostFirsts} first times were asked for; ask for a shorter time`);
  const people = new Map<string, readonly number[]>();
  const byPerson = database.prepare('SELECT sequence, time FROM requests WHERE person = ? ORDER BY sequence LIMIT 1');
  const byBoth = database.prepare(`SELECT sequence, time FROM requests
    WHERE patient = (SELECT id FROM patients WHERE text = ?) AND +person = ? ORDER BY sequence LIMIT 1`);
  return asked.map(({ person, patient }) => {
    const ids = people.get(person) ?? idsOf(database, person);
    people.set(person, ids);
    const rows = ids.map((id) => (patient === null ? byPerson.get(id) : byBoth.get(patient, id)));
    const times = rows.flatMap((row) => (row === undefined ? [] : [Number(row['time'])]));
    return times.length === 0 ? null : Math.min(...times);
  });
}

/** All names that the issuer's numbers behind a name ever had. */
function idsOf(database: DatabaseSync, person: string): readonly number[] {
  const isMachine = person.startsWith(machinePrefix);
  const name = isMachine ? person.slice(machinePrefix.length) : person;
  const sql = `SELECT DISTINCT other.id FROM people one JOIN people other ON other.issuer = one.issuer AND other.sub = one.sub
    WHERE one.name = ? AND one.issuer ${isMachine ? '=' : '<>'} ?`;
  return database
    .prepare(sql)
    .all(name, machineIssuer)
    .map(({ id }) => Number(id));
}
