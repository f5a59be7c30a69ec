// Sends checkpoints to a syslog receiver: RFC 5424 over TLS (RFC 5425, octet counting), one message each. Syslog acknowledges
// nothing: what is called sent here was taken by the other end's TLS, which then closed in order.

import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { connect } from 'node:tls';
import type { AnchorSettings } from '../config/settings.ts';

export type SyslogSettings = Extract<AnchorSettings, { kind: 'syslog' }>;

const wholeMilliseconds = 10_000;
/** Facility 10 (security), severity 5 (notice). */
const priority = 85;

/** One message with its length before it. The checkpoint stands in it as JSON, so that it keeps its lines. */
export function syslogFrame(content: string, now: number, host: string, process: number): string {
  const header = `<${priority}>1 ${new Date(now).toISOString()} ${named(host)} wardgate ${process} audit-checkpoint -`;
  const message = `${header} ${JSON.stringify({ checkpoint: content })}`;
  return `${Buffer.byteLength(message)} ${message}`;
}

/** Rejects with a system error, or in words. */
export async function sendAnchor({ host, port, trustFile }: SyslogSettings, content: string, now: number): Promise<void> {
  const ca = trustFile === null ? {} : { ca: readFileSync(trustFile, 'utf8') };
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ host, port, servername: /^[\d.]+$|:/.test(host) ? '' : host, rejectUnauthorized: true, ...ca });
  const timer = setTimeout(() => socket.destroy(new Error('it did not answer in time')), wholeMilliseconds);
  socket.once('secureConnect', () => socket.end(syslogFrame(content, now, hostname(), process.pid)));
  socket.once('error', reject);
  socket.once('close', (hadError) => (hadError ? reject(new Error('the connection broke')) : resolve()));
  socket.resume();
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

/** A name as RFC 5424 has it: printable ASCII without spaces. */
function named(host: string): string {
  return host.replaceAll(/[^\x21-\x7e]/g, '-').slice(0, 255) || '-';
}
