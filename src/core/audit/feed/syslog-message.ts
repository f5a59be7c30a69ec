// An audit message as one frame of syslog: RFC 5424 in the form that ATNA asks for (DICOM PS3.15 A.6, IHE ITI-20), with its
// octets counted before it (RFC 5425). What does not fit into what every receiver must take gives way, and the rest stays valid.

import { auditXml } from '../dicom/audit-xml.ts';
import type { AuditMessage } from '../message/audit-message.ts';

export interface SyslogOrigin {
  readonly host: string;
  readonly pid: number;
  /** MSGID: what the two standards call the same message. */
  readonly dialect: SyslogDialect;
}

export type SyslogDialect = 'ihe' | 'dicom';

/** Octets of one message that every receiver of ATNA takes. */
export const mostOctets = 32_768;

const messageIds: Readonly<Record<SyslogDialect, string>> = { ihe: 'IHE+RFC-3881', dicom: 'DICOM+RFC3881' };
/** Facility 10 (security), severity 5 (notice) or 4 (warning). */
const notice = 85;
const warning = 84;
/** A UTF-8 message begins with it (RFC 5424, 6.4). */
const byteOrderMark = '\ufeff';

/** Who took part, what was done and to whom goes last. */
const givesWay: readonly ((message: AuditMessage) => AuditMessage)[] = [
  (message) => message,
  (message) => ({ ...message, details: [] }),
  (message) => ({ ...message, details: [], outcomeText: null }),
  (message) => withoutRoles({ ...message, details: [], outcomeText: null }),
];

/** The whole frame. `most`: octets of the message, without its length. */
export function syslogFrame(message: AuditMessage, origin: SyslogOrigin, most = mostOctets): string {
  let framed = '';
  for (const give of givesWay) {
    const one = syslogMessage(message, origin, auditXml(give(message)));
    const octets = Buffer.byteLength(one);
    framed = `${octets} ${one}`;
    if (octets <= most) break;
  }
  return framed;
}

function syslogMessage({ time, outcome }: AuditMessage, { host, pid, dialect }: SyslogOrigin, xml: string): string {
  // What is not known to have gone well is worth a look.
  const priority = outcome === '0' ? notice : warning;
  return `<${priority}>1 ${time} ${syslogName(host)} wardgate ${pid} ${messageIds[dialect]} - ${byteOrderMark}${xml}`;
}

function withoutRoles(message: AuditMessage): AuditMessage {
  const { person } = message;
  return person === null ? message : { ...message, person: { ...person, roles: [] } };
}

/** A name as RFC 5424 has it: printable ASCII without spaces. */
export function syslogName(host: string): string {
  return host.replaceAll(/[^\x21-\x7e]/g, '-').slice(0, 255) || '-';
}
