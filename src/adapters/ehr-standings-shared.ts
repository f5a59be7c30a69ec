// The sessions' standings at the EHRs where several gateways have them in common: in memory as far as a session came by
// here, and written and told before whoever changed one goes on. A row is replaced only while it is the one that was read,
// so what two gateways changed is put together; whoever takes the rows of a session away has them, and nobody else.

import { Fault } from '../core/faults.ts';
import type { Caller } from '../core/session/machine-session.ts';
import type { EhrStanding, EhrStandings } from '../ehr-ports.ts';
import type { Soon } from '../ports.ts';
import type { SharedChanges } from '../shared-ports.ts';
import { openStanding, sealStanding } from './ehr-standing-row.ts';
import type { EhrStandingsOptions } from './ehr-standings-sqlite.ts';
import { inTime } from './in-time.ts';
import { mergeStanding } from './merge-standing.ts';
import type { Statement } from './state-db.ts';

const flushMilliseconds = 1000;
/** What an ended session held stays this long for `take`, so that whoever hears of the end can sign it off at the EHR. */
const leftForTakeMilliseconds = 60_000;
/** Others change one row a few times in a moment, and not more. */
const mostTries = 20;

type SharedStandingsOptions = EhrStandingsOptions & { readonly changes: SharedChanges };

/** One standing. `row`: as it is known to be stored; `mine`: what this gateway made of it. */
interface Place {
  readonly session: Caller;
  readonly application: string;
  mine: EhrStanding | null;
  row: { readonly sealed: string; readonly standing: EhrStanding | null } | null;
  /** The last write that was begun, and the one that waits for it. */
  running: Promise<void>;
  due: Promise<void> | null;
}

export class SharedEhrStandings implements EhrStandings {
  readonly #options: SharedStandingsOptions;
  /** Reference of the session → application → place. */
  readonly #held = new Map<string, Map<string, Place>>();
  /** References whose rows others have changed since they were read. */
  readonly #unread = new Set<string>();
  readonly #reads = new Map<string, Promise<void>>();
  /** Live sessions whose standings were taken, here or elsewhere; nothing is put for them any more. */
  readonly #taken = new Set<string>();
  /** Ended sessions whose standings nobody has taken yet. */
  readonly #ended = new Map<string, { readonly session: Caller; readonly at: number }>();
  /** What the database did not take, and of whom it did not let go. */
  readonly #late = new Set<Place>();
  readonly #left = new Set<string>();
  #isFlushing = false;
  readonly #timer: NodeJS.Timeout;

