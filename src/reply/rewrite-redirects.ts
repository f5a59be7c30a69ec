// Redirects that name the EHR's own address are given the public one, and none carries a session that the gateway keeps.
// Everything else in them stays as it is. Never makes an address of the EHR's own into one of another host.

import type { ReplyStep } from './reply-step.ts';

const carriers = new Set(['location', 'content-location', 'link', 'refresh']);

/** Where a servlet container puts its session when it does not know yet whether a cookie comes back (Servlet 6.0 section 7.1.3). */
const sessionIds = /;jsessionid=[A-Za-z0-9._!~-]*/gi;

export function rewriteRedirects(): ReplyStep {
  return ({ application }, reply) => {
    const keepsSession = application.targetProfile === 'java' && (application.cookies ?? null) !== null;
    for (let i = 0; i < reply.headers.length; i += 2) {
      const name = reply.headers[i]?.toLowerCase() ?? '';
      const value = reply.headers[i + 1];
      if (value === undefined || !carriers.has(name)) continue;
      const led = publicAddress(value, application.upstream, application.origin);
      const kept = keepsSession ? led.replaceAll(sessionIds, '') : led;
      if (kept === led || isSameHost(name, led, kept, application.origin)) reply.headers[i + 1] = kept;
      else {
        // `/;jsessionid=/elsewhere.example` stays on the EHR, and `//elsewhere.example` does not.
        reply.headers.splice(i, 2);
        i -= 2;
      }
    }
  };
}

/** Whether a browser that is at `origin` finds the same hosts in both values. */
function isSameHost(name: string, before: string, after: string, origin: string): boolean {
  const hostsIn = (value: string) => addressesIn(name, value).map((address) => URL.parse(address, origin)?.origin ?? null);
  return JSON.stringify(hostsIn(before)) === JSON.stringify(hostsIn(after));
}

/** As browsers find them: in Link by RFC 8288, in Refresh by the HTML Standard ("shared declarative refresh steps"). */
function addressesIn(name: string, value: string): readonly string[] {
  if (name === 'link') return value.split('>').map((part) => part.slice(part.indexOf('<') + 1));
  if (name === 'refresh') return [value.replace(/^[\s\d.]*[;,]?\s*(?:url\s*=\s*)?["']?/i, '')];
  return [value];
}

/** Replaces the upstream's origin wherever it stands as a whole origin, not as the start of a longer host. */
export function publicAddress(value: string, upstream: string, origin: string): string {
  const host = `//${new URL(upstream).host}`;
  let out = value.toLowerCase().startsWith(host) && endsOrigin(value[host.length]) ? origin + value.slice(host.length) : value;
  for (const from of spellings(upstream, origin)) {
    let at = out.toLowerCase().indexOf(from);
    while (at >= 0) {
      const after = out[at + from.length];
      const whole = endsOrigin(after);
      out = whole ? out.slice(0, at) + origin + out.slice(at + from.length) : out;
      at = out.toLowerCase().indexOf(from, at + (whole ? origin.length : from.length));
    }
  }
  return out;
}

function endsOrigin(after: string | undefined): boolean {
  return after === undefined || '/?#>"'.includes(after);
}

// Servers write their own origin with and without the scheme's port, and the public one with `http:`, because that is how
// they are spoken to.
function spellings(upstream: string, origin: string): readonly string[] {
  const url = new URL(upstream);
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const explicit = `${url.protocol}//${url.hostname}:${port}`;
  const plain = origin.startsWith('https:') ? [origin.replace('https:', 'http:')] : [];
  return [explicit, ...(url.port === '' ? [url.origin] : []), ...plain];
}
