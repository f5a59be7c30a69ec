// Opens the certificate that people see, where TLS ends here.

import { authoritiesOf, hostsOf } from '../config/listen-certificate.ts';
import { readCertificate } from '../config/read-certificate.ts';
import type { Settings } from '../config/settings.ts';
import { ServerCertificate } from '../http/server-certificate.ts';
import type { Clock, OperationsLog } from '../ports.ts';

/** Null where none is used. Rejects in words where it cannot be. */
export async function openCertificate(
  { listen, applications }: Settings,
  log: OperationsLog,
  clock: Clock,
): Promise<ServerCertificate | null> {
  const { certificateFile, keyFile, passphraseFile = null } = listen;
  if (certificateFile === null) return null;
  const hosts = hostsOf(applications.values());
  const files = [certificateFile, ...[keyFile, passphraseFile].filter((file) => file !== null)];
  const read = async () =>
    readCertificate({ certificateFile, keyFile, passphraseFile }, hosts, await authoritiesOf(applications.values()));
  return ServerCertificate.open({ files, read, clock, log });
}
