// What known devices need from the world: where they are kept. Lookups are answered from memory, because every sign-in asks; what
// other gateways changed is in it once `latest` has resolved.

import type { KnownDeviceKind } from './core/session/device.ts';

/** A browser that carries a device cookie of ours. Times are epoch milliseconds. */
export interface Device {
  readonly id: string;
  readonly kind: KnownDeviceKind;
  readonly name: string;
  /** A cookie belongs to one host, and so does a device. */
  readonly application: string;
  /** Whose own device it is; null for a shared one. */
  readonly owner: { readonly issuer: string; readonly sub: string } | null;
  readonly registeredAt: number;
  /** When somebody signed in there last, to within a day. */
  readonly seenAt: number;
}

export interface DeviceBook {
  /** Call it before a lookup. Rejects with Fault `session-store-unavailable` where other gateways cannot be heard. */
  latest(): Promise<void>;
  /** `key` is the SHA-256 of the cookie's id. */
  find(key: string): Device | null;
  /** Every known device at an application, by name. */
  at(application: string): readonly Device[];
  /** Why a device cannot be registered, or null: a shared name is used once, and the places are numbered. */
  problem(device: Device): 'name-taken' | 'too-many' | null;
  /** False where there is a problem after all. On disk before it resolves. */
  register(key: string, device: Device): Promise<boolean>;
  /** Somebody signed in there. */
  seen(id: string, at: number): Promise<void>;
  /** False where it is gone already. It is unknown at once, whatever the disk says. */
  remove(id: string): Promise<boolean>;
}

/** One person at one known device. */
export interface PersonAtDevice {
  readonly device: string;
  readonly issuer: string;
  readonly sub: string;
}

export type PinTry =
  | { readonly outcome: 'right' }
  | { readonly outcome: 'none' }
  /** `left`: tries that remain; with 0 the PIN is gone. */
  | { readonly outcome: 'wrong'; readonly left: number };

export interface DevicePins {
  /** Whether there is one that may still be tried. `since`: PINs set before are too old. */
  has(where: PersonAtDevice, since: number): Promise<boolean>;
  /** Replaces the one before. */
  set(where: PersonAtDevice, pin: string, at: number): Promise<void>;
  /** Counts the try before it looks, so that tries at the same time are no more than tries one after another. */
  try(where: PersonAtDevice, pin: string, since: number): Promise<PinTry>;
  /** False where there was none. */
  remove(where: PersonAtDevice): Promise<boolean>;
  /** At every device; how many there were. */
  forgetPerson(issuer: string, sub: string): Promise<number>;
}

/** A second factor that is not asked for again. Times are epoch milliseconds. */
export interface Remembered {
  /** What was shown, and when. */
  readonly method: string;
  readonly at: number;
  readonly until: number;
}

/** `token` is the SHA-256 of the cookie's id. */
export interface RememberedFactors {
  find(where: PersonAtDevice, token: string): Promise<Remembered | null>;
  /** The same for a page that says so; proves nothing. */
  at(where: PersonAtDevice): Promise<Remembered | null>;
  /** Whether somebody at this device has it: people at one desk share the cookie. */
  knows(device: string, token: string): Promise<boolean>;
  /** Replaces the one before. */
  keep(where: PersonAtDevice, token: string, remembered: Remembered): Promise<void>;
  /** False where there was none. */
  forget(where: PersonAtDevice): Promise<boolean>;
  /** Everywhere; how many there were. */
  forgetPerson(issuer: string, sub: string): Promise<number>;
}
