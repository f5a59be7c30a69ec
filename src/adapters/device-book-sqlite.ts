// Known devices in the embedded database and, whole, in memory. Holds hashes of cookies, never their ids. Those that nobody
// signed in on for as long as a browser keeps a cookie are forgotten at the next start.

import { z } from 'zod';
import type { Device, DeviceBook } from '../device-ports.ts';
import type { Clock, OperationsLog } from '../ports.ts';
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

export class SqliteDeviceBook implements DeviceBook {
  readonly #db: StateDb;
  readonly #byKey = new Map<string, Device>();
  readonly #keys = new Map<string, string>();

  private constructor(db: StateDb) {
    this.#db = db;
  }

  /** A damaged row is a device that nobody knows, and said so. */
  static async open(db: StateDb, clock: Clock, log: OperationsLog): Promise<SqliteDeviceBook> {
    const book = new SqliteDeviceBook(db);
    const [, , , stored] = await db.run('identity', [
      { sql: 'DELETE FROM devices WHERE seen_at < ?', params: [clock.now() - forgottenMilliseconds] },
      { sql: 'DELETE FROM device_pins WHERE device NOT IN (SELECT id FROM devices)', params: [] },
      { sql: 'DELETE FROM remembered_factors WHERE device NOT IN (SELECT id FROM devices)', params: [] },
      { sql: 'SELECT * FROM devices', params: [] },
    ]);
    for (const row of stored?.rows ?? []) {
      const read = shape.safeParse(row);
      if (read.success) book.#keep(read.data.key, deviceIn(read.data));
      else log.error({ why: read.error.name }, 'A damaged device was left out');
    }
    return book;
  }

  find(key: string): Device | null {
    return this.#byKey.get(key) ?? null;
  }

  at(application: string): readonly Device[] {
    const all = [...this.#byKey.values()].filter((one) => one.application === application);
    return all.sort((one, other) => one.name.localeCompare(other.name));
  }

  problem(device: Device): 'name-taken' | 'too-many' | null {
    const { kind, owner, application } = device;
    const all = [...this.#byKey.values()];
    const alike = all.filter((one) => one.kind === kind && samePerson(one.owner, owner));
    const most = kind === 'shared' ? mostShared : mostOwn;
    if (alike.length >= most || all.length >= mostInAll) return 'too-many';
    const isTaken = alike.some((one) => one.application === application && folded(one.name) === folded(device.name));
    return isTaken ? 'name-taken' : null;
  }

  async register(key: string, device: Device): Promise<boolean> {
    if (this.problem(device) !== null) return false;
    // Kept before it is written, so that two of one name cannot both be on their way.
    this.#keep(key, device);
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
    return true;
  }

  async seen(id: string, at: number): Promise<void> {
    const key = this.#keys.get(id);
    const device = key === undefined ? undefined : this.#byKey.get(key);
    if (key === undefined || device === undefined || at - device.seenAt < dayMilliseconds) return;
    this.#byKey.set(key, { ...device, seenAt: at });
    await this.#db.run('identity', [{ sql: 'UPDATE devices SET seen_at = ? WHERE id = ?', params: [at, id] }]);
  }

  async remove(id: string): Promise<boolean> {
    if (!this.#forget(id)) return false;
    await this.#db.run('identity', [
      { sql: 'DELETE FROM device_pins WHERE device = ?', params: [id] },
      { sql: 'DELETE FROM remembered_factors WHERE device = ?', params: [id] },
      { sql: 'DELETE FROM devices WHERE id = ?', params: [id] },
    ]);
    return true;
  }

  #keep(key: string, device: Device): void {
    this.#byKey.set(key, device);
    this.#keys.set(device.id, key);
  }

  #forget(id: string): boolean {
    const key = this.#keys.get(id);
    this.#keys.delete(id);
    return key !== undefined && this.#byKey.delete(key);
  }
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
