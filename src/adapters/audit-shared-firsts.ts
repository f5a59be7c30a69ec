// When somebody was on record for the first time at any gateway, or had a patient's chart for the first time, whatever they were
// called then.

import { machineIssuer } from '../core/session/machine-session.ts';
import type { FirstAsked } from '../report-ports.ts';
import { mostFirsts } from './audit-index-firsts.ts';
import { machinePrefix } from './audit-index-search.ts';
import type { TallyLimits } from './audit-index-tally.ts';
import type { SharedAsk } from './audit-shared-db.ts';
import { plain } from './audit-shared-rows.ts';

/** Asked for by one statement. */
const askedAtOnce = 500;

/** All names that the issuer's numbers behind a name ever had are the same person. */
const sqlOf = (ofPatient: string): string => `SELECT a.place, min(f.time) AS time
  FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) AS a (place, name, machine, patient)
  JOIN LATERAL (SELECT DISTINCT issuer, sub FROM audit_people
    WHERE name = a.name AND (issuer = '${machineIssuer}') = (a.machine = 'yes')) w ON true
  JOIN LATERAL (SELECT time FROM audit_requests r
    WHERE r.issuer = w.issuer AND r.sub = w.sub AND r.name IS NOT NULL ${ofPatient} ORDER BY r.time LIMIT 1) f ON true
  GROUP BY a.place`;
const ofAnything = sqlOf('');
const ofPatient = sqlOf('AND r.patient = a.patient');

/** In the order that was asked for; epoch milliseconds, null where never. Rejects where too much is asked, or it takes too long. */
export async function firstsShared(
  ask: SharedAsk,
  asked: readonly FirstAsked[],
  { pause, longest }: TallyLimits,
): Promise<readonly (number | null)[]> {
  if (asked.length > mostFirsts) throw new Error(`More than ${mostFirsts} first times were asked for; ask for a shorter time`);
  const times: (number | null)[] = asked.map(() => null);
  const places = asked.map((one, place) => ({ ...one, place }));
  const began = performance.now();
  for (const [sql, wanted] of [
    [ofAnything, places.filter(({ patient }) => patient === null)],
    [ofPatient, places.filter(({ patient }) => patient !== null)],
  ] as const) {
    for (let from = 0; from < wanted.length; from += askedAtOnce) {
      for (const row of await ask(sql, columnsOf(wanted.slice(from, from + askedAtOnce))))
        times[Number(row['place'])] = Number(row['time']);
      if (performance.now() - began > longest) throw new Error('Looking for first times took too long; ask for a shorter time');
      await pause();
    }
  }
  return times;
}

function columnsOf(wanted: readonly (FirstAsked & { readonly place: number })[]) {
  const isMachine = wanted.map(({ person }) => person.startsWith(machinePrefix));
  return [
    wanted.map(({ place }) => place),
    wanted.map(({ person }, at) => plain(isMachine[at] === true ? person.slice(machinePrefix.length) : person)),
    isMachine.map((is) => (is ? 'yes' : 'no')),
    wanted.map(({ patient }) => plain(patient ?? '')),
  ] as const;
}