  constructor(options: SharedStandingsOptions) {
    this.#options = options;
    options.sessions.onEnd((session) => this.#end(session));
    options.changes.follow('standings', (entries) => {
      for (const entry of entries) this.#mark(entry.split(' ', 1)[0] ?? '');
    });
    // Each is read when somebody asks for it: a ward's jars need not all be there at once.
    options.changes.onMissed(async () => {
      for (const reference of this.#held.keys()) this.#mark(reference);
      return Promise.resolve();
    });
    this.#timer = setInterval(() => void this.flush(), flushMilliseconds).unref();
  }

  get({ reference }: Caller, application: string): EhrStanding | null {
    if (!this.#isOpen(reference)) return null;
    return this.#held.get(reference)?.get(application)?.mine ?? null;
  }

  current(session: Caller, application: string): Soon<EhrStanding | null> {
    const held = this.get(session, application);
    if (held?.standing === 'signed-on' && !this.#unread.has(session.reference)) return held;
    // What is not there, or is over, may have been opened elsewhere a moment ago.
    return this.#caughtUp(session, application);
  }

  put(session: Caller, application: string, standing: EhrStanding): Soon<void> {
    if (!this.#isOpen(session.reference)) return undefined;
    const place = this.#placeOf(session, application);
    place.mine = standing;
    return this.#write(place);
  }

  async take(session: Caller): Promise<ReadonlyMap<string, EhrStanding>> {
    const { reference } = session;
    const places = [...(this.#held.get(reference)?.values() ?? [])];
    this.#held.delete(reference);
    this.#ended.delete(reference);
    if (this.#options.sessions.byReference(reference) !== null) this.#taken.add(reference);
    for (const place of places) await settled(place);
    const unwritten = places.flatMap(({ application, row, mine }) =>
      row === null && mine !== null ? [[application, mine] as const] : [],
    );
    try {
      const sql = 'DELETE FROM ehr_standings WHERE reference = ? RETURNING application, sealed';
      const [taken] = await this.#options.db.run('sessions', [{ sql, params: [reference] }]);
      const rows = (taken?.rows ?? []).flatMap((row) => {
        const application = String(row['application']);
        const standing = openStanding(this.#options, session, application, String(row['sealed']));
        return standing === null ? [] : [[application, standing] as const];
      });
      return new Map([...unwritten, ...rows]);
    } catch (cause) {
      // The EHR is told by what is known here.
      this.#left.add(reference);
      this.#options.log.warn({ cause }, 'Sessions at the EHR could not be taken off the store');
      return new Map(places.flatMap(({ application, mine }) => (mine === null ? [] : [[application, mine] as const])));
    }
  }

  /** Does what the database did not do before. */
  async flush(): Promise<void> {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    try {
      const now = this.#options.clock.monotonic();
      for (const { session, at } of this.#ended.values()) if (now - at >= leftForTakeMilliseconds) await this.take(session);
      for (const place of this.#late) await this.#write(place);
      await this.#letGo();
    } finally {
      this.#isFlushing = false;
    }
  }

  /** Writes what is outstanding. The database is closed by whoever opened it. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const places of this.#held.values()) for (const place of places.values()) await settled(place);
    await this.flush();
  }

  /** Rows whose session is no more, left by a gateway that broke. Rejects with Fault `session-store-unavailable`. */
  async sweep(): Promise<void> {
    const sql =
      'DELETE FROM ehr_standings WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.reference = ehr_standings.reference)';
    await this.#options.db.run('sessions', [{ sql, params: [] }]);
  }

  async #letGo(): Promise<void> {
    const left = [...this.#left];
    if (left.length === 0) return;
    const sql = 'DELETE FROM ehr_standings WHERE reference IN (SELECT value FROM json_each(?))';
    try {
      await this.#options.db.run('sessions', [{ sql, params: [JSON.stringify(left)] }]);
      for (const reference of left) this.#left.delete(reference);
    } catch (cause) {
      this.#options.log.warn({ cause }, 'Sessions at the EHR could not be taken off the store; it is tried again');
    }
  }

  #isOpen(reference: string): boolean {
    return !this.#taken.has(reference) && this.#options.sessions.byReference(reference) !== null;
  }

  #placeOf(session: Caller, application: string): Place {
    const places = this.#held.get(session.reference) ?? new Map<string, Place>();
    this.#held.set(session.reference, places);
    const known = places.get(application);
    if (known !== undefined) return known;
    const place: Place = { session, application, mine: null, row: null, running: Promise.resolve(), due: null };
    places.set(application, place);
    return place;
  }

  #end(session: Caller): void {
    const { reference } = session;
    this.#taken.delete(reference);
    this.#unread.delete(reference);
    this.#ended.set(reference, { session, at: this.#options.clock.monotonic() });
  }

  #mark(reference: string): void {
    if (!this.#held.has(reference)) return;
    this.#unread.add(reference);
    // Its rows may have been read before the change.
    this.#reads.delete(reference);
  }

  async #caughtUp(session: Caller, application: string): Promise<EhrStanding | null> {
    if (!(await this.#options.changes.caughtUp()))
      throw new Fault('session-store-unavailable', { detail: 'What other gateways changed could not be heard' });
    await inTime(this.#read(session), 'A session at the EHR could not be read in time');
    return this.get(session, application);
  }

  #read(session: Caller): Promise<void> {
    const { reference } = session;
    const running = this.#reads.get(reference);
    if (running !== undefined) return running;
    const read = this.#readNow(session).finally(() => {
      if (this.#reads.get(reference) === read) this.#reads.delete(reference);
    });
    this.#reads.set(reference, read);
    return read;
  }

  async #readNow(session: Caller): Promise<void> {
    const { reference } = session;
    const wasUnread = this.#unread.delete(reference);
    try {
      const sql = 'SELECT application, sealed FROM ehr_standings WHERE reference = ?';
      const [found] = await this.#options.db.run('sessions', [{ sql, params: [reference] }]);
      if (!this.#isOpen(reference)) return;
      const rows = new Map((found?.rows ?? []).map((row) => [String(row['application']), String(row['sealed'])]));
      for (const [application, sealed] of rows) this.#adopt(this.#placeOf(session, application), sealed);
      for (const place of this.#held.get(reference)?.values() ?? []) if (!rows.has(place.application)) this.#gone(place);
    } catch (cause) {
      if (wasUnread) this.#unread.add(reference);
      throw cause;
    }
  }

  #adopt(place: Place, sealed: string): void {
    if (place.row?.sealed === sealed) return;
    const stored = openStanding(this.#options, place.session, place.application, sealed);
    const before = place.row?.standing ?? null;
    const { mine } = place;
    const isChangedHere = mine !== null && mine !== before;
    place.row = { sealed, standing: stored };
    if (stored !== null) place.mine = isChangedHere ? mergeStanding(stored, before, mine) : stored;
    // Nothing is left to write: the very object, so that it is seen to be the stored one.
    if (stored !== null && JSON.stringify(place.mine) === JSON.stringify(stored)) place.mine = stored;
  }

  /** A row that was there goes only when somebody takes it. */
  #gone(place: Place): void {
    if (place.row === null) return;
    this.#taken.add(place.session.reference);
    this.#held.delete(place.session.reference);
  }

  #write(place: Place): Promise<void> {
    if (place.due !== null) return place.due;
    const due = place.running.then(() => {
      place.due = null;
      place.running = this.#store(place);
      return place.running;
    });
    place.due = due;
    return due.then(async () => this.#tell(place));
  }

  async #tell({ session, application }: Place): Promise<void> {
    await this.#options.changes.tell('standings', [`${session.reference} ${application}`]);
  }

  async #store(place: Place): Promise<void> {
    try {
      for (let tries = 1; !(await this.#replace(place)); tries += 1) {
        if (tries >= mostTries) throw new Error(`others changed the row ${mostTries} times`);
      }
      this.#late.delete(place);
    } catch (cause) {
      this.#late.add(place);
      this.#options.log.warn({ cause }, 'Sessions at the EHR could not be written; they are tried again');
    }
  }

  /** True when nothing is left to write. */
  async #replace(place: Place): Promise<boolean> {
    const { session, application, mine, row } = place;
    if (mine === null || mine === row?.standing || !this.#isOpen(session.reference)) return true;
    const sealed = sealStanding(this.#options.sealer, session, application, mine);
    const statement = row === null ? insert(session.reference, application, sealed) : update(place, row.sealed, sealed);
    const [done] = await this.#options.db.run('sessions', [statement]);
    if (done?.changes === 1) {
      place.row = { sealed, standing: mine };
      return place.mine === mine;
    }
    await this.#readNow(session);
    // There was no row, and none could be made: the session has ended elsewhere.
    if (place.row === null) place.mine = null;
    return false;
  }
}

async function settled({ due, running }: Place): Promise<void> {
  await (due ?? running);
}

/** Only where the session is alive, whichever gateway ends it. */
function insert(reference: string, application: string, sealed: string): Statement {
  const sql = `INSERT INTO ehr_standings (reference, application, sealed)
    SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM sessions WHERE reference = ?1)
    ON CONFLICT (reference, application) DO NOTHING`;
  return { sql, params: [reference, application, sealed] };
}

/** Sealing the same twice gives two texts, so a text tells whether the row is the one that was read. */
function update({ session, application }: Place, before: string, sealed: string): Statement {
  const sql = 'UPDATE ehr_standings SET sealed = ? WHERE reference = ? AND application = ? AND sealed = ?';
  return { sql, params: [sealed, session.reference, application, before] };
}
