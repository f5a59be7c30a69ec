// OpenEMR's own users, their passwords, and the counters that lock out a user or an address after too many failures.
// The passwords are the demo's and protect nothing.

import { staff } from '../staff.ts';

export interface OpenEmrUser {
  readonly name: string;
  readonly password: string;
  readonly displayName?: string;
  /** The login succeeds and a page asks for a new password beside all others: the product's days of grace. */
  readonly mustChangePassword?: boolean;
  /** The days of grace are over: the right password is refused like a wrong one. */
  readonly passwordExpired?: boolean;
  /** The right password is answered with a page that asks for a code; `123456` is right. */
  readonly totp?: boolean;
}

/** One try to log in. `address` is what the product's own log holds, `REMOTE_ADDR (X-Forwarded-For)`. */
export interface LoginAttempt {
  readonly user: string;
  readonly address: string;
  readonly result: 'success' | 'wrong' | 'locked-user' | 'locked-address' | 'expired' | 'code-asked';
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface LockOut {
  /** 0 never locks. */
  readonly perUser: number;
  readonly perAddress: number;
}

/** Version 7.0.2 and later, by default: 20 a user and 100 an address, within an hour. */
export const lockOutDefault: LockOut = { perUser: 20, perAddress: 100 };

export const TOTP_CODE = '123456';

const RESET_MILLISECONDS = 60 * 60 * 1000;
const MAX_ATTEMPTS_REMEMBERED = 5000;

/** `admin`/`pass` as the product ships it, and the clinic's people with `meadow-NAME`. */
export const usersDefault: readonly OpenEmrUser[] = [
  { name: 'admin', password: 'pass', displayName: 'Administrator' },
  ...Object.values(staff).map(({ name, displayName }) => ({ name, password: `meadow-${name}`, displayName })),
];

interface Counter {
  failures: number;
  lastAt: number;
}

export class Accounts {
  readonly #users: Map<string, OpenEmrUser>;
  readonly #lockOut: LockOut;
  readonly #now: () => number;
  readonly #counters = new Map<string, Counter>();
  readonly #attempts: LoginAttempt[] = [];

  constructor(users: readonly OpenEmrUser[], lockOut: LockOut, now: () => number) {
    this.#users = new Map(users.map((user) => [user.name, user]));
    this.#lockOut = lockOut;
    this.#now = now;
  }

  /** The user whose name and password these are; null for every kind of no, which the product's page never tells apart. */
  check(name: string, password: string, address: string): OpenEmrUser | null {
    const user = this.#users.get(name);
    if (this.#isLocked(`address ${address}`, this.#lockOut.perAddress)) return this.#fail(name, address, 'locked-address');
    if (this.#isLocked(`user ${name}`, this.#lockOut.perUser)) return this.#fail(name, address, 'locked-user');
    if (user === undefined || user.password !== password) return this.#fail(name, address, 'wrong');
    if (user.passwordExpired === true) return this.#fail(name, address, 'expired');
    this.#counters.delete(`user ${name}`);
    this.#counters.delete(`address ${address}`);
    return user;
  }

  note(user: string, address: string, result: LoginAttempt['result']): void {
    this.#attempts.push({ user, address, result, at: this.#now() });
    if (this.#attempts.length > MAX_ATTEMPTS_REMEMBERED) this.#attempts.shift();
  }

  /** False where `current` is not the password. The new one holds from the next login on. */
  changePassword(name: string, current: string, wanted: string): boolean {
    const user = this.#users.get(name);
    if (user === undefined || user.password !== current || wanted === '' || wanted === current) return false;
    this.#users.set(name, { ...user, password: wanted, mustChangePassword: false, passwordExpired: false });
    return true;
  }

  attempts(): readonly LoginAttempt[] {
    return [...this.#attempts];
  }

  #fail(name: string, address: string, result: LoginAttempt['result']): null {
    this.note(name, address, result);
    for (const key of [`user ${name}`, `address ${address}`]) {
      const failures = this.#recent(key) + 1;
      this.#counters.set(key, { failures, lastAt: this.#now() });
    }
    return null;
  }

  #isLocked(key: string, limit: number): boolean {
    return limit > 0 && this.#recent(key) >= limit;
  }

  #recent(key: string): number {
    const counter = this.#counters.get(key);
    return counter === undefined || this.#now() - counter.lastAt > RESET_MILLISECONDS ? 0 : counter.failures;
  }
}
