// Removes what belongs to one connection only (RFC 9110 section 7.6.1), what would tell the browser about the EHR's
// server, what would let a shared cache or another origin keep or read a chart, and what the EHR may not say in our name:
// our own headers, orders to a proxy in front of us, and to the browser to forget our cookies or to keep our pages in its hand.

import { headerOf, headersOf, isNamed } from '../core/raw-headers.ts';
import type { UpstreamReply } from '../ports.ts';
import type { ReplyStep } from './reply-step.ts';
import { filterHeaders } from './reply-step.ts';

const dropped = new Set([
  'connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding',
  'upgrade', 'http2-settings', 'server', 'x-powered-by', 'alt-svc', 'public-key-pins', 'surrogate-control', 'strict-transport-security',
  'service-worker-allowed', 'x-aspnet-version', 'x-aspnetmvc-version', 'edge-control', 'x-sendfile', 'x-lighttpd-send-file',
]); // prettier-ignore

/** nginx reads `X-Accel-…` as orders, such as to serve a file of its own; RFC 9213 names caches by `…-Cache-Control`. */
const orders = /^x-accel-|-cache-control$/;

export function stripHopByHop(): ReplyStep {
  return (_facts, reply) => {
    const also = listedByConnection(reply.headers);
    filterHeaders(reply, (name) => !dropped.has(name) && !isOthers(name) && !also.has(name));
    keepOurCookies(reply);
    keepOurWindows(reply);
  };
}

/** `Clear-Site-Data: "cookies"` would sign the person out of the gateway; the rest of what the EHR clears is its own. */
function keepOurCookies(reply: UpstreamReply): void {
  for (let i = 0; i < reply.headers.length; i += 2) {
    if (!isNamed(reply.headers[i], 'clear-site-data')) continue;
    const asked = (reply.headers[i + 1] ?? '').split(',').map((one) => one.trim());
    const kept = asked.flatMap((one) => (one === '"*"' ? ['"cache"', '"storage"'] : one === '"cookies"' ? [] : [one]));
    reply.headers.splice(i, 2, ...(kept.length === 0 ? [] : ['clear-site-data', kept.join(', ')]));
    if (kept.length === 0) i -= 2;
  }
}

/**
 * Our pages say `Cross-Origin-Opener-Policy: same-origin`, so that a window in which the EHR opened one of them lets go of it. It
 * would not where the EHR's page said the very same, and a script of it could then read our page and press what it likes
 * (HTML, "matching cross-origin opener policies"). A page that is isolated as well (`require-corp`) is another kind to browsers.
 */
function keepOurWindows(reply: UpstreamReply): void {
  if (headerOf(reply.headers, 'cross-origin-opener-policy') === null) return;
  const [isolated, ...more] = headersOf(reply.headers, 'cross-origin-embedder-policy');
  if (more.length === 0 && isolated?.trim() === 'require-corp') return;
  reply.headers = reply.headers.map((text, at) => {
    const isPolicy = at % 2 === 1 && isNamed(reply.headers[at - 1], 'cross-origin-opener-policy');
    return isPolicy && /^\s*same-origin\s*(?:;|$)/.test(text) ? 'same-origin-allow-popups' : text;
  });
}

/** The EHR opens itself to no other origin, orders no proxy, and does not speak for us. */
function isOthers(name: string): boolean {
  return name.startsWith('access-control-') || name.startsWith('wardgate-') || orders.test(name);
}

const noNames: ReadonlySet<string> = new Set();

/** Names that the Connection headers list, of which there may be several. Most list only what says how long it stays open. */
function listedByConnection(headers: readonly string[]): ReadonlySet<string> {
  const lists = headersOf(headers, 'connection').filter((value) => !/^(?:keep-alive|close)$/i.test(value));
  if (lists.length === 0) return noNames;
  return new Set(lists.flatMap((value) => value.toLowerCase().split(',')).map((name) => name.trim()));
}
