// OpenMRS's own users, their passwords and what they may see. The passwords are the demo's and protect nothing.

import { staff } from '../staff.ts';
import { uuidOf } from './records.ts';

export const privileges = [
  'Get Patients',
  'Get Encounters',
  'Get Observations',
  'Get Orders',
  'Get Visits',
  'Get Queue Entries',
  'View Attachments',
  'Get Users',
  'Get Global Properties',
  'Manage Modules',
] as const;

export type Privilege = (typeof privileges)[number];

export interface OpenMrsUser {
  readonly name: string;
  /** A colon in it makes it useless with Basic: the product splits at every colon. */
  readonly password: string;
  readonly displayName?: string;
  /** All of them by default. */
  readonly privileges?: readonly Privilege[];
  /** The old pages insist on a new password; REST only tells it as a property of the user. */
  readonly mustChangePassword?: boolean;
}

/** One try to log in, by Basic or by the old form. */
export interface LoginAttempt {
  readonly user: string;
  readonly way: 'basic' | 'form';
  readonly result: 'success' | 'wrong' | 'locked';
  /** Epoch milliseconds. */
  readonly at: number;
}

const atWork = privileges.filter((one) => !/Users|Properties|Modules/.test(one));
const atTheDesk: readonly Privilege[] = ['Get Patients', 'Get Visits'];

/** `admin`/`Admin123` as the product ships it, and the clinic's people with `meadow-NAME`. */
export const usersDefault: readonly OpenMrsUser[] = [
  { name: 'admin', password: 'Admin123', displayName: 'Super User' },
  ...Object.values(staff).map(({ name, displayName }) => ({
    name,
    password: `meadow-${name}`,
    displayName,
    privileges: name === 'front-desk' ? atTheDesk : atWork,
  })),
];

const LOCKED_MILLISECONDS = 5 * 60 * 1000;
const MAX_ATTEMPTS_REMEMBERED = 5000;

export class Accounts {
  readonly #users: readonly OpenMrsUser[];
  readonly #mostFormFailures: number;
  readonly #now: () => number;
  readonly #attempts: LoginAttempt[] = [];
  #formFailures = 0;
  #lockedUntil = 0;

  constructor(users: readonly OpenMrsUser[], mostFormFailures: number, now: () => number) {
    this.#users = users;
    this.#mostFormFailures = mostFormFailures;
    this.#now = now;
  }

  /** `basicAuth.substring(6)`, `decoded.split(":")`, the first two: what follows a second colon is not even looked at. */
  checkBasic(authorization: string): OpenMrsUser | null {
    const parts = Buffer.from(authorization.slice(6), 'base64').toString('utf8').split(':');
    const [name = '', password = ''] = parts;
    return this.#check(name, password, 'basic');
  }

  /** Failures count by address, and all of a gateway's people have one: they are counted together here. */
  checkForm(name: string, password: string): OpenMrsUser | null {
    if (this.#now() < this.#lockedUntil) return this.#note(name, 'form', 'locked');
    const user = this.#check(name, password, 'form');
    this.#formFailures = user === null ? this.#formFailures + 1 : 0;
    if (this.#formFailures < this.#mostFormFailures) return user;
    this.#formFailures = 0;
    this.#lockedUntil = this.#now() + LOCKED_MILLISECONDS;
    return user;
  }

  attempts(): readonly LoginAttempt[] {
    return [...this.#attempts];
  }

  #check(name: string, password: string, way: LoginAttempt['way']): OpenMrsUser | null {
    const user = this.#users.find((one) => one.name === name && one.password === password);
    this.#note(name, way, user === undefined ? 'wrong' : 'success');
    return user ?? null;
  }

  #note(user: string, way: LoginAttempt['way'], result: LoginAttempt['result']): null {
    this.#attempts.push({ user, way, result, at: this.#now() });
    if (this.#attempts.length > MAX_ATTEMPTS_REMEMBERED) this.#attempts.shift();
    return null;
  }
}

export function userUuid(user: OpenMrsUser): string {
  return uuidOf(`user ${user.name}`);
}

export function privilegesOf(user: OpenMrsUser): readonly Privilege[] {
  return user.privileges ?? privileges;
}
