// Sends checkpoints to a syslog receiver: RFC 5424 over TLS, one message in a connection of its own. What is called sent here was
// taken by the other end, which then closed in order.

import { hostname } from 'node:os';
import type { AnchorSettings } from '../config/settings.ts';
import { syslogName } from '../core/audit/feed/syslog-message.ts';
import { sendSyslog } from './syslog-connection.ts';

export type SyslogSettings = Extract<AnchorSettings, { kind: 'syslog' }>;

/** Facility 10 (security), severity 5 (notice). */
const priority = 85;

/** One message with its length before it. The checkpoint stands in it as JSON, so that it keeps its lines. */
export function checkpointFrame(content: string, now: number, host: string, process: number): string {
  const header = `<${priority}>1 ${new Date(now).toISOString()} ${syslogName(host)} wardgate ${process} audit-checkpoint -`;
  const message = `${header} ${JSON.stringify({ checkpoint: content })}`;
  return `${Buffer.byteLength(message)} ${message}`;
}

/** Rejects with a system error, or in words. */
export async function sendAnchor({ host, port, trustFile }: SyslogSettings, content: string, now: number): Promise<void> {
  const peer = { host, port, trustFile, certificateFile: null, keyFile: null };
  await sendSyslog(peer, [checkpointFrame(content, now, hostname(), process.pid)]);
}
