// What a command may ask of the running gateway, as those see it that carry orders out: each order is first planned, which
// changes nothing, then recorded, then carried out.

import type { GivenOrder } from './core/control/read-order.ts';

/** What becomes of an order. `told` is JSON for the command that gave it. */
export type OrderResult =
  { readonly done: true; readonly told: Readonly<Record<string, unknown>> } | { readonly done: false; readonly why: string };

export type OrderPlan =
  | {
      readonly planned: true;
      /** The person it concerns, as the record names them; null where it concerns nobody alone. */
      readonly subject: { readonly issuer: string; readonly sub: string; readonly name: string } | null;
      /** What the record says of it beside its name. */
      readonly detail?: string;
      /** Called once, only behind a record that is on the disk. */
      readonly carryOut: () => Promise<OrderResult>;
    }
  | { readonly planned: false; readonly why: string; readonly candidates?: readonly Candidate[] };

/** Somebody who may have been meant by a name that is not exactly one person. */
export interface Candidate {
  readonly name: string | null;
  readonly displayName: string | null;
  /** As the provider calls them; may be typed in the place of the name. */
  readonly sub: string;
  /** ISO 8601; null where it is not known. */
  readonly seenAt: string | null;
  /** Devices that they are signed in on now; an unregistered one has no name and is not among them. */
  readonly devices: readonly string[];
}

export interface Order {
  /** As it is typed behind `wardgate`: `user list`. */
  readonly name: string;
  /** Fields it cannot do without, and those it may have. */
  readonly fields: readonly string[];
  readonly mayHave?: readonly string[];
  /** True where whoever gives it must say why. */
  readonly needsReason: boolean;
  /** Finds out whom and what it means. Changes nothing. */
  readonly plan: (given: GivenOrder) => Promise<OrderPlan>;
}

/** What the command reads: an HTTP status and JSON. */
export interface OrderReply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}
