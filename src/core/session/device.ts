// Which browser a session was signed in on, as far as the gateway knows it. A known device is a browser that carries a cookie
// of ours: a desk that several people share, or somebody's own. The cookie can be copied, so a device never stands in the
// place of a factor; it narrows limits, names the desk in records, and is one half of what a PIN needs.

/** `shared`: a desk that IT registered. `own`: one person calls it theirs. */
export type KnownDeviceKind = 'shared' | 'own';
export type DeviceKind = KnownDeviceKind | 'unknown';

/** The device as a session keeps it. */
export interface SessionDevice {
  readonly id: string;
  readonly kind: KnownDeviceKind;
  readonly name: string;
}

/** A person by (issuer, sub). */
interface Person {
  readonly issuer: string;
  readonly sub: string;
}

export function deviceKindOf(device: SessionDevice | null): DeviceKind {
  return device?.kind ?? 'unknown';
}

/** The device as it is known to this person: somebody else's own one is unknown to them. */
export function deviceFor(
  device: (SessionDevice & { readonly owner: Person | null }) | null,
  person: Person,
): SessionDevice | null {
  if (device === null) return null;
  const { id, kind, name, owner } = device;
  if (owner !== null && (owner.issuer !== person.issuer || owner.sub !== person.sub)) return null;
  return { id, kind, name };
}

/** The name of a device as somebody typed it, tidied; null where it is none: 40 letters, digits, blanks, `.`, `_` and `-`. */
export function readDeviceName(typed: string): string | null {
  const name = typed.trim().replaceAll(/ +/g, ' ');
  return /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._-]{0,39}$/u.test(name) ? name : null;
}
