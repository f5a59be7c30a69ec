// Removes what belongs to one connection only (RFC 9110 section 7.6.1), what would tell the browser about the EHR's
// server, and what would let a shared cache or another origin keep or read a chart.

import type { ReplyStep } from './reply-step.ts';
import { filterHeaders, replyHeader } from './reply-step.ts';

const dropped = new Set([
  'connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding',
  'upgrade', 'http2-settings', 'server', 'x-powered-by', 'alt-svc', 'public-key-pins', 'surrogate-control', 'strict-transport-security',
]); // prettier-ignore

export function stripHopByHop(): ReplyStep {
  return (_facts, reply) => {
    const listed = replyHeader(reply, 'connection');
    const also = listed === undefined ? null : new Set(listed.toLowerCase().split(',').map((name) => name.trim())); // prettier-ignore
    filterHeaders(reply, (name) => !dropped.has(name) && !(also?.has(name) ?? false));
  };
}
