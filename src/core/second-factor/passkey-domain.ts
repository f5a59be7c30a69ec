// The domain that a passkey belongs to (its RP ID): a browser gives it to pages of that domain and below it, to no other.

/** The one that the configuration names for all applications, else the host people type. */
export function passkeyDomain(configured: string | null, hostname: string): string {
  return configured ?? hostname;
}

/** Whether pages of `hostname` may ask for passkeys of `domain`. Addresses made of numbers have no passkeys at all. */
export function hasPasskeysOf(hostname: string, domain: string): boolean {
  if (/^[\d.]+$/.test(hostname) || hostname.startsWith('[')) return false;
  return hostname === domain || hostname.endsWith(`.${domain}`);
}

/** The longest domain that all hosts are below or at, such as `clinic.example`; null where there is none of two labels. */
export function sharedDomain(hostnames: readonly string[]): string | null {
  const [labels = [], ...others] = hostnames.map((hostname) => hostname.split('.').toReversed());
  const differs = labels.findIndex((label, at) => others.some((other) => other[at] !== label));
  const shared = differs === -1 ? labels : labels.slice(0, differs);
  return shared.length < 2 && others.length > 0 ? null : shared.toReversed().join('.');
}
