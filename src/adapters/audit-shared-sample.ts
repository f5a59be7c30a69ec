// Draws requests of all gateways by lot, of each role so many, as the index beside a log does: the same ones for the same seed.

import type { SampleSize } from '../report-ports.ts';
import type { FoundRequest, RecordQuery } from '../search-ports.ts';
import { drawnOf, lotOf, lowest } from './audit-index-sample.ts';
import type { Drawn } from './audit-index-sample.ts';
import type { TallyLimits } from './audit-index-tally.ts';
import type { SharedAsk } from './audit-shared-db.ts';
import { plain } from './audit-shared-rows.ts';
import { sharedRequests, whereOf } from './audit-shared-search.ts';
import { timeSlices } from './audit-shared-slices.ts';

/** In the order of the record. Rejects where it takes too long, and with what PostgreSQL says. */
export async function sampleShared(
  ask: SharedAsk,
  query: RecordQuery,
  sizes: readonly SampleSize[],
  seed: number,
  { pause, longest }: TallyLimits,
): Promise<readonly FoundRequest[]> {
  const strata = sizes.map(({ roles, size }) => ({ roles, size, drawn: [] as readonly Drawn[] }));
  const began = performance.now();
  for (const [since, until] of await timeSlices(ask, query.since, query.until)) {
    for (const stratum of strata) {
      const where = whereOf({ ...query, since, until });
      if (stratum.roles === null) where.add('roles IS NULL');
      else where.add('roles = ?', plain(stratum.roles));
      const sql = `SELECT sequence, ${lotOf(seed)} AS lot FROM audit_requests WHERE ${where.sql}
        ORDER BY lot, sequence LIMIT ${where.param(stratum.size)}`;
      stratum.drawn = lowest([...stratum.drawn, ...(await ask(sql, where.params)).map(drawnOf)], stratum.size);
    }
    if (performance.now() - began > longest) throw new Error('Drawing the sample took too long; ask for a shorter time');
    await pause();
  }
  return sharedRequests(
    ask,
    strata.flatMap(({ drawn }) => drawn.map(({ sequence }) => sequence)),
  );
}
