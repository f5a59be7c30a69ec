// The name by which an EHR is asked, the same in people's requests and in our own. Never what the client sent.

/** `host` is the public one, `upstream` scheme, host and port of the EHR. */
interface Asked {
  readonly hostHeader: 'external' | 'upstream' | { readonly literal: string };
  readonly host: string;
  readonly upstream: string;
}

/** The Host header: the public name, the EHR's own, or the one that is configured. */
export function hostHeaderOf({ hostHeader, host, upstream }: Asked): string {
  if (typeof hostHeader === 'object') return hostHeader.literal;
  return hostHeader === 'external' ? host : new URL(upstream).host;
}
