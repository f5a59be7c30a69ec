// Reads the certificate and key, and watches them: a renewed certificate is used without a restart. A pair that does not
// fit together leaves the old one in use and says so.

import { readFileSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import type { Server } from 'node:https';
import { dirname } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { SecureContextOptions } from 'node:tls';
import type { OperationsLog } from '../ports.ts';

export interface TlsPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

const settleMilliseconds = 300;

/** Throws when a file cannot be read or the two do not belong together. */
export function readTlsPair(certificateFile: string, keyFile: string): TlsPair {
  const pair = { cert: readFileSync(certificateFile), key: readFileSync(keyFile) };
  try {
    createSecureContext(pair);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The certificate "${certificateFile}" and the key "${keyFile}" cannot be used together: ${why}`, { cause });
  }
  return pair;
}

/** Renews the server's context when either file changes. Returns the function that stops watching. */
export function watchTlsFiles(
  server: Pick<Server, 'setSecureContext'>,
  certificateFile: string,
  keyFile: string,
  log: OperationsLog,
  more: Pick<SecureContextOptions, 'secureOptions'> = {},
): () => void {
  let timer: NodeJS.Timeout | null = null;
  const renew = (): void => {
    try {
      server.setSecureContext({ ...readTlsPair(certificateFile, keyFile), minVersion: 'TLSv1.2', ...more });
      log.info({ certificate: certificateFile }, 'The certificate was renewed');
    } catch (cause) {
      log.error({ certificate: certificateFile, error: String(cause) }, 'The new certificate cannot be used; the old one stays');
    }
  };
  const later = (): void => {
    if (timer) clearTimeout(timer);
    timer = setTimeout(renew, settleMilliseconds);
  };
  const folders = new Set([dirname(certificateFile), dirname(keyFile)]);
  const watchers: FSWatcher[] = [...folders].map((folder) => watch(folder, later));
  return () => {
    if (timer) clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
