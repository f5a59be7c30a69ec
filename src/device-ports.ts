// What known devices need from the world: where they are kept. Lookups are answered from memory, because every sign-in asks.

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
