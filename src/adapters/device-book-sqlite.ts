// Known devices in the embedded database and, whole, in memory. Holds hashes of cookies, never their ids. Those that nobody
// signed in on for as long as a browser keeps a cookie are forgotten at the next start. What other gateways register and remove is
// read again as soon as they tell, the whole list: it changes a few times a day.

import { z } from 'zod';
import type { Device, DeviceBook } from '../device-ports.ts';
import type { Clock, OperationsLog } from '../ports.ts';
import type { SharedParts } from '../shared-ports.ts';
import { FollowedRows } from './followed-rows.ts';
import { oneGateway } from './one-gateway.ts';
import type { StateDb } from './state-db.ts';

/** Shared devices of all applications together, and own ones of one person. */
const mostShared = 5000;
const mostOwn = 5;
/** And own ones of everybody. */
const mostInAll = 100_000;
/** The longest that browsers keep a cookie. */
const forgottenMilliseconds = 400 * 86_400_000;
const dayMilliseconds = 86_400_000;

const shape = z.object({
  key: z.string(),
  id: z.string(),
  kind: z.enum(['shared', 'own']),
  name: z.string(),
  application: z.string(),
  issuer: z.string().nullable(),
  sub: z.string().nullable(),
  registered_at: z.number(),
  seen_at: z.number(),
});

interface Known {
  readonly byKey: Map<string, Device>;
  /** Id → key. */
  readonly keys: Map<string, string>;
}

export class SqliteDeviceBook implements DeviceBook {
  readonly #db: StateDb;
  readonly #log: OperationsLog;
  readonly #shared: SharedParts;
  readonly #followed: FollowedRows;
  #known: Known = { byKey: new Map(), keys: new Map() };

  private constructor(db: StateDb, log: OperationsLog, shared: SharedParts) {
    this.#db = db;
    this.#log = log;
    this.#shared = shared;
    this.#followed = new FollowedRows({ changes: shared.changes, topic: 'devices', read: async () => this.#read() });
  }

  /** A damaged row is a device that nobody knows, and said so. */
  static async open(db: StateDb, clock: Clock, log: OperationsLog, shared = oneGateway): Promise<SqliteDeviceBook> {
    const book = new SqliteDeviceBook(db, log, shared);
    const [forgotten] = await db.run('identity', [
      { sql: 'DELETE FROM devices WHERE seen_at < ? RETURNING id', params: [clock.now() - forgottenMilliseconds] },
      { sql: 'DELETE FROM device_pins WHERE device NOT IN (SELECT id FROM devices)', params: [] },
      { sql: 'DELETE FROM remembered_factors WHERE device NOT IN (SELECT id FROM devices)', params: [] },
    ]);
    await book.#followed.readAll();
    for (const { id } of forgotten?.rows ?? []) await book.#followed.wrote(String(id));
    return book;
  }

  async latest(): Promise<void> {
    await this.#followed.latest();
  }

  find(key: string): Device | null {
    return this.#known.byKey.get(key) ?? null;
  }

  at(application: string): readonly Device[] {
    const all = [...this.#known.byKey.values()].filter((one) => one.application === application);
    return all.sort((one, other) => one.name.localeCompare(other.name));
  }

  problem(device: Device): 'name-taken' | 'too-many' | null {
    const { kind, owner, application } = device;
    const all = [...this.#known.byKey.values()];
    const alike = all.filter((one) => one.kind === kind && samePerson(one.owner, owner));
    const most = kind === 'shared' ? mostShared : mostOwn;
    if (alike.length >= most || all.length >= mostInAll) return 'too-many';
    const isTaken = alike.some((one) => one.application === application && folded(one.name) === folded(device.name));
    return isTaken ? 'name-taken' : null;
  }

  async register(key: string, device: Device): Promise<boolean> {
    // Two gateways must not both find a name or the last place free.
    return this.#shared.turns.run('devices', async () => {
      await this.latest();
      return this.#register(key, device);
    });
  }

  async #register(key: string, device: Device): Promise<boolean> {
    if (this.problem(device) !== null) return false;
    // Kept before it is written, so that two of one name cannot both be on their way.
    keep(this.#known, key, device);
    const { id, kind, name, application, owner, registeredAt, seenAt } = device;
    const sql = `INSERT INTO devices (key, id, kind, name, application, issuer, sub, registered_at, seen_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
    const who = [owner?.issuer ?? null, owner?.sub ?? null];
    try {
      await this.#db.run('identity', [{ sql, params: [key, id, kind, name, application, ...who, registeredAt, seenAt] }]);
    } catch (cause) {
      this.#forget(id);
      throw cause;
    }
    keep(this.#known, key, device);
    await this.#followed.wrote(id);
    return true;
  }

  async seen(id: string, at: number): Promise<void> {
    const key = this.#known.keys.get(id);
    const device = key === undefined ? undefined : this.#known.byKey.get(key);
    if (key === undefined || device === undefined || at - device.seenAt < dayMilliseconds) return;
    keep(this.#known, key, { ...device, seenAt: at });
    await this.#db.run('identity', [{ sql: 'UPDATE devices SET seen_at = ? WHERE id = ?', params: [at, id] }]);
    await this.#followed.wrote(id);
  }

  async remove(id: string): Promise<boolean> {
    this.#forget(id);
    const [, , removed] = await this.#db.run('identity', [
      { sql: 'DELETE FROM device_pins WHERE device = ?', params: [id] },
      { sql: 'DELETE FROM remembered_factors WHERE device = ?', params: [id] },
      { sql: 'DELETE FROM devices WHERE id = ?', params: [id] },
    ]);
    // Another time: a reading that was under way may have brought it back.
    this.#forget(id);
    await this.#followed.wrote(id);
    return removed?.changes === 1;
  }

  async #read(): Promise<() => void> {
    const [stored] = await this.#db.run('identity', [{ sql: 'SELECT * FROM devices', params: [] }]);
    const known: Known = { byKey: new Map(), keys: new Map() };
    for (const row of stored?.rows ?? []) {
      const read = shape.safeParse(row);
      if (read.success) keep(known, read.data.key, deviceIn(read.data));
      else this.#log.error({ why: read.error.name }, 'A damaged device was left out');
    }
    return () => {
      this.#known = known;
    };
  }

  #forget(id: string): void {
    const { byKey, keys } = this.#known;
    const key = keys.get(id);
    keys.delete(id);
    if (key !== undefined) byKey.delete(key);
  }
}

function keep({ byKey, keys }: Known, key: string, device: Device): void {
  byKey.set(key, device);
  keys.set(device.id, key);
}

function deviceIn(row: z.infer<typeof shape>): Device {
  const { id, kind, name, application, issuer, sub, registered_at: registeredAt, seen_at: seenAt } = row;
  const owner = issuer === null || sub === null ? null : { issuer, sub };
  return { id, kind, name, application, owner, registeredAt, seenAt };
}

function samePerson(one: Device['owner'], other: Device['owner']): boolean {
  return one?.issuer === other?.issuer && one?.sub === other?.sub;
}

function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}
