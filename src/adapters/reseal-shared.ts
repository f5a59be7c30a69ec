// Seals what stands in PostgreSQL anew with the newest master key, beside running gateways, as `reseal.ts` does in the files; and
// counts what each key has sealed there.

import { sealedAnew } from './reseal.ts';
import type { Resealed, RotatingSealer } from './reseal.ts';
import { sealedPlaces } from './sealed-places.ts';
import type { SealedPlace } from './sealed-places.ts';
import type { Row, StateDb, Statement } from './state-db.ts';

const pageRows = 200;

/** Once per kind, in the order of `sealedPlaces`. */
export async function resealShared(db: StateDb, sealer: RotatingSealer): Promise<readonly Resealed[]> {
  const all: Resealed[] = [];
  for (const place of sealedPlaces) all.push(await resealPlace(db, place, sealer));
  return all;
}

/** Key id → number of values. */
export async function sharedKeyUse(db: StateDb): Promise<ReadonlyMap<string, number>> {
  const uses = new Map<string, number>();
  for (const place of sealedPlaces) {
    for await (const rows of pagesOf(db, place)) {
      for (const row of rows) {
        const id = String(row['sealed']).split('.')[1] ?? '';
        uses.set(id, (uses.get(id) ?? 0) + 1);
      }
    }
  }
  return uses;
}

async function resealPlace(db: StateDb, place: SealedPlace, sealer: RotatingSealer): Promise<Resealed> {
  const counts = { resealed: 0, already: 0, changed: 0, unopened: 0 };
  for await (const rows of pagesOf(db, place)) {
    const anew: Statement[] = [];
    for (const row of rows) {
      const old = String(row['sealed']);
      const next = sealer.isNewest(old) ? 'already' : sealedAnew(place, row, old, sealer);
      if (next === 'already' || next === 'unopened') counts[next] += 1;
      else anew.push({ sql: place.update, params: [next.sealed, Number(row['id']), old] });
    }
    const results = anew.length === 0 ? [] : await db.run(place.database, anew);
    const written = results.filter(({ changes }) => changes === 1).length;
    counts.resealed += written;
    counts.changed += anew.length - written;
  }
  return { what: place.what, ...counts };
}

async function* pagesOf(db: StateDb, place: SealedPlace): AsyncGenerator<readonly Row[]> {
  for (let after = 0; ;) {
    const [found] = await db.run(place.database, [{ sql: place.select, params: [after, pageRows] }]);
    const rows = found?.rows ?? [];
    yield rows;
    if (rows.length < pageRows) return;
    after = Number(rows.at(-1)?.['id']);
  }
}
