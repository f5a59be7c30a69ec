// What a client shows of itself at the machines' listener. Every certificate is taken by TLS, which proves that its key is
// there; which of them is a machine's is judged by fingerprint, and by nothing that an authority has signed.

import { constants } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Door } from '../machine-ports.ts';

/** Without tickets, so that no connection goes on under a certificate that was shown in another one. */
export const certificateOptions = {
  requestCert: true,
  rejectUnauthorized: false,
  secureOptions: constants.SSL_OP_NO_TICKET,
} as const;

/** Read once for each connection: a certificate cannot change within one (TLS 1.3, and no renegotiation below it). */
const doors = new WeakMap<object, Door>();

export function machinesDoor({ socket }: Pick<IncomingMessage, 'socket'>): Door {
  const known = doors.get(socket) ?? ({ by: 'machines', certificate: certificateOf(socket as TLSSocket) } as const);
  doors.set(socket, known);
  return known;
}

function certificateOf(socket: TLSSocket) {
  const shown = socket.getPeerX509Certificate();
  if (shown === undefined) return null;
  return {
    fingerprint: shown.fingerprint256.replaceAll(':', '').toLowerCase(),
    validFrom: shown.validFromDate.getTime(),
    validTo: shown.validToDate.getTime(),
  };
}
