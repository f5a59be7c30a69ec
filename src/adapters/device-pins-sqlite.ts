// PINs of people at known devices, in the embedded database: a slow hash with a salt of its own, sealed with the master key and
// bound to person and device. Six digits are searched in minutes by whoever has only the hash; without the key there is none.

import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { mostPinFailures } from '../core/second-factor/read-pin.ts';
import type { DevicePins, PersonAtDevice, PinTry } from '../device-ports.ts';
import type { Sealer } from '../ports.ts';
import { pinOwner, pinPurpose } from './sealed-owners.ts';
import type { StateDb } from './state-db.ts';

const saltBytes = 16;
const hashBytes = 32;
/** 16 MB and some forty milliseconds for each try. */
const cost = { N: 16_384, r: 8, p: 1 };

const tried = z.object({ sealed: z.string(), failures: z.number() });
const here = 'device = ? AND issuer = ? AND sub = ?';
const usable = `${here} AND failures < ${mostPinFailures} AND set_at > ?`;

export class SqliteDevicePins implements DevicePins {
  readonly #db: StateDb;
  readonly #sealer: Sealer;

  constructor(db: StateDb, sealer: Sealer) {
    this.#db = db;
    this.#sealer = sealer;
  }

  async has(where: PersonAtDevice, since: number): Promise<boolean> {
    const sql = `SELECT 1 FROM device_pins WHERE ${usable}`;
    const [found] = await this.#db.run('identity', [{ sql, params: [...placeOf(where), since] }]);
    return found?.rows.length === 1;
  }

  async set(where: PersonAtDevice, pin: string, at: number): Promise<void> {
    const salt = randomBytes(saltBytes);
    const text = Buffer.concat([salt, await slowHash(pin, salt)]).toString('base64url');
    const sql = `INSERT INTO device_pins (device, issuer, sub, sealed, failures, set_at) VALUES (?, ?, ?, ?, 0, ?)
      ON CONFLICT (device, issuer, sub) DO UPDATE SET sealed = excluded.sealed, failures = 0, set_at = excluded.set_at`;
    const sealed = this.#sealer.seal(pinPurpose, pinOwner(where), text);
    await this.#db.run('identity', [{ sql, params: [...placeOf(where), sealed, at] }]);
  }

  async try(where: PersonAtDevice, pin: string, since: number): Promise<PinTry> {
    const place = placeOf(where);
    const count = `UPDATE device_pins SET failures = failures + 1 WHERE ${usable} RETURNING sealed, failures`;
    const [counted] = await this.#db.run('identity', [{ sql: count, params: [...place, since] }]);
    const row = counted?.rows[0];
    if (row === undefined) return { outcome: 'none' };
    const { sealed, failures } = tried.parse(row);
    if (await fits(pin, this.#sealer.open(pinPurpose, pinOwner(where), sealed))) {
      const clear = `UPDATE device_pins SET failures = 0 WHERE ${here}`;
      await this.#db.run('identity', [{ sql: clear, params: place }]);
      return { outcome: 'right' };
    }
    if (failures >= mostPinFailures) await this.remove(where);
    return { outcome: 'wrong', left: mostPinFailures - failures };
  }

  async remove(where: PersonAtDevice): Promise<boolean> {
    const sql = `DELETE FROM device_pins WHERE ${here}`;
    const [removed] = await this.#db.run('identity', [{ sql, params: placeOf(where) }]);
    return removed?.changes === 1;
  }

  async forgetPerson(issuer: string, sub: string): Promise<number> {
    const sql = 'DELETE FROM device_pins WHERE issuer = ? AND sub = ?';
    const [removed] = await this.#db.run('identity', [{ sql, params: [issuer, sub] }]);
    return removed?.changes ?? 0;
  }
}

function placeOf({ device, issuer, sub }: PersonAtDevice): string[] {
  return [device, issuer, sub];
}

async function fits(pin: string, stored: string): Promise<boolean> {
  const bytes = Buffer.from(stored, 'base64url');
  const hash = await slowHash(pin, bytes.subarray(0, saltBytes));
  return timingSafeEqual(hash, bytes.subarray(saltBytes));
}

function slowHash(pin: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(pin, salt, hashBytes, cost, (cause, hash) => {
      if (cause === null) resolve(hash);
      else reject(cause);
    });
  });
}
