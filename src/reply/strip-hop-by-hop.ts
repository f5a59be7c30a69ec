// Removes what belongs to one connection only (RFC 9110 section 7.6.1), what would tell the browser about the EHR's
// server, what would let a shared cache or another origin keep or read a chart, and what only we say.

import type { ReplyStep } from './reply-step.ts';
import { filterHeaders } from './reply-step.ts';

const dropped = new Set([
  'connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding',
  'upgrade', 'http2-settings', 'server', 'x-powered-by', 'alt-svc', 'public-key-pins', 'surrogate-control', 'strict-transport-security',
  'service-worker-allowed',
]); // prettier-ignore

export function stripHopByHop(): ReplyStep {
  return (_facts, reply) => {
    const also = listedByConnection(reply.headers);
    filterHeaders(reply, (name) => !dropped.has(name) && !isOthers(name) && !also.has(name));
  };
}

/** The EHR opens itself to no other origin, and does not speak for us. */
function isOthers(name: string): boolean {
  return name.startsWith('access-control-') || name.startsWith('wardgate-');
}

/** Names that the Connection headers list, of which there may be several. */
function listedByConnection(headers: readonly string[]): ReadonlySet<string> {
  const listed = new Set<string>();
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i]?.toLowerCase() !== 'connection') continue;
    for (const name of (headers[i + 1] ?? '').toLowerCase().split(',')) listed.add(name.trim());
  }
  return listed;
}
